//! Counted password attempts.

use grantor_protocol::AttemptGuard;
use grantor_protocol::record::AttemptKey;
use grantor_store::guard_admits;
use grantor_types::Timestamp;
use rusqlite::Connection;

use super::{Changed, require};
use crate::column::time;
use crate::statement::execute;

const TABLE: &str = "login_attempts";

/// Counts one more where the guard admits it.
pub(super) fn count(
    connection: &Connection,
    key: &AttemptKey,
    at: Timestamp,
    guard: AttemptGuard,
) -> Changed {
    let (least, most) = match guard {
        AttemptGuard::Below(limit) => (0, i64::from(limit) - 1),
        AttemptGuard::Exactly(count) => (i64::from(count), i64::from(count)),
    };
    // A row that is not there counts 0.
    let sql = if guard_admits(guard, 0) {
        "INSERT INTO login_attempts (key, count, last_at) VALUES (?1, 1, ?2)
            ON CONFLICT (key) DO UPDATE SET count = min(count + 1, 4294967295), last_at = excluded.last_at
            WHERE count BETWEEN ?3 AND ?4"
    } else {
        "UPDATE login_attempts SET count = min(count + 1, 4294967295), last_at = ?2
            WHERE key = ?1 AND count BETWEEN ?3 AND ?4"
    };
    let values = (key.as_bytes(), time(at), least, most);
    require(execute(connection, (TABLE, sql), values)?)
}

/// Forgets all attempts.
pub(super) fn forget(connection: &Connection, key: &AttemptKey) -> Changed {
    let sql = "DELETE FROM login_attempts WHERE key = ?1";
    Ok(execute(connection, (TABLE, sql), [key.as_bytes()])? > 0)
}

/// Takes one attempt back, down to zero.
pub(super) fn refund(connection: &Connection, key: &AttemptKey) -> Changed {
    let sql = "UPDATE login_attempts SET count = max(count - 1, 0) WHERE key = ?1";
    Ok(execute(connection, (TABLE, sql), [key.as_bytes()])? > 0)
}
