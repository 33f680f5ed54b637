//! The stream of events.

use grantor_store::{Event, StoreError};
use rusqlite::Connection;

use crate::column::time;
use crate::statement::execute;

/// Adds an event to the end, in the transaction of the change that causes it.
pub(super) fn append(connection: &Connection, event: &Event) -> Result<(), StoreError> {
    let (kind, subject, ends_at): (_, Option<&[u8]>, _) = match event {
        Event::Client(id) => ("client", Some(id.as_str().as_bytes()), None),
        Event::User(id) => ("user", Some(id.as_bytes()), None),
        Event::Catalogue => ("catalogue", None, None),
        Event::Keys => ("keys", None, None),
        Event::Device(id) => ("device", Some(id.as_bytes()), None),
        Event::Session(id) => ("session", Some(id.as_bytes()), None),
        Event::GrantRevoked(id) => ("grant_revoked", Some(id.as_bytes()), None),
        Event::TokenDenied(id, end) => ("token_denied", Some(id.as_bytes()), Some(time(*end))),
        // Readers infer it from a gap; nothing writes it.
        Event::Missed => return Ok(()),
    };
    let sql = "INSERT INTO events (kind, subject, ends_at) VALUES (?1, ?2, ?3)";
    execute(connection, ("events", sql), (kind, subject, ends_at))?;
    Ok(())
}
