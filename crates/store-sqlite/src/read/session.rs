//! Sessions.

use grantor_protocol::record::Session;
use grantor_store::{MAX_SESSIONS_OF_A_USER, StoreError};
use grantor_types::{ClientId, SecretHash, SessionId, UserId};
use rusqlite::Connection;

use super::one_more_than;
use crate::column::Columns;
use crate::statement::{many, one};

const TABLE: &str = "sessions";

/// The columns in the order in which [`session`] reads them.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, secret, user, auth_time, authentication_methods, user_agent, expires_at FROM sessions ",
            $rest
        )
    };
}

/// A session by id.
pub(crate) fn by_id(connection: &Connection, id: SessionId) -> Result<Option<Session>, StoreError> {
    let sql = select!("WHERE id = ?1");
    one(connection, (TABLE, sql), [id.as_bytes()], session)
}

/// The sessions of a user, newest first.
pub(crate) fn of_user(connection: &Connection, user: UserId) -> Result<Vec<Session>, StoreError> {
    let sql = select!("WHERE user = ?1 ORDER BY id DESC LIMIT ?2");
    let most = one_more_than(MAX_SESSIONS_OF_A_USER - 1);
    many(connection, (TABLE, sql), (user.as_bytes(), most), session)
}

/// The clients that were logged in to by way of a session.
pub(crate) fn clients(connection: &Connection, id: SessionId) -> Result<Vec<ClientId>, StoreError> {
    let sql = "SELECT client FROM session_clients WHERE session = ?1 ORDER BY client";
    many(connection, ("session_clients", sql), [id.as_bytes()], |columns| {
        columns.client()
    })
}

fn session(columns: &mut Columns<'_>) -> Result<Session, StoreError> {
    Ok(Session {
        id: columns.bytes().map(SessionId::from_bytes)?,
        secret: columns.bytes().map(SecretHash::from_digest)?,
        user: columns.bytes().map(UserId::from_bytes)?,
        auth_time: columns.time()?,
        authentication_methods: columns.json()?,
        user_agent: columns.text()?,
        expires_at: columns.time()?,
    })
}
