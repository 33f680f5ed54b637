//! [OpenID Connect Core 3.1.2](https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest): `prompt`, `max_age`
//! and the hints.

mod harmless;

use grantor_types::Seconds;
use serde_json::json;

use crate::harness::{ALICE, Ask, BOB, Browser, Callback, START, Server, jwt, text};

/// A client that nobody is asked about, so that only logins count.
fn ask() -> Ask {
    Ask::of("portal", "https://portal.example/cb").with("scope", "openid read")
}

async fn error(browser: &mut Browser<'_>, ask: &Ask) -> Option<String> {
    let answer = browser.get(&ask.path()).await;
    Callback::of(&answer).value("error").map(str::to_owned)
}

async fn id_token(server: &Server, ask: &Ask, callback: &Callback) -> serde_json::Value {
    let tokens = server.call(ask.redeem(&callback.code())).await.ok();
    jwt::claims(text(&tokens["id_token"]))
}

/// "The Authorization Server MUST NOT display any authentication or consent user interface pages." (3.1.2.1)
#[tokio::test]
async fn prompt_none_never_shows_a_page() {
    let server = Server::start().await;
    let silent = ask().with("prompt", "none");
    let mut nobody = Browser::new(&server);
    assert_eq!(
        error(&mut nobody, &silent).await.as_deref(),
        Some("login_required")
    );
    let mut alice = Browser::logged_in(&server, ALICE).await;
    assert_eq!(error(&mut alice, &silent).await, None);
    let unasked = Ask::web().with("prompt", "none");
    assert_eq!(
        error(&mut alice, &unasked).await.as_deref(),
        Some("consent_required")
    );
    alice.callback(&Ask::web(), ALICE).await.code();
    assert_eq!(error(&mut alice, &unasked).await, None);
    server.advance(Seconds(61));
    for (max_age, expected) in [
        ("60", Some("login_required")),
        ("61", None),
        ("0", Some("login_required")),
    ] {
        let aged = silent.clone().with("max_age", max_age);
        assert_eq!(error(&mut alice, &aged).await.as_deref(), expected, "{max_age}");
    }
}

#[tokio::test]
async fn prompt_login_asks_for_the_password_again() {
    let server = Server::start().await;
    let mut browser = Browser::logged_in(&server, ALICE).await;
    server.advance(Seconds(600));
    let ask = ask().with("prompt", "login");
    let page = browser.ask(&ask).await;
    page.is_page("login-page");
    // Leaving for the request itself does not go round it.
    let again = browser.ask(&ask).await;
    again.is_page("login-page");
    let callback = Callback::of(&browser.log_in(&page, ALICE).await);
    let claims = id_token(&server, &ask, &callback).await;
    assert_eq!(claims["auth_time"], json!(START.as_seconds() + 600));
}

/// "If the elapsed time is greater than this value, the OP MUST attempt to actively re-authenticate the End-User."
#[tokio::test]
async fn max_age_asks_for_the_password_when_it_is_too_long_ago() {
    let server = Server::start().await;
    let mut browser = Browser::logged_in(&server, ALICE).await;
    server.advance(Seconds(100));
    let fresh = Callback::of(&browser.ask(&ask().with("max_age", "100")).await);
    assert_eq!(
        id_token(&server, &ask(), &fresh).await["auth_time"],
        json!(START.as_seconds())
    );
    for max_age in ["99", "1", "0"] {
        let ask = ask().with("max_age", max_age);
        let page = browser.ask(&ask).await;
        page.is_page("login-page");
        let callback = Callback::of(&browser.log_in(&page, ALICE).await);
        let claims = id_token(&server, &ask, &callback).await;
        assert_eq!(claims["auth_time"], json!(server.now()));
        server.advance(Seconds(100));
    }
}

/// The pages of a request can be carried to another browser. What they ask for has to be done there.
#[tokio::test]
async fn another_browsers_session_is_no_login_for_the_request() {
    let server = Server::start().await;
    let mut alice = Browser::logged_in(&server, ALICE).await;
    server.advance(Seconds(600));
    for ask in [
        Ask::web().with("prompt", "login"),
        Ask::web().with("max_age", "60"),
    ] {
        let mut elsewhere = Browser::new(&server);
        let begun = elsewhere.get(&ask.path()).await;
        let carried = begun.location().replace("/login?", "/consent?");
        let consent = alice.get(&carried).await;
        let answer = alice.press_if_there(consent, "consent-approve").await;
        answer.is_page("login-page");
    }
}

#[tokio::test]
async fn prompt_consent_asks_although_it_is_remembered() {
    let server = Server::start().await;
    let mut browser = Browser::logged_in(&server, ALICE).await;
    browser.callback(&Ask::web(), ALICE).await.code();
    for ask in [Ask::web(), ask()] {
        let ask = ask.with("prompt", "consent");
        let page = browser.ask(&ask).await;
        page.is_page("consent-page");
        Callback::of(&browser.press(&page, "consent-approve").await).code();
    }
}

#[tokio::test]
async fn select_account_goes_on_as_who_is_here_or_as_another() {
    let server = Server::start().await;
    let ask = ask().with("prompt", "select_account");
    let mut browser = Browser::logged_in(&server, ALICE).await;
    let page = browser.ask(&ask).await;
    page.is_page("account-page");
    assert!(page.text().contains("ALICE Example"));
    let callback = Callback::of(&browser.press(&page, "account-0").await);
    let alice = id_token(&server, &ask, &callback).await;
    assert_eq!(alice["sub"], json!(crate::harness::user_id(ALICE).to_string()));
    // Another account is a login, after which nobody is asked once more.
    let page = browser.ask(&ask).await;
    let login = browser.press(&page, "account-other").await;
    login.is_page("login-page");
    let callback = Callback::of(&browser.log_in(&login, BOB).await);
    let bob = id_token(&server, &ask, &callback).await;
    assert_eq!(bob["sub"], json!(crate::harness::user_id(BOB).to_string()));
    let page = browser.ask(&ask).await;
    assert!(page.text().contains("BOB Example") && !page.text().contains("ALICE"));
    let denied = Callback::of(&browser.press(&page, "account-cancel").await);
    assert_eq!(denied.value("error"), Some("access_denied"));
    // Nobody is logged in: the login page is the choice.
    Browser::new(&server).ask(&ask).await.is_page("login-page");
}

#[tokio::test]
async fn an_account_that_was_made_up_is_not_chosen() {
    let server = Server::start().await;
    let mut browser = Browser::logged_in(&server, ALICE).await;
    let page = browser.ask(&ask().with("prompt", "select_account")).await;
    for account in ["", "x", "AAAAAAAAAAAAAAAAAAAAAA"] {
        let form = crate::harness::Form::sent_by(page.text(), "account-0").fill("account", account);
        let answer = browser.send(&form).await;
        let answer = browser.follow(answer).await;
        answer.is_page("account-page");
    }
}

#[tokio::test]
async fn login_hint_fills_in_the_name() {
    let server = Server::start().await;
    let mut browser = Browser::new(&server);
    for hint in ["alice", "alice@example.com", "\"><script>alert(1)</script>"] {
        let page = browser.ask(&ask().with("login_hint", hint)).await;
        let form = crate::harness::Form::sent_by(page.text(), "login-submit");
        assert_eq!(form.value("username"), Some(hint));
        assert!(!page.text().contains("<script>"));
    }
    // What was typed comes before the hint.
    let page = browser.ask(&ask().with("login_hint", "alice")).await;
    let form = crate::harness::Form::sent_by(page.text(), "login-submit")
        .fill("username", "bob")
        .fill("password", "wrong");
    let page = browser.send(&form).await;
    assert_eq!(page.status, 401);
    let form = crate::harness::Form::sent_by(page.text(), "login-submit");
    assert_eq!(
        (form.value("username"), form.value("password")),
        (Some("bob"), Some(""))
    );
}

/// "If an ID Token is requested as a hint and the End-User identified by the ID Token is already logged in, [...] the
/// Authorization Server returns a positive response; otherwise, it MUST return an error" (3.1.2.1)
#[tokio::test]
async fn id_token_hint_names_who_is_expected() {
    let server = Server::start().await;
    let tokens = Ask::web().with("scope", "openid").tokens(&server).await;
    let hint = text(&tokens["id_token"]).to_owned();
    // It may have expired long ago, and be another client's.
    server.advance(Seconds(3000));
    for _ in 0..2 {
        let hinted = ask().with("id_token_hint", &hint);
        let silent = hinted.clone().with("prompt", "none");
        let mut alice = Browser::logged_in(&server, ALICE).await;
        assert_eq!(error(&mut alice, &silent).await, None);
        Callback::of(&alice.get(&hinted.path()).await).code();
        let mut bob = Browser::logged_in(&server, BOB).await;
        assert_eq!(error(&mut bob, &silent).await.as_deref(), Some("login_required"));
        let page = bob.ask(&hinted).await;
        page.is_page("login-page");
        // Bob again is not who is meant; Alice is.
        let page = bob.log_in(&page, BOB).await;
        page.is_page("login-page");
        Callback::of(&bob.log_in(&page, ALICE).await).code();
        server.advance(Seconds::days(1));
    }
    let mut nobody = Browser::new(&server);
    let silent = ask().with("id_token_hint", &hint).with("prompt", "none");
    assert_eq!(
        error(&mut nobody, &silent).await.as_deref(),
        Some("login_required")
    );
}

#[tokio::test]
async fn a_hint_after_the_keys_were_rotated_is_known() {
    let server = Server::start().await;
    let tokens = Ask::web().with("scope", "openid").tokens(&server).await;
    server.rotate_keys().await;
    let mut alice = Browser::logged_in(&server, ALICE).await;
    let hinted = ask().with("id_token_hint", text(&tokens["id_token"]));
    Callback::of(&alice.get(&hinted.path()).await).code();
}

#[tokio::test]
async fn ui_locales_come_before_the_browsers_languages() {
    let server = Server::start().await;
    for (ui_locales, accepted, expected) in [
        ("", "en", "en"),
        ("", "de-CH,de;q=0.9,en;q=0.5", "de"),
        ("", "xx", "en"),
        ("fr", "de", "fr"),
        ("xx fr-CA", "de", "fr"),
        ("xx", "de", "de"),
        ("../../etc", "fr", "fr"),
    ] {
        let mut browser = Browser::new(&server);
        browser.language = accepted.to_owned();
        let ask = Ask::web().with("ui_locales", ui_locales);
        let login = browser.ask(&ask).await;
        let consent = browser.log_in(&login, ALICE).await;
        for page in [&login, &consent] {
            let language = format!("<html lang=\"{expected}\"");
            assert!(page.text().contains(&language), "{ui_locales} {accepted}");
        }
        browser.press(&consent, "consent-deny").await;
    }
}

#[tokio::test]
async fn parameters_that_nobody_knows_are_ignored() {
    let server = Server::start().await;
    let odd = ask()
        .with("acr_values", "phr mfa")
        .with("claims_locales", "de")
        .with("display", "popup")
        .with("claim", "{\"id_token\":{\"email\":null}}")
        .with("audience", "x")
        .with("access_type", "offline");
    let callback = Browser::new(&server).callback(&odd, ALICE).await;
    let claims = id_token(&server, &odd, &callback).await;
    assert!(claims.get("email").is_none());
}
