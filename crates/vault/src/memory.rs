//! Access tokens that were found good a moment ago.

use std::sync::{PoisonError, RwLock};

use grantor_types::Timestamp;
use quick_cache::sync::Cache;

use crate::compartment::RecordKey;
use crate::credential_manager::AccessToken;

/// How many access tokens are kept.
const REMEMBERED: usize = 10_000;

/// Tokens by credential. What was read before a credential was replaced or deleted is never remembered afterwards.
pub(crate) struct Memory {
    tokens: Cache<RecordKey, Remembered>,
    epoch: RwLock<Epoch>,
}

/// Changes whenever something is forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Epoch(u64);

#[derive(Clone)]
struct Remembered {
    token: AccessToken,
    since: Timestamp,
    until: Timestamp,
}

impl Memory {
    pub(crate) fn new() -> Self {
        Self {
            tokens: Cache::new(REMEMBERED),
            epoch: RwLock::new(Epoch(0)),
        }
    }

    /// The token, if it is still good. A clock that was set back makes it be looked up.
    pub(crate) fn recall(&self, key: &RecordKey, now: Timestamp) -> Option<AccessToken> {
        let remembered = self.tokens.get(key)?;
        let is_good = remembered.since <= now && !remembered.until.is_past(now);
        is_good.then_some(remembered.token)
    }

    /// To be taken before the storage is read.
    pub(crate) fn epoch(&self) -> Epoch {
        *self.epoch.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps a token that was read in this epoch.
    pub(crate) fn remember(
        &self,
        read_in: Epoch,
        key: &RecordKey,
        token: AccessToken,
        since: Timestamp,
        until: Timestamp,
    ) {
        let epoch = self.epoch.read().unwrap_or_else(PoisonError::into_inner);
        if *epoch == read_in && !until.is_past(since) {
            let remembered = Remembered { token, since, until };
            self.tokens.insert(key.clone(), remembered);
        }
    }

    /// Forgets a token, and whatever is being read.
    pub(crate) fn forget(&self, key: &RecordKey) {
        let mut epoch = self.epoch.write().unwrap_or_else(PoisonError::into_inner);
        epoch.0 = epoch.0.wrapping_add(1);
        self.tokens.remove(key);
    }

    /// The same for a token of this generation, which was refused. Who comes with it after it was forgotten changes nothing,
    /// and so waits for what the first one has begun.
    pub(crate) fn forget_rejected(&self, key: &RecordKey, generation: u64) {
        let mut epoch = self.epoch.write().unwrap_or_else(PoisonError::into_inner);
        let is_it = |remembered: &Remembered| remembered.token.generation() == generation;
        if self.tokens.remove_if(key, is_it).is_some() {
            epoch.0 = epoch.0.wrapping_add(1);
        }
    }
}
