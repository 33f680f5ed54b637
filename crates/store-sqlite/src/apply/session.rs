//! Sessions.

use grantor_protocol::record::Session;
use grantor_store::{CommitError, Event, MAX_SESSIONS_OF_A_USER, StoreError};
use grantor_types::{ClientId, SessionId, Timestamp, UserId};
use rusqlite::{Connection, Params};

use super::{Changed, event, require};
use crate::column::{json, time};
use crate::statement::{execute, many, one};

const TABLE: &str = "sessions";

/// Inserts a session whose id is new; beyond the most that a user may have, the oldest end.
pub(super) fn create(connection: &Connection, session: &Session) -> Changed {
    let sql =
        "INSERT INTO sessions (id, user, secret, auth_time, authentication_methods, user_agent, expires_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING";
    require(execute(connection, (TABLE, sql), columns(session)?)?)?;
    end_surplus(connection, session)?;
    Ok(true)
}

/// Gives a session a new login; what joined it stays as long.
pub(super) fn renew(connection: &Connection, session: &Session) -> Changed {
    let sql = "UPDATE sessions
        SET secret = ?3, auth_time = ?4, authentication_methods = ?5, user_agent = ?6, expires_at = ?7
        WHERE id = ?1 AND user = ?2";
    require(execute(connection, (TABLE, sql), columns(session)?)?)?;
    let sql = "UPDATE session_clients SET expires_at = ?2 WHERE session = ?1";
    let values = (session.id.as_bytes(), time(session.expires_at));
    execute(connection, ("session_clients", sql), values)?;
    Ok(true)
}

/// The guard that a session has not ended.
pub(super) fn require_live(connection: &Connection, id: SessionId) -> Changed {
    let sql = "SELECT 1 FROM sessions WHERE id = ?1";
    let found = one(connection, (TABLE, sql), [id.as_bytes()], |_| Ok(()))?;
    require(found.iter().len())
}

/// Notes a client that was logged in to by way of a session.
pub(super) fn join(
    connection: &Connection,
    session: SessionId,
    client: &ClientId,
    expires_at: Timestamp,
) -> Changed {
    let sql = "INSERT INTO session_clients (session, client, expires_at) VALUES (?1, ?2, ?3)
        ON CONFLICT (session, client) DO UPDATE SET expires_at = excluded.expires_at";
    let values = (session.as_bytes(), client.as_str(), time(expires_at));
    Ok(execute(connection, ("session_clients", sql), values)? > 0)
}

fn columns(session: &Session) -> Result<impl Params + '_, StoreError> {
    Ok((
        session.id.as_bytes(),
        session.user.as_bytes(),
        session.secret.as_bytes(),
        time(session.auth_time),
        json(&session.authentication_methods)?,
        &session.user_agent,
        time(session.expires_at),
    ))
}

/// Deletes a session and what joined it.
pub(super) fn end(connection: &Connection, id: SessionId) -> Changed {
    let sql = "DELETE FROM session_clients WHERE session = ?1";
    execute(connection, ("session_clients", sql), [id.as_bytes()])?;
    let sql = "DELETE FROM sessions WHERE id = ?1";
    Ok(execute(connection, (TABLE, sql), [id.as_bytes()])? > 0)
}

/// Deletes every session of a user.
pub(super) fn end_of_user(connection: &Connection, user: UserId) -> Changed {
    let sql = "SELECT id FROM sessions WHERE user = ?1 ORDER BY id";
    let sessions = many(connection, (TABLE, sql), [user.as_bytes()], |columns| {
        columns.bytes().map(SessionId::from_bytes)
    })?;
    let any = !sessions.is_empty();
    end_all(connection, sessions)?;
    Ok(any)
}

/// Ends the oldest of a user's other sessions, so that with the new one there are as many as there may be.
fn end_surplus(connection: &Connection, new: &Session) -> Result<(), CommitError> {
    let sql = "SELECT id FROM sessions WHERE user = ?1 AND id <> ?2 ORDER BY id DESC LIMIT -1 OFFSET ?3";
    let others = i64::try_from(MAX_SESSIONS_OF_A_USER - 1).unwrap_or(i64::MAX);
    let parameters = (new.user.as_bytes(), new.id.as_bytes(), others);
    let mut surplus = many(connection, (TABLE, sql), parameters, |columns| {
        columns.bytes().map(SessionId::from_bytes)
    })?;
    surplus.reverse();
    end_all(connection, surplus)
}

fn end_all(connection: &Connection, sessions: Vec<SessionId>) -> Result<(), CommitError> {
    for id in sessions {
        end(connection, id)?;
        event::append(connection, &Event::Session(id))?;
    }
    Ok(())
}
