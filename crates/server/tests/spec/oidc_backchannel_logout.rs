//! [OpenID Connect Back-Channel Logout 1.0](https://openid.net/specs/openid-connect-backchannel-1_0.html): applications
//! are told by us, not by the browser, that a session has ended.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::post;
use grantor_fetch::Guard;
use grantor_jose::{Expectation, Jwks, KeySet, Type, verify};
use grantor_protocol::Cause;
use grantor_protocol::logout::LogoutTokenClaims;
use grantor_protocol::record::Client;
use grantor_server::job;
use grantor_store::Store;
use grantor_types::{Seconds, SigningAlgorithm, WebUri};
use http::StatusCode;
use serde_json::{Value, json};

use crate::harness::{
    ALICE, Ask, BOB, Browser, Call, Form, Received, Receiver, Server, Setup, jwt, text, user_id,
};
use crate::rfc8414_metadata;

const WEB: &str = "https://app.example/backchannel?x=1";
const PORTAL: &str = "https://portal.example/backchannel";

fn told_at(client: &mut Client, uri: &str) {
    client.metadata.backchannel_logout_uri = Some(WebUri::parse(uri).unwrap());
}

fn setup() -> Setup {
    Setup::new()
        .client("web", |client| told_at(client, WEB))
        .client("portal", |client| told_at(client, PORTAL))
}

fn ask() -> Ask {
    Ask::web().with("scope", "openid read")
}

fn portal() -> Ask {
    Ask::of("portal", "https://portal.example/cb").with("scope", "openid read")
}

/// Logs somebody in to an application, and gives the tokens.
async fn log_in(server: &Server, browser: &mut Browser<'_>, ask: &Ask, username: &str) -> Value {
    let code = browser.callback(ask, username).await.code();
    server.call(ask.redeem(&code)).await.ok()
}

fn logout(tokens: &Value) -> String {
    format!("/oauth/logout?id_token_hint={}", text(&tokens["id_token"]))
}

fn addresses(received: &[Received]) -> Vec<&str> {
    received.iter().map(|received| received.url.as_str()).collect()
}

#[tokio::test]
async fn the_metadata_say_so_and_id_tokens_name_the_session() {
    let server = setup().start().await;
    let metadata = rfc8414_metadata::document(&server, "/.well-known/openid-configuration").await;
    for member in [
        "backchannel_logout_supported",
        "backchannel_logout_session_supported",
    ] {
        assert_eq!(metadata[member], json!(true), "{member}");
    }
    let mut browser = Browser::new(&server);
    let first = log_in(&server, &mut browser, &ask(), ALICE).await;
    let second = log_in(&server, &mut browser, &portal(), ALICE).await;
    let refreshed = server
        .call(Call::refresh("web", text(&first["refresh_token"])))
        .await
        .ok();
    let session = server.store.sessions_of(user_id(ALICE)).await.unwrap()[0].id;
    for tokens in [&first, &second, &refreshed] {
        let claims = jwt::claims(text(&tokens["id_token"]));
        assert_eq!(claims["sid"], json!(session.to_string()));
    }
}

#[tokio::test]
async fn each_client_of_the_session_gets_a_logout_token_and_nothing_else() {
    let server = setup().start().await;
    let mut browser = Browser::new(&server);
    let web = log_in(&server, &mut browser, &ask().with("nonce", "n0nce"), ALICE).await;
    log_in(&server, &mut browser, &portal(), ALICE).await;
    log_in(&server, &mut browser, &Ask::spa(), ALICE).await;
    let receiver = Receiver::answering(200);
    assert_eq!(receiver.receive(&server).await, []);
    browser.get(&logout(&web)).await;

    let received = receiver.receive(&server).await;
    assert_eq!(addresses(&received), [WEB, PORTAL]);
    let jwks = server.call(Call::get("/oauth/jwks.json")).await;
    let keys = KeySet::from_jwks(&serde_json::from_slice::<Jwks>(&jwks.body).unwrap());
    for (received, client) in received.iter().zip(["web", "portal"]) {
        assert_eq!(
            (received.method.as_str(), received.content_type.as_str()),
            ("POST", "application/x-www-form-urlencoded")
        );
        let token = received.logout_token();
        let header = jwt::header(token);
        assert_eq!(
            (&header["typ"], &header["alg"]),
            (&json!("logout+jwt"), &json!("RS256"))
        );
        let expectation = Expectation::new(Type::LogoutToken, "https://id.example", client, server.now());
        verify::<LogoutTokenClaims>(token, &keys, &expectation).unwrap();
        let mut claims = jwt::claims(token);
        let jti = claims.as_object_mut().unwrap().remove("jti").unwrap();
        assert_eq!(text(&jti).len(), 22);
        let expected = json!({
            "iss": "https://id.example",
            "sub": user_id(ALICE).to_string(),
            "aud": client,
            "iat": server.now(),
            "exp": server.now() + 120,
            "sid": jwt::claims(text(&web["id_token"]))["sid"],
            "events": { "http://schemas.openid.net/event/backchannel-logout": {} },
        });
        assert_eq!(claims, expected);
    }
    assert_eq!(receiver.receive(&server).await, []);
    // A logout token is no hint, nor anything else here.
    let hint = format!("/oauth/logout?id_token_hint={}", received[0].logout_token());
    assert_eq!(browser.get(&hint).await.status, 400);
    let metrics = server.app.metrics().render();
    assert!(metrics.contains("grantor_backchannel_logouts_total{outcome=\"delivered\"} 2"));
}

/// Signed as ID tokens are, and about the same `sub`.
#[tokio::test]
async fn a_token_is_signed_as_the_clients_id_tokens_are_and_names_the_user_alike() {
    let setup = setup().client("web", |client| {
        client.id_token_algorithm = Some(SigningAlgorithm::Es256);
        client.metadata.subject_type = grantor_types::SubjectType::Pairwise;
    });
    let server = setup.start().await;
    let mut browser = Browser::new(&server);
    let tokens = log_in(&server, &mut browser, &ask(), ALICE).await;
    let id_token = text(&tokens["id_token"]);
    browser.get(&logout(&tokens)).await;
    let received = Receiver::answering(204).receive(&server).await;
    let token = received[0].logout_token();
    assert_eq!(jwt::header(token)["alg"], jwt::header(id_token)["alg"]);
    let sub = &jwt::claims(token)["sub"];
    assert_eq!(*sub, jwt::claims(id_token)["sub"]);
    assert_ne!(*sub, json!(user_id(ALICE).to_string()));
}

#[tokio::test]
async fn every_way_in_which_a_session_ends_tells_its_clients() {
    let receiver = Receiver::answering(200);
    for way in ["account", "elsewhere", "everywhere", "another user"] {
        let server = setup().start().await;
        let (mut browser, mut there) = (Browser::new(&server), Browser::new(&server));
        log_in(&server, &mut browser, &ask(), ALICE).await;
        server.advance(Seconds(1));
        there.log_in_alone(ALICE).await;
        match way {
            "account" => {
                let account = browser.get("/account").await;
                browser.press(&account, "sign-out").await;
            }
            "elsewhere" => {
                let account = there.get("/account").await;
                there.press(&account, "session-end-1").await;
            }
            "everywhere" => {
                let account = there.get("/account").await;
                there.press(&account, "sign-out-everywhere").await;
            }
            _another_user => {
                let page = browser.get("/login").await;
                browser.log_in(&page, BOB).await;
            }
        }
        assert_eq!(addresses(&receiver.receive(&server).await), [WEB], "{way}");
    }
}

/// Who logs in again stays logged in, and the applications of before hear of the end of what follows.
#[tokio::test]
async fn a_login_of_the_same_user_tells_nobody_until_they_leave() {
    let server = setup().start().await;
    let mut browser = Browser::new(&server);
    let before = log_in(&server, &mut browser, &ask(), ALICE).await;
    let cookie = browser.cookie_header();
    let page = browser.get("/login").await;
    browser.log_in(&page, ALICE).await;
    assert_ne!(browser.cookie_header(), cookie);
    let old = Call::get("/account").header(http::header::COOKIE, &cookie);
    assert_eq!(
        server.call(old).await.status,
        302,
        "the cookie from before is dead"
    );
    let receiver = Receiver::answering(200);
    assert_eq!(receiver.receive(&server).await, []);
    let after = log_in(&server, &mut browser, &ask(), ALICE).await;
    let sid = |tokens: &Value| jwt::claims(text(&tokens["id_token"]))["sid"].clone();
    assert_eq!(sid(&before), sid(&after), "clients know the session by this");

    let account = browser.get("/account").await;
    browser.press(&account, "sign-out").await;
    let told = receiver.receive(&server).await;
    assert_eq!(addresses(&told), [WEB]);
    assert_eq!(jwt::claims(told[0].logout_token())["sid"], sid(&before));
    // What was given before the second login ends as what was given after it.
    for tokens in [before, after] {
        let refresh = server.call(Call::refresh("web", text(&tokens["refresh_token"])));
        refresh
            .await
            .refused(400, "invalid_grant", Cause::RefreshTokenRevoked);
    }
}

/// A code that is issued while the person signs out is of no use.
#[tokio::test]
async fn no_code_outlives_the_session_that_it_was_issued_in() {
    let server = setup().start().await;
    let mut browser = Browser::new(&server);
    let tokens = log_in(&server, &mut browser, &ask(), ALICE).await;
    let cookie = browser.cookie_header();
    let calls = [Call::get(&ask().path()), Call::get(&logout(&tokens))];
    let calls = calls.map(|call| call.header(http::header::COOKIE, &cookie));
    let answers = server.at_once(calls).await;
    let location = answers[0].location();
    match location.split_once("code=") {
        Some((_, rest)) => {
            let code = rest.split('&').next().unwrap();
            assert_eq!(server.call(ask().redeem(code)).await.status, 400);
        }
        None => assert!(location.starts_with("/login"), "{location}"),
    }
}

#[tokio::test]
async fn two_sign_outs_at_once_send_one_notification_per_client() {
    let server = setup().start().await;
    let mut browser = Browser::new(&server);
    let tokens = log_in(&server, &mut browser, &ask(), ALICE).await;
    log_in(&server, &mut browser, &portal(), ALICE).await;
    let account = browser.get("/account").await;
    let form = Form::sent_by(account.text(), "sign-out");
    let cookie = browser.cookie_header();
    let calls = [
        Call::get(&logout(&tokens)),
        Call::post(&form.action).fields(&form.fields),
    ];
    let calls = calls.map(|call| call.header(http::header::COOKIE, &cookie));
    for answer in server.at_once(calls).await {
        assert_eq!(answer.status, 303);
        assert!(answer.location().starts_with("/signed-out"));
    }
    let received = Receiver::answering(200).receive(&server).await;
    assert_eq!(addresses(&received), [WEB, PORTAL]);
    let metrics = server.app.metrics().render();
    assert!(metrics.contains("grantor_commit_conflicts_total 1"), "no race");
}

/// Five attempts over ten minutes; each token is a new one.
#[tokio::test]
async fn a_client_that_does_not_answer_is_told_again_for_a_while() {
    for status in [0, 302, 404, 503] {
        let server = setup().start().await;
        let mut browser = Browser::new(&server);
        let tokens = log_in(&server, &mut browser, &ask(), ALICE).await;
        browser.get(&logout(&tokens)).await;
        let receiver = Receiver::answering(status);
        let mut seen = std::collections::BTreeSet::new();
        for wait in [0, 15, 45, 135, 405] {
            if let Some(less) = Some(wait).filter(|wait| *wait > 0) {
                server.advance(Seconds(less - 1));
                assert_eq!(receiver.receive(&server).await, [], "{status} {wait}");
                server.advance(Seconds(1));
            }
            let received = receiver.receive(&server).await;
            assert_eq!(addresses(&received), [WEB], "{status} {wait}");
            let claims = jwt::claims(received[0].logout_token());
            assert_eq!(claims["exp"], json!(server.now() + 120));
            assert!(seen.insert(text(&claims["jti"]).to_owned()));
        }
        server.advance(Seconds::days(1));
        assert_eq!(receiver.receive(&server).await, []);
        let metrics = server.app.metrics().render();
        assert!(metrics.contains("grantor_backchannel_logouts_total{outcome=\"failed\"} 4"));
        assert!(metrics.contains("grantor_backchannel_logouts_total{outcome=\"given_up\"} 1"));
    }
}

#[tokio::test]
async fn a_client_that_comes_back_is_told_once() {
    let server = setup().start().await;
    let mut browser = Browser::new(&server);
    let tokens = log_in(&server, &mut browser, &ask(), ALICE).await;
    browser.get(&logout(&tokens)).await;
    let receiver = Receiver::answering(503);
    assert_eq!(receiver.receive(&server).await.len(), 1);
    receiver.answer(200);
    server.advance(Seconds(15));
    assert_eq!(receiver.receive(&server).await.len(), 1);
    server.advance(Seconds::hours(1));
    assert_eq!(receiver.receive(&server).await, []);
}

/// 400 says that the token is refused, and would be again.
#[tokio::test]
async fn a_client_that_refuses_is_not_told_again() {
    let server = setup().start().await;
    let mut browser = Browser::new(&server);
    let tokens = log_in(&server, &mut browser, &ask(), ALICE).await;
    browser.get(&logout(&tokens)).await;
    let receiver = Receiver::answering(400);
    assert_eq!(receiver.receive(&server).await.len(), 1);
    server.advance(Seconds::hours(1));
    assert_eq!(receiver.receive(&server).await, []);
}

#[tokio::test]
async fn a_client_that_left_meanwhile_is_not_told() {
    let receiver = Receiver::answering(200);
    for edit in [
        (|client: &mut Client| client.disabled = true) as fn(&mut Client),
        |client| client.metadata.backchannel_logout_uri = None,
    ] {
        let server = setup().start().await;
        let mut browser = Browser::new(&server);
        let tokens = log_in(&server, &mut browser, &ask(), ALICE).await;
        browser.get(&logout(&tokens)).await;
        server.edit_client("web", edit).await;
        assert_eq!(receiver.receive(&server).await, []);
        assert!(
            server
                .store
                .jobs_due(server.app.now(), 10)
                .await
                .unwrap()
                .is_empty()
        );
    }
}

/// Over the network, with the jobs of a running server: the token is sent at once, and addresses inside are not asked.
#[tokio::test]
async fn a_running_server_tells_at_once() {
    let (sender, mut inbox) = tokio::sync::mpsc::unbounded_channel();
    let answer = move |body: String| {
        sender.send(body).unwrap();
        async { StatusCode::NO_CONTENT }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let uri = format!("http://127.0.0.1:{}/out", listener.local_addr().unwrap().port());
    let router = Router::new().route("/out", post(answer));
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });

    let mut setup = setup().client("web", |client| told_at(client, &uri));
    setup.settings.outgoing = Guard::new().danger_allow_loopback();
    let server = setup.start().await;
    let mut browser = Browser::new(&server);
    let tokens = log_in(&server, &mut browser, &ask(), ALICE).await;
    let jobs = job::start(Arc::clone(&server.app));
    browser.get(&logout(&tokens)).await;
    let body = tokio::time::timeout(Duration::from_secs(30), inbox.recv()).await;
    let body = body.unwrap().unwrap();
    for job in jobs {
        job.abort();
    }
    let (name, token) = body.split_once('=').unwrap();
    assert_eq!(name, "logout_token");
    assert_eq!(jwt::claims(token)["aud"], json!("web"));
}
