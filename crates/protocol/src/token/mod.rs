//! What is handed out: unsigned claims and derivations. The server signs and seals them.

mod access;
mod encryption;
pub mod handle;
mod id_token;
mod live;
mod refresh;
mod reply;

pub use access::UnsignedAccessToken;
pub(crate) use access::{AccessTokenFor, access_token};
pub use encryption::Encryption;
pub use id_token::{IdTokenClaims, UnsignedIdToken};
pub(crate) use id_token::{id_token, id_token_algorithm, released};
pub use live::AccessTokenFacts;
pub use refresh::{DerivationKeys, RefreshToken};
pub use reply::TokenReply;
