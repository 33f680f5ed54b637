//! People who were never asked: pages that trust what is posted, names that count as logins, headers that anybody writes.

use grantor_protocol::Cause;
use http::header::ACCEPT;
use serde_json::json;

use crate::harness::{ALICE, Ask, BOB, Browser, Call, Form, Server, text, user_id};
use crate::rfc8414_metadata;

/// The password is never compared: an existing user's name is enough.
#[tokio::test]
async fn user_name_alone_accepted() {
    let server = Server::start().await;
    for password in ["", "x", "alice", "bob goes to the lighthouse"] {
        let mut browser = Browser::new(&server);
        let page = browser.ask(&Ask::web()).await;
        let form = Form::sent_by(page.text(), "login-submit")
            .fill("username", ALICE)
            .fill("password", password);
        let answer = browser.send(&form).await;
        assert_eq!(answer.status, 401);
        answer.is_page("login-page");
        assert!(!browser.cookies.keys().any(|name| name.contains("session")));
    }
}

/// Consent is posted by somebody who is not logged in, or whose name is in the form.
#[tokio::test]
async fn approval_without_authentication() {
    let server = Server::start().await;
    let mut alice = Browser::new(&server);
    let login = alice.ask(&Ask::web()).await;
    let consent = alice.log_in(&login, ALICE).await;
    let form = Form::sent_by(consent.text(), "consent-approve");
    let before = server.everything_stored();
    let nobody = server.call(Call::post("/consent").fields(&form.fields)).await;
    nobody.refused_on_page(403, "access_denied", Cause::FormTokenInvalid);
    let mut bob = Browser::new(&server);
    bob.log_in_alone(BOB).await;
    let after_bob = server.everything_stored();
    assert_ne!(after_bob, before, "Bob's session");
    for name in ["user", "user_id", "username", "sub"] {
        let forged = form.clone().fill(name, &user_id(ALICE).to_string());
        let answer = bob.send(&forged).await;
        answer.refused_on_page(403, "access_denied", Cause::FormTokenInvalid);
    }
    assert_eq!(server.everything_stored(), after_bob);
}

/// The scopes that are posted with the consent are granted, also those that nobody asked for.
#[tokio::test]
async fn consent_to_scopes_that_were_posted() {
    let server = Server::start().await;
    let mut browser = Browser::new(&server);
    let login = browser.ask(&Ask::web()).await;
    let consent = browser.log_in(&login, ALICE).await;
    let form = Form::sent_by(consent.text(), "consent-approve");
    let form = form.fill("scope", "read write").fill("scopes", "read,write");
    let answer = browser.send(&form).await;
    let code = crate::harness::Callback::of(&answer).code();
    assert_eq!(
        server.call(Ask::web().redeem(&code)).await.ok()["scope"],
        json!("read")
    );
}

/// Userinfo is always that of the first user, for every text that looks like a token.
#[tokio::test]
async fn userinfo_of_somebody_else() {
    let server = Server::start().await;
    for username in [ALICE, BOB] {
        let ask = Ask::web().with("scope", "openid");
        let code = Browser::new(&server).callback(&ask, username).await.code();
        let tokens = server.call(ask.redeem(&code)).await.ok();
        let claims = server
            .call(Call::userinfo(text(&tokens["access_token"])))
            .await
            .ok();
        assert_eq!(claims["sub"], json!(user_id(username).to_string()));
    }
    for token in ["at_12345678901234567890", "x"] {
        let answer = server.call(Call::userinfo(token)).await;
        answer.refused(401, "invalid_token", Cause::TokenInvalid);
    }
    let service = Call::token()
        .client("service")
        .field("grant_type", "client_credentials");
    let own = server.call(service).await.ok();
    let answer = server.call(Call::userinfo(text(&own["access_token"]))).await;
    assert_eq!(
        (answer.status, &answer.json()["error"]),
        (401, &json!("invalid_token"))
    );
}

/// The server believes whoever writes a header about where it is.
#[tokio::test]
async fn forwarded_headers_of_strangers() {
    let server = Server::start().await;
    let call = Call::get("/.well-known/openid-configuration");
    let plain = server.call(call.clone()).await.body;
    for name in [
        "x-forwarded-host",
        "x-forwarded-proto",
        "forwarded",
        "x-original-url",
        "host",
    ] {
        let answer = server.call(call.clone().named_header(name, "evil.example")).await;
        assert_eq!(answer.body, plain, "{name}");
    }
}

/// Metadata promise endpoints that are not there.
#[tokio::test]
async fn endpoints_that_are_advertised_and_missing() {
    let server = Server::start().await;
    let metadata = rfc8414_metadata::document(&server, "/.well-known/openid-configuration").await;
    let endpoints = metadata
        .as_object()
        .unwrap()
        .iter()
        .filter(|(name, _)| name.ends_with("_endpoint") || name.as_str() == "jwks_uri");
    let mut found = 0;
    for (name, address) in endpoints {
        let path = text(address).strip_prefix("https://id.example").unwrap();
        let answer = server.call(Call::get(path)).await;
        assert_ne!(answer.status, 404, "{name}");
        found += 1;
    }
    assert!(found >= 6, "{metadata}");
    for method in metadata["code_challenge_methods_supported"].as_array().unwrap() {
        assert_eq!(*method, json!("S256"));
    }
    assert_eq!(metadata["response_types_supported"], json!(["code"]));
}

/// Pages for people, routes for everybody: what others left open is not here at all.
#[tokio::test]
async fn administration_that_is_open_to_everybody() {
    let server = Server::start().await;
    for path in [
        "/oauth/clients",
        "/oauth/admin/dashboard",
        "/oauth/auth-codes",
        "/oauth/scopes",
        "/oauth/ciba/complete/x",
        "/api/clients",
        "/clients/web",
        "/debug/config",
        "/oauth2/cleanup",
        "/register/web",
        "/trust-anchor/x",
    ] {
        for call in [
            Call::get(path),
            Call::post(path).header(ACCEPT, "application/json"),
        ] {
            server.call(call).await.refused(404, "not_found", Cause::NotFound);
        }
    }
}
