//! Grants. The columns of a state are null in the others, so that no state carries the remains of another.

use grantor_protocol::record::{Grant, GrantState, PendingCode, RefreshState, RevocationReason};
use grantor_store::{Event, ends_with_session};
use grantor_types::{ClientId, GrantId, Scope, SessionId, Thumbprint, Timestamp, UserId};
use rusqlite::{Connection, named_params};

use super::{Changed, event, require};
use crate::column::{json, number, time};
use crate::statement::{execute, many};

const TABLE: &str = "grants";

/// Inserts a grant whose id is new.
pub(super) fn create(connection: &Connection, grant: &Grant) -> Changed {
    let sql = "INSERT INTO grants (id, client, user, session, scope, resources, nonce, auth_time,
            authentication_methods, code, salt, dpop_key, exchange, openid, created_at, expires_at, look_at, state, redirect_uri, response_uri,
            challenge, generation, rotated_at, revoked_at, revocation_reason)
        VALUES (:id, :client, :user, :session, :scope, :resources, :nonce, :auth_time,
            :authentication_methods, :code, :salt, :dpop_key, :exchange, :openid, :created_at, :expires_at, :expires_at, :state, :redirect_uri,
            :response_uri, :challenge, :generation, :rotated_at, :revoked_at, :revocation_reason)
        ON CONFLICT DO NOTHING";
    let state = StateColumns::of(&grant.state);
    let values = named_params! {
        ":id": grant.id.as_bytes(),
        ":client": grant.client.as_str(),
        ":user": grant.user.as_bytes(),
        ":session": grant.session.as_ref().map(|id| id.as_bytes()),
        ":scope": grant.scope.to_string(),
        ":resources": json(&grant.resources)?,
        ":nonce": grant.nonce,
        ":auth_time": time(grant.auth_time),
        ":authentication_methods": json(&grant.authentication_methods)?,
        ":code": grant.code.as_bytes(),
        ":salt": grant.salt,
        ":dpop_key": grant.dpop_key.as_ref().map(Thumbprint::as_bytes),
        ":exchange": grant.exchange.as_deref().map(json).transpose()?,
        ":openid": grant.openid.as_deref().map(json).transpose()?,
        ":created_at": time(grant.created_at),
        ":expires_at": time(grant.expires_at),
        ":state": state.name,
        ":redirect_uri": state.code.and_then(|code| code.redirect_uri.as_deref()),
        ":response_uri": state.code.map(|code| code.response_uri.as_str()),
        ":challenge": state.code.and_then(|code| code.challenge.as_ref()).map(|challenge| challenge.as_bytes()),
        ":generation": state.refresh.map(|refresh| number(refresh.generation)),
        ":rotated_at": state.refresh.map(|refresh| time(refresh.rotated_at)),
        ":revoked_at": state.revocation.map(|(at, _)| time(at)),
        ":revocation_reason": state.revocation.map(|(_, reason)| reason.as_str()),
    };
    require(execute(connection, (TABLE, sql), values)?)
}

/// Turns a pending grant into an active one.
pub(super) fn redeem(
    connection: &Connection,
    id: GrantId,
    (refresh, dpop_key): (Option<RefreshState>, Option<Thumbprint>),
    expires_at: Timestamp,
) -> Changed {
    let sql = "UPDATE grants SET state = 'active', generation = ?2, rotated_at = ?3, expires_at = ?4, dpop_key = ?5,
            redirect_uri = NULL, response_uri = NULL, challenge = NULL
        WHERE id = ?1 AND state = 'pending' AND look_at <= ?4";
    let generation = refresh.map(|refresh| number(refresh.generation));
    let rotated_at = refresh.map(|refresh| time(refresh.rotated_at));
    let values = (
        id.as_bytes(),
        generation,
        rotated_at,
        time(expires_at),
        dpop_key.as_ref().map(Thumbprint::as_bytes),
    );
    if execute(connection, (TABLE, sql), values)? > 0 {
        return Ok(true);
    }
    // The life got shorter, which is rare: then the sweep must look earlier, too.
    let sql = "UPDATE grants SET state = 'active', generation = ?2, rotated_at = ?3, expires_at = ?4, dpop_key = ?5,
            redirect_uri = NULL, response_uri = NULL, challenge = NULL, look_at = ?4
        WHERE id = ?1 AND state = 'pending' AND look_at > ?4";
    require(execute(connection, (TABLE, sql), values)?)
}

/// Moves a grant to the next generation.
pub(super) fn rotate(
    connection: &Connection,
    id: GrantId,
    from: u64,
    (at, expires_at): (Timestamp, Timestamp),
) -> Changed {
    // No index holds a column that is set here: the row's own page is all that is written.
    let sql = "UPDATE grants SET generation = generation + 1, rotated_at = ?3, expires_at = ?4
        WHERE id = ?1 AND generation = ?2 AND state = 'active' AND look_at <= ?4";
    let values = (id.as_bytes(), number(from), time(at), time(expires_at));
    if execute(connection, (TABLE, sql), values)? > 0 {
        return Ok(true);
    }
    // The life got shorter, which is rare: then the sweep must look earlier, too.
    let sql = "UPDATE grants SET generation = generation + 1, rotated_at = ?3, expires_at = ?4, look_at = ?4
        WHERE id = ?1 AND generation = ?2 AND state = 'active' AND look_at > ?4";
    require(execute(connection, (TABLE, sql), values)?)
}

/// Ends a grant unless it has ended.
pub(super) fn revoke(
    connection: &Connection,
    id: GrantId,
    (at, reason): (Timestamp, RevocationReason),
) -> Changed {
    let sql =
        "UPDATE grants SET state = 'revoked', revoked_at = ?2, revocation_reason = ?3, redirect_uri = NULL,
            response_uri = NULL, challenge = NULL, generation = NULL, rotated_at = NULL
        WHERE id = ?1 AND state <> 'revoked'";
    let rows = execute(
        connection,
        (TABLE, sql),
        (id.as_bytes(), time(at), reason.as_str()),
    )?;
    Ok(rows > 0)
}

/// Ends every grant that a user gave a client, or gave at all.
pub(super) fn revoke_of_user(
    connection: &Connection,
    user: UserId,
    client: Option<&ClientId>,
    end: (Timestamp, RevocationReason),
) -> Changed {
    // The plus sign keeps the index of clients out of it: a user has few grants and a client many.
    let sql = "SELECT id FROM grants WHERE user = ?1 AND (?2 IS NULL OR +client = ?2) ORDER BY id";
    let parameters = (user.as_bytes(), client.map(ClientId::as_str));
    let grants = many(connection, (TABLE, sql), parameters, |columns| {
        columns.bytes().map(GrantId::from_bytes)
    })?;
    revoke_all(connection, grants, end)
}

/// Ends the grants of a session, but for those that outlive it.
pub(super) fn revoke_of_session(
    connection: &Connection,
    user: UserId,
    session: SessionId,
    at: Timestamp,
) -> Changed {
    // A session has no index: its user has few grants.
    let sql = "SELECT id, scope FROM grants WHERE user = ?1 AND session = ?2 ORDER BY id";
    let parameters = (user.as_bytes(), session.as_bytes());
    let grants = many(connection, (TABLE, sql), parameters, |columns| {
        Ok((
            columns.bytes().map(GrantId::from_bytes)?,
            columns.parsed(Scope::parse)?,
        ))
    })?;
    let ending = grants.into_iter().filter(|(_, scope)| ends_with_session(scope));
    revoke_all(
        connection,
        ending.map(|(id, _)| id),
        (at, RevocationReason::Logout),
    )
}

fn revoke_all(
    connection: &Connection,
    grants: impl IntoIterator<Item = GrantId>,
    end: (Timestamp, RevocationReason),
) -> Changed {
    let mut any = false;
    for id in grants {
        if revoke(connection, id, end)? {
            event::append(connection, &Event::GrantRevoked(id))?;
            any = true;
        }
    }
    Ok(any)
}

/// What the columns of a state hold.
struct StateColumns<'a> {
    name: &'static str,
    code: Option<&'a PendingCode>,
    refresh: Option<RefreshState>,
    revocation: Option<(Timestamp, RevocationReason)>,
}

impl<'a> StateColumns<'a> {
    fn of(state: &'a GrantState) -> Self {
        let empty = |name| Self {
            name,
            code: None,
            refresh: None,
            revocation: None,
        };
        match state {
            GrantState::Pending(code) => Self {
                code: Some(code),
                ..empty("pending")
            },
            GrantState::Active(active) => Self {
                refresh: active.refresh,
                ..empty("active")
            },
            GrantState::Revoked { at, reason } => Self {
                revocation: Some((*at, *reason)),
                ..empty("revoked")
            },
        }
    }
}
