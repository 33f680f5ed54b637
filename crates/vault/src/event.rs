//! What happens in a vault, for audits and metrics.

use std::time::Duration;

use grantor_types::Timestamp;

use crate::compartment::{Compartment, RecordKey};
use crate::state::Reason;

/// Hears of everything that happens in the vault. One that writes an audit log and one that counts may stand side by side.
///
/// It is called where the thing happens, so it must be quick and must not block: put the event into a queue. For the most
/// frequent one, [`What::Used`] from memory, it is called on every call.
///
/// ```
/// use grantor_vault::{Event, Observe};
///
/// struct Audit;
///
/// impl Observe for Audit {
///     fn observe(&self, event: &Event<'_>) {
///         println!("{:?} {} {:?}", event.at, event.what.name(), event.key);
///     }
/// }
/// ```
pub trait Observe: Send + Sync + 'static {
    /// Something happened.
    fn observe(&self, event: &Event<'_>);
}

/// Something that happened. It holds no secret.
#[derive(Clone, Debug)]
pub struct Event<'a> {
    /// When.
    pub at: Timestamp,
    /// To which credential; none for what concerns the whole vault.
    pub key: Option<&'a RecordKey>,
    /// What.
    pub what: What<'a>,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum What<'a> {
    /// A credential was stored, in the place of another or not.
    Stored {
        /// Whether there was one.
        replaced: bool,
    },
    /// A credential was read with all its secrets.
    Read,
    /// The credentials of a compartment were listed.
    Listed {
        /// Whose.
        compartment: &'a Compartment,
    },
    /// A credential was deleted.
    Deleted,
    /// An access token was handed out.
    Used {
        /// Whether it came from memory, without a look at the storage.
        from_memory: bool,
    },
    /// A renewal is about to be sent.
    RefreshStarted,
    /// A renewal brought a new access token, and that is stored.
    Refreshed {
        /// How long the provider took.
        took: Duration,
    },
    /// A renewal failed; the credential is as good as before.
    RefreshFailed {
        /// What failed.
        reason: &'a Reason,
    },
    /// The user has to log in again.
    ReauthorizationRequired {
        /// What the provider said.
        reason: &'a Reason,
    },
    /// Nobody knows whether a renewal was applied. Somebody should look.
    OutcomeUnknown {
        /// What happened.
        reason: &'a Reason,
    },
    /// A renewal was answered after something else had taken the credential's place; the answer was dropped.
    Overtaken,
    /// Somebody decided to try again although the outcome of a renewal is unknown.
    Retried,
    /// A record does not open: altered, moved, or sealed by a key that is not there. Somebody should look.
    NotAuthentic,
    /// A record was sealed anew with the current key.
    Resealed,
    /// A new key seals from now on.
    KeyRotated {
        /// Its version.
        version: u32,
    },
    /// The vault is opened by another master key from now on.
    MasterKeyChanged,
}

impl What<'_> {
    /// A short name, for labels of metrics and logs.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Stored { .. } => "stored",
            Self::Read => "read",
            Self::Listed { .. } => "listed",
            Self::Deleted => "deleted",
            Self::Used { .. } => "used",
            Self::RefreshStarted => "refresh_started",
            Self::Refreshed { .. } => "refreshed",
            Self::RefreshFailed { .. } => "refresh_failed",
            Self::ReauthorizationRequired { .. } => "reauthorization_required",
            Self::OutcomeUnknown { .. } => "outcome_unknown",
            Self::Overtaken => "overtaken",
            Self::Retried => "retried",
            Self::NotAuthentic => "not_authentic",
            Self::Resealed => "resealed",
            Self::KeyRotated { .. } => "key_rotated",
            Self::MasterKeyChanged => "master_key_changed",
        }
    }
}
