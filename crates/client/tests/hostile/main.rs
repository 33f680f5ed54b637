//! Providers that misbehave, over real sockets: each ends in a precise error, none hangs and none panics.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod answers;
mod backchannel;
mod certificate;
mod login;
mod provider;

pub(crate) use provider::{Answer, Provider};
