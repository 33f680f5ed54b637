//! What was used once.

use grantor_protocol::record::SingleUseKey;
use grantor_types::Timestamp;
use rusqlite::Connection;

use super::{Changed, require};
use crate::column::time;
use crate::statement::execute;

/// Marks what was not used before.
pub(super) fn use_once(connection: &Connection, key: &SingleUseKey, expires_at: Timestamp) -> Changed {
    let sql = "INSERT INTO used_once (key, expires_at) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
    let values = (key.as_bytes(), time(expires_at));
    require(execute(connection, ("used_once", sql), values)?)
}
