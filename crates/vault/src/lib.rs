//! An encrypted credential vault that keeps access tokens fresh.

mod clock;
mod compartment;
mod content;
mod credential;
mod credential_manager;
mod error;
mod event;
mod flight;
mod key_ring;
mod master_key;
mod memory;
mod refresh;
mod safe;
mod state;
mod storage;

pub use clock::{Chance, Clock, SystemChance, SystemClock};
pub use compartment::{Compartment, MAX_NAME_LENGTH, NameError, RecordKey};
pub use content::MAX_CREDENTIAL_BYTES;
pub use credential::{Credential, CredentialBuilder, CredentialError, Refreshed, Renewal};
pub use credential_manager::{
    AccessToken, CredentialManager, CredentialManagerBuilder, Listed, Resealed, StoredCredential, Summary,
};
pub use error::{StorageError, VaultError};
pub use event::{Event, Observe, What};
pub use master_key::{MasterKey, MasterKeyError};
pub use refresh::{Refresh, RefreshError, RefreshPolicy};
pub use state::{Backoff, Lease, Reason, State};
#[cfg(feature = "sqlite")]
pub use storage::FileStorage;
pub use storage::{MemoryStorage, Record, Storage, check_storage};
