//! The headers of every page, and what an error page says.

use grantor_protocol::Cause;
use http::header::{ACCEPT, IF_NONE_MATCH};

use crate::harness::{ALICE, Answer, Ask, Browser, Call, Server, Setup};

const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
                      base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

#[track_caller]
fn check(page: &Answer, form_action: &str) {
    for (name, expected) in [
        ("content-type", "text/html; charset=utf-8"),
        ("cache-control", "no-store"),
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("content-security-policy", &format!("{POLICY}{form_action}")),
    ] {
        assert_eq!(page.header(name), Some(expected), "{name}");
    }
    let html = page.text();
    assert!(html.starts_with("<!doctype html>"), "{html}");
    // Nothing that the policy would stop: no script and no style in the page, no handler in an attribute.
    assert!(!html.contains("<script>") && !html.contains("<style") && !html.contains(" style=\""));
    assert!(!html.contains(" onclick=") && !html.contains("javascript:"));
    assert!(!html.contains("http://"), "{html}");
}

#[tokio::test]
async fn every_page_is_kept_safe() {
    let server = Server::start().await;
    let mut browser = Browser::new(&server);
    let home = browser.get("/").await;
    check(&home, "");
    let login = browser.ask(&Ask::web()).await;
    check(&login, " https://app.example");
    let consent = browser.log_in(&login, ALICE).await;
    check(&consent, " https://app.example");
    let choice = browser.ask(&Ask::web().with("prompt", "select_account")).await;
    choice.is_page("account-page");
    check(&choice, " https://app.example");
    let posted = browser
        .get(
            &Ask::web()
                .with("scope", "admin")
                .with("response_mode", "form_post")
                .path(),
        )
        .await;
    check(&posted, " https://app.example");
    let error = browser
        .get(&Ask::web().with("redirect_uri", "https://evil.example").path())
        .await;
    check(&error, "");
    let account = browser.get("/account").await;
    check(&account, "");
    let alone = browser.get("/login").await;
    check(&alone, "");
    check(&browser.press(&account, "sign-out").await, "");
}

#[tokio::test]
async fn an_error_page_says_what_went_wrong_and_leads_nowhere() {
    let server = Server::start().await;
    let answer = server
        .call(Call::get(
            &Ask::web().with("redirect_uri", "https://evil.example/x").path(),
        ))
        .await;
    answer.refused_on_page(400, "invalid_request", Cause::RedirectUriUnregistered);
    assert_eq!(
        answer.element("error-description").as_deref(),
        Some(Cause::RedirectUriUnregistered.description())
    );
    assert_eq!(
        answer.element("request-id").as_deref(),
        answer.header("x-request-id")
    );
    assert!(!answer.text().contains("evil.example"));
}

/// A browser gets a page, a program JSON.
#[tokio::test]
async fn what_is_not_there() {
    let server = Server::start().await;
    let page = server
        .call(Call::get("/nothing").header(ACCEPT, "text/html"))
        .await;
    page.refused_on_page(404, "not_found", Cause::NotFound);
    let json = server
        .call(Call::get("/nothing").header(ACCEPT, "application/json"))
        .await;
    json.refused(404, "not_found", Cause::NotFound);
    let wrong = Call::get("/account/sign-out").header(ACCEPT, "text/html");
    let wrong = server.call(wrong).await;
    wrong.refused_on_page(405, "invalid_request", Cause::MethodNotAllowed);
    assert_eq!(wrong.header("allow"), Some("POST"));
}

#[tokio::test]
async fn assets_are_kept_and_pages_name_their_version() {
    let server = Server::start().await;
    let login = server.call(Call::get("/login")).await;
    let path = login
        .text()
        .split("href=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    assert!(path.starts_with("/assets/grantor.css?v="), "{path}");
    let asset = server.call(Call::get(path)).await;
    assert_eq!(asset.status, 200);
    assert_eq!(asset.header("content-type"), Some("text/css; charset=utf-8"));
    assert_eq!(asset.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(
        asset.header("cache-control"),
        Some("public, max-age=31536000, immutable")
    );
    assert_eq!(asset.header("set-cookie"), None);
    let tag = asset.header("etag").unwrap();
    let again = server.call(Call::get(path).header(IF_NONE_MATCH, tag)).await;
    assert_eq!((again.status, again.text()), (304, ""));
    let other = server.call(Call::get("/assets/grantor.css?v=0")).await;
    assert_ne!(other.header("cache-control"), asset.header("cache-control"));
}

/// What clients and users call themselves is text on a page.
#[tokio::test]
async fn names_are_text() {
    let hostile = "<script>alert(1)</script>\"'\u{202e}";
    let server = Setup::new()
        .client("web", |client| client.name = hostile.to_owned())
        .user(ALICE, |user| user.claims.name = Some(hostile.to_owned()))
        .start()
        .await;
    let mut browser = Browser::new(&server);
    let login = browser.ask(&Ask::web()).await;
    let consent = browser.log_in(&login, ALICE).await;
    consent.is_page("consent-page");
    browser.press(&consent, "consent-approve").await;
    let account = browser.get("/account").await;
    for page in [&login, &consent, &account] {
        assert!(!page.text().contains("<script>alert"));
        assert!(!page.text().contains('\u{202e}'));
        assert!(page.text().contains("alert(1)"));
    }
}

#[tokio::test]
async fn the_consent_page_says_who_asks_for_what_and_where_it_goes() {
    let server = Server::start().await;
    let mut browser = Browser::new(&server);
    let ask = Ask::web()
        .with("scope", "openid email write")
        .with("resource", "https://api.example");
    let login = browser.ask(&ask).await;
    let consent = browser.log_in(&login, ALICE).await;
    for expected in [
        "The web client",
        "ALICE Example",
        "Switch your lamps.",
        "https://api.example",
    ] {
        assert!(consent.text().contains(expected), "{expected}");
    }
    assert!(!consent.text().contains("Read your lamps."));
    let next = consent.element("redirect-host").unwrap();
    assert!(next.ends_with(" app.example"), "{next}");
}
