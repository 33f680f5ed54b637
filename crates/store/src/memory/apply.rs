//! Applies one change; the caller takes everything back when a guard does not hold.

mod device;
mod job;
mod personal;
mod registration;

use grantor_protocol::record::{
    ActiveGrant, AttemptKey, Client, Consent, DeviceState, Grant, GrantState, LoginAttempts, PushedRequest,
    RefreshState, Revision, RevocationReason, Session, SingleUseKey, User,
};
use grantor_protocol::{Change, Expect};
use grantor_types::{ClientId, GrantId, SessionId, Thumbprint, Timestamp, TokenId, UserId};

use super::tables::Tables;
use crate::{Event, MAX_SESSIONS_OF_A_USER, consent_union, ends_with_session, event_of, username_key};

/// A guard did not hold.
#[derive(Debug)]
pub(super) struct Conflict;

/// Whether a change found something to change.
type Changed = Result<bool, Conflict>;

/// Applies a change and writes the events that it causes.
#[allow(clippy::too_many_lines, reason = "an arm for each change")]
pub(super) fn apply(tables: &mut Tables, change: Change) -> Result<(), Conflict> {
    let event = event_of(&change);
    let changed = match change {
        Change::PutClient { client, expect } => put_client(tables, *client, expect),
        Change::DeleteClient(id) => Ok(delete_client(tables, &id)),
        Change::PutUser { user, expect } => put_user(tables, *user, expect),
        Change::PutScope(scope) => Ok(tables.scopes.put(scope.name.clone(), scope)),
        Change::DeleteScope(name) => Ok(tables.scopes.delete(&name)),
        Change::PutResource(resource) => Ok(tables.resources.put(resource.id.clone(), resource)),
        Change::DeleteResource(id) => Ok(tables.resources.delete(&id)),
        Change::PutTrustedIssuer(issuer) => Ok(tables.trusted_issuers.put(issuer.issuer.clone(), *issuer)),
        Change::DeleteTrustedIssuer(issuer) => Ok(tables.trusted_issuers.delete(&issuer)),
        Change::CreateSession(session) => create_session(tables, session),
        Change::RenewSession(session) => renew_session(tables, session),
        Change::RequireSession(id) => require(tables.sessions.rows().contains_key(&id)).map(|()| false),
        Change::JoinSession {
            session,
            client,
            expires_at,
        } => Ok(tables.session_clients.put((session, client), expires_at)),
        Change::EndSession(id) => Ok(end_session(tables, id)),
        Change::EndSessionsOf(user) => Ok(end_sessions_of(tables, user)),
        Change::AddConsent(consent) => Ok(add_consent(tables, consent)),
        Change::DeleteConsent { user, client } => Ok(tables.consents.delete(&(user, client))),
        Change::CreateGrant(grant) => create_grant(tables, *grant),
        Change::RedeemCode {
            grant,
            refresh,
            dpop_key,
            expires_at,
        } => redeem_code(tables, grant, (refresh, dpop_key), expires_at),
        Change::RotateRefreshToken {
            grant,
            from,
            at,
            expires_at,
        } => rotate(tables, grant, from, (at, expires_at)),
        Change::RevokeGrant { grant, at, reason } => Ok(revoke_grant(tables, grant, at, reason)),
        Change::RevokeGrantsOf {
            user,
            client,
            at,
            reason,
        } => {
            let of_user = |grant: &Grant| {
                grant.user == user && client.as_ref().is_none_or(|client| &grant.client == client)
            };
            Ok(revoke_grants(tables, of_user, at, reason))
        }
        Change::RevokeGrantsOfSession { user, session, at } => {
            let of_session = |grant: &Grant| {
                grant.user == user && grant.session == Some(session) && ends_with_session(&grant.scope)
            };
            Ok(revoke_grants(tables, of_session, at, RevocationReason::Logout))
        }
        Change::DenyToken { token, expires_at } => Ok(deny_token(tables, token, expires_at)),
        Change::CountLoginAttempt { key, at, since } => Ok(count_attempt(tables, key, at, since)),
        Change::ForgetLoginAttempts(key) => Ok(tables.attempts.delete(&key)),
        Change::UseOnce { key, expires_at } => use_once(tables, key, expires_at),
        Change::CreateDeviceAuthorization(device) => device::create(tables, *device),
        Change::ApproveDevice { device, approval } => {
            device::answer(tables, device, DeviceState::Approved(approval))
        }
        Change::DenyDevice(device) => device::answer(tables, device, DeviceState::Denied),
        Change::RedeemDevice { device, grant } => device::redeem(tables, device, grant),
        Change::CreatePushedRequest(request) => create_pushed(tables, *request),
        Change::CreatePersonalAccessToken(token) => personal::create(tables, *token),
        Change::DeletePersonalAccessToken { user, token } => Ok(personal::delete(tables, user, token)),
        Change::DeletePersonalAccessTokensOf(user) => {
            let deleted = tables.personal.delete_where(|_, token| token.user == user);
            Ok(!deleted.is_empty())
        }
        Change::TouchPersonalAccessToken { token, at } => Ok(personal::touch(tables, token, at)),
        Change::LimitRegistrations(limit) => registration::limit(tables, limit),
        Change::CreateInitialAccessToken(token) => registration::create_token(tables, *token),
        Change::UseInitialAccessToken(id) => registration::use_token(tables, id),
        Change::DeleteInitialAccessToken(id) => Ok(tables.initial_access_tokens.delete(&id)),
        Change::CreateJob(job) => job::create(tables, *job),
        Change::MoveJob {
            job,
            from,
            to,
            attempts,
        } => job::put_off(tables, job, from, (to, attempts)),
        Change::DeleteJob(id) => Ok(tables.jobs.delete(&id)),
        Change::PutKey(key) => Ok(tables.keys.put(key.id.clone(), key)),
    }?;
    tables.events.write(event.filter(|_| changed));
    Ok(())
}

fn require(guard_holds: bool) -> Result<(), Conflict> {
    if guard_holds { Ok(()) } else { Err(Conflict) }
}

fn require_expected(expect: Expect, found: Option<Revision>) -> Result<(), Conflict> {
    require(match expect {
        Expect::Absent => found.is_none(),
        Expect::Revision(revision) => found == Some(revision),
    })
}

fn put_client(tables: &mut Tables, client: Client, expect: Expect) -> Changed {
    let found = tables.clients.rows().get(&client.id).map(|found| found.revision);
    require_expected(expect, found)?;
    Ok(tables.clients.put(client.id.clone(), client))
}

pub(super) fn delete_client(tables: &mut Tables, id: &ClientId) -> bool {
    tables.consents.delete_where(|(_, client), _| client == id);
    tables.grants.delete_where(|_, grant| &grant.client == id);
    tables.clients.delete(id)
}

fn put_user(tables: &mut Tables, user: User, expect: Expect) -> Changed {
    let found = tables.users.rows().get(&user.id).map(|found| found.revision);
    require_expected(expect, found)?;
    let name = username_key(&user.username);
    let taken = |other: &User| other.id != user.id && username_key(&other.username) == name;
    require(!tables.users.rows().values().any(taken))?;
    Ok(tables.users.put(user.id, user))
}

fn create_session(tables: &mut Tables, session: Session) -> Changed {
    require(!tables.sessions.rows().contains_key(&session.id))?;
    let of_user: Vec<SessionId> = tables
        .sessions
        .rows()
        .values()
        .filter(|other| other.user == session.user)
        .map(|other| other.id)
        .collect();
    let surplus = (of_user.len() + 1).saturating_sub(MAX_SESSIONS_OF_A_USER);
    for oldest in of_user.into_iter().take(surplus) {
        end_session(tables, oldest);
        tables.events.write([Event::Session(oldest)]);
    }
    Ok(tables.sessions.put(session.id, session))
}

fn renew_session(tables: &mut Tables, session: Session) -> Changed {
    let found = tables.sessions.rows().get(&session.id);
    require(found.is_some_and(|found| found.user == session.user))?;
    let (id, end) = (session.id, session.expires_at);
    tables.sessions.put(id, session);
    let joined = tables.session_clients.rows().keys();
    let joined: Vec<_> = joined.filter(|(joined, _)| *joined == id).cloned().collect();
    for key in joined {
        tables.session_clients.put(key, end);
    }
    Ok(true)
}

fn end_session(tables: &mut Tables, id: SessionId) -> bool {
    tables
        .session_clients
        .delete_where(|(session, _), _| *session == id);
    tables.sessions.delete(&id)
}

fn end_sessions_of(tables: &mut Tables, user: UserId) -> bool {
    let ended = tables.sessions.delete_where(|_, session| session.user == user);
    tables
        .session_clients
        .delete_where(|(session, _), _| ended.contains(session));
    let any = !ended.is_empty();
    tables.events.write(ended.into_iter().map(Event::Session));
    any
}

fn add_consent(tables: &mut Tables, added: Consent) -> bool {
    let key = (added.user, added.client.clone());
    let consent = match tables.consents.rows().get(&key) {
        Some(stored) => consent_union(stored.clone(), added),
        None => added,
    };
    tables.consents.put(key, consent)
}

fn create_grant(tables: &mut Tables, grant: Grant) -> Changed {
    require(!tables.grants.rows().contains_key(&grant.id))?;
    Ok(tables.grants.put(grant.id, grant))
}

fn redeem_code(
    tables: &mut Tables,
    id: GrantId,
    (refresh, dpop_key): (Option<RefreshState>, Option<Thumbprint>),
    expires_at: Timestamp,
) -> Changed {
    let found = tables.grants.rows().get(&id).ok_or(Conflict)?;
    require(matches!(found.state, GrantState::Pending(_)))?;
    let redeemed = Grant {
        state: GrantState::Active(ActiveGrant { refresh }),
        dpop_key,
        expires_at,
        ..found.clone()
    };
    Ok(tables.grants.put(id, redeemed))
}

fn rotate(
    tables: &mut Tables,
    id: GrantId,
    from: u64,
    (rotated_at, expires_at): (Timestamp, Timestamp),
) -> Changed {
    let found = tables.grants.rows().get(&id).ok_or(Conflict)?;
    let generation = match &found.state {
        GrantState::Active(active) => active.refresh.map(|refresh| refresh.generation),
        GrantState::Pending(_) | GrantState::Revoked { .. } => None,
    };
    require(generation == Some(from))?;
    let refresh = Some(RefreshState {
        generation: from.checked_add(1).ok_or(Conflict)?,
        rotated_at,
    });
    let rotated = Grant {
        state: GrantState::Active(ActiveGrant { refresh }),
        expires_at,
        ..found.clone()
    };
    Ok(tables.grants.put(id, rotated))
}

fn revoke_grant(tables: &mut Tables, id: GrantId, at: Timestamp, reason: RevocationReason) -> bool {
    match tables.grants.rows().get(&id) {
        Some(found) if !is_revoked(found) => {
            let revoked = Grant {
                state: GrantState::Revoked { at, reason },
                ..found.clone()
            };
            tables.grants.put(id, revoked)
        }
        Some(_) | None => false,
    }
}

fn is_revoked(grant: &Grant) -> bool {
    match grant.state {
        GrantState::Revoked { .. } => true,
        GrantState::Pending(_) | GrantState::Active(_) => false,
    }
}

fn revoke_grants(
    tables: &mut Tables,
    picked: impl Fn(&Grant) -> bool,
    at: Timestamp,
    reason: RevocationReason,
) -> bool {
    let rows = tables.grants.rows().values();
    let grants: Vec<GrantId> = rows.filter(|grant| picked(grant)).map(|grant| grant.id).collect();
    let mut any = false;
    for id in grants {
        if revoke_grant(tables, id, at, reason) {
            tables.events.write([Event::GrantRevoked(id)]);
            any = true;
        }
    }
    any
}

fn deny_token(tables: &mut Tables, token: TokenId, expires_at: Timestamp) -> bool {
    let stored = tables.denied.rows().get(&token).copied().unwrap_or_default();
    tables.denied.put(token, stored.max(expires_at))
}

fn use_once(tables: &mut Tables, key: SingleUseKey, expires_at: Timestamp) -> Changed {
    require(!tables.used.rows().contains_key(&key))?;
    Ok(tables.used.put(key, expires_at))
}

fn create_pushed(tables: &mut Tables, request: PushedRequest) -> Changed {
    require(!tables.pushed.rows().contains_key(&request.id))?;
    Ok(tables.pushed.put(request.id, request))
}

fn count_attempt(tables: &mut Tables, key: AttemptKey, at: Timestamp, since: Timestamp) -> bool {
    let found = tables.attempts.rows().get(&key);
    let remembered = found.filter(|found| found.last_at >= since);
    let counted = LoginAttempts {
        count: remembered.map_or(0, |found| found.count).saturating_add(1),
        last_at: at,
    };
    tables.attempts.put(key, counted)
}
