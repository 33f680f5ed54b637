//! The development server: what it shows, and that production shows none of it.

use grantor_server::Dev;
use grantor_types::RedirectUri;

use crate::harness::{ALICE, Ask, Browser, Call, Server, Setup, password};

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
}
