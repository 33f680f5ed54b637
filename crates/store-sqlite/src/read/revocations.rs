//! What is revoked and may still be presented.

use grantor_store::{Revocations, StoreError};
use grantor_types::{GrantId, Timestamp, TokenId};
use rusqlite::Connection;

use crate::column::time;
use crate::statement::many;

/// Revoked grants and denied tokens that have not ended.
pub(crate) fn at(connection: &Connection, now: Timestamp) -> Result<Revocations, StoreError> {
    let grants = "SELECT id, expires_at FROM grants WHERE state = 'revoked' AND expires_at > ?1 ORDER BY id";
    let tokens = "SELECT id, expires_at FROM denied_tokens WHERE expires_at > ?1 ORDER BY id";
    Ok(Revocations {
        grants: many(connection, ("grants", grants), [time(now)], |columns| {
            Ok((columns.bytes().map(GrantId::from_bytes)?, columns.time()?))
        })?,
        tokens: many(connection, ("denied_tokens", tokens), [time(now)], |columns| {
            Ok((columns.bytes().map(TokenId::from_bytes)?, columns.time()?))
        })?,
    })
}
