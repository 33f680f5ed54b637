//! What is revoked and may still be presented, in memory: checking an access token needs no query.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use grantor_store::Revocations;
use grantor_types::{AccessTokenClaims, GrantId, Timestamp, TokenId};

/// The revoked grants and tokens of every process on the database, as far as events have told.
#[derive(Debug, Default)]
pub struct RevocationList(RwLock<Lists>);

#[derive(Debug, Default)]
struct Lists {
    grants: HashMap<GrantId, Timestamp>,
    tokens: HashMap<TokenId, Timestamp>,
}

impl RevocationList {
    /// Adds what the store has.
    pub(crate) fn load(&self, revocations: Revocations) {
        let mut lists = self.0.write().unwrap_or_else(PoisonError::into_inner);
        lists.grants.extend(revocations.grants);
        lists.tokens.extend(revocations.tokens);
    }

    /// Adds a grant until its tokens have ended.
    pub(crate) fn add_grant(&self, grant: GrantId, until: Timestamp) {
        self.0
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .grants
            .insert(grant, until);
    }

    /// Adds a token until it ends.
    pub(crate) fn add_token(&self, token: TokenId, until: Timestamp) {
        self.0
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .tokens
            .insert(token, until);
    }

    /// Whether the token, or the grant it hangs on, is revoked.
    pub fn holds(&self, claims: &AccessTokenClaims) -> bool {
        let lists = self.0.read().unwrap_or_else(PoisonError::into_inner);
        lists.tokens.contains_key(&claims.jti)
            || claims
                .ancestors
                .iter()
                .any(|token| lists.tokens.contains_key(token))
            || claims
                .grant
                .is_some_and(|grant| lists.grants.contains_key(&grant))
    }

    /// Forgets what has ended; returns how much is left.
    pub(crate) fn forget_ended(&self, now: Timestamp) -> usize {
        let mut lists = self.0.write().unwrap_or_else(PoisonError::into_inner);
        lists.grants.retain(|_, until| !until.is_past(now));
        lists.tokens.retain(|_, until| !until.is_past(now));
        lists.grants.len() + lists.tokens.len()
    }
}
