//! A user.

use grantor_types::{StandardClaims, Timestamp, UserId};
use serde::{Deserialize, Serialize};

use super::Revision;

/// A person who can log in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// The id; as text it is the `sub` claim. It never changes.
    pub id: UserId,
    /// The login name, compared without regard to case.
    pub username: String,
    /// Argon2id hash in PHC form; `None` when the user cannot log in by password.
    pub password_hash: Option<String>,
    /// What the user says of themselves.
    #[serde(default)]
    pub claims: StandardClaims,
    /// Switched off: cannot log in, and tokens are inactive.
    #[serde(default)]
    pub disabled: bool,
    /// When the account was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Counts its changes.
    #[serde(default)]
    pub revision: Revision,
}

impl std::fmt::Debug for User {
    /// The id alone: names, addresses and hashes stay out of logs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("User")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}
