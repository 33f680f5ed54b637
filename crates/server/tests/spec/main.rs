//! The server as its clients and its users see it: whole exchanges over the real router, with the memory engine, a
//! clock that stands still and randomness from a seed. One file for each specification, named after it.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod bad_input;
mod harness;
mod rfc6749_authorization_code;
mod rfc6749_client_authentication;
mod rfc6749_client_credentials;
mod rfc6749_code_redemption;
mod rfc6749_refresh_token;
mod rfc7009_revocation;
mod rfc7636_pkce;
mod rfc7662_introspection;
