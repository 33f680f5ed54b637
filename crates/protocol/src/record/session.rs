//! A browser session.

use grantor_types::{SecretHash, SessionId, Timestamp, UserId};

/// A login in one browser. It gets a new id at each login, so that an id from before cannot be fixed upon a user.
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
