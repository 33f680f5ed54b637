//! Everything that can go wrong, by what to do about it.

use std::sync::Arc;

use grantor_types::Timestamp;

use crate::compartment::NameError;
use crate::state::Reason;

/// Why the vault did not do what it was asked.
///
/// No variant holds a secret, so that an error may be logged as it is.
///
/// ```
/// use grantor_vault::VaultError;
///
/// fn what_now(error: &VaultError) -> &'static str {
///     match error {
///         VaultError::ReauthorizationRequired(_) | VaultError::Expired => "log in",
///         VaultError::NotRenewed { .. } => "later",
///         VaultError::OutcomeUnknown(_) => "look at it: retry or log in",
///         _ => "tell somebody",
///     }
/// }
/// assert_eq!(what_now(&VaultError::Expired), "log in");
/// ```
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VaultError {
    /// A namespace, owner or id that none can have.
    #[error(transparent)]
    Name(#[from] NameError),
    /// There is nothing under this id in this compartment. What lies in other compartments is not told.
    #[error("there is no such credential")]
    NotFound,
    /// The credential is larger than [`MAX_CREDENTIAL_BYTES`](crate::MAX_CREDENTIAL_BYTES).
    #[error("the credential is larger than 256 KiB")]
    TooLarge,
    /// The access token has expired and there is nothing to renew it with: log in again, or store a new one.
    #[error("the access token has expired and there is no refresh token")]
    Expired,
    /// The provider wants the user: log in again and [`store`](crate::CredentialManager::store) what comes of it.
    #[error("the user has to log in again: {0}")]
    ReauthorizationRequired(Reason),
    /// A renewal was sent and nobody knows whether it was applied: see
    /// [`State::OutcomeUnknown`](crate::State::OutcomeUnknown).
    #[error("it is not known whether the provider renewed the credential: {0}")]
    OutcomeUnknown(Reason),
    /// The renewal failed, surely without being applied, and the old access token has expired. It is tried again by
    /// whoever asks at `retry_at` or later.
    #[error("the access token has expired and could not be renewed: {reason}")]
    NotRenewed {
        /// What failed.
        reason: Reason,
        /// When the next attempt is made.
        retry_at: Timestamp,
    },
    /// A record was altered, moved from another place, or sealed with another key. It opens nothing and is left as it is.
    #[error("the record is not authentic")]
    NotAuthentic,
    /// A record was sealed with a key that this vault does not have.
    #[error("the record was sealed with key {0}, which this vault does not have")]
    UnknownKey(u32),
    /// The vault's own keys do not open: the master key is another one, or they were altered.
    #[error("the master key does not open this vault")]
    WrongMasterKey,
    /// The vault wants a passphrase and was given a key, or the other way round.
    #[error("this vault is opened by {0}")]
    OtherKindOfKey(&'static str),
    /// A record that was written in a form this release does not know.
    #[error("the record was written by another release")]
    OtherRelease,
    /// Nothing could be sealed: no randomness.
    #[error("sealing failed")]
    Sealing,
    /// The storage failed. Before a refresh nothing was sent; after it, the record says that the outcome is unknown as soon
    /// as its lease has ended.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The task that renewed the credential was stopped, by a panic in [`Refresh`](crate::Refresh) or with its runtime.
    #[error("the renewal was interrupted")]
    Interrupted,
    /// Settings that contradict each other.
    #[error("{0}")]
    Settings(&'static str),
}

/// A storage that failed.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the vault's storage failed: {what}")]
pub struct StorageError {
    what: &'static str,
    #[source]
    source: Arc<dyn std::error::Error + Send + Sync>,
}

impl StorageError {
    /// What was being done when it failed, and of what it failed.
    pub fn new(
        what: &'static str,
        source: impl Into<Box<dyn std::error::Error + Send + Sync + 'static>>,
    ) -> Self {
        Self {
            what,
            source: Arc::from(source.into()),
        }
    }
}
