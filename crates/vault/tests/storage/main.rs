//! The storages against what the vault relies on.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[cfg(feature = "sqlite")]
mod file;
#[cfg(feature = "postgres")]
mod postgres;

use grantor_vault::{MemoryStorage, check_storage};

#[tokio::test]
async fn memory() {
    check_storage(&MemoryStorage::default()).await.unwrap();
}
