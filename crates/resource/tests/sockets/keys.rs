//! The issuer's keys: found, kept, renewed, and missing.

use futures_util::future::join_all;
use grantor_types::Seconds;
use serde_json::json;

use crate::api::Api;
use crate::issuer::{Issuer, new_key};

#[tokio::test]
async fn keys_are_fetched_once_however_many_wait() {
    let issuer = Issuer::start().await;
    let token = issuer.token(&issuer.add_key(), json!({}));
    let api = Api::start(&issuer, |builder| builder).await;
    issuer.close_gate();
    let requests = join_all((0..50).map(|_| api.status(&token)));
    let (statuses, ()) = tokio::join!(requests, async {
        issuer.key_request_arrived().await;
        issuer.open_gate();
    });
    assert_eq!(statuses, [200; 50]);
    assert_eq!(issuer.key_requests(), 1);
    for _ in 0..10 {
        assert_eq!(api.status(&token).await, 200);
    }
    assert_eq!(issuer.key_requests(), 1);
}

#[tokio::test]
async fn a_request_that_is_given_up_does_not_end_the_fetch() {
    let issuer = Issuer::start().await;
    let token = issuer.token(&issuer.add_key(), json!({}));
    let api = Api::start(&issuer, |builder| builder).await;
    issuer.close_gate();
    tokio::select! {
        _ = api.status(&token) => panic!("there are no keys yet"),
        () = issuer.key_request_arrived() => {}
    }
    issuer.open_gate();
    assert_eq!(api.status(&token).await, 200);
    assert_eq!(issuer.key_requests(), 1);
}

#[tokio::test]
async fn a_new_key_is_found_when_a_token_names_it() {
    let issuer = Issuer::start().await;
    let old = issuer.token(&issuer.add_key(), json!({}));
    let api = Api::start(&issuer, |builder| builder.keys_refetch_interval(Seconds(10))).await;
    assert_eq!(api.status(&old).await, 200);

    let new = issuer.token(&issuer.add_key(), json!({}));
    assert_eq!(api.status(&new).await, 401, "too soon after the first fetch");
    api.advance(10);
    let statuses = join_all((0..20).map(|_| api.status(&new))).await;
    assert_eq!(statuses, [200; 20]);
    assert_eq!(api.status(&old).await, 200);
    assert_eq!(issuer.key_requests(), 2);
}

#[tokio::test]
async fn unknown_keys_do_not_make_more_requests_than_the_interval_allows() {
    let issuer = Issuer::start().await;
    issuer.add_key();
    let api = Api::start(&issuer, |builder| builder.keys_refetch_interval(Seconds(10))).await;
    for round in 1..=3 {
        for _ in 0..5 {
            assert_eq!(api.status(&issuer.token(&new_key(), json!({}))).await, 401);
        }
        assert_eq!(issuer.key_requests(), round);
        api.advance(10);
    }
    // Tokens of another issuer are none of its business.
    let foreign = issuer.token(&new_key(), json!({"iss": "https://other.example"}));
    assert_eq!(api.status(&foreign).await, 401);
    assert_eq!(issuer.key_requests(), 3);
}

#[tokio::test]
async fn without_keys_nobody_is_turned_away_for_good() {
    let issuer = Issuer::start().await;
    let token = issuer.token(&issuer.add_key(), json!({}));
    let api = Api::start(&issuer, |builder| builder).await;
    issuer.set_down(true);
    for _ in 0..5 {
        let answer = api.get("/me", &[&format!("Bearer {token}")]).await;
        assert_eq!(answer.status, 503);
        assert_eq!(answer.header("retry-after"), Some("2"));
        assert_eq!(answer.header("www-authenticate"), None);
        assert_eq!(answer.json()["error"], "temporarily_unavailable");
    }
    issuer.set_down(false);
    assert_eq!(
        api.status(&token).await,
        503,
        "too soon after the fetch that failed"
    );
    api.advance(2);
    assert_eq!(api.status(&token).await, 200);
}

#[tokio::test]
async fn known_keys_stay_in_use_during_an_outage() {
    let issuer = Issuer::start().await;
    let known = issuer.token(&issuer.add_key(), json!({}));
    let api = Api::start(&issuer, |builder| builder.keys_max_age(Seconds(60))).await;
    assert_eq!(api.status(&known).await, 200);

    issuer.set_down(true);
    api.advance(1_000);
    assert_eq!(api.status(&known).await, 200);
    // Whether this key exists cannot be known now.
    let unknown = issuer.token(&issuer.add_key(), json!({}));
    assert_eq!(api.status(&unknown).await, 503);
    assert_eq!(api.status(&unknown).await, 503);

    issuer.set_down(false);
    api.advance(2);
    assert_eq!(api.status(&unknown).await, 200);
    assert_eq!(api.status(&known).await, 200);
}

#[tokio::test]
async fn a_withdrawn_key_is_forgotten_in_time() {
    let issuer = Issuer::start().await;
    let withdrawn = issuer.token(&issuer.add_key(), json!({}));
    let api = Api::start(&issuer, |builder| builder.keys_max_age(Seconds(60))).await;
    assert_eq!(api.status(&withdrawn).await, 200);
    issuer.key_request_arrived().await;
    issuer.withdraw_all_keys();

    api.advance(59);
    assert_eq!(api.status(&withdrawn).await, 200);
    assert_eq!(issuer.key_requests(), 1);
    // The request that finds the keys old does not wait for the new ones; those that come after them get to know.
    api.advance(1);
    assert_eq!(api.status(&withdrawn).await, 200);
    issuer.key_request_arrived().await;
    while api.status(&withdrawn).await != 401 {}
    assert_eq!(issuer.key_requests(), 2);
}

#[tokio::test]
async fn keys_can_be_named_without_discovery() {
    let issuer = Issuer::start().await;
    let token = issuer.token(&issuer.add_key(), json!({}));
    issuer.claim_to_be("https://somebody.else.example");
    // RFC 8414 §3.3: metadata of another issuer "MUST NOT be used".
    let by_discovery = Api::start(&issuer, |builder| builder).await;
    assert_eq!(by_discovery.status(&token).await, 503);
    assert_eq!(issuer.key_requests(), 0);

    let url = format!("{}/keys", issuer.url());
    let by_name = Api::start(&issuer, |builder| builder.jwks_uri(&url)).await;
    assert_eq!(by_name.status(&token).await, 200);
}
