//! What was used once.

use grantor_protocol::record::SingleUseKey;
use grantor_store::StoreError;
use rusqlite::Connection;

use crate::statement::one;

/// Whether this was used and the mark has not been swept.
pub(crate) fn is_used(connection: &Connection, key: &SingleUseKey) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM used_once WHERE key = ?1";
    let found = one(connection, ("used_once", sql), [key.as_bytes()], |_| Ok(()))?;
    Ok(found.is_some())
}
