//! Clients and their origins.

use grantor_protocol::Expect;
use grantor_protocol::record::Client;
use grantor_store::StoreError;
use grantor_types::ClientId;
use rusqlite::Connection;

use super::{Changed, require};
use crate::column::{json, number};
use crate::statement::execute;

const TABLE: &str = "clients";

/// Inserts or replaces a client where `expect` holds.
pub(super) fn put(connection: &Connection, client: &Client, expect: Expect) -> Changed {
    let (id, revision, document) = (client.id.as_str(), number(client.revision.0), json(client)?);
    let rows = match expect {
        Expect::Absent => {
            let sql =
                "INSERT INTO clients (id, revision, document) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
            execute(connection, (TABLE, sql), (id, revision, document))
        }
        Expect::Revision(expected) => {
            let sql = "UPDATE clients SET revision = ?2, document = ?3 WHERE id = ?1 AND revision = ?4";
            execute(
                connection,
                (TABLE, sql),
                (id, revision, document, number(expected.0)),
            )
        }
    }?;
    require(rows)?;
    put_origins(connection, client)?;
    Ok(true)
}

/// Deletes a client with its origins, consents and grants.
pub(super) fn delete(connection: &Connection, id: &ClientId) -> Changed {
    let id = [id.as_str()];
    execute(connection, ("client_origins", DELETE_ORIGINS), id)?;
    execute(
        connection,
        ("consents", "DELETE FROM consents WHERE client = ?1"),
        id,
    )?;
    execute(connection, ("grants", "DELETE FROM grants WHERE client = ?1"), id)?;
    let rows = execute(connection, (TABLE, "DELETE FROM clients WHERE id = ?1"), id)?;
    Ok(rows > 0)
}

const DELETE_ORIGINS: &str = "DELETE FROM client_origins WHERE client = ?1";

/// Only enabled clients have rows, so that asking for an origin is one look into an index.
fn put_origins(connection: &Connection, client: &Client) -> Result<(), StoreError> {
    const TABLE: &str = "client_origins";
    execute(connection, (TABLE, DELETE_ORIGINS), [client.id.as_str()])?;
    let enabled = client.origins.iter().filter(|_| !client.disabled);
    for origin in enabled {
        let sql = "INSERT INTO client_origins (client, origin) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
        execute(connection, (TABLE, sql), (client.id.as_str(), origin.as_str()))?;
    }
    Ok(())
}
