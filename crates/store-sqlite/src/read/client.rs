//! Clients and their origins.

use grantor_protocol::record::Client;
use grantor_store::{Page, StoreError};
use grantor_types::{ClientId, Origin};
use rusqlite::Connection;

use super::{one_more_than, page};
use crate::column::Columns;
use crate::statement::{many, one};

const TABLE: &str = "clients";

/// A client by id.
pub(crate) fn by_id(connection: &Connection, id: &ClientId) -> Result<Option<Client>, StoreError> {
    let sql = "SELECT id, document FROM clients WHERE id = ?1";
    one(connection, (TABLE, sql), [id.as_str()], document)
}

/// Clients after an id.
pub(crate) fn list(
    connection: &Connection,
    after: Option<&ClientId>,
    limit: usize,
) -> Result<Page<Client>, StoreError> {
    let sql = "SELECT id, document FROM clients WHERE id > ?1 ORDER BY id LIMIT ?2";
    // No client id is the empty text.
    let after = after.map_or("", ClientId::as_str);
    let clients = many(connection, (TABLE, sql), (after, one_more_than(limit)), document)?;
    Ok(page(clients, limit))
}

/// Whether an enabled client has the origin.
pub(crate) fn has_origin(connection: &Connection, origin: &Origin) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM client_origins WHERE origin = ?1 LIMIT 1";
    let found = one(connection, ("client_origins", sql), [origin.as_str()], |_| Ok(()))?;
    Ok(found.is_some())
}

fn document(columns: &mut Columns<'_>) -> Result<Client, StoreError> {
    let id = columns.client()?;
    let client: Client = columns.json()?;
    if client.id == id {
        Ok(client)
    } else {
        Err(columns.inconsistent("the document is that of another client"))
    }
}
