//! The real binary on real folders and sockets.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod harness;

mod administration;
mod apply;
mod beside_a_server;
mod catalogue;
mod check;
mod client;
mod elsewhere;
mod key;
mod login;
mod logout;
mod registration;
mod serve;
mod token;
mod token_device;
mod user;
mod vault;
