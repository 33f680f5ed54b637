//! The client library of this repository against another server, oidc-provider, with everything switched on that it has.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod application;
mod bound;
mod certificate;
mod elsewhere;
mod encrypted;
mod login;
mod machine;
mod native;
mod peer;
mod requests;

pub(crate) use peer::Peer;

use grantor_client::{AuthorizationRequest, Client, Error, SigningAlgorithm, SigningKey, Tokens};
use grantor_tests::Person;

const REDIRECT_URI: &str = "https://app.example/callback";
/// Where the browser goes after the logout.
const GOODBYE: &str = "https://app.example/goodbye";
/// The API that the other server issues tokens for.
const API: &str = "https://api.example/";

/// Signs somebody in and allows everything.
async fn sign_in(client: &Client, person: &Person, scope: &str) -> Tokens {
    log_in(client, person, client.authorization().scope(scope)).await
}

/// The same, and what else there is to say. The server takes `offline_access` seriously with `prompt=consent` only.
async fn log_in(client: &Client, person: &Person, request: AuthorizationRequest<'_>) -> Tokens {
    let login = request.start().await.unwrap();
    let back = person.authorize(login.url.as_str(), "approve").await.unwrap();
    let callback = login.pending.validate(&back).unwrap();
    client.exchange(callback).await.unwrap()
}

fn key(algorithm: SigningAlgorithm) -> SigningKey {
    SigningKey::generate(algorithm).unwrap().0
}

/// The user has to take part again, for this reason.
#[track_caller]
fn assert_user_required(error: &Error, code: &str) {
    let is_that = matches!(error, Error::UserRequired(refusal) if refusal.code == code);
    assert!(is_that, "{error:?} is not {code}");
}

/// The other server refuses, for this reason.
#[track_caller]
fn assert_refused(error: &Error, code: &str) {
    let is_that = matches!(error, Error::Refused(refusal) if refusal.code == code);
    assert!(is_that, "{error:?} is not {code}");
}
