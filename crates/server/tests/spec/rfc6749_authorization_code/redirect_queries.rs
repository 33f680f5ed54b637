//! Redirect URIs with a query: only the registered one is taken, to the last character (OAuth 2.1 2.3.1).

use grantor_protocol::Cause;

use crate::harness::{Ask, Browser, Server};

const REGISTERED: &str = "https://spa.example/cb?keep=1&me=2";

#[tokio::test]
async fn a_query_that_is_not_the_registered_one() {
    let server = Server::start().await;
    let mut browser = Browser::new(&server);
    for uri in [
        "https://spa.example/cb?keep=1&me=3",
        "https://spa.example/cb?keep=1",
        "https://spa.example/cb?me=2&keep=1",
        "https://spa.example/cb?keep=1&me=2&more=3",
        "https://spa.example/cb?keep=1&me=2&",
        "https://spa.example/cb?keep=1&amp;me=2",
        "https://spa.example/cb?keep=%31&me=2",
        "https://spa.example/cb?KEEP=1&me=2",
        "https://spa.example/cb?",
    ] {
        let page = browser.ask(&Ask::spa().with("redirect_uri", uri)).await;
        page.refused_on_page(400, "invalid_request", Cause::RedirectUriUnregistered);
    }
    let page = browser.ask(&Ask::spa().with("redirect_uri", REGISTERED)).await;
    page.is_page("login-page");
}
