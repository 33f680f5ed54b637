//! [OAuth 2.0 Form Post Response Mode](https://openid.net/specs/oauth-v2-form-post-response-mode-1_0.html).

use crate::harness::{ALICE, Answer, Ask, Browser, CALLBACK, Callback, Form, Server};

fn ask() -> Ask {
    Ask::web().with("response_mode", "form_post")
}

/// A page that is never kept, and whose form may go to the client alone.
fn check(answer: &Answer) -> Form {
    assert_eq!(answer.status, 200);
    answer.is_page("form-post-page");
    assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
    let policy = answer.header("content-security-policy").unwrap();
    assert!(
        policy.ends_with("form-action 'self' https://app.example"),
        "{policy}"
    );
    assert!(!policy.contains("unsafe"));
    // The script that sends it is a file of ours; there is none in the page.
    assert!(answer.text().contains("<script src=\"/assets/"));
    assert!(!answer.text().contains("<script>"));
    let form = Form::sent_by(answer.text(), "form-post-continue");
    assert_eq!(form.action, CALLBACK);
    form
}

#[tokio::test]
async fn a_success() {
    let server = Server::start().await;
    let mut browser = Browser::new(&server);
    let login = browser.ask(&ask()).await;
    let consent = browser.log_in(&login, ALICE).await;
    let answer = browser.press(&consent, "consent-approve").await;
    let form = check(&answer);
    assert_eq!(form.value("state"), Some("st4te"));
    assert_eq!(form.value("iss"), Some("https://id.example"));
    assert_eq!(form.value("csrf_token"), None);
    server.call(ask().redeem(form.value("code").unwrap())).await.ok();
}

#[tokio::test]
async fn errors() {
    let server = Server::start().await;
    let mut browser = Browser::new(&server);
    let login = browser.ask(&ask()).await;
    let cancelled = browser.press(&login, "login-cancel").await;
    let refused = browser.get(&ask().with("scope", "admin").path()).await;
    let silent = browser.get(&ask().with("prompt", "none").path()).await;
    for (answer, error) in [
        (cancelled, "access_denied"),
        (refused, "invalid_scope"),
        (silent, "login_required"),
    ] {
        check(&answer);
        let callback = Callback::of(&answer);
        assert_eq!(callback.names(), ["error", "error_description", "state", "iss"]);
        assert_eq!(callback.value("error"), Some(error));
    }
}

/// What the client sent is written as text, whatever it is.
#[tokio::test]
async fn markup_in_state_stays_text() {
    let server = Server::start().await;
    let mut browser = Browser::new(&server);
    let state = "\"><script>alert(1)</script><input value=\"";
    let answer = browser
        .get(&ask().with("state", state).with("scope", "admin").path())
        .await;
    assert_eq!(check(&answer).value("state"), Some(state));
    assert!(!answer.text().contains("<script>alert"));
}
