//! The crates oauth2 and openidconnect against the real server.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod oauth2;
mod openidconnect;
mod registered;

use std::collections::BTreeSet;

use ::oauth2::reqwest;
use grantor_tests::Person;
use url::Url;

const REDIRECT_URI: &str = "http://localhost:3000/oauth/callback";

/// Both crates ask for a client that follows no redirects.
fn http() -> reqwest::Client {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap()
}

/// Logs in and allows; returns `code` and `state` of the answer.
async fn sign_in(issuer: &str, url: &Url) -> (String, String) {
    answer(&Person::new(issuer, "demo"), issuer, url).await
}

/// The same in a browser that is there already.
async fn answer(person: &Person, issuer: &str, url: &Url) -> (String, String) {
    let answer = Url::parse(&person.authorize(url.as_str(), "approve").await.unwrap()).unwrap();
    let value = |name: &str| {
        let found = answer.query_pairs().find(|(own, _)| own == name);
        found
            .unwrap_or_else(|| panic!("no {name} in {answer}"))
            .1
            .into_owned()
    };
    assert_eq!(value("iss"), issuer);
    (value("code"), value("state"))
}

fn set<'a>(scopes: impl IntoIterator<Item = &'a str>) -> BTreeSet<&'a str> {
    scopes.into_iter().collect()
}
