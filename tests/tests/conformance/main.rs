//! What an OpenID Provider is certified for, against the real binary: `grantor serve` with TLS of its own and a certificate
//! that it signed itself, a browser without scripts, and an application that is asked and told over https. Which line of
//! the plans each test stands for is in `docs/conformance.toml`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod answer;
mod basic;
mod config;
mod dynamic;
mod key;
mod logout;
mod outgoing;
mod pages;
mod party;
mod provider;
mod requests;
mod rotation;
mod tls;
