//! Sessions and the cookies that carry them.

use grantor_protocol::Cause;
use grantor_store::Store;
use grantor_types::Seconds;

use crate::harness::{ALICE, Ask, BOB, Browser, Call, Callback, Form, Server, Setup, user_id};

const SESSION: &str = "__Host-grantor_session";
const FORM: &str = "__Host-grantor_form";

async fn sessions(server: &Server, username: &str) -> usize {
    server.store.sessions_of(user_id(username)).await.unwrap().len()
}

#[tokio::test]
async fn cookies_of_a_server_behind_tls() {
    let server = Server::start().await;
    let mut browser = Browser::new(&server);
    let login = browser.get("/login").await;
    let form = format!("{FORM}={}", browser.cookies[FORM]);
    assert_eq!(
        login.set_cookies(),
        [format!("{form}; HttpOnly; SameSite=Lax; Secure; Path=/")]
    );
    let answer = browser
        .send(
            &Form::sent_by(login.text(), "login-submit")
                .fill("username", ALICE)
                .fill("password", &crate::harness::password(ALICE)),
        )
        .await;
    assert_eq!((answer.status, answer.location()), (303, "/account"));
    let session = format!("{SESSION}={}", browser.cookies[SESSION]);
    assert_eq!(
        answer.set_cookies(),
        [format!("{session}; HttpOnly; SameSite=Lax; Secure; Path=/")]
    );
    // Known cookies are not set again.
    let account = browser.get("/account").await;
    assert!(account.set_cookies().is_empty());
    let gone = browser.send(&Form::sent_by(account.text(), "sign-out")).await;
    let cookies = gone.set_cookies();
    assert!(
        cookies[0].starts_with(&format!(
            "{SESSION}=; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=0; Expires="
        )),
        "{cookies:?}"
    );
}

/// A development server on loopback has no TLS, and browsers drop Secure cookies there.
#[tokio::test]
async fn cookies_of_a_server_on_loopback() {
    let server = Setup::at("http://localhost:3000").start().await;
    let mut browser = Browser::new(&server);
    let login = browser.ask(&Ask::web()).await;
    browser.log_in(&login, ALICE).await.is_page("consent-page");
    let names: Vec<&str> = browser.cookies.keys().map(String::as_str).collect();
    assert_eq!(names, ["grantor_form", "grantor_session"]);
    let mut other = Browser::new(&server);
    let answer = other.get("/login").await;
    let expected = format!(
        "grantor_form={}; HttpOnly; SameSite=Lax; Path=/",
        other.cookies["grantor_form"]
    );
    assert_eq!(answer.set_cookies(), [expected]);
}

/// Cookies stay at `/` when the issuer has a path: `__Host-` demands it.
#[tokio::test]
async fn cookies_below_a_path() {
    let server = Setup::at("https://id.example/tenant").start().await;
    let answer = server.call(Call::get("/tenant/login")).await;
    assert!(answer.set_cookies()[0].ends_with("; Secure; Path=/"));
}

#[tokio::test]
async fn every_login_has_a_session_of_its_own_and_ends_the_one_before() {
    let server = Server::start().await;
    let mut browser = Browser::new(&server);
    browser.log_in_alone(ALICE).await;
    let first = browser.cookies[SESSION].clone();
    assert_eq!(sessions(&server, ALICE).await, 1);
    let page = browser.ask(&Ask::web().with("prompt", "login")).await;
    browser.log_in(&page, ALICE).await;
    let second = browser.cookies[SESSION].clone();
    assert_ne!(first[..22], second[..22]);
    assert_ne!(first[22..], second[22..]);
    assert_eq!(sessions(&server, ALICE).await, 1);
    // The old cookie is worth nothing.
    let mut old = Browser::new(&server);
    old.cookies.insert(SESSION.to_owned(), first);
    assert!(old.get("/account").await.location().starts_with("/login"));
    // Another person in the same browser ends it as well.
    let page = browser.get("/login").await;
    browser.log_in(&page, BOB).await;
    assert_eq!(
        (sessions(&server, ALICE).await, sessions(&server, BOB).await),
        (0, 1)
    );
}

/// A session id from before the login, planted by somebody else, does not become the user's.
#[tokio::test]
async fn a_planted_session_is_not_logged_in() {
    let server = Server::start().await;
    let mut attacker = Browser::new(&server);
    attacker.log_in_alone(BOB).await;
    let planted = attacker.cookies[SESSION].clone();
    let mut victim = Browser::new(&server);
    victim.cookies.insert(SESSION.to_owned(), planted.clone());
    let page = victim.get("/login").await;
    victim.log_in(&page, ALICE).await;
    assert_ne!(victim.cookies[SESSION], planted);
    assert!(attacker.get("/account").await.location().starts_with("/login"));
}

#[tokio::test]
async fn a_session_ends_after_its_lifetime() {
    let server = Server::start().await;
    let mut browser = Browser::new(&server);
    browser.log_in_alone(ALICE).await;
    server.advance(Seconds(Seconds::hours(12).0 - 1));
    browser.get("/account").await.is_page("account-overview-page");
    server.advance(Seconds(1));
    assert!(browser.get("/account").await.location().starts_with("/login"));
    browser.ask(&Ask::web()).await.is_page("login-page");
}

#[tokio::test]
async fn a_user_that_is_switched_off_is_logged_out_at_once() {
    let server = Server::start().await;
    let mut browser = Browser::new(&server);
    browser.log_in_alone(ALICE).await;
    server.edit_user(ALICE, |user| user.disabled = true).await;
    assert!(browser.get("/account").await.location().starts_with("/login"));
    let silent = browser.get(&Ask::web().with("prompt", "none").path()).await;
    assert_eq!(Callback::of(&silent).value("error"), Some("login_required"));
    let page = browser.get("/login").await;
    let page = browser.log_in(&page, ALICE).await;
    assert_eq!(page.status, 401);
}

/// A form belongs to the browser and to the session it was shown in.
#[tokio::test]
async fn a_form_of_another_session_is_refused() {
    let server = Server::start().await;
    let mut browser = Browser::new(&server);
    let login = browser.ask(&Ask::web()).await;
    let consent = browser.log_in(&login, ALICE).await;
    let form = Form::sent_by(consent.text(), "consent-approve");
    // Meanwhile, in another tab, Bob logs in.
    let page = browser.get("/login").await;
    browser.log_in(&page, BOB).await;
    let answer = browser.send(&form).await;
    answer.refused_on_page(403, "access_denied", Cause::FormTokenInvalid);
    // The login form of before the login is as old.
    let again = browser.send(&Form::sent_by(login.text(), "login-submit")).await;
    assert_eq!(again.status, 403);
    again.is_page("login-page");
    assert!(again.element("login-problem").is_some());
}

#[tokio::test]
async fn a_page_is_good_for_an_hour() {
    let server = Server::start().await;
    let mut browser = Browser::new(&server);
    for (after, works) in [(3599, true), (3600, false)] {
        let login = browser.ask(&Ask::web().with("prompt", "login consent")).await;
        let consent = browser.log_in(&login, ALICE).await;
        server.advance(Seconds(after));
        let answer = browser.press(&consent, "consent-approve").await;
        if works {
            Callback::of(&answer).code();
        } else {
            answer.refused_on_page(403, "access_denied", Cause::InteractionExpired);
        }
    }
}

/// The request that a login is for may have been taken back meanwhile. Whoever logged in is logged in all the same.
#[tokio::test]
async fn a_login_that_leads_nowhere_leaves_no_session_behind() {
    let server = Server::start().await;
    let mut browser = Browser::new(&server);
    let login = browser.ask(&Ask::web()).await;
    server.edit_client("web", |client| client.disabled = true).await;
    let answer = browser.log_in(&login, ALICE).await;
    answer.refused_on_page(401, "invalid_client", Cause::ClientDisabled);
    let account = browser.get("/account").await;
    let has_cookie = account.marker().as_deref() == Some("account-overview-page");
    assert_eq!(sessions(&server, ALICE).await, usize::from(has_cookie));
}
