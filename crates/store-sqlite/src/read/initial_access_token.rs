//! Initial access tokens.

use grantor_protocol::record::InitialAccessToken;
use grantor_store::StoreError;
use grantor_types::{InitialAccessTokenId, SecretHash};
use rusqlite::Connection;

use crate::column::Columns;
use crate::statement::{many, one};

const TABLE: &str = "initial_access_tokens";

/// The columns in the order in which [`token`] reads them.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, hash, name, uses_left, created_at, expires_at FROM initial_access_tokens ",
            $rest
        )
    };
}

/// A token by its hash.
pub(crate) fn by_hash(
    connection: &Connection,
    hash: &SecretHash,
) -> Result<Option<InitialAccessToken>, StoreError> {
    one(
        connection,
        (TABLE, select!("WHERE hash = ?1")),
        [hash.as_bytes()],
        token,
    )
}

/// Every token, by id.
pub(crate) fn all(connection: &Connection) -> Result<Vec<InitialAccessToken>, StoreError> {
    many(connection, (TABLE, select!("ORDER BY id")), [], token)
}

fn token(columns: &mut Columns<'_>) -> Result<InitialAccessToken, StoreError> {
    Ok(InitialAccessToken {
        id: columns.bytes().map(InitialAccessTokenId::from_bytes)?,
        hash: columns.bytes().map(SecretHash::from_digest)?,
        name: columns.text()?,
        uses_left: columns.optional(Columns::small)?,
        created_at: columns.time()?,
        expires_at: columns.time()?,
    })
}
