//! What a provider has to take without stumbling over it, and what happens in silence.

use serde_json::json;

use super::{ask, id_token};
use crate::harness::{ALICE, Ask, Browser, Callback, Server};

/// One by one, and all at once.
#[tokio::test]
async fn parameters_that_have_to_do_no_harm() {
    let server = Server::start().await;
    let harmless = [
        ("display", "page"),
        ("display", "popup"),
        ("display", "touch"),
        ("login_hint", "alice"),
        ("ui_locales", "se"),
        ("ui_locales", "fr-CA fr en"),
        ("claims_locales", "se"),
        ("acr_values", "1 2"),
        ("extra", "foobar"),
    ];
    let all = harmless
        .iter()
        .fold(ask(), |ask, (name, value)| ask.with(name, value));
    let single = harmless.iter().map(|(name, value)| ask().with(name, value));
    for ask in single.chain([all]) {
        let callback = Browser::new(&server).callback(&ask, ALICE).await;
        let claims = id_token(&server, &ask, &callback).await;
        let asked = ask.value("acr_values").is_some();
        assert_eq!(claims.get("acr"), asked.then_some(&json!("1")), "{ask:?}");
    }
}

/// The second answer is about the same person and the same login, and consent is remembered.
#[tokio::test]
async fn silent_is_the_same_person_and_login() {
    let server = Server::start().await;
    let web = Ask::web().with("scope", "openid profile");
    let mut browser = Browser::new(&server);
    let first = browser.callback(&web, ALICE).await;
    let first = id_token(&server, &web, &first).await;
    server.advance(grantor_types::Seconds(100));
    let silent = web.with("prompt", "none").with("max_age", "15000");
    let answer = Callback::of(&browser.get(&silent.path()).await);
    let second = id_token(&server, &silent, &answer).await;
    for name in ["sub", "auth_time", "sid"] {
        assert_eq!(second[name], first[name], "{name}");
    }
    assert_ne!(second["iat"], first["iat"]);
    // Another client is another consent.
    let mut other = Browser::logged_in(&server, ALICE).await;
    let other_ask = Ask::of("other", "https://other.example/cb").with("scope", "openid");
    let answer = Callback::of(&other.get(&other_ask.with("prompt", "none").path()).await);
    assert_eq!(answer.value("error"), Some("consent_required"));
}
