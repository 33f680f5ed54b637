//! Keys, wrapped as they are.

use grantor_protocol::record::{KeyPurpose, StoredKey};
use grantor_store::StoreError;
use rusqlite::Connection;

use crate::column::Columns;
use crate::statement::many;

/// Every key, oldest first.
pub(crate) fn all(connection: &Connection) -> Result<Vec<StoredKey>, StoreError> {
    let sql =
        "SELECT id, purpose, created_at, use_from, retire_at, wrapped FROM keys ORDER BY created_at, id";
    many(connection, ("keys", sql), [], |columns| {
        Ok(StoredKey {
            id: columns.text()?,
            purpose: columns.named(KeyPurpose::from_name)?,
            created_at: columns.time()?,
            use_from: columns.time()?,
            retire_at: columns.optional(Columns::time)?,
            wrapped: columns.blob()?,
        })
    })
}
