//! Whether an access token that was presented is still good.

use std::sync::Arc;

use grantor_types::{AccessTokenClaims, Timestamp};

use crate::Cause;
use crate::record::{Client, User};

/// What is known of an access token of ours. Its seal or signature has been checked.
#[derive(Clone, Debug)]
pub struct AccessTokenFacts {
    /// What it says.
    pub claims: AccessTokenClaims,
    /// Whether it or its grant is on the list of what was revoked.
    pub revoked: bool,
    /// The client that it was issued to, if it still exists.
    pub client: Option<Arc<Client>>,
    /// The user that it acts for, if they still exist; absent for a client's own token.
    pub user: Option<Arc<User>>,
}

impl AccessTokenFacts {
    /// Whether it acts for a user.
    pub fn is_users(&self) -> bool {
        self.claims.grant.is_some()
    }

    /// Whether it can still be used.
    ///
    /// # Errors
    /// Why it cannot. All are `invalid_token`.
    pub fn check(&self, now: Timestamp) -> Result<(), Cause> {
        if Timestamp::from_seconds(self.claims.exp).is_past(now) {
            return Err(Cause::TokenExpired);
        }
        if self.revoked || self.client.as_ref().is_none_or(|client| client.disabled) {
            return Err(Cause::TokenRevoked);
        }
        if self.is_users() && self.user.as_ref().is_none_or(|user| user.disabled) {
            return Err(Cause::TokenDisabledUser);
        }
        Ok(())
    }
}
