//! The vault's own keys: they seal records, and lie in the storage wrapped by the master key.

use std::collections::BTreeMap;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use grantor_jose::{WrappingKey, random};
use grantor_types::{SecretBytes, Timestamp};
use serde::{Deserialize, Serialize};

use crate::compartment::RecordKey;
use crate::content::Content;
use crate::error::VaultError;
use crate::master_key::{Guard, MasterKey};
use crate::storage::Record;

const FORM: u8 = 1;
/// More keys than daily rotation makes in a lifetime.
const MAX_KEYS: usize = 100_000;

/// The keys, opened. The newest seals; all of them open.
pub(crate) struct KeyRing {
    stored: Stored,
    wrapping: Arc<WrappingKey>,
    opened: BTreeMap<u32, WrappingKey>,
    /// The newest.
    current: u32,
}

/// The keys as they lie in the storage.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    form: u8,
    guard: Guard,
    keys: Vec<WrappedKey>,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrappedKey {
    version: u32,
    made_at: Timestamp,
    wrapped: String,
}

impl KeyRing {
    /// A ring with one new key.
    pub(crate) async fn make(master: &MasterKey, now: Timestamp) -> Result<Self, VaultError> {
        let guard = master.new_guard()?;
        let wrapping = Arc::new(master.wrapping_key(&guard).await?);
        let first = wrap(&wrapping, &guard, 1, now, &new_key()?)?;
        let stored = Stored {
            form: FORM,
            guard,
            keys: vec![first],
        };
        Self::unlock(stored, wrapping)
    }

    /// Opens what is stored.
    pub(crate) async fn open(bytes: &[u8], master: &MasterKey) -> Result<Self, VaultError> {
        let stored = Stored::read(bytes)?;
        let wrapping = Arc::new(master.wrapping_key(&stored.guard).await?);
        Self::unlock(stored, wrapping)
    }

    /// Reads anew what another process may have changed, under the same master key.
    pub(crate) fn reopen(&self, bytes: &[u8]) -> Result<Self, VaultError> {
        Self::unlock(Stored::read(bytes)?, self.wrapping.clone())
    }

    /// The same with one more key, which seals from now on.
    pub(crate) fn with_new_key(&self, now: Timestamp) -> Result<Self, VaultError> {
        let version = self.current.checked_add(1).ok_or(VaultError::Sealing)?;
        let key = wrap(&self.wrapping, &self.stored.guard, version, now, &new_key()?)?;
        let mut stored = self.stored.clone();
        stored.keys.push(key);
        Self::unlock(stored, self.wrapping.clone())
    }

    /// The same keys under another master key.
    pub(crate) async fn under(&self, master: &MasterKey) -> Result<Self, VaultError> {
        let guard = master.new_guard()?;
        let wrapping = Arc::new(master.wrapping_key(&guard).await?);
        let keys = self.stored.keys.iter().map(|key| {
            let opened = key.open(&self.wrapping, &self.stored.guard)?;
            wrap(&wrapping, &guard, key.version, key.made_at, &opened)
        });
        let keys = keys.collect::<Result<_, _>>()?;
        let stored = Stored {
            form: FORM,
            guard,
            keys,
        };
        Self::unlock(stored, wrapping)
    }

    /// What to store.
    pub(crate) fn bytes(&self) -> Result<Vec<u8>, VaultError> {
        serde_json::to_vec(&self.stored).map_err(|_| VaultError::Sealing)
    }

    /// The version of the key that seals.
    pub(crate) fn current(&self) -> u32 {
        self.current
    }

    /// Seals a content for one place and revision.
    pub(crate) fn seal(
        &self,
        key: &RecordKey,
        revision: i64,
        content: &Content,
    ) -> Result<Record, VaultError> {
        let version = self.current;
        let wrapping = self.opened.get(&version).ok_or(VaultError::Sealing)?;
        let sealed = wrapping
            .wrap(&content.write()?, &place(key, revision, version))
            .map_err(|_| VaultError::Sealing)?;
        let mut bytes = vec![FORM];
        bytes.extend_from_slice(&version.to_be_bytes());
        bytes.extend_from_slice(&sealed);
        Ok(Record { revision, bytes })
    }

    /// Opens a record of this place, and tells which key it was sealed with.
    pub(crate) fn open_record(&self, key: &RecordKey, record: &Record) -> Result<(u32, Content), VaultError> {
        let (form, rest) = record.bytes.split_first().ok_or(VaultError::NotAuthentic)?;
        let (version, sealed) = rest.split_first_chunk().ok_or(VaultError::NotAuthentic)?;
        if *form != FORM {
            return Err(VaultError::OtherRelease);
        }
        let version = u32::from_be_bytes(*version);
        let wrapping = self.opened.get(&version).ok_or(VaultError::UnknownKey(version))?;
        let plain = wrapping
            .open(sealed, &place(key, record.revision, version))
            .map_err(|_| VaultError::NotAuthentic)?;
        Ok((version, Content::read(&plain)?))
    }

    fn unlock(stored: Stored, wrapping: Arc<WrappingKey>) -> Result<Self, VaultError> {
        let mut opened = BTreeMap::new();
        for key in &stored.keys {
            let bytes = key.open(&wrapping, &stored.guard)?;
            let parsed = WrappingKey::from_bytes(&bytes).map_err(|_| VaultError::WrongMasterKey)?;
            opened.insert(key.version, parsed);
        }
        let current = *opened.keys().next_back().ok_or(VaultError::WrongMasterKey)?;
        Ok(Self {
            stored,
            wrapping,
            opened,
            current,
        })
    }
}

impl Stored {
    fn read(bytes: &[u8]) -> Result<Self, VaultError> {
        let stored: Self = serde_json::from_slice(bytes).map_err(|_| VaultError::OtherRelease)?;
        if stored.form != FORM || stored.keys.len() > MAX_KEYS {
            return Err(VaultError::OtherRelease);
        }
        Ok(stored)
    }
}

impl WrappedKey {
    fn open(&self, wrapping: &WrappingKey, guard: &Guard) -> Result<SecretBytes, VaultError> {
        let wrapped = URL_SAFE_NO_PAD
            .decode(&self.wrapped)
            .map_err(|_| VaultError::WrongMasterKey)?;
        let aad = slot(guard, self.version, self.made_at)?;
        wrapping
            .open(&wrapped, &aad)
            .map_err(|_| VaultError::WrongMasterKey)
    }
}

fn new_key() -> Result<SecretBytes, VaultError> {
    random::secret::<32>().map_err(|_| VaultError::Sealing)
}

fn wrap(
    wrapping: &WrappingKey,
    guard: &Guard,
    version: u32,
    made_at: Timestamp,
    key: &SecretBytes,
) -> Result<WrappedKey, VaultError> {
    let wrapped = wrapping
        .wrap(key, &slot(guard, version, made_at)?)
        .map_err(|_| VaultError::Sealing)?;
    Ok(WrappedKey {
        version,
        made_at,
        wrapped: URL_SAFE_NO_PAD.encode(wrapped),
    })
}

/// What a wrapped key is tied to: its version and age, and how the master key is made.
fn slot(guard: &Guard, version: u32, made_at: Timestamp) -> Result<Vec<u8>, VaultError> {
    serde_json::to_vec(&("grantor-vault key", FORM, guard, version, made_at)).map_err(|_| VaultError::Sealing)
}

/// What a record is tied to: its place, its revision and its key. Lengths come first, so that no two places are written
/// alike.
fn place(key: &RecordKey, revision: i64, version: u32) -> Vec<u8> {
    let mut bytes = b"grantor-vault record".to_vec();
    bytes.push(FORM);
    for part in key.parts() {
        bytes.extend_from_slice(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        bytes.extend_from_slice(part.as_bytes());
    }
    bytes.extend_from_slice(&revision.to_be_bytes());
    bytes.extend_from_slice(&version.to_be_bytes());
    bytes
}

#[cfg(test)]
mod tests;
