//! The keys in use: loaded from the store, unwrapped with the master key, parsed once, and swapped as a whole.

use std::sync::Arc;

use bytes::Bytes;
use grantor_jose::digest::{self, HmacKey};
use grantor_jose::{
    DecryptionKey, JoseError, Jwks, KeySet, SealError, SealingKey, SealingKeys, SigningKey, WrappingKey,
};
use grantor_protocol::record::{KeyPurpose, StoredKey};
use grantor_protocol::subject::PairwiseKey;
use grantor_protocol::token::DerivationKeys;
use grantor_types::{SecretBytes, SigningAlgorithm, Timestamp};
use thiserror::Error;

mod rotation;

pub use rotation::{RotationTimes, due, missing, purposes, rotate};

pub use grantor_protocol::token::MAX_ACCESS_TOKEN_LIFETIME;

/// Why the keys cannot be used.
#[derive(Debug, Error)]
pub enum KeyringError {
    /// A primitive failed.
    #[error(transparent)]
    Jose(#[from] JoseError),
    /// A stored key does not open: the master key is another one, or the row was altered.
    #[error(
        "key {id} does not open: the master key is not the one it was stored under, or the row was altered"
    )]
    Unwrap {
        /// The key.
        id: String,
        /// What failed.
        source: SealError,
    },
    /// There is no key for something that cannot be done without.
    #[error("there is no {0} key; the server makes one when it starts")]
    Missing(&'static str),
    /// A client signs with its secret, which has to be sealed, and there is nothing to seal it under.
    #[error("signs with its secret, and there is no master key to seal it under")]
    NoMasterKey,
}

/// The key that wraps every stored key, and the secrets of clients that sign with them.
pub struct MasterKey {
    keys: WrappingKey,
    client_secrets: WrappingKey,
}

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MasterKey([redacted])")
    }
}

impl MasterKey {
    /// The master key of 32 or more secret bytes.
    ///
    /// # Errors
    /// When the primitive fails.
    pub fn new(secret: &SecretBytes) -> Result<Self, KeyringError> {
        let derived = |label| WrappingKey::from_bytes(&digest::derive_key(secret, label)?);
        Ok(Self {
            keys: derived("grantor key wrapping")?,
            client_secrets: derived("grantor client secrets")?,
        })
    }

    /// What seals the secrets of clients.
    pub(crate) fn client_secrets(&self) -> &WrappingKey {
        &self.client_secrets
    }

    fn wrap(&self, id: &str, purpose: KeyPurpose, key: &SecretBytes) -> Result<Vec<u8>, KeyringError> {
        self.keys
            .wrap(key, place(id, purpose).as_bytes())
            .map_err(|source| KeyringError::Unwrap {
                id: id.into(),
                source,
            })
    }

    fn open(&self, stored: &StoredKey) -> Result<SecretBytes, KeyringError> {
        self.keys
            .open(&stored.wrapped, place(&stored.id, stored.purpose).as_bytes())
            .map_err(|source| KeyringError::Unwrap {
                id: stored.id.clone(),
                source,
            })
    }
}

/// Ties a wrapped key to its row, so that two rows cannot be exchanged.
fn place(id: &str, purpose: KeyPurpose) -> String {
    format!("{}:{id}", purpose.as_str())
}

/// The keys at one moment.
#[derive(Debug)]
pub struct Keyring {
    signing: Vec<SigningKey>,
    verification: KeySet,
    jwks: Bytes,
    sealing: SealingKeys,
    decryption: Vec<DecryptionKey>,
    derivation: DerivedKeys,
    pairwise: Arc<PairwiseKey>,
    stored: Vec<StoredKey>,
}

impl Keyring {
    /// Opens every stored key.
    ///
    /// # Errors
    /// [`KeyringError`].
    pub fn open(
        master: &MasterKey,
        stored: Vec<StoredKey>,
        now: Timestamp,
    ) -> Result<Arc<Self>, KeyringError> {
        let live: Vec<&StoredKey> = stored.iter().filter(|key| !has_ended(key, now)).collect();
        let mut published = Vec::new();
        let mut signing: Vec<SigningKey> = Vec::new();
        for key in newest_first(&live, |purpose| matches!(purpose, KeyPurpose::Signing(_))) {
            let KeyPurpose::Signing(algorithm) = key.purpose else {
                continue;
            };
            let opened = SigningKey::from_pkcs8(&key.id, algorithm, &master.open(key)?)?;
            let current = signing.iter().all(|other| other.algorithm() != algorithm);
            if key.use_from <= now && current {
                signing.push(opened.clone());
            }
            published.push(opened);
        }
        let verification = published
            .iter()
            .map(SigningKey::verifying_key)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|_| KeyringError::Missing("usable signing"))?;
        let decryption = decryption_keys(master, &live)?;
        // Newest first: that is the one that clients choose. The older ones stay as long as they open something.
        let encrypt_to = decryption.iter().map(DecryptionKey::public_jwk);
        let jwks = Jwks {
            keys: published
                .iter()
                .map(SigningKey::public_jwk)
                .chain(encrypt_to)
                .collect(),
        };
        Ok(Arc::new(Self {
            signing,
            verification: KeySet::from_keys(verification),
            jwks: serde_json::to_vec(&jwks)
                .map_err(|_| KeyringError::Missing("publishable"))?
                .into(),
            sealing: sealing_keys(master, &live, now)?,
            decryption,
            derivation: derived_keys(master, &live, now)?,
            pairwise: pairwise_key(master, &live)?,
            stored,
        }))
    }

    /// The key that signs with this algorithm now.
    pub fn signing(&self, algorithm: SigningAlgorithm) -> Option<&SigningKey> {
        self.signing.iter().find(|key| key.algorithm() == algorithm)
    }

    /// The algorithms that there is a key for.
    pub fn algorithms(&self) -> Vec<SigningAlgorithm> {
        let has = |algorithm: &SigningAlgorithm| self.signing(*algorithm).is_some();
        SigningAlgorithm::ALL.into_iter().filter(has).collect()
    }

    /// Everything that may have signed a live token.
    pub fn verification(&self) -> &KeySet {
        &self.verification
    }

    /// The JWK set as it is published.
    pub fn jwks(&self) -> &Bytes {
        &self.jwks
    }

    /// The keys that open what clients encrypt to us, newest first.
    pub fn decryption(&self) -> &[DecryptionKey] {
        &self.decryption
    }

    /// The keys that seal opaque tokens and what travels through the browser.
    pub fn sealing(&self) -> &SealingKeys {
        &self.sealing
    }

    /// The keys that derive refresh tokens.
    pub fn derivation(&self) -> &DerivationKeys {
        &self.derivation.refresh_tokens
    }

    /// The keys that authenticate forms: the first for new ones, all for those that are still open somewhere.
    pub fn forms(&self) -> &[HmacKey] {
        &self.derivation.forms
    }

    /// The keys that user codes are stored under: the first for new ones, all for those that are still on some screen.
    pub fn user_codes(&self) -> &[HmacKey] {
        &self.derivation.user_codes
    }

    /// The key that pairwise identifiers are made with.
    pub fn pairwise(&self) -> &Arc<PairwiseKey> {
        &self.pairwise
    }

    /// The rows that the ring was made of.
    pub fn stored(&self) -> &[StoredKey] {
        &self.stored
    }
}

fn has_ended(key: &StoredKey, now: Timestamp) -> bool {
    key.retire_at.is_some_and(|end| end.is_past(now))
}

/// Newest first, so that the first one that may be used is the current one. The time that counts is when a key was made:
/// one that was replaced while it waited for its time must not come into use when that time has come.
fn newest_first<'a>(keys: &[&'a StoredKey], wanted: impl Fn(KeyPurpose) -> bool) -> Vec<&'a StoredKey> {
    let mut found: Vec<&StoredKey> = keys.iter().copied().filter(|key| wanted(key.purpose)).collect();
    found.sort_by_key(|key| std::cmp::Reverse((key.created_at, key.use_from)));
    found
}

fn sealing_keys(
    master: &MasterKey,
    live: &[&StoredKey],
    now: Timestamp,
) -> Result<SealingKeys, KeyringError> {
    let mut current = None;
    let mut older = Vec::new();
    for key in newest_first(live, |purpose| purpose == KeyPurpose::Sealing) {
        let id = u32::from_str_radix(&key.id, 16).map_err(|_| KeyringError::Missing("readable sealing"))?;
        let opened = SealingKey::from_bytes(id, &master.open(key)?)?;
        if current.is_none() && key.use_from <= now {
            current = Some(opened);
        } else {
            older.push(opened);
        }
    }
    Ok(SealingKeys::new(
        current.ok_or(KeyringError::Missing("sealing"))?,
        older,
    ))
}

/// What is derived from the derivation keys, the current one first.
#[derive(Debug)]
struct DerivedKeys {
    refresh_tokens: DerivationKeys,
    forms: Vec<HmacKey>,
    user_codes: Vec<HmacKey>,
}

/// The current key first. One whose time has not come yet is known already, for what other nodes make with it then.
fn derived_keys(
    master: &MasterKey,
    live: &[&StoredKey],
    now: Timestamp,
) -> Result<DerivedKeys, KeyringError> {
    let newest_first = newest_first(live, |purpose| purpose == KeyPurpose::Derivation);
    let (usable, waiting): (Vec<_>, Vec<_>) = newest_first.into_iter().partition(|key| key.use_from <= now);
    if usable.is_empty() {
        return Err(KeyringError::Missing("derivation"));
    }
    let (mut refresh, mut forms, mut user_codes) = (Vec::new(), Vec::new(), Vec::new());
    for key in usable.into_iter().chain(waiting) {
        let secret = master.open(key)?;
        let key = |label| digest::derive_key(&secret, label).map(|key| HmacKey::from_bytes(&key));
        refresh.push(key("refresh tokens")?);
        forms.push(key("forms")?);
        user_codes.push(key("user codes")?);
    }
    Ok(DerivedKeys {
        refresh_tokens: DerivationKeys::new(refresh),
        forms,
        user_codes,
    })
}

fn decryption_keys(master: &MasterKey, live: &[&StoredKey]) -> Result<Vec<DecryptionKey>, KeyringError> {
    let mut keys = Vec::new();
    for key in newest_first(live, |purpose| matches!(purpose, KeyPurpose::Decryption(_))) {
        if let KeyPurpose::Decryption(algorithm) = key.purpose {
            keys.push(DecryptionKey::from_pkcs8(&key.id, algorithm, &master.open(key)?)?);
        }
    }
    Ok(keys)
}

/// The oldest one, should two first starts at once have made two.
fn pairwise_key(master: &MasterKey, live: &[&StoredKey]) -> Result<Arc<PairwiseKey>, KeyringError> {
    let keys = newest_first(live, |purpose| purpose == KeyPurpose::Pairwise);
    let oldest = keys.last().ok_or(KeyringError::Missing("pairwise"))?;
    let key = digest::derive_key(&master.open(oldest)?, "pairwise identifiers")?;
    Ok(Arc::new(PairwiseKey::new(HmacKey::from_bytes(&key))))
}

#[cfg(test)]
mod tests;
