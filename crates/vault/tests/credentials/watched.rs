//! A storage in memory that counts what it is asked for, and fails as often as it is told to.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use grantor_vault::{Compartment, MemoryStorage, Record, RecordKey, Storage, StorageError};

#[derive(Clone, Default)]
pub(crate) struct Watched(Arc<Watch>);

#[derive(Default)]
struct Watch {
    storage: MemoryStorage,
    loads: AtomicUsize,
    writes: AtomicUsize,
    /// How many of the next writes fail.
    failing: AtomicUsize,
}

impl Watched {
    /// How often a record was read.
    pub(crate) fn loads(&self) -> usize {
        self.0.loads.load(Ordering::SeqCst)
    }

    /// How often somebody wanted to write one.
    pub(crate) fn writes(&self) -> usize {
        self.0.writes.load(Ordering::SeqCst)
    }

    /// So many of the next writes fail.
    pub(crate) fn fail_writes(&self, count: usize) {
        self.0.failing.store(count, Ordering::SeqCst);
    }
}

#[async_trait]
impl Storage for Watched {
    async fn load(&self, key: &RecordKey) -> Result<Option<Record>, StorageError> {
        self.0.loads.fetch_add(1, Ordering::SeqCst);
        self.0.storage.load(key).await
    }

    async fn keys(&self, compartment: Option<&Compartment>) -> Result<Vec<RecordKey>, StorageError> {
        self.0.storage.keys(compartment).await
    }

    async fn replace(
        &self,
        key: &RecordKey,
        expected: Option<i64>,
        record: Option<Record>,
    ) -> Result<bool, StorageError> {
        self.0.writes.fetch_add(1, Ordering::SeqCst);
        let failing = self.0.failing.load(Ordering::SeqCst);
        if let Some(left) = failing.checked_sub(1) {
            self.0.failing.store(left, Ordering::SeqCst);
            return Err(StorageError::new("writing a record", "the disk is full"));
        }
        self.0.storage.replace(key, expected, record).await
    }
}
