//! [RFC 6749 §4.1.1 and §4.1.2](https://www.rfc-editor.org/rfc/rfc6749#section-4.1): from the browser's first request
//! to the code, or the error, at the client.

mod redirect_queries;

use grantor_protocol::Cause;
use grantor_store::{GrantFilter, Store};
use serde_json::json;

use crate::harness::{ALICE, Ask, BOB, Browser, CALLBACK, Call, Callback, Server};

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

#[tokio::test]
async fn the_location_is_exact_and_not_stored() {
    let server = Server::start().await;
    let mut browser = Browser::new(&server);
    browser.log_in_alone(ALICE).await;
    let ask = Ask::of("portal", "https://portal.example/cb").with("scope", "read");
    let answer = browser.get(&ask.path()).await;
    assert_eq!(answer.status, 302);
    let code = Callback::of(&answer).code();
    assert_eq!(code.len(), 64);
    let expected = format!("https://portal.example/cb?code={code}&state=st4te&iss=https%3A%2F%2Fid.example");
    assert_eq!(answer.location(), expected);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
    assert_eq!(answer.text(), "");
}

#[tokio::test]
async fn an_error_goes_back_exactly() {
    let server = Server::start().await;
    let answer = server
        .call(Call::get(&Ask::web().with("scope", "admin").path()))
        .await;
    assert_eq!(answer.status, 302);
    assert_eq!(
        answer.location(),
        "https://app.example/cb?error=invalid_scope\
         &error_description=The+client+is+not+registered+for+a+scope+that+it+asks+for.\
         &state=st4te&iss=https%3A%2F%2Fid.example"
    );
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}

#[tokio::test]
async fn without_state_none_comes_back() {
    let server = Server::start().await;
    let callback = Browser::new(&server)
        .callback(&Ask::web().without("state"), ALICE)
        .await;
    assert_eq!(callback.names(), ["code", "iss"]);
}

/// "The exact value received from the client." (RFC 6749 4.1.2)
#[tokio::test]
async fn state_comes_back_byte_for_byte() {
    let server = Server::start().await;
    let mut browser = Browser::new(&server);
    browser.callback(&Ask::web(), ALICE).await;
    let long = "0123456789abcde/".repeat(256);
    for state in [
        " ",
        "a b",
        "a+b",
        "%",
        "%2B%25%00",
        "&code=x&iss=y",
        "a=b;c=d",
        "#fragment?query",
        "\"'<>\\",
        "\r\nSet-Cookie: x=y",
        "\t\u{7f}\0",
        "ä\u{1f600}\u{202e}",
        "\u{fffd}",
        "{\"json\":[1,2]}",
        long.as_str(),
    ] {
        for mode in ["query", "fragment", "form_post"] {
            let ask = Ask::web().with("state", state).with("response_mode", mode);
            let answer = browser.ask(&ask).await;
            let callback = Callback::of(&answer);
            assert_eq!(callback.value("state"), Some(state), "{mode}");
            assert_eq!(callback.names(), ["code", "state", "iss"]);
        }
        // Through login and consent, sealed into pages on the way.
        let callback = Browser::new(&server)
            .callback(&Ask::spa().with("state", state), BOB)
            .await;
        assert_eq!(callback.value("state"), Some(state));
        // And with an error.
        let refused = Ask::web().with("state", state).with("scope", "admin");
        let callback = Callback::of(&browser.get(&refused.path()).await);
        assert_eq!(callback.value("state"), Some(state));
    }
}

/// "MAY include an "application/x-www-form-urlencoded" formatted query component, which MUST be retained" (3.1.2)
#[tokio::test]
async fn the_query_of_a_redirect_uri_is_kept() {
    let server = Server::start().await;
    let uri = "https://spa.example/cb?keep=1&me=2";
    for (mode, joint) in [("query", "&"), ("fragment", "#")] {
        let ask = Ask::of("spa", uri)
            .with("scope", "read")
            .with("response_mode", mode);
        let mut browser = Browser::new(&server);
        browser.log_in_alone(ALICE).await;
        let page = browser.ask(&ask).await;
        let answer = browser.press_if_there(page, "consent-approve").await;
        let start = format!("{uri}{joint}code=");
        assert!(answer.location().starts_with(&start), "{}", answer.location());
    }
}

#[tokio::test]
async fn the_answer_may_be_in_the_fragment() {
    let server = Server::start().await;
    let ask = Ask::web().with("response_mode", "fragment");
    let mut browser = Browser::new(&server);
    let login = browser.ask(&ask).await;
    let consent = browser.log_in(&login, ALICE).await;
    let answer = browser.press(&consent, "consent-approve").await;
    assert!(answer.location().starts_with("https://app.example/cb#code="));
    let denied = browser.ask(&ask.with("prompt", "consent")).await;
    let answer = browser.press(&denied, "consent-deny").await;
    assert!(
        answer
            .location()
            .starts_with("https://app.example/cb#error=access_denied&")
    );
}

/// "The authorization server MUST support the use of the HTTP GET method [...] and MAY support the use of the POST
/// method as well." (3.1)
#[tokio::test]
async fn a_request_may_be_posted() {
    let server = Server::start().await;
    let mut browser = Browser::new(&server);
    let ask = Ask::web();
    let answer = browser
        .call(Call::post("/oauth/authorize").fields(ask.parameters()))
        .await;
    assert_eq!(answer.status, 303);
    let login = browser.follow(answer).await;
    let consent = browser.log_in(&login, ALICE).await;
    let answer = browser.press(&consent, "consent-approve").await;
    server.call(ask.redeem(&Callback::of(&answer).code())).await.ok();
}

#[tokio::test]
async fn whoever_denies_or_cancels_is_believed() {
    let server = Server::start().await;
    for (button, logs_in) in [("consent-deny", true), ("login-cancel", false)] {
        let mut browser = Browser::new(&server);
        let mut page = browser.ask(&Ask::web()).await;
        if logs_in {
            page = browser.log_in(&page, ALICE).await;
        }
        let answer = browser.press(&page, button).await;
        assert_eq!(answer.status, 303);
        let callback = Callback::of(&answer);
        assert_eq!(callback.names(), ["error", "error_description", "state", "iss"]);
        assert_eq!(callback.value("error"), Some("access_denied"));
    }
    let grants = server.store.grants(&GrantFilter::default(), 10).await.unwrap();
    assert!(grants.items.is_empty());
}

/// What is not a clear yes is a no.
#[tokio::test]
async fn a_decision_that_nobody_knows_denies() {
    let server = Server::start().await;
    for decision in ["", "Approve", "yes", "approve "] {
        let mut browser = Browser::new(&server);
        let login = browser.ask(&Ask::web()).await;
        let consent = browser.log_in(&login, ALICE).await;
        let form =
            crate::harness::Form::sent_by(consent.text(), "consent-approve").fill("decision", decision);
        let callback = Callback::of(&browser.send(&form).await);
        assert_eq!(callback.value("error"), Some("access_denied"), "{decision:?}");
    }
}

#[tokio::test]
async fn what_was_allowed_is_remembered() {
    let server = Server::start().await;
    let mut browser = Browser::new(&server);
    let wide = Ask::web().with("scope", "read write");
    browser.callback(&wide, ALICE).await.code();
    // The same and less is silent, in this browser and in another one.
    for scope in ["read write", "read", "write"] {
        let answer = browser.get(&wide.clone().with("scope", scope).path()).await;
        Callback::of(&answer).code();
        let mut elsewhere = Browser::new(&server);
        let login = elsewhere.ask(&wide.clone().with("scope", scope)).await;
        Callback::of(&elsewhere.log_in(&login, ALICE).await).code();
    }
    // More is asked for, another resource too, and so is everything by another person or for another client.
    for ask in [
        wide.clone().with("scope", "read write email"),
        wide.clone().with("resource", "https://api.example"),
        Ask::spa(),
    ] {
        browser.ask(&ask).await.is_page("consent-page");
    }
    let mut bobs = Browser::new(&server);
    let login = bobs.ask(&wide).await;
    bobs.log_in(&login, BOB).await.is_page("consent-page");
    // What was asked for further and denied is not remembered; what is allowed adds up.
    let more = wide.clone().with("scope", "email");
    let page = browser.ask(&more).await;
    browser.press(&page, "consent-deny").await;
    let page = browser.ask(&more).await;
    browser.press(&page, "consent-approve").await;
    let all = browser.get(&wide.with("scope", "read write email").path()).await;
    Callback::of(&all).code();
}

/// What comes back is decided when it comes back, not when the page was opened.
#[tokio::test]
async fn a_client_that_is_switched_off_while_somebody_reads_gets_nothing() {
    let server = Server::start().await;
    let mut browser = Browser::new(&server);
    let login = browser.ask(&Ask::web()).await;
    let consent = browser.log_in(&login, ALICE).await;
    server.edit_client("web", |client| client.disabled = true).await;
    let answer = browser.press(&consent, "consent-approve").await;
    answer.refused_on_page(401, "invalid_client", Cause::ClientDisabled);
}

#[tokio::test]
async fn a_redirect_uri_that_is_taken_away_while_somebody_reads_gets_nothing() {
    let server = Server::start().await;
    let mut browser = Browser::new(&server);
    let login = browser.ask(&Ask::web()).await;
    let consent = browser.log_in(&login, ALICE).await;
    server
        .edit_client("web", |client| client.redirect_uris.clear())
        .await;
    let answer = browser.press(&consent, "consent-approve").await;
    answer.refused_on_page(400, "invalid_request", Cause::RedirectUriUnregistered);
}

/// Of several tabs each keeps its own request.
#[tokio::test]
async fn two_requests_in_one_browser_do_not_mix() {
    let server = Server::start().await;
    let mut browser = Browser::new(&server);
    browser.log_in_alone(ALICE).await;
    let first = browser.ask(&Ask::web().with("state", "one")).await;
    let second = browser.ask(&Ask::spa().with("state", "two")).await;
    let first = Callback::of(&browser.press(&first, "consent-approve").await);
    let second = Callback::of(&browser.press(&second, "consent-deny").await);
    assert_eq!(first.uri, CALLBACK);
    assert_eq!((first.value("state"), first.value("error")), (Some("one"), None));
    assert_eq!(second.uri, "https://spa.example/cb");
    assert_eq!(
        (second.value("state"), second.value("error")),
        (Some("two"), Some("access_denied"))
    );
}
