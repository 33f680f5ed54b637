//! Consents.

use grantor_protocol::record::Consent;
use grantor_store::{MAX_CONSENTS_LISTED, StoreError};
use grantor_types::{ClientId, Scope, UserId};
use rusqlite::Connection;

use super::one_more_than;
use crate::column::Columns;
use crate::statement::{many, one};

const TABLE: &str = "consents";

/// What a user allowed a client.
pub(crate) fn of_pair(
    connection: &Connection,
    user: UserId,
    client: &ClientId,
) -> Result<Option<Consent>, StoreError> {
    let sql =
        "SELECT user, client, scope, resources, granted_at FROM consents WHERE user = ?1 AND client = ?2";
    one(
        connection,
        (TABLE, sql),
        (user.as_bytes(), client.as_str()),
        consent,
    )
}

/// Everything a user allowed, by client.
pub(crate) fn of_user(connection: &Connection, user: UserId) -> Result<Vec<Consent>, StoreError> {
    let sql = "SELECT user, client, scope, resources, granted_at FROM consents
        WHERE user = ?1 ORDER BY client LIMIT ?2";
    let most = one_more_than(MAX_CONSENTS_LISTED - 1);
    many(connection, (TABLE, sql), (user.as_bytes(), most), consent)
}

fn consent(columns: &mut Columns<'_>) -> Result<Consent, StoreError> {
    Ok(Consent {
        user: columns.bytes().map(UserId::from_bytes)?,
        client: columns.client()?,
        scope: columns.parsed(Scope::parse)?,
        resources: columns.json()?,
        granted_at: columns.time()?,
    })
}
