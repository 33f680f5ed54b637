//! Keys come and go: the first of each purpose, its successors, and how long the old ones stay.

use grantor_jose::{DecryptionKey, SigningKey, random};
use grantor_protocol::record::{KeyPurpose, StoredKey};
use grantor_protocol::{Change, Policy};
use grantor_types::{KeyManagementAlgorithm, Seconds, Timestamp};

use super::{KeyringError, MAX_ACCESS_TOKEN_LIFETIME, MasterKey, has_ended};
use crate::settings::KeySettings;

/// The purposes that a server has keys for.
pub fn purposes(settings: &KeySettings) -> Vec<KeyPurpose> {
    let signing = settings.algorithms.iter().copied().map(KeyPurpose::Signing);
    let decryption = KeyManagementAlgorithm::ALL
        .iter()
        .copied()
        .map(KeyPurpose::Decryption);
    signing
        .chain(decryption)
        .chain([KeyPurpose::Sealing, KeyPurpose::Derivation, KeyPurpose::Pairwise])
        .collect()
}

/// Makes the first key of every purpose that has none. RSA keys take a while, so they are made side by side.
///
/// # Errors
/// [`KeyringError`].
pub fn missing(
    master: &MasterKey,
    settings: &KeySettings,
    stored: &[StoredKey],
    now: Timestamp,
) -> Result<Vec<Change>, KeyringError> {
    let has = |purpose: &KeyPurpose| {
        stored
            .iter()
            .any(|key| key.purpose == *purpose && !has_ended(key, now))
    };
    let wanted: Vec<KeyPurpose> = purposes(settings)
        .into_iter()
        .filter(|purpose| !has(purpose))
        .collect();
    let made: Vec<Result<StoredKey, KeyringError>> = std::thread::scope(|scope| {
        let threads: Vec<_> = wanted
            .iter()
            .map(|purpose| scope.spawn(|| generate(master, *purpose, now, now)))
            .collect();
        let join = |thread: std::thread::ScopedJoinHandle<'_, _>| {
            thread.join().unwrap_or(Err(KeyringError::Missing("generated")))
        };
        threads.into_iter().map(join).collect()
    });
    made.into_iter().map(|key| key.map(Change::PutKey)).collect()
}

/// Replaces keys: the new one is published at once and used from `use_from` on; the old ones stay published until the
/// last thing they signed has ended.
///
/// # Errors
/// [`KeyringError`].
pub fn rotate(
    master: &MasterKey,
    policy: &Policy,
    stored: &[StoredKey],
    purposes: &[KeyPurpose],
    times: RotationTimes,
) -> Result<Vec<Change>, KeyringError> {
    let mut changes = Vec::new();
    for purpose in purposes {
        changes.push(Change::PutKey(generate(
            master,
            *purpose,
            times.now,
            times.use_from,
        )?));
        let current = stored
            .iter()
            .filter(|key| key.purpose == *purpose && key.retire_at.is_none());
        for old in current {
            let retire_at = Some(times.use_from.plus(needed_after(policy, *purpose)));
            changes.push(Change::PutKey(StoredKey {
                retire_at,
                ..old.clone()
            }));
        }
    }
    Ok(changes)
}

/// When a rotation happens.
#[derive(Clone, Copy, Debug)]
pub struct RotationTimes {
    /// Now.
    pub now: Timestamp,
    /// When the new key begins to be used.
    pub use_from: Timestamp,
}

/// How long a key is needed after its last use.
fn needed_after(policy: &Policy, purpose: KeyPurpose) -> Seconds {
    match purpose {
        KeyPurpose::Signing(_) => MAX_ACCESS_TOKEN_LIFETIME.max(policy.id_token_lifetime),
        // A request object is on its way for minutes; a client may keep our keys for as long as caches are told.
        KeyPurpose::Decryption(_) => Seconds::days(1),
        KeyPurpose::Sealing => MAX_ACCESS_TOKEN_LIFETIME.max(policy.interaction_lifetime),
        KeyPurpose::Derivation | KeyPurpose::Pairwise => policy.grant_lifetime,
    }
}

/// The purposes whose current key is old enough to be replaced and has no successor waiting.
pub fn due(settings: &KeySettings, stored: &[StoredKey], now: Timestamp) -> Vec<KeyPurpose> {
    let age = Seconds(settings.rotate_after.0.saturating_sub(settings.publish_before.0));
    let is_due = |purpose: &KeyPurpose| {
        let newest = stored
            .iter()
            .filter(|key| key.purpose == *purpose)
            .map(|key| key.use_from)
            .max();
        newest.is_some_and(|newest| newest.plus(age).is_past(now))
    };
    // Refresh tokens live on their derivation key for as long as a grant; it is replaced on demand only. Pairwise
    // identifiers live on theirs for ever.
    purposes(settings)
        .into_iter()
        .filter(|purpose| !matches!(purpose, KeyPurpose::Derivation | KeyPurpose::Pairwise))
        .filter(is_due)
        .collect()
}

fn generate(
    master: &MasterKey,
    purpose: KeyPurpose,
    now: Timestamp,
    use_from: Timestamp,
) -> Result<StoredKey, KeyringError> {
    let (id, secret) = match purpose {
        KeyPurpose::Signing(algorithm) => {
            let (key, pkcs8) = SigningKey::generate(algorithm)?;
            (key.kid().to_owned(), pkcs8)
        }
        KeyPurpose::Decryption(algorithm) => {
            let (key, pkcs8) = DecryptionKey::generate(algorithm)?;
            (key.kid().to_owned(), pkcs8)
        }
        KeyPurpose::Sealing | KeyPurpose::Derivation | KeyPurpose::Pairwise => {
            let id = u32::from_be_bytes(random::array::<4>()?);
            (format!("{id:08x}"), random::secret::<32>()?)
        }
    };
    let wrapped = master.wrap(&id, purpose, &secret)?;
    Ok(StoredKey {
        id,
        purpose,
        created_at: now,
        use_from,
        retire_at: None,
        wrapped,
    })
}
