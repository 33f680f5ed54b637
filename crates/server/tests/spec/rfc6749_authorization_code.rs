//! [RFC 6749 §4.1](https://www.rfc-editor.org/rfc/rfc6749#section-4.1): the authorization code grant, from the
//! browser's first request to the tokens.

use serde_json::json;

use crate::harness::{ALICE, Ask, Browser, CALLBACK, Callback, Server};

#[tokio::test]
async fn a_person_logs_in_allows_and_the_client_gets_tokens() {
    let server = Server::start().await;
    let mut browser = Browser::new(&server);
    let ask = Ask::web().with("state", "a state");
    let login = browser.ask(&ask).await;
    login.is_page("login-page");
    assert!(login.text().contains("The web client"));
    let consent = browser.log_in(&login, ALICE).await;
    consent.is_page("consent-page");
    let answer = browser.press(&consent, "consent-approve").await;
    assert_eq!(answer.status, 303);
    let callback = Callback::of(&answer);
    assert_eq!(callback.uri, CALLBACK);
    assert_eq!(callback.names(), ["code", "state", "iss"]);
    assert_eq!(callback.value("state"), Some("a state"));
    assert_eq!(callback.value("iss"), Some("https://id.example"));

    let answer = server.call(ask.redeem(&callback.code())).await;
    let tokens = answer.ok();
    assert_eq!(
        answer.members(),
        [
            "access_token",
            "expires_in",
            "refresh_token",
            "scope",
            "token_type"
        ]
    );
    assert_eq!(tokens["token_type"], json!("Bearer"));
    assert_eq!(tokens["expires_in"], json!(3600));
    assert_eq!(tokens["scope"], json!("read"));
}
