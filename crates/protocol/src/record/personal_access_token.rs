//! A personal access token: what a person makes for a script of theirs.

use grantor_types::{ClientId, PersonalAccessTokenId, Scope, SecretHash, Timestamp, UserId};

/// A personal access token. The token itself is not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonalAccessToken {
    /// Its id.
    pub id: PersonalAccessTokenId,
    /// SHA-256 of the token.
    pub hash: SecretHash,
    /// Whose it is.
    pub user: UserId,
    /// The client whose access token it was made with; absent when the person made it on a page of ours.
    pub client: Option<ClientId>,
    /// What its owner calls it.
    pub name: String,
    /// What it allows.
    pub scope: Scope,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
}

/// Most personal access tokens that a person has at a time.
pub const MAX_PERSONAL_ACCESS_TOKENS: usize = 100;
