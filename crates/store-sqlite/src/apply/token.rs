//! The denylist of access tokens.

use grantor_types::{Timestamp, TokenId};
use rusqlite::Connection;

use super::Changed;
use crate::column::time;
use crate::statement::execute;

/// Denies a token until its end; the later end stays.
pub(super) fn deny(connection: &Connection, token: TokenId, expires_at: Timestamp) -> Changed {
    let sql = "INSERT INTO denied_tokens (id, expires_at) VALUES (?1, ?2)
        ON CONFLICT (id) DO UPDATE SET expires_at = max(expires_at, excluded.expires_at)";
    let values = (token.as_bytes(), time(expires_at));
    execute(connection, ("denied_tokens", sql), values)?;
    Ok(true)
}
