//! [OpenID Connect Front-Channel Logout 1.0](https://openid.net/specs/openid-connect-frontchannel-1_0.html): applications
//! are told by frames of the logged-out page that a session has ended.

use grantor_protocol::record::Client;
use grantor_types::{RedirectUri, WebUri};
use serde_json::{Value, json};

use crate::harness::{ALICE, Answer, Ask, Browser, Server, Setup, jwt, text};
use crate::rfc8414_metadata;

const GOODBYE: &str = "https://app.example/goodbye";

fn framed(client: &mut Client, uri: &str) {
    client.metadata.frontchannel_logout_uri = Some(WebUri::parse(uri).unwrap());
    client.metadata.frontchannel_logout_session_required = true;
}

fn setup() -> Setup {
    Setup::new()
        .client("web", |client| {
            framed(client, "https://app.example/frame?x=1");
            client.metadata.post_logout_redirect_uris = vec![RedirectUri::parse(GOODBYE).unwrap()];
        })
        .client("portal", |client| {
            framed(client, "https://portal.example:8443/frame");
            client.metadata.frontchannel_logout_session_required = false;
        })
}

async fn log_in(server: &Server, browser: &mut Browser<'_>, ask: &Ask) -> Value {
    let code = browser.callback(ask, ALICE).await.code();
    server.call(ask.redeem(&code)).await.ok()
}

fn web() -> Ask {
    Ask::web().with("scope", "openid read")
}

async fn leave(browser: &mut Browser<'_>, tokens: &Value, further: &str) -> Answer {
    let hint = text(&tokens["id_token"]);
    let answer = browser
        .get(&format!("/oauth/logout?id_token_hint={hint}{further}"))
        .await;
    browser.follow(answer).await
}

/// The addresses of the frames of a page.
fn frames(page: &Answer) -> Vec<String> {
    let frames = page.text().split("<iframe").skip(1);
    let address = |frame: &str| {
        let address = frame.split("src=\"").nth(1).unwrap().split('"').next().unwrap();
        address.replace("&#38;", "&").replace("&amp;", "&")
    };
    frames.map(address).collect()
}

#[tokio::test]
async fn the_metadata_say_so() {
    let server = setup().start().await;
    let metadata = rfc8414_metadata::document(&server, "/.well-known/openid-configuration").await;
    for member in [
        "frontchannel_logout_supported",
        "frontchannel_logout_session_supported",
    ] {
        assert_eq!(metadata[member], json!(true), "{member}");
    }
}

#[tokio::test]
async fn the_logged_out_page_calls_each_client_with_iss_and_sid() {
    let server = setup().start().await;
    let mut browser = Browser::new(&server);
    let tokens = log_in(&server, &mut browser, &web()).await;
    let portal = Ask::of("portal", "https://portal.example/cb").with("scope", "openid");
    log_in(&server, &mut browser, &portal).await;
    log_in(&server, &mut browser, &Ask::spa()).await;
    let page = leave(&mut browser, &tokens, "").await;
    page.is_page("signed-out-page");
    let sid = text(&jwt::claims(text(&tokens["id_token"]))["sid"]).to_owned();
    let called = format!("iss=https%3A%2F%2Fid.example&sid={sid}");
    assert_eq!(
        frames(&page),
        [
            format!("https://portal.example:8443/frame?{called}"),
            format!("https://app.example/frame?x=1&{called}"),
        ]
    );
    let policy = page.header("content-security-policy").unwrap();
    assert!(
        policy.ends_with("; frame-src https://app.example https://portal.example:8443"),
        "{policy}"
    );
    assert!(page.text().contains("id=\"sign-in-again\""));
    assert!(!page.text().contains("<script"));
    // Loading it again does no harm; without what was sealed there is nothing to load.
    browser.get("/signed-out").await.is_page("signed-out-page");
}

/// No meta refresh, no `Refresh`: a link, and a script that follows it.
#[tokio::test]
async fn then_the_person_goes_on_to_the_application() {
    let server = setup().start().await;
    let mut browser = Browser::new(&server);
    let tokens = log_in(&server, &mut browser, &web()).await;
    let further = format!("&state=a%20b&post_logout_redirect_uri={GOODBYE}");
    let page = leave(&mut browser, &tokens, &further).await;
    page.is_page("signed-out-page");
    assert_eq!(frames(&page).len(), 1);
    assert!(
        page.text()
            .contains("id=\"logout-continue\" href=\"https://app.example/goodbye?state=a+b\""),
        "{}",
        page.text()
    );
    assert!(page.text().contains("logout.js?v="));
    assert!(!page.text().contains("http-equiv"));
    assert_eq!(page.header("refresh"), None);
}

#[tokio::test]
async fn without_frames_the_browser_is_sent_back_at_once() {
    let server = setup().start().await;
    let mut browser = Browser::new(&server);
    // Of another session, so that this one has no client.
    let tokens = log_in(&server, &mut Browser::new(&server), &web()).await;
    browser.log_in_alone(ALICE).await;
    let further = format!("&post_logout_redirect_uri={GOODBYE}");
    let answer = leave(&mut browser, &tokens, &further).await;
    assert_eq!((answer.status, answer.location()), (303, GOODBYE));
}

#[tokio::test]
async fn a_client_that_is_switched_off_gets_no_frame() {
    let server = setup().start().await;
    let mut browser = Browser::new(&server);
    log_in(&server, &mut browser, &web()).await;
    server.edit_client("web", |client| client.disabled = true).await;
    let account = browser.get("/account").await;
    let page = browser.press(&account, "sign-out").await;
    page.is_page("signed-out-page");
    assert_eq!(frames(&page), Vec::<String>::new());
    let policy = page.header("content-security-policy").unwrap();
    assert!(!policy.contains("frame-src"), "{policy}");
}

/// Signing out on the account page ends as a logout that an application asked for does.
#[tokio::test]
async fn signing_out_on_the_account_page_loads_frames_too() {
    for button in ["sign-out", "sign-out-everywhere"] {
        let server = setup().start().await;
        let mut browser = Browser::new(&server);
        log_in(&server, &mut browser, &web()).await;
        let account = browser.get("/account").await;
        let page = browser.press(&account, button).await;
        page.is_page("signed-out-page");
        assert_eq!(frames(&page).len(), 1, "{button}");
    }
}
