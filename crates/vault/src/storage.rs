//! Where sealed records lie.

mod check;
#[cfg(feature = "sqlite")]
mod file;
mod memory;
#[cfg(feature = "postgres")]
mod postgres;

use async_trait::async_trait;

pub use check::check_storage;
#[cfg(feature = "sqlite")]
pub use file::FileStorage;
pub use memory::MemoryStorage;
#[cfg(feature = "postgres")]
pub use postgres::PostgresStorage;

use crate::compartment::{Compartment, RecordKey};
use crate::error::StorageError;

/// A sealed record as it lies in a storage. Only the vault can tell what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Changes with every write, and is sealed into `bytes`.
    pub revision: i64,
    /// The sealed bytes.
    pub bytes: Vec<u8>,
}

/// Keeps sealed records. It needs to know nothing about what is in them, and is trusted with nothing but keeping them.
///
/// [`check_storage`](crate::check_storage) holds an implementation against what the vault relies on.
///
/// ```
/// use std::collections::HashMap;
/// use std::sync::Mutex;
///
/// use grantor_vault::{Compartment, Record, RecordKey, Storage, StorageError, check_storage};
///
/// #[derive(Default)]
/// struct Drawer(Mutex<HashMap<RecordKey, Record>>);
///
/// #[async_trait::async_trait]
/// impl Storage for Drawer {
///     async fn load(&self, key: &RecordKey) -> Result<Option<Record>, StorageError> {
///         Ok(self.0.lock().unwrap().get(key).cloned())
///     }
///
///     async fn keys(&self, compartment: Option<&Compartment>) -> Result<Vec<RecordKey>, StorageError> {
///         let drawer = self.0.lock().map_err(|_| StorageError::new("listing", "somebody panicked"))?;
///         let wanted = |key: &&RecordKey| compartment.is_none_or(|wanted| key.compartment() == wanted);
///         Ok(drawer.keys().filter(wanted).cloned().collect())
///     }
///
///     async fn replace(
///         &self,
///         key: &RecordKey,
///         expected: Option<i64>,
///         record: Option<Record>,
///     ) -> Result<bool, StorageError> {
///         let mut drawer = self.0.lock().unwrap();
///         if drawer.get(key).map(|record| record.revision) != expected {
///             return Ok(false);
///         }
///         match record {
///             Some(record) => drawer.insert(key.clone(), record),
///             None => drawer.remove(key),
///         };
///         Ok(true)
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// check_storage(&Drawer::default()).await.unwrap();
/// # }
/// ```
#[async_trait]
pub trait Storage: Send + Sync + 'static {
    /// The record under this key.
    ///
    /// # Errors
    /// When the storage cannot say. That there is none is no error.
    async fn load(&self, key: &RecordKey) -> Result<Option<Record>, StorageError>;

    /// The keys of a compartment, or of all, in any order.
    ///
    /// # Errors
    /// When the storage cannot say.
    async fn keys(&self, compartment: Option<&Compartment>) -> Result<Vec<RecordKey>, StorageError>;

    /// Puts `record` in the place of the one with the revision `expected`; `None` stands for no record, before and after.
    /// Says whether that one was there; if not, nothing changes. When it returns, the change survives a crash of the
    /// machine.
    ///
    /// To look and to write is one step: of two writers that expect the same revision, in whatever processes, one gets
    /// `false`.
    ///
    /// # Errors
    /// When the storage failed. The change may then have been made or not.
    async fn replace(
        &self,
        key: &RecordKey,
        expected: Option<i64>,
        record: Option<Record>,
    ) -> Result<bool, StorageError>;
}
