//! Records in memory, for tests.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use super::{Record, Storage};
use crate::compartment::{Compartment, RecordKey};
use crate::error::StorageError;

/// Keeps records in memory, for tests: what is in it ends with the process. Clones share what they keep.
#[derive(Clone, Debug, Default)]
pub struct MemoryStorage(Arc<Mutex<BTreeMap<RecordKey, Record>>>);

impl MemoryStorage {
    fn records(&self) -> MutexGuard<'_, BTreeMap<RecordKey, Record>> {
        // Each change is a single step, so nothing is half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Storage for MemoryStorage {
    async fn load(&self, key: &RecordKey) -> Result<Option<Record>, StorageError> {
        Ok(self.records().get(key).cloned())
    }

    async fn keys(&self, compartment: Option<&Compartment>) -> Result<Vec<RecordKey>, StorageError> {
        let records = self.records();
        let wanted = |key: &&RecordKey| compartment.is_none_or(|wanted| key.compartment() == wanted);
        Ok(records.keys().filter(wanted).cloned().collect())
    }

    async fn replace(
        &self,
        key: &RecordKey,
        expected: Option<i64>,
        record: Option<Record>,
    ) -> Result<bool, StorageError> {
        let mut records = self.records();
        if records.get(key).map(|found| found.revision) != expected {
            return Ok(false);
        }
        match record {
            Some(record) => records.insert(key.clone(), record),
            None => records.remove(key),
        };
        Ok(true)
    }
}
