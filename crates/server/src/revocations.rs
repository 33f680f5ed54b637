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

    /// Whether the token, the grant it hangs on, or something that it was exchanged from is revoked.
    pub fn holds(&self, claims: &AccessTokenClaims) -> bool {
        let grants = claims.grant.iter().chain(&claims.ancestor_grants);
        self.holds_any(claims.ancestors.iter().chain([&claims.jti]), grants)
    }

    /// Whether one of them is revoked.
    pub(crate) fn holds_any<'a>(
        &self,
        mut tokens: impl Iterator<Item = &'a TokenId>,
        mut grants: impl Iterator<Item = &'a GrantId>,
    ) -> bool {
        let lists = self.0.read().unwrap_or_else(PoisonError::into_inner);
        tokens.any(|token| lists.tokens.contains_key(token))
            || grants.any(|grant| lists.grants.contains_key(grant))
    }

    /// Forgets what has ended; returns how much is left.
    pub(crate) fn forget_ended(&self, now: Timestamp) -> usize {
        let mut lists = self.0.write().unwrap_or_else(PoisonError::into_inner);
        lists.grants.retain(|_, until| !until.is_past(now));
        lists.tokens.retain(|_, until| !until.is_past(now));
        lists.grants.len() + lists.tokens.len()
    }
}
