//! The words of OAuth 2.1 and OpenID Connect as types.
//!
//! A wire string becomes one of these once, at the edge; nothing further in takes `&str` for an id, a secret, a URI
//! or a scope. The crate knows no I/O and no cryptography, so that server, client and resource layer share it.

mod algorithm;
mod secret;

pub use algorithm::SigningAlgorithm;
pub use secret::{Secret, SecretBytes, SecretHash};
