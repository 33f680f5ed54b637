//! A browser session.

use grantor_jose::digest;
use grantor_types::{SecretHash, SessionId, Timestamp, UserId};
use serde::{Deserialize, Serialize};

/// Somebody who is logged in with one browser. When the same person logs in again the session goes on under its id, which
/// clients know as `sid`, with a new secret: one from before the login cannot be fixed upon a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its id; as text it is the `sid` claim.
    pub id: SessionId,
    /// SHA-256 of the cookie's secret.
    pub secret: SecretHash,
    /// Who logged in.
    pub user: UserId,
    /// When.
    pub auth_time: Timestamp,
    /// How: the `amr` values, RFC 8176.
    pub authentication_methods: Vec<String>,
    /// The browser as it named itself, for the account page.
    pub user_agent: String,
    /// When it ends.
    pub expires_at: Timestamp,
}

impl Session {
    /// Which login it stands at.
    pub fn login_id(&self) -> LoginId {
        LoginId(digest::sha256(self.secret.as_bytes()))
    }
}

/// Tells one login of a session from the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginId([u8; 32]);
