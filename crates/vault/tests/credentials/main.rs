//! The manager over a storage in memory, a clock that stands still and a provider that counts.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod access;
mod keys;
mod saving;
mod secrecy;
mod tokens;
mod watched;
mod world;
