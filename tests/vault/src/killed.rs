//! Steps at which the process dies as it would of `kill -9`.

use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use grantor_vault::{Compartment, Record, RecordKey, Storage, StorageError};
use rustix::process::{Signal, getpid, kill_process};

/// Kills this process if it was told to die here.
pub(crate) fn die_at(step: &str) {
    if std::env::var("VAULT_KILL_AT").is_ok_and(|wanted| wanted == step) {
        let killed = kill_process(getpid(), Signal::KILL);
        // Nobody survives this.
        eprintln!("the process could not be killed: {killed:?}");
        std::process::abort();
    }
}

/// A storage in which the process dies before and after each write of a refresh: the claim and the answer.
pub(crate) struct KilledStorage {
    storage: Box<dyn Storage>,
    writes: AtomicUsize,
}

impl KilledStorage {
    pub(crate) fn new(storage: Box<dyn Storage>) -> Self {
        Self {
            storage,
            writes: AtomicUsize::new(0),
        }
    }
}

#[async_trait]
impl Storage for KilledStorage {
    async fn load(&self, key: &RecordKey) -> Result<Option<Record>, StorageError> {
        self.storage.load(key).await
    }

    async fn keys(&self, compartment: Option<&Compartment>) -> Result<Vec<RecordKey>, StorageError> {
        self.storage.keys(compartment).await
    }

    async fn replace(
        &self,
        key: &RecordKey,
        expected: Option<i64>,
        record: Option<Record>,
    ) -> Result<bool, StorageError> {
        let steps = match self.writes.fetch_add(1, Ordering::SeqCst) {
            0 => ["before-claim", "after-claim"],
            _ => ["before-save", "after-save"],
        };
        let [before, after] = steps;
        die_at(before);
        let replaced = self.storage.replace(key, expected, record).await;
        die_at(after);
        replaced
    }
}
