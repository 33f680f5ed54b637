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
pub(crate) use id_token::STATE_HASH;
pub use id_token::{IdTokenClaims, UnsignedIdToken};
pub(crate) use id_token::{id_token, id_token_algorithm};
pub use live::AccessTokenFacts;
pub use refresh::{DerivationKeys, RefreshToken};
pub use reply::TokenReply;

/// Longest life of an access token that settings and registrations may ask for. What is revoked is kept in memory for
/// as long as it could be presented, so that time has to have an end.
pub const MAX_ACCESS_TOKEN_LIFETIME: grantor_types::Seconds = grantor_types::Seconds::days(1);
