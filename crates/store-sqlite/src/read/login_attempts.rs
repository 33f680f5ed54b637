//! Counted password attempts.

use grantor_protocol::record::{AttemptKey, LoginAttempts};
use grantor_store::StoreError;
use rusqlite::Connection;

use crate::column::Columns;
use crate::statement::one;

/// The attempts under each key.
pub(crate) fn under(connection: &Connection, keys: &[AttemptKey]) -> Result<Vec<LoginAttempts>, StoreError> {
    let sql = "SELECT key, count, last_at FROM login_attempts WHERE key = ?1";
    keys.iter()
        .map(|key| {
            let found = one(connection, ("login_attempts", sql), [key.as_bytes()], attempts)?;
            Ok(found.unwrap_or_default())
        })
        .collect()
}

fn attempts(columns: &mut Columns<'_>) -> Result<LoginAttempts, StoreError> {
    columns.blob()?;
    let count = columns.number()?;
    Ok(LoginAttempts {
        count: u32::try_from(count).map_err(|_| columns.inconsistent("the count is beyond all counting"))?,
        last_at: columns.time()?,
    })
}
