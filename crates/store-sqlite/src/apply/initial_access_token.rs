//! Initial access tokens.

use grantor_protocol::record::{InitialAccessToken, MAX_INITIAL_ACCESS_TOKENS};
use grantor_types::InitialAccessTokenId;
use rusqlite::Connection;

use super::{Changed, require};
use crate::column::{number, time};
use crate::statement::execute;

const TABLE: &str = "initial_access_tokens";

/// Inserts a token whose id and hash are new, when there are fewer than the most.
pub(super) fn create(connection: &Connection, token: &InitialAccessToken) -> Changed {
    let sql = "INSERT INTO initial_access_tokens (id, hash, name, uses_left, created_at, expires_at)
        SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE (SELECT count(*) FROM initial_access_tokens) < ?7
        ON CONFLICT DO NOTHING";
    let values = (
        token.id.as_bytes(),
        token.hash.as_bytes(),
        &token.name,
        token.uses_left,
        time(token.created_at),
        time(token.expires_at),
        number(MAX_INITIAL_ACCESS_TOKENS as u64),
    );
    require(execute(connection, (TABLE, sql), values)?)
}

/// Takes one use from a token that has one left.
pub(super) fn use_once(connection: &Connection, id: InitialAccessTokenId) -> Changed {
    let sql = "UPDATE initial_access_tokens SET uses_left = uses_left - 1
        WHERE id = ?1 AND (uses_left IS NULL OR uses_left > 0)";
    require(execute(connection, (TABLE, sql), [id.as_bytes()])?)
}

/// Deletes a token.
pub(super) fn delete(connection: &Connection, id: InitialAccessTokenId) -> Changed {
    let sql = "DELETE FROM initial_access_tokens WHERE id = ?1";
    Ok(execute(connection, (TABLE, sql), [id.as_bytes()])? > 0)
}
