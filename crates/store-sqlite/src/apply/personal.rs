//! Personal access tokens.

use grantor_protocol::record::{MAX_PERSONAL_ACCESS_TOKENS, PersonalAccessToken};
use grantor_types::{ClientId, PersonalAccessTokenId, Timestamp, UserId};
use rusqlite::Connection;

use super::{Changed, require};
use crate::column::{number, time};
use crate::statement::execute;

const TABLE: &str = "personal_access_tokens";

/// Inserts a token whose id and hash are new, when its user has fewer than the most.
pub(super) fn create(connection: &Connection, token: &PersonalAccessToken) -> Changed {
    let sql =
        "INSERT INTO personal_access_tokens (id, hash, user, client, name, scope, created_at, expires_at,
            last_used_at)
        SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9
        WHERE (SELECT count(*) FROM personal_access_tokens WHERE user = ?3) < ?10
        ON CONFLICT DO NOTHING";
    let values = (
        token.id.as_bytes(),
        token.hash.as_bytes(),
        token.user.as_bytes(),
        token.client.as_ref().map(ClientId::as_str),
        &token.name,
        token.scope.to_string(),
        time(token.created_at),
        time(token.expires_at),
        token.last_used_at.map(time),
        number(MAX_PERSONAL_ACCESS_TOKENS as u64),
    );
    require(execute(connection, (TABLE, sql), values)?)
}

/// Deletes a token of this user.
pub(super) fn delete(connection: &Connection, user: UserId, id: PersonalAccessTokenId) -> Changed {
    let sql = "DELETE FROM personal_access_tokens WHERE id = ?1 AND user = ?2";
    let rows = execute(connection, (TABLE, sql), (id.as_bytes(), user.as_bytes()))?;
    Ok(rows > 0)
}

/// Deletes every token of a user.
pub(super) fn delete_of_user(connection: &Connection, user: UserId) -> Changed {
    let sql = "DELETE FROM personal_access_tokens WHERE user = ?1";
    Ok(execute(connection, (TABLE, sql), [user.as_bytes()])? > 0)
}

/// Notes a use; the later time stays.
pub(super) fn touch(connection: &Connection, id: PersonalAccessTokenId, at: Timestamp) -> Changed {
    let sql =
        "UPDATE personal_access_tokens SET last_used_at = max(coalesce(last_used_at, ?2), ?2) WHERE id = ?1";
    Ok(execute(connection, (TABLE, sql), (id.as_bytes(), time(at)))? > 0)
}
