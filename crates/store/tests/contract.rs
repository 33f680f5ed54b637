//! The memory engine keeps the contract.

use std::sync::Arc;

use grantor_store::{MemoryStore, Store};

grantor_store::contract!(memory, |_| async {
    Arc::new(MemoryStore::new()) as Arc<dyn Store>
});
