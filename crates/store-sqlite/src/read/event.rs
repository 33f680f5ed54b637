//! The stream of events.

use grantor_store::{EVENTS_PER_READ, Event, EventPosition, StoreError};
use grantor_types::{ClientId, DeviceAuthorizationId, GrantId, SessionId, TokenId, UserId};
use rusqlite::Connection;

use super::one_more_than;
use crate::column::{Columns, number};
use crate::statement::{many, one};

const TABLE: &str = "events";

/// The newest event's position: the last row of the table, one step down its tree.
pub(crate) fn position(connection: &Connection) -> Result<EventPosition, StoreError> {
    let sql = "SELECT position FROM events ORDER BY position DESC LIMIT 1";
    let newest = one(connection, (TABLE, sql), [], |columns| columns.number())?;
    Ok(EventPosition(newest.unwrap_or(0)))
}

/// Events after a position and the position to go on from.
pub(crate) fn since(
    connection: &Connection,
    after: EventPosition,
) -> Result<(Vec<Event>, EventPosition), StoreError> {
    let sql = "SELECT position, kind, subject, ends_at FROM events
        WHERE position > ?1 ORDER BY position LIMIT ?2";
    let most = one_more_than(EVENTS_PER_READ - 1);
    let rows = many(connection, (TABLE, sql), (number(after.0), most), row)?;
    let (first, last) = match (rows.first(), rows.last()) {
        (Some(first), Some(last)) => (first.0, last.0),
        (None, _) | (_, None) => return Ok((Vec::new(), after)),
    };
    // Positions have no gaps: where there is one, the sweep was faster than the reader.
    let missed = (first > after.0 + 1).then_some(Event::Missed);
    let events = missed.into_iter().chain(rows.into_iter().map(|(_, event)| event));
    Ok((events.collect(), EventPosition(last)))
}

fn row(columns: &mut Columns<'_>) -> Result<(u64, Event), StoreError> {
    let position = columns.number()?;
    let event = match columns.text()?.as_str() {
        "client" => Event::Client(client(columns)?),
        "user" => Event::User(columns.bytes().map(UserId::from_bytes)?),
        "catalogue" => Event::Catalogue,
        "keys" => Event::Keys,
        "device" => Event::Device(columns.bytes().map(DeviceAuthorizationId::from_bytes)?),
        "session" => Event::Session(columns.bytes().map(SessionId::from_bytes)?),
        "grant_revoked" => Event::GrantRevoked(columns.bytes().map(GrantId::from_bytes)?),
        "token_denied" => Event::TokenDenied(columns.bytes().map(TokenId::from_bytes)?, columns.time()?),
        _ => return Err(columns.inconsistent("an event of an unknown kind")),
    };
    Ok((position, event))
}

fn client(columns: &mut Columns<'_>) -> Result<ClientId, StoreError> {
    let bytes = columns.blob()?;
    std::str::from_utf8(&bytes)
        .ok()
        .and_then(|text| ClientId::parse(text).ok())
        .ok_or_else(|| columns.inconsistent("the subject is no client id"))
}
