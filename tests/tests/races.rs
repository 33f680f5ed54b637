//! The same request many times at once, each on a connection of its own.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use futures_util::future::join_all;
use grantor_tests::{Client, Person, Server, TokenAnswer, authorization_url};
use tokio::sync::Barrier;
use url::Url;

const REDIRECT_URI: &str = "http://localhost:3000/oauth/callback";
const AT_ONCE: usize = 50;
const ROUNDS: usize = 5;

async fn code(server: &Server, person: &Person) -> String {
    let url = authorization_url(server.issuer(), "web", REDIRECT_URI, "openid read", &[]);
    let answer = Url::parse(&person.authorize(&url, "approve").await.unwrap()).unwrap();
    answer
        .query_pairs()
        .find_map(|(name, value)| (name == "code").then(|| value.into_owned()))
        .unwrap()
}

/// Sends many times, none before all are ready. HTTP/1.1 needs a connection for each that is under way.
async fn at_once<F>(client: &Client, send: impl Fn(Client) -> F) -> Vec<TokenAnswer>
where
    F: Future<Output = Result<TokenAnswer, reqwest::Error>> + Send + 'static,
{
    let barrier = Arc::new(Barrier::new(AT_ONCE));
    let tasks = (0..AT_ONCE).map(|_| {
        let (barrier, sending) = (Arc::clone(&barrier), send(client.clone()));
        tokio::spawn(async move {
            barrier.wait().await;
            sending.await.unwrap()
        })
    });
    join_all(tasks).await.into_iter().map(Result::unwrap).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_code_is_redeemed_once_and_its_replay_takes_everything_back() {
    let server = Server::start().await;
    let (person, client) = (
        Person::new(server.issuer(), "demo"),
        Client::new(server.issuer(), "web"),
    );
    for _ in 0..ROUNDS {
        let code = code(&server, &person).await;
        let answers = at_once(&client, |client| {
            let code = code.clone();
            async move { client.redeem(&code, REDIRECT_URI).await }
        })
        .await;
        let (won, lost): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 200);
        assert_eq!(won.len(), 1, "{answers:?}");
        assert!(lost.iter().all(|answer| answer.is_invalid_grant()), "{lost:?}");

        let winner = won.first().unwrap();
        let refreshed = client.refresh(winner.text("refresh_token")).await.unwrap();
        assert!(refreshed.is_invalid_grant(), "{refreshed:?}");
        let access = client.introspect(winner.text("access_token")).await.unwrap();
        assert!(!access.is_active());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_refresh_token_has_one_successor_however_often_it_is_asked_for() {
    let server = Server::start().await;
    let (person, client) = (
        Person::new(server.issuer(), "demo"),
        Client::new(server.issuer(), "web"),
    );
    let code = code(&server, &person).await;
    let tokens = client.redeem(&code, REDIRECT_URI).await.unwrap();
    let mut current = tokens.text("refresh_token").to_owned();
    for _ in 0..ROUNDS {
        let answers = at_once(&client, |client| {
            let current = current.clone();
            async move { client.refresh(&current).await }
        })
        .await;
        let mut successors: Vec<&str> = answers
            .iter()
            .map(|answer| answer.text("refresh_token"))
            .collect();
        successors.sort_unstable();
        successors.dedup();
        assert_eq!(successors.len(), 1, "{answers:?}");
        assert_ne!(successors.first().copied().unwrap(), current);
        current = successors.first().copied().unwrap().to_owned();
        for answer in &answers {
            let access = client.introspect(answer.text("access_token")).await.unwrap();
            assert!(access.is_active());
        }
    }
    // Once the successor has been used, the one before it is a replay: everybody is out.
    let renewed = client.refresh(&current).await.unwrap();
    let again = client.refresh(renewed.text("refresh_token")).await.unwrap();
    assert_eq!(again.status, 200);
    let replayed = client.refresh(&current).await.unwrap();
    assert!(replayed.is_invalid_grant(), "{replayed:?}");
    let refreshed = client.refresh(again.text("refresh_token")).await.unwrap();
    assert!(refreshed.is_invalid_grant(), "{refreshed:?}");
}
