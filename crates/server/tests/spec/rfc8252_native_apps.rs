//! [RFC 8252](https://www.rfc-editor.org/rfc/rfc8252): apps on the user's own device.

use grantor_protocol::Cause;

use crate::harness::{ALICE, Ask, Browser, Call, Callback, Server};

fn ask(uri: &str) -> Ask {
    Ask::of("native", uri).with("scope", "read")
}

/// "The authorization server MUST allow any port to be specified at the time of the request for loopback IP redirect
/// URIs, to accommodate clients that obtain an available ephemeral port from the operating system" (7.3)
#[tokio::test]
async fn the_port_of_a_loopback_address_is_free() {
    let server = Server::start().await;
    for uri in [
        "http://127.0.0.1/cb",
        "http://127.0.0.1:1024/cb",
        "http://127.0.0.1:65535/cb",
        "http://[::1]:4000/cb",
        "http://[::1]:50001/cb",
    ] {
        let ask = ask(uri);
        let callback = Browser::new(&server).callback(&ask, ALICE).await;
        assert_eq!(callback.uri, uri);
        // The token request repeats what the authorization request had, port and all.
        let elsewhere = ask.clone().with("redirect_uri", "http://127.0.0.1:9/cb");
        let answer = server.call(elsewhere.redeem(&callback.code())).await;
        answer.refused(400, "invalid_grant", Cause::RedirectUriMismatch);
        server.call(ask.redeem(&callback.code())).await.ok();
    }
}

#[tokio::test]
async fn nothing_but_the_port_is_free() {
    let server = Server::start().await;
    for uri in [
        "http://127.0.0.1:1024/other",
        "http://127.0.0.1:1024/cb?x=1",
        "http://127.0.0.2:1024/cb",
        "http://localhost:1024/cb",
        "https://127.0.0.1:1024/cb",
        "http://127.0.0.1:1024@evil.example/cb",
        "http://127.0.0.1.evil.example:1024/cb",
    ] {
        let answer = server.call(Call::get(&ask(uri).path())).await;
        answer.refused_on_page(400, "invalid_request", Cause::RedirectUriUnregistered);
    }
}

/// "private-use URI scheme" (7.1)
#[tokio::test]
async fn an_apps_own_scheme() {
    let server = Server::start().await;
    let ask = ask("com.example.app:/cb");
    let mut browser = Browser::new(&server);
    let login = browser.ask(&ask).await;
    let consent = browser.log_in(&login, ALICE).await;
    consent.is_page("consent-page");
    assert!(consent.text().contains("com.example.app:"));
    assert!(
        consent
            .header("content-security-policy")
            .unwrap()
            .ends_with("form-action 'self' com.example.app:")
    );
    let answer = browser.press(&consent, "consent-approve").await;
    assert!(answer.location().starts_with("com.example.app:/cb?code="));
    server.call(ask.redeem(&Callback::of(&answer).code())).await.ok();
    let fragment = browser.get(&ask.with("response_mode", "fragment").path()).await;
    assert!(fragment.location().starts_with("com.example.app:/cb#code="));
}

/// A form can be posted to a web address only. The app is told before anybody logs in.
#[tokio::test]
async fn an_apps_own_scheme_takes_no_form() {
    let server = Server::start().await;
    let refused = ask("com.example.app:/cb").with("response_mode", "form_post");
    let answer = server.call(Call::get(&refused.path())).await;
    let callback = Callback::of(&answer);
    assert_eq!(callback.uri, "com.example.app:/cb");
    assert_eq!(callback.value("error"), Some("invalid_request"));
    assert_eq!(
        callback.value("error_description"),
        Some(Cause::ResponseModeUnsupported.description())
    );
}
