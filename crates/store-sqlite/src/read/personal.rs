//! Personal access tokens.

use grantor_protocol::record::{MAX_PERSONAL_ACCESS_TOKENS, PersonalAccessToken};
use grantor_store::StoreError;
use grantor_types::{PersonalAccessTokenId, Scope, SecretHash, UserId};
use rusqlite::Connection;

use super::one_more_than;
use crate::column::Columns;
use crate::statement::{many, one};

const TABLE: &str = "personal_access_tokens";

/// The columns in the order in which [`token`] reads them.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, hash, user, client, name, scope, created_at, expires_at, last_used_at \
             FROM personal_access_tokens ",
            $rest
        )
    };
}

/// A token by its hash.
pub(crate) fn by_hash(
    connection: &Connection,
    hash: &SecretHash,
) -> Result<Option<PersonalAccessToken>, StoreError> {
    let sql = select!("WHERE hash = ?1");
    one(connection, (TABLE, sql), [hash.as_bytes()], token)
}

/// The tokens of a user, newest first.
pub(crate) fn of_user(connection: &Connection, user: UserId) -> Result<Vec<PersonalAccessToken>, StoreError> {
    let sql = select!("WHERE user = ?1 ORDER BY id DESC LIMIT ?2");
    let most = one_more_than(MAX_PERSONAL_ACCESS_TOKENS - 1);
    many(connection, (TABLE, sql), (user.as_bytes(), most), token)
}

fn token(columns: &mut Columns<'_>) -> Result<PersonalAccessToken, StoreError> {
    Ok(PersonalAccessToken {
        id: columns.bytes().map(PersonalAccessTokenId::from_bytes)?,
        hash: columns.bytes().map(SecretHash::from_digest)?,
        user: columns.bytes().map(UserId::from_bytes)?,
        client: columns.optional(Columns::client)?,
        name: columns.text()?,
        scope: columns.parsed(Scope::parse)?,
        created_at: columns.time()?,
        expires_at: columns.time()?,
        last_used_at: columns.optional(Columns::time)?,
    })
}
