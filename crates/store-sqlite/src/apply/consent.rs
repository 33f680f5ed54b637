//! Consents.

use grantor_protocol::record::Consent;
use grantor_store::consent_union;
use grantor_types::{ClientId, UserId};
use rusqlite::Connection;

use super::Changed;
use crate::column::{json, time};
use crate::read;
use crate::statement::execute;

const TABLE: &str = "consents";

/// Adds to what is stored. Reading first is safe: there is one writer at a time.
pub(super) fn add(connection: &Connection, added: &Consent) -> Changed {
    let stored = read::consent::of_pair(connection, added.user, &added.client)?;
    let consent = match stored {
        Some(stored) => consent_union(stored, added.clone()),
        None => added.clone(),
    };
    let sql = "INSERT INTO consents (user, client, scope, resources, granted_at) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT (user, client) DO UPDATE
        SET scope = excluded.scope, resources = excluded.resources, granted_at = excluded.granted_at";
    let values = (
        consent.user.as_bytes(),
        consent.client.as_str(),
        consent.scope.to_string(),
        json(&consent.resources)?,
        time(consent.granted_at),
    );
    execute(connection, (TABLE, sql), values)?;
    Ok(true)
}

/// Forgets what a user allowed a client.
pub(super) fn delete(connection: &Connection, user: UserId, client: &ClientId) -> Changed {
    let sql = "DELETE FROM consents WHERE user = ?1 AND client = ?2";
    let rows = execute(connection, (TABLE, sql), (user.as_bytes(), client.as_str()))?;
    Ok(rows > 0)
}
