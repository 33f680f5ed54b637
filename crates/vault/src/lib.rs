//! An encrypted vault for the tokens that a program holds, which keeps them fresh.
//!
//! A [`CredentialManager`] stores [`Credential`]s, sealed, in a [`Storage`], and hands out access tokens that can be used:
//! [`valid_access_token`](CredentialManager::valid_access_token) renews a token before its end, once for all tasks and
//! processes that ask, and stores the successor before anybody gets it. Whoever talks to the provider implements
//! [`Refresh`].
//!
#![cfg_attr(feature = "sqlite", doc = "```no_run")]
#![cfg_attr(not(feature = "sqlite"), doc = "```ignore")]
//! use grantor_types::Secret;
//! use grantor_vault::{Compartment, Credential, CredentialManager, FileStorage, MasterKey, Refresh};
//!
//! # async fn example(provider: impl Refresh) -> Result<(), Box<dyn std::error::Error>> {
//! let storage = FileStorage::open("credentials.db").await?;
//! let manager = CredentialManager::builder(storage, MasterKey::from_file("/etc/my-app/master.key")?)
//!     .refresher(provider)
//!     .compartment(Compartment::new("my-app", "alice")?)
//!     .open()
//!     .await?;
//!
//! // After a login:
//! let credential = Credential::builder(Secret::new("access token"))
//!     .refresh_token(Secret::new("refresh token"))
//!     .expires_in(std::time::Duration::from_secs(3600))
//!     .build()?;
//! manager.store("calendar", credential).await?;
//!
//! // Before each call to an API:
//! let token = manager.valid_access_token("calendar").await?;
//! let header = format!("{} {}", token.token_type(), token.expose());
//! # Ok(())
//! # }
//! ```
//!
//! # How records are sealed
//!
//! Each record is sealed with AES-256-GCM under a random nonce, with its namespace, owner, id, revision and key version as
//! associated data: a record that was altered, moved to another place or given another revision does not open. Nothing but
//! these names lies in the storage in clear, not even when a token ends. The keys that seal are numbered and lie in the
//! storage too, wrapped by the [`MasterKey`], which does not.
//!
//! A nonce has 96 random bits, so a key may seal 2^32 times (NIST SP 800-38D 8.3). A refresh seals twice: with a thousand
//! credentials that are refreshed every hour that is two centuries. [`CredentialManager::rotate_key`] begins a new count.
//!
//! # What happens when a process dies
//!
//! A refresh is four steps: the right to it is written into the record (a [`Lease`]), the provider is asked, the answer is
//! written, the token is handed out. A process that dies before the first or after the third has changed nothing or all. One
//! that dies in between leaves a lease that ends, and whoever finds it marks the record [`State::OutcomeUnknown`]: the refresh
//! token may have been used, and to send it again may end the authorization (RFC 9700 4.14.2). Where the provider answers
//! the repeated use of a refresh token with the same successor, as Grantor does,
//! [`RefreshPolicy::retry_unknown_outcomes`] makes the next who asks simply ask again, and nothing is lost at all.
//!
//! # Caveats
//!
//! - Whoever can write to the storage can put back an older record of the same place whole, and can delete records. Neither
//!   opens anything, but it can bring back tokens that were replaced.
//! - Whoever can read the memory of the process can read the tokens. They are wiped when they are dropped.
//! - Processes that share a vault have to agree about the time to within a few seconds.
//! - Renewing needs a tokio runtime with time enabled.

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
#[cfg(feature = "postgres")]
pub use storage::PostgresStorage;
pub use storage::{MemoryStorage, Record, Storage, check_storage};
