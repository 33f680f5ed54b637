//! Time that stands still until a test moves it, and randomness that is the same in every run.

use std::sync::atomic::{AtomicU64, Ordering};

use grantor_jose::{JoseError, digest};
use grantor_server::{Clock, Entropy};
use grantor_types::{Seconds, Timestamp};

/// When every test begins.
pub(crate) const START: Timestamp = Timestamp::from_seconds(1_750_000_000);

#[derive(Debug)]
pub(crate) struct FrozenClock(AtomicU64);

impl FrozenClock {
    pub(crate) fn new() -> Self {
        Self(AtomicU64::new(START.as_milliseconds()))
    }

    pub(crate) fn advance(&self, by: Seconds) {
        self.0.fetch_add(by.0 * 1000, Ordering::SeqCst);
    }
}

impl Clock for FrozenClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_milliseconds(self.0.load(Ordering::SeqCst))
    }
}

/// SHA-256 of a counter. Two draws are never the same, and two runs always are.
#[derive(Debug, Default)]
pub(crate) struct SeededEntropy(AtomicU64);

impl Entropy for SeededEntropy {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), JoseError> {
        for chunk in bytes.chunks_mut(32) {
            let count = self.0.fetch_add(1, Ordering::SeqCst);
            let block = digest::sha256(&count.to_be_bytes());
            chunk.copy_from_slice(&block[..chunk.len()]);
        }
        Ok(())
    }
}
