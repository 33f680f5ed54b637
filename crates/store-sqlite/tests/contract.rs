//! The SQLite engine keeps the contract.

use std::path::PathBuf;
use std::sync::Arc;

use grantor_store::Store;
use grantor_store_sqlite::{Options, SqliteStore};

grantor_store::contract!(durable, |folder: PathBuf| async move {
    Arc::new(SqliteStore::open(folder.join("grantor.db"), Options::default()).unwrap()) as Arc<dyn Store>
});
