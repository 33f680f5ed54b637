//! Keys, wrapped as they are.

use grantor_protocol::record::StoredKey;
use rusqlite::Connection;

use super::Changed;
use crate::column::time;
use crate::statement::execute;

/// Inserts or replaces a key.
pub(super) fn put(connection: &Connection, key: &StoredKey) -> Changed {
    let sql = "INSERT INTO keys (id, purpose, created_at, use_from, retire_at, wrapped)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6)
        ON CONFLICT (id) DO UPDATE
        SET purpose = excluded.purpose, created_at = excluded.created_at, use_from = excluded.use_from,
            retire_at = excluded.retire_at, wrapped = excluded.wrapped";
    let values = (
        &key.id,
        key.purpose.as_str(),
        time(key.created_at),
        time(key.use_from),
        key.retire_at.map(time),
        &key.wrapped,
    );
    execute(connection, ("keys", sql), values)?;
    Ok(true)
}
