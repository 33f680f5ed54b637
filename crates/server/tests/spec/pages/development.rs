//! The development server: what it shows, and that production shows none of it.

use grantor_server::Dev;
use grantor_types::RedirectUri;

use crate::harness::{ALICE, Ask, Browser, Call, Server, Setup, password, type_code};

const CALLBACK: &str = "http://localhost:3000/callback";

async fn development() -> Server {
    let mut setup = Setup::at("http://localhost:3000").client("spa", |client| {
        client.redirect_uris.push(RedirectUri::parse(CALLBACK).unwrap());
    });
    setup.settings.dev = Some(Dev {
        users: vec![(ALICE.to_owned(), password(ALICE))],
        secrets: vec![("web".to_owned(), "web-secret".to_owned())],
    });
    setup.start().await
}

#[tokio::test]
async fn the_home_page_has_what_there_is_to_try() {
    let server = development().await;
    let home = server.call(Call::get("/")).await;
    for expected in [
        &password(ALICE),
        "web-secret",
        "http://localhost:3000/oauth/token",
        "The spa client",
    ] {
        assert!(home.text().contains(expected), "{expected}");
    }
    // What there is to try works: the link leads through login and consent to our own callback.
    let mut browser = Browser::new(&server);
    let ask = Ask::of("spa", CALLBACK).with("scope", "read");
    let callback = browser.callback(&ask, ALICE).await;
    let path = callback.uri.strip_prefix("http://localhost:3000").unwrap();
    let code = callback.code();
    let page = browser.get(&format!("{path}?code={code}&state=st4te")).await;
    assert!(page.text().contains(&code));
    assert!(page.text().contains("curl -d grant_type=authorization_code"));
}

/// The stand-in for a device shows what a device would, and its command asks for the tokens.
#[tokio::test]
async fn a_device_to_try() {
    let server = development().await;
    let mut browser = Browser::new(&server);
    let home = browser.get("/").await;
    assert!(
        home.text()
            .contains("http://localhost:3000/device/try?client_id=tv")
    );
    let page = browser.get("/device/try?client_id=tv").await;
    page.is_page("dev-device-page");
    let code = page.element("device-user-code").unwrap();
    let complete = format!("http://localhost:3000/device?user_code={code}");
    assert!(page.text().contains(&complete) && page.text().contains("<svg class=\"qr\""));
    let command = page.element("device-poll").unwrap();
    let (_, rest) = command.split_once("-d device_code=").unwrap();
    let poll = Call::token()
        .client("tv")
        .field("grant_type", "urn:ietf:params:oauth:grant-type:device_code")
        .field("device_code", rest.split_whitespace().next().unwrap());
    let answer = server.call(poll).await;
    assert_eq!(answer.json()["error"], "authorization_pending");
    let login = type_code(&mut browser, &code).await;
    let confirm = browser.log_in(&login, ALICE).await;
    confirm.is_page("device-confirm-page");
    for (query, status) in [
        ("", 400),
        ("?client_id=nobody", 401),
        ("?client_id=console", 401),
        ("?client_id=spa", 400),
    ] {
        let refused = browser.get(&format!("/device/try{query}")).await;
        assert_eq!(
            (refused.status, refused.marker().as_deref()),
            (status, Some("error-page")),
            "{query}"
        );
    }
}

/// Whatever an address says, the page shows it as text, and the command to copy holds nothing that a shell acts on.
#[tokio::test]
async fn the_callback_shows_text() {
    let server = development().await;
    let page = server
        .call(Call::get(
            "/callback?code=x%27%3B%24(rm%20-rf%20~)%60id%60&state=%3Cscript%3Ealert(1)%3C/script%3E",
        ))
        .await;
    assert_eq!(page.status, 200);
    assert!(!page.text().contains("<script>alert"));
    assert!(page.text().contains("-d code=xrm-rf~id "), "{}", page.text());
    let error = server
        .call(Call::get(
            "/callback?error=access_denied&error_description=%3Cb%3E",
        ))
        .await;
    assert!(error.text().contains("access_denied") && !error.text().contains("<b>"));
}

#[tokio::test]
async fn production_has_none_of_it() {
    let server = Server::start().await;
    let home = server.call(Call::get("/")).await;
    assert_eq!(home.status, 200);
    for secret in [&password(ALICE), "web-secret", "The web client", "/callback"] {
        assert!(!home.text().contains(secret), "{secret}");
    }
    assert_eq!(server.call(Call::get("/callback?code=x")).await.status, 404);
    assert_eq!(
        server.call(Call::get("/device/try?client_id=tv")).await.status,
        404
    );
}
