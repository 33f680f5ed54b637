//! Storage and keys together: contents go in and come out, records lie there.

use std::sync::{Arc, PoisonError, RwLock};

use grantor_types::Timestamp;

use crate::compartment::RecordKey;
use crate::content::Content;
use crate::error::VaultError;
use crate::key_ring::KeyRing;
use crate::master_key::MasterKey;
use crate::storage::{Record, Storage};

/// A storage with the keys to what is in it.
pub(crate) struct Safe {
    storage: Arc<dyn Storage>,
    ring: RwLock<Arc<KeyRing>>,
}

/// A content that was found, and what is needed to put another in its place.
pub(crate) struct Found {
    pub(crate) content: Content,
    pub(crate) revision: i64,
    /// Sealed with a key that has been replaced since.
    pub(crate) is_old: bool,
}

impl Safe {
    /// Opens the vault in a storage, and makes one where there is none.
    pub(crate) async fn open(
        storage: Arc<dyn Storage>,
        master: &MasterKey,
        now: Timestamp,
    ) -> Result<Self, VaultError> {
        let place = RecordKey::of_key_ring();
        let ring = loop {
            if let Some(record) = storage.load(&place).await? {
                break KeyRing::open(&record.bytes, master).await?;
            }
            let ring = KeyRing::make(master, now).await?;
            let record = Record {
                revision: first_revision()?,
                bytes: ring.bytes()?,
            };
            // Of two that make a vault at once, the second opens that of the first.
            if storage.replace(&place, None, Some(record)).await? {
                break ring;
            }
        };
        Ok(Self {
            storage,
            ring: RwLock::new(Arc::new(ring)),
        })
    }

    pub(crate) fn storage(&self) -> &dyn Storage {
        &*self.storage
    }

    /// Reads and opens. A record that was sealed by a key which is not known here may come from a process that made a new
    /// one, so the keys are read again.
    pub(crate) async fn load(&self, key: &RecordKey) -> Result<Option<Found>, VaultError> {
        let Some(record) = self.storage.load(key).await? else {
            return Ok(None);
        };
        let ring = self.ring();
        let (ring, opened) = match ring.open_record(key, &record) {
            Err(VaultError::UnknownKey(_)) => {
                let ring = self.read_ring_again().await?;
                let opened = ring.open_record(key, &record);
                (ring, opened)
            }
            opened => (ring, opened),
        };
        let (version, content) = opened?;
        Ok(Some(Found {
            content,
            revision: record.revision,
            is_old: version != ring.current(),
        }))
    }

    /// Seals a content and puts it in the place of the revision, or where there is nothing. Says whether that was so.
    pub(crate) async fn replace(
        &self,
        key: &RecordKey,
        expected: Option<i64>,
        content: &Content,
    ) -> Result<bool, VaultError> {
        let revision = match expected {
            Some(revision) => next_revision(revision),
            None => first_revision()?,
        };
        let record = self.ring().seal(key, revision, content)?;
        Ok(self.storage.replace(key, expected, Some(record)).await?)
    }

    /// Takes a record out, whether it opens or not. Says whether there was one.
    pub(crate) async fn remove(&self, key: &RecordKey) -> Result<bool, VaultError> {
        while let Some(record) = self.storage.load(key).await? {
            if self.storage.replace(key, Some(record.revision), None).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Adds a key that seals from now on. Returns its version.
    pub(crate) async fn rotate(&self, now: Timestamp) -> Result<u32, VaultError> {
        loop {
            let (revision, ring) = self.stored_ring().await?;
            let rotated = ring.with_new_key(now)?;
            let version = rotated.current();
            if self.store_ring(revision, rotated).await? {
                return Ok(version);
            }
        }
    }

    /// Puts the keys under another master key.
    pub(crate) async fn change_master_key(&self, master: &MasterKey) -> Result<(), VaultError> {
        loop {
            let (revision, ring) = self.stored_ring().await?;
            let changed = ring.under(master).await?;
            if self.store_ring(revision, changed).await? {
                return Ok(());
            }
        }
    }

    async fn read_ring_again(&self) -> Result<Arc<KeyRing>, VaultError> {
        let (_, ring) = self.stored_ring().await?;
        let ring = Arc::new(ring);
        self.set_ring(ring.clone());
        Ok(ring)
    }

    async fn stored_ring(&self) -> Result<(i64, KeyRing), VaultError> {
        let record = self.storage.load(&RecordKey::of_key_ring()).await?;
        let record = record.ok_or(VaultError::WrongMasterKey)?;
        Ok((record.revision, self.ring().reopen(&record.bytes)?))
    }

    async fn store_ring(&self, expected: i64, ring: KeyRing) -> Result<bool, VaultError> {
        let record = Record {
            revision: next_revision(expected),
            bytes: ring.bytes()?,
        };
        let place = RecordKey::of_key_ring();
        let is_stored = self.storage.replace(&place, Some(expected), Some(record)).await?;
        if is_stored {
            self.set_ring(Arc::new(ring));
        }
        Ok(is_stored)
    }

    fn ring(&self) -> Arc<KeyRing> {
        self.ring.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set_ring(&self, ring: Arc<KeyRing>) {
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = ring;
    }
}

/// Begins anywhere, so that a record that was deleted and stored anew never looks like the one before.
fn first_revision() -> Result<i64, VaultError> {
    let bytes = grantor_jose::random::array().map_err(|_| VaultError::Sealing)?;
    Ok(i64::from_be_bytes(bytes) & (i64::MAX >> 1))
}

fn next_revision(revision: i64) -> i64 {
    revision.checked_add(1).unwrap_or(0)
}
