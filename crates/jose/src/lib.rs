//! JWK, JWS, JWE, JWT and sealed tokens over aws-lc-rs.
//!
//! The primitives are aws-lc-rs; this crate is the thin and strict layer above it. Four things hold throughout:
//!
//! - **A key is parsed once** and is bound to its algorithm. A token's `alg` chooses among the algorithms that the
//!   key and the caller both allow, never more ([RFC 8725 §3.1]).
//! - **Claims come only from [`Verified`]**, which only [`verify`] makes, and [`hmac::verify`] for a client that signs
//!   with its secret. What can be read without checking a signature is called `unverified_…`; what was only decrypted
//!   is a text that has still to be verified.
//! - **`typ` is always checked** ([RFC 8725 §3.11]), so that one kind of token never passes for another.
//! - **What is not understood is refused**: `crit`, `b64`, repeated members, padding, stray bits.
//!
//! ```
//! use grantor_jose::{Expectation, KeySet, SigningKey, Type, verify};
//! use grantor_types::SigningAlgorithm;
//!
//! let (key, _pkcs8) = SigningKey::generate(SigningAlgorithm::Es256)?;
//! let claims = serde_json::json!({
//!     "iss": "https://as.example", "aud": "https://api.example", "exp": 1_060, "sub": "alice",
//! });
//! let token = key.sign(Type::AccessToken, &claims)?;
//!
//! let keys = KeySet::from_keys([key.verifying_key()?]);
//! let expectation = Expectation::new(Type::AccessToken, "https://as.example", "https://api.example", 1_000);
//! let verified = verify::<serde_json::Value>(&token, &keys, &expectation)?;
//! assert_eq!(verified.claims()["sub"], "alice");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [RFC 8725 §3.1]: https://www.rfc-editor.org/rfc/rfc8725#section-3.1
//! [RFC 8725 §3.11]: https://www.rfc-editor.org/rfc/rfc8725#section-3.11

pub mod digest;
pub mod dpop;
pub mod hmac;
pub mod jwe;
pub mod random;
pub mod seal;

mod base64url;
mod claims;
mod error;
mod expectation;
mod header;
mod json;
mod jwk;
mod key_set;
mod signing_key;
mod typ;
mod verify;
mod verifying_key;

pub use claims::unverified_issuer;
pub use error::{JoseError, VerifyError};
pub use expectation::{CLIENT_CLOCK_AHEAD, Expectation};
pub use header::{Header, UnverifiedHeader, signing_algorithm, unverified_header};
pub use jwe::{DecryptionKey, EncryptionKey};
pub use jwk::{Jwk, JwkError, Jwks, JwksError, MAX_KEYS};
pub use key_set::KeySet;
pub use seal::{SealError, SealingKey, SealingKeys, WrappingKey};
pub use signing_key::SigningKey;
pub use typ::Type;
pub use verify::{MAX_TOKEN_BYTES, Verified, verify};
pub use verifying_key::VerifyingKey;
