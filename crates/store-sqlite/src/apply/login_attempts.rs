//! Counted password attempts.

use grantor_protocol::record::AttemptKey;
use grantor_types::Timestamp;
use rusqlite::Connection;

use super::Changed;
use crate::column::time;
use crate::statement::execute;

const TABLE: &str = "login_attempts";

/// Counts one more, or the first one again where the last was too long ago.
pub(super) fn count(connection: &Connection, key: &AttemptKey, at: Timestamp, since: Timestamp) -> Changed {
    let sql = "INSERT INTO login_attempts (key, count, last_at) VALUES (?1, 1, ?2)
        ON CONFLICT (key) DO UPDATE SET
            count = CASE WHEN last_at < ?3 THEN 1 ELSE min(count + 1, 4294967295) END,
            last_at = excluded.last_at";
    let values = (key.as_bytes(), time(at), time(since));
    Ok(execute(connection, (TABLE, sql), values)? > 0)
}

/// Forgets all attempts.
pub(super) fn forget(connection: &Connection, key: &AttemptKey) -> Changed {
    let sql = "DELETE FROM login_attempts WHERE key = ?1";
    Ok(execute(connection, (TABLE, sql), [key.as_bytes()])? > 0)
}
