//! Deletes what has ended, piece by piece between the commits of others.

use grantor_protocol::record::DEVICE_REMEMBERED_FOR;
use grantor_store::{EVENTS_KEPT, EVENTS_KEPT_FOR, LOGIN_ATTEMPTS_KEPT_FOR, StoreError};
use grantor_types::Timestamp;
use rusqlite::Connection;

use crate::apply;
use crate::column::{number, time};
use crate::read;
use crate::statement::{execute, many, one};

/// What is swept, kind by kind.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    Grants,
    Sessions,
    DeniedTokens,
    LoginAttempts,
    SingleUses,
    DeviceAuthorizations,
    PushedRequests,
    PersonalAccessTokens,
    SessionClients,
    InitialAccessTokens,
    UnusedClients,
    Keys,
    Events,
}

impl Kind {
    /// Every kind.
    pub(crate) const ALL: [Self; 13] = [
        Self::Grants,
        Self::Sessions,
        Self::DeniedTokens,
        Self::LoginAttempts,
        Self::SingleUses,
        Self::DeviceAuthorizations,
        Self::PushedRequests,
        Self::PersonalAccessTokens,
        Self::SessionClients,
        Self::InitialAccessTokens,
        Self::UnusedClients,
        Self::Keys,
        Self::Events,
    ];
}

/// A part of a sweep that is small enough to stand between two commits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Piece {
    pub(crate) kind: Kind,
    pub(crate) now: Timestamp,
    /// At most so many rows.
    pub(crate) limit: i64,
}

/// What a piece did.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Swept {
    /// Rows that went.
    pub(crate) deleted: u64,
    /// Whether there may be more.
    pub(crate) more: bool,
}

/// The table, and the statement that deletes those of its rows that ended first.
macro_rules! ended {
    ($table:literal, $key:literal, $end:literal) => {
        (
            $table,
            concat!(
                "DELETE FROM ",
                $table,
                " WHERE ",
                $key,
                " IN (SELECT ",
                $key,
                " FROM ",
                $table,
                " WHERE ",
                $end,
                " <= ?1 ORDER BY ",
                $end,
                " LIMIT ?2)"
            ),
        )
    };
}

/// They have no index of their ends: the oldest are looked at, and those of them that ended go.
const PUSHED_REQUESTS: (&str, &str) = (
    "pushed_requests",
    "DELETE FROM pushed_requests
        WHERE expires_at <= ?1 AND id IN (SELECT id FROM pushed_requests ORDER BY id LIMIT ?2)",
);

/// Their key has two columns.
const SESSION_CLIENTS: (&str, &str) = (
    "session_clients",
    "DELETE FROM session_clients WHERE (session, client) IN
        (SELECT session, client FROM session_clients WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2)",
);

/// Sweeps one piece inside the transaction that is open.
pub(crate) fn sweep(connection: &Connection, piece: Piece) -> Result<Swept, StoreError> {
    let now = time(piece.now);
    let before = |time_kept| time(piece.now.minus(time_kept));
    let (statement, end) = match piece.kind {
        Kind::Grants => return grants(connection, now, piece.limit),
        Kind::Events => return events(connection, piece.now, piece.limit),
        Kind::Sessions => (ended!("sessions", "rowid", "expires_at"), now),
        Kind::DeniedTokens => (ended!("denied_tokens", "id", "expires_at"), now),
        Kind::LoginAttempts => (
            ended!("login_attempts", "key", "last_at"),
            before(LOGIN_ATTEMPTS_KEPT_FOR),
        ),
        Kind::SingleUses => (ended!("used_once", "key", "expires_at"), now),
        Kind::DeviceAuthorizations => (
            ended!("device_authorizations", "rowid", "expires_at"),
            before(DEVICE_REMEMBERED_FOR),
        ),
        Kind::PushedRequests => (PUSHED_REQUESTS, now),
        Kind::PersonalAccessTokens => (ended!("personal_access_tokens", "rowid", "expires_at"), now),
        Kind::SessionClients => (SESSION_CLIENTS, now),
        Kind::InitialAccessTokens => (ended!("initial_access_tokens", "rowid", "expires_at"), now),
        Kind::UnusedClients => {
            let deleted = apply::client::delete_unused(connection, now, piece.limit)?;
            return Ok(Swept::of(deleted, piece.limit));
        }
        Kind::Keys => (ended!("keys", "rowid", "retire_at"), now),
    };
    let deleted = execute(connection, statement, (end, piece.limit))?;
    Ok(Swept::of(deleted, piece.limit))
}

impl Swept {
    fn of(deleted: usize, limit: i64) -> Self {
        Self {
            deleted: deleted as u64,
            more: i64::try_from(deleted) == Ok(limit),
        }
    }
}

/// Rotations move a grant's end without telling the index, which would cost each of them a second page. So the sweep
/// looks at a row when it would have ended at first, and puts off those that live on.
fn grants(connection: &Connection, now: i64, limit: i64) -> Result<Swept, StoreError> {
    const TABLE: &str = "grants";
    let due = "SELECT rowid, expires_at FROM grants WHERE look_at <= ?1 ORDER BY look_at LIMIT ?2";
    let rows = many(connection, (TABLE, due), (now, limit), |columns| {
        Ok((number(columns.number()?), number(columns.number()?)))
    })?;
    let mut deleted = 0;
    for (row, expires_at) in &rows {
        if *expires_at <= now {
            execute(connection, (TABLE, "DELETE FROM grants WHERE rowid = ?1"), [row])?;
            deleted += 1;
        } else {
            let put_off = "UPDATE grants SET look_at = expires_at WHERE rowid = ?1";
            execute(connection, (TABLE, put_off), [row])?;
        }
    }
    Ok(Swept {
        deleted,
        more: i64::try_from(rows.len()) == Ok(limit),
    })
}

/// Events carry no time. A mark says which position the stream had when: once the mark is old enough, so is all
/// before it.
fn events(connection: &Connection, now: Timestamp, limit: i64) -> Result<Swept, StoreError> {
    const TABLE: &str = "events";
    let nothing = Swept {
        deleted: 0,
        more: false,
    };
    let position = read::event::position(connection)?;
    let mark = one(
        connection,
        ("event_mark", "SELECT position, at FROM event_mark"),
        [],
        |columns| Ok((columns.number()?, columns.time()?)),
    )?;
    let Some((marked, at)) = mark else {
        set_mark(connection, position.0, now)?;
        return Ok(nothing);
    };
    if !at.plus(EVENTS_KEPT_FOR).is_past(now) {
        return Ok(nothing);
    }
    let end = marked.min(position.0.saturating_sub(EVENTS_KEPT));
    let oldest = "SELECT position FROM events ORDER BY position LIMIT 1";
    let oldest = one(connection, (TABLE, oldest), [], |columns| columns.number())?.unwrap_or(1);
    let sql = "DELETE FROM events WHERE position <= min(?1, ?2)";
    let last_of_piece = number(oldest).saturating_sub(1).saturating_add(limit);
    let deleted = execute(connection, (TABLE, sql), (number(end), last_of_piece))?;
    let more = i64::try_from(deleted) == Ok(limit);
    if !more {
        set_mark(connection, position.0, now)?;
    }
    Ok(Swept {
        deleted: deleted as u64,
        more,
    })
}

fn set_mark(connection: &Connection, position: u64, now: Timestamp) -> Result<(), StoreError> {
    let sql = "INSERT INTO event_mark (only_row, position, at) VALUES (1, ?1, ?2)
        ON CONFLICT (only_row) DO UPDATE SET position = excluded.position, at = excluded.at";
    execute(connection, ("event_mark", sql), (number(position), time(now)))?;
    Ok(())
}
