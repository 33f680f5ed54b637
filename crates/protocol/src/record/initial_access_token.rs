//! An initial access token: what lets somebody register clients (RFC 7591 1.2).

use grantor_types::{InitialAccessTokenId, SecretHash, Timestamp};

/// An initial access token. The token itself is not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InitialAccessToken {
    /// Its id.
    pub id: InitialAccessTokenId,
    /// SHA-256 of the token.
    pub hash: SecretHash,
    /// What the operator calls it.
    pub name: String,
    /// How many clients may still be registered with it; any number when absent.
    pub uses_left: Option<u32>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// Most initial access tokens that there are at a time.
pub const MAX_INITIAL_ACCESS_TOKENS: usize = 1_000;
