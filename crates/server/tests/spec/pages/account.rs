//! The account page: sessions to end, access to take back.

use grantor_protocol::Cause;
use grantor_store::Store;
use serde_json::json;

use crate::harness::{ALICE, Ask, BOB, Browser, Call, Server, text, user_id};

#[tokio::test]
async fn it_shows_who_where_and_which_applications() {
    let server = Server::start().await;
    let mut browser = Browser::new(&server);
    browser
        .callback(&Ask::web().with("scope", "openid write"), ALICE)
        .await
        .code();
    let page = browser.get("/account").await;
    page.is_page("account-overview-page");
    for expected in [
        "ALICE Example",
        "alice@example.com",
        "The web client",
        "data-scope=\"write\"",
        "Firefox",
        "datetime=\"2025-06-15T15:06:40Z\"",
    ] {
        assert!(page.text().contains(expected), "{expected}: {}", page.text());
    }
    assert!(!page.text().contains("argon2"));
}

#[tokio::test]
async fn nobody_is_sent_to_log_in_and_back() {
    let server = Server::start().await;
    let mut browser = Browser::new(&server);
    let answer = browser.get("/account").await;
    assert_eq!(answer.status, 302);
    let login = browser.follow(answer).await;
    login.is_page("login-page");
    browser
        .log_in(&login, ALICE)
        .await
        .is_page("account-overview-page");
}

#[tokio::test]
async fn signing_out_ends_this_session_alone() {
    let server = Server::start().await;
    let (mut here, mut there) = (Browser::new(&server), Browser::new(&server));
    let tokens = Ask::web().tokens(&server).await;
    for browser in [&mut here, &mut there] {
        browser.log_in_alone(ALICE).await;
    }
    let cookie = here.cookie_header();
    let account = here.get("/account").await;
    here.press(&account, "sign-out").await.is_page("signed-out-page");
    assert!(!here.cookies.contains_key("__Host-grantor_session"));
    // The cookie is dead even for whoever kept it.
    let kept = Call::get("/account").header(http::header::COOKIE, &cookie);
    assert!(server.call(kept).await.location().starts_with("/login"));
    there.get("/account").await.is_page("account-overview-page");
    // What applications have is another matter.
    server
        .call(Call::refresh("web", text(&tokens["refresh_token"])))
        .await
        .ok();
}

#[tokio::test]
async fn another_session_can_be_ended_from_here() {
    let server = Server::start().await;
    let (mut here, mut there) = (Browser::new(&server), Browser::new(&server));
    there.log_in_alone(ALICE).await;
    server.advance(grantor_types::Seconds(1));
    here.log_in_alone(ALICE).await;
    let account = here.get("/account").await;
    let button = ["session-end-0", "session-end-1"]
        .into_iter()
        .find(|button| account.text().contains(button))
        .unwrap();
    let account = here.press(&account, button).await;
    account.is_page("account-overview-page");
    assert!(!account.text().contains("session-end-"));
    assert!(there.get("/account").await.location().starts_with("/login"));
    here.get("/account").await.is_page("account-overview-page");
}

/// Taking the access back ends every grant of the application, and it has to ask again.
#[tokio::test]
async fn removing_access_makes_tokens_inactive_at_once() {
    let server = Server::start().await;
    let mut browser = Browser::new(&server);
    let code = browser.callback(&Ask::web(), ALICE).await.code();
    let first = server.call(Ask::web().redeem(&code)).await.ok();
    let second = Ask::web().tokens(&server).await;
    let sealed = Ask::web()
        .with("resource", "https://sealed.example")
        .tokens(&server)
        .await;
    let other = Ask::spa().tokens(&server).await;
    let bobs = {
        let mut browser = Browser::new(&server);
        let code = browser.callback(&Ask::web(), BOB).await.code();
        server.call(Ask::web().redeem(&code)).await.ok()
    };
    let account = browser.get("/account").await;
    assert!(account.text().contains("The web client") && account.text().contains("The spa client"));
    let button = if account.text().find("The web client") < account.text().find("The spa client") {
        "app-remove-0"
    } else {
        "app-remove-1"
    };
    let account = browser.press(&account, button).await;
    account.is_page("account-overview-page");
    assert!(account.text().contains("id=\"account-notice\""));
    assert!(!account.text().contains("value=\"web\""));
    for tokens in [&first, &second, &sealed] {
        for name in ["access_token", "refresh_token"] {
            let found = server
                .call(Call::introspect(text(&tokens[name])).client("auditor"))
                .await;
            assert_eq!(found.ok(), json!({ "active": false }));
        }
        server
            .call(Call::refresh("web", text(&tokens["refresh_token"])))
            .await
            .refused(400, "invalid_grant", Cause::RefreshTokenRevoked);
    }
    for tokens in [&other, &bobs] {
        let found = server
            .call(Call::introspect(text(&tokens["access_token"])).client("auditor"))
            .await;
        assert_eq!(found.ok()["active"], json!(true));
    }
    let web = grantor_types::ClientId::parse("web").unwrap();
    assert_eq!(server.store.consent(user_id(ALICE), &web).await.unwrap(), None);
    browser.ask(&Ask::web()).await.is_page("consent-page");
}
