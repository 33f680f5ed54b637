//! The client library of this repository against the real server: every flow, with the fixtures of `grantor dev`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod examples;
mod login;
mod machine;
mod middleware;
mod native;
mod registered;
mod sign_in;
mod vault;

use grantor_client::{Client, ClientAuthentication, Request, Response, Tokens};
use grantor_tests::{Person, Server};

const REDIRECT_URI: &str = "http://localhost:3000/oauth/callback";

/// The web application of the fixtures.
async fn web(server: &Server) -> Client {
    Client::builder(server.issuer(), "web")
        .authentication(ClientAuthentication::basic("web-secret"))
        .redirect_uri(REDIRECT_URI)
        .discover()
        .await
        .unwrap()
}

/// Signs `demo` in and allows everything.
async fn sign_in(server: &Server, client: &Client, scope: &str) -> Tokens {
    let login = client.authorization().scope(scope).start().await.unwrap();
    let person = Person::new(server.issuer(), "demo");
    let back = person.authorize(login.url.as_str(), "approve").await.unwrap();
    let callback = login.pending.validate(&back).unwrap();
    client.exchange(callback).await.unwrap()
}

/// Calls the sample API of the development server.
async fn call(server: &Server, client: &Client, tokens: &Tokens) -> Response {
    let url = format!("{}/api/test", server.issuer()).parse().unwrap();
    client.call(tokens, Request::get(url)).await.unwrap()
}
