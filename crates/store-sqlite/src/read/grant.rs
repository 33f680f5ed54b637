//! Grants.

use grantor_protocol::record::{ActiveGrant, Grant, GrantState, PendingCode, RefreshState, RevocationReason};
use grantor_store::{GrantFilter, Page, StoreError};
use grantor_types::{
    ClientId, CodeChallenge, GrantId, RedirectUri, Scope, SecretHash, SessionId, Thumbprint, Timestamp,
    UserId,
};
use rusqlite::Connection;

use super::{one_more_than, page};
use crate::column::Columns;
use crate::statement::{many, one};

const TABLE: &str = "grants";

/// The columns in the order in which [`grant`] reads them.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, client, user, session, scope, resources, nonce, auth_time, authentication_methods, code, \
             salt, dpop_key, exchange, openid, created_at, expires_at, state, redirect_uri, response_uri, challenge, generation, rotated_at, \
             revoked_at, revocation_reason FROM grants ",
            $rest
        )
    };
}

/// A grant by id.
pub(crate) fn by_id(connection: &Connection, id: GrantId) -> Result<Option<Grant>, StoreError> {
    let sql = select!("WHERE id = ?1");
    one(connection, (TABLE, sql), [id.as_bytes()], grant)
}

/// Grants that the filter picks, in the order of their ids.
pub(crate) fn list(
    connection: &Connection,
    filter: &GrantFilter,
    limit: usize,
) -> Result<Page<Grant>, StoreError> {
    // Before the first id comes the empty blob.
    let after = filter.after.as_ref().map_or(&[][..], |id| id.as_bytes());
    let user = filter.user.as_ref().map(UserId::as_bytes);
    let client = filter.client.as_ref().map(ClientId::as_str);
    let most = one_more_than(limit);
    let grants = match (user, client) {
        (None, None) => {
            let sql = select!("WHERE id > ?1 ORDER BY id LIMIT ?2");
            many(connection, (TABLE, sql), (after, most), grant)
        }
        (Some(user), None) => {
            let sql = select!("WHERE user = ?1 AND id > ?2 ORDER BY id LIMIT ?3");
            many(connection, (TABLE, sql), (user, after, most), grant)
        }
        (None, Some(client)) => {
            let sql = select!("WHERE client = ?1 AND id > ?2 ORDER BY id LIMIT ?3");
            many(connection, (TABLE, sql), (client, after, most), grant)
        }
        // A user has few grants and a client many: the plus sign keeps the index of clients out of it.
        (Some(user), Some(client)) => {
            let sql = select!("WHERE user = ?1 AND +client = ?2 AND id > ?3 ORDER BY id LIMIT ?4");
            many(connection, (TABLE, sql), (user, client, after, most), grant)
        }
    }?;
    Ok(page(grants, limit))
}

fn grant(columns: &mut Columns<'_>) -> Result<Grant, StoreError> {
    Ok(Grant {
        id: columns.bytes().map(GrantId::from_bytes)?,
        client: columns.client()?,
        user: columns.bytes().map(UserId::from_bytes)?,
        session: columns.optional(Columns::bytes)?.map(SessionId::from_bytes),
        scope: columns.parsed(Scope::parse)?,
        resources: columns.json()?,
        nonce: columns.optional(Columns::text)?,
        auth_time: columns.time()?,
        authentication_methods: columns.json()?,
        code: columns.bytes().map(SecretHash::from_digest)?,
        salt: columns.bytes()?,
        dpop_key: columns.optional(Columns::bytes)?.map(Thumbprint::from_digest),
        exchange: columns.optional(Columns::json)?.map(Box::new),
        openid: columns.optional(Columns::json)?.map(Box::new),
        created_at: columns.time()?,
        expires_at: columns.time()?,
        state: state(columns)?,
    })
}

/// The name of the state and the columns of all states, of which those of the others are null.
fn state(columns: &mut Columns<'_>) -> Result<GrantState, StoreError> {
    let name = columns.text()?;
    let redirect_uri = columns.optional(Columns::text)?;
    let response_uri = columns.optional(|columns| columns.parsed(RedirectUri::parse))?;
    let challenge = columns.optional(Columns::bytes)?.map(CodeChallenge::from_digest);
    let generation = columns.optional(Columns::number)?;
    let rotated_at = columns.optional(Columns::time)?;
    let revoked_at: Option<Timestamp> = columns.optional(Columns::time)?;
    let reason = columns.optional(|columns| columns.named(RevocationReason::from_name))?;
    let refresh = generation
        .zip(rotated_at)
        .map(|(generation, rotated_at)| RefreshState {
            generation,
            rotated_at,
        });
    let state = match name.as_str() {
        "pending" => response_uri.map(|response_uri| {
            GrantState::Pending(PendingCode {
                redirect_uri,
                response_uri,
                challenge,
            })
        }),
        "active" if generation.is_some() == rotated_at.is_some() => {
            Some(GrantState::Active(ActiveGrant { refresh }))
        }
        "revoked" => revoked_at
            .zip(reason)
            .map(|(at, reason)| GrantState::Revoked { at, reason }),
        _ => None,
    };
    state.ok_or_else(|| columns.inconsistent(&format!("the columns do not make a grant that is {name}")))
}
