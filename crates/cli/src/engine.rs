//! The storage engines. No other code knows which there are.

use std::path::Path;
use std::sync::Arc;

use grantor_store::{Store, StoreError};
use grantor_store_sqlite::{SqliteOptions, SqliteStore};

/// Opens the engine for a database path.
///
/// # Errors
/// When the database cannot be opened or migrated.
pub(crate) fn open(path: &Path) -> Result<Arc<dyn Store>, StoreError> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        let context = || format!("the folder {} cannot be made", folder.display());
        std::fs::create_dir_all(folder).map_err(|error| StoreError::new(context(), error))?;
    }
    Ok(Arc::new(SqliteStore::open(path, SqliteOptions::default())?))
}
