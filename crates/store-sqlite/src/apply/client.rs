//! Clients and their origins.

use grantor_protocol::Expect;
use grantor_protocol::record::Client;
use grantor_store::{Event, StoreError};
use grantor_types::ClientId;
use rusqlite::{Connection, ToSql, named_params};

use super::{Changed, event, require};
use crate::column::{json, number, time};
use crate::statement::{execute, many, one};

const TABLE: &str = "clients";

/// Inserts or replaces a client where `expect` holds.
pub(super) fn put(connection: &Connection, client: &Client, expect: Expect) -> Changed {
    let registration = client.registration.as_deref();
    let values = named_params! {
        ":id": client.id.as_str(),
        ":revision": number(client.revision.0),
        ":document": json(client)?,
        ":registered": registration.is_some(),
        ":unused_until": registration.and_then(|registration| registration.unused_until).map(time),
    };
    let rows = match expect {
        Expect::Absent => {
            let sql = "INSERT INTO clients (id, revision, document, registered, unused_until)
                VALUES (:id, :revision, :document, :registered, :unused_until) ON CONFLICT DO NOTHING";
            execute(connection, (TABLE, sql), values)
        }
        Expect::Revision(expected) => {
            let sql =
                "UPDATE clients SET revision = :revision, document = :document, registered = :registered,
                    unused_until = :unused_until
                WHERE id = :id AND revision = :expected";
            let expected = number(expected.0);
            let values: Vec<_> = values
                .iter()
                .copied()
                .chain([(":expected", &expected as &dyn ToSql)])
                .collect();
            execute(connection, (TABLE, sql), values.as_slice())
        }
    }?;
    require(rows)?;
    put_origins(connection, client)?;
    Ok(true)
}

/// Deletes a client with its origins, consents and grants.
pub(super) fn delete(connection: &Connection, id: &ClientId) -> Changed {
    Ok(delete_rows(connection, id)? > 0)
}

fn delete_rows(connection: &Connection, id: &ClientId) -> Result<usize, StoreError> {
    let id = [id.as_str()];
    execute(connection, ("client_origins", DELETE_ORIGINS), id)?;
    execute(
        connection,
        ("consents", "DELETE FROM consents WHERE client = ?1"),
        id,
    )?;
    execute(connection, ("grants", "DELETE FROM grants WHERE client = ?1"), id)?;
    execute(connection, (TABLE, "DELETE FROM clients WHERE id = ?1"), id)
}

/// Guards that fewer than `limit` clients have registered themselves.
pub(super) fn limit_registrations(connection: &Connection, limit: u64) -> Changed {
    let sql = "SELECT count(*) FROM clients WHERE registered = 1";
    let registered = one(connection, (TABLE, sql), [], |columns| columns.number())?;
    require(usize::from(registered.unwrap_or(0) < limit))?;
    Ok(false)
}

/// Deletes clients that registered themselves and were never used in time, and says how many.
pub(crate) fn delete_unused(connection: &Connection, now: i64, limit: i64) -> Result<usize, StoreError> {
    let sql = "SELECT id FROM clients WHERE unused_until <= ?1 ORDER BY unused_until, id LIMIT ?2";
    let unused = many(connection, (TABLE, sql), (now, limit), |columns| columns.client())?;
    for id in &unused {
        delete_rows(connection, id)?;
        event::append(connection, &Event::Client(id.clone()))?;
    }
    Ok(unused.len())
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
