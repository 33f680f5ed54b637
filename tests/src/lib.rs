//! What the tests of the real server share: the server as a child process, a person with a browser, and the runner of
//! test suites in other languages. Nothing here knows the server from inside.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and so does what only tests use"
)]

mod application;
mod binary;
mod form;
mod person;
mod pkce;
mod production;
mod server;
mod suite;
mod tokens;

pub use application::{Application, Received};
pub use form::Form;
pub use person::{Page, Person};
pub use pkce::{CHALLENGE, VERIFIER, authorization_url};
pub use production::{Deployment, Production, Remains};
pub use server::Server;
pub use suite::Suite;
pub use tokens::{Client, TokenAnswer, unverified};
