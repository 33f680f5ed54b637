//! A small API behind the layer, an issuer that is not Grantor, and real connections between them.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod api;
mod challenges;
mod dpop;
mod introspection;
mod issuer;
mod keys;
