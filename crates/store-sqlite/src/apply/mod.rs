//! Every change, one file for each record.
//!
//! A change that is alone in its list runs without a savepoint. That holds because each function here asks its guard
//! with its first statement: where the guard fails, nothing has been written.

mod catalogue;
pub(crate) mod client;
mod consent;
mod device;
mod event;
mod grant;
mod initial_access_token;
mod job;
mod key;
mod login_attempts;
mod personal;
mod pushed;
mod session;
mod single_use;
mod token;
mod user;

use grantor_protocol::Change;
use grantor_store::{CommitError, event_of};
use rusqlite::Connection;

/// Whether a change found something to change.
type Changed = Result<bool, CommitError>;

/// Applies a change inside the transaction that is open, and writes the events that it causes.
#[allow(clippy::too_many_lines, reason = "an arm for each change")]
pub(crate) fn apply(connection: &Connection, change: &Change) -> Result<(), CommitError> {
    let changed = match change {
        Change::PutClient { client, expect } => client::put(connection, client, *expect),
        Change::DeleteClient(id) => client::delete(connection, id),
        Change::PutUser { user, expect } => user::put(connection, user, *expect),
        Change::PutScope(scope) => catalogue::put_scope(connection, scope),
        Change::DeleteScope(name) => catalogue::delete_scope(connection, name),
        Change::PutResource(resource) => catalogue::put_resource(connection, resource),
        Change::DeleteResource(id) => catalogue::delete_resource(connection, id),
        Change::PutTrustedIssuer(issuer) => catalogue::put_trusted_issuer(connection, issuer),
        Change::DeleteTrustedIssuer(issuer) => catalogue::delete_trusted_issuer(connection, issuer),
        Change::CreateSession(session) => session::create(connection, session),
        Change::RenewSession(session) => session::renew(connection, session),
        Change::RequireSession(id) => session::require_live(connection, *id),
        Change::JoinSession {
            session,
            client,
            expires_at,
        } => session::join(connection, *session, client, *expires_at),
        Change::EndSession(id) => session::end(connection, *id),
        Change::EndSessionsOf(user) => session::end_of_user(connection, *user),
        Change::AddConsent(consent) => consent::add(connection, consent),
        Change::DeleteConsent { user, client } => consent::delete(connection, *user, client),
        Change::CreateGrant(grant) => grant::create(connection, grant),
        Change::RedeemCode {
            grant,
            refresh,
            dpop_key,
            expires_at,
        } => grant::redeem(connection, *grant, (*refresh, *dpop_key), *expires_at),
        Change::RotateRefreshToken {
            grant,
            from,
            at,
            expires_at,
        } => grant::rotate(connection, *grant, *from, (*at, *expires_at)),
        Change::RevokeGrant { grant, at, reason } => grant::revoke(connection, *grant, (*at, *reason)),
        Change::RevokeGrantsOf {
            user,
            client,
            at,
            reason,
        } => grant::revoke_of_user(connection, *user, client.as_ref(), (*at, *reason)),
        Change::RevokeGrantsOfSession { user, session, at } => {
            grant::revoke_of_session(connection, *user, *session, *at)
        }
        Change::DenyToken { token, expires_at } => token::deny(connection, *token, *expires_at),
        Change::CountLoginAttempt { key, at, since } => login_attempts::count(connection, key, *at, *since),
        Change::ForgetLoginAttempts(key) => login_attempts::forget(connection, key),
        Change::UseOnce { key, expires_at } => single_use::use_once(connection, key, *expires_at),
        Change::CreateDeviceAuthorization(device) => device::create(connection, device),
        Change::ApproveDevice { device, approval } => device::approve(connection, *device, approval),
        Change::DenyDevice(device) => device::deny(connection, *device),
        Change::RedeemDevice { device, grant } => device::redeem(connection, *device, *grant),
        Change::CreatePushedRequest(request) => pushed::create(connection, request),
        Change::CreatePersonalAccessToken(token) => personal::create(connection, token),
        Change::DeletePersonalAccessToken { user, token } => personal::delete(connection, *user, *token),
        Change::DeletePersonalAccessTokensOf(user) => personal::delete_of_user(connection, *user),
        Change::TouchPersonalAccessToken { token, at } => personal::touch(connection, *token, *at),
        Change::LimitRegistrations(limit) => client::limit_registrations(connection, *limit),
        Change::CreateInitialAccessToken(token) => initial_access_token::create(connection, token),
        Change::UseInitialAccessToken(id) => initial_access_token::use_once(connection, *id),
        Change::DeleteInitialAccessToken(id) => initial_access_token::delete(connection, *id),
        Change::CreateJob(job) => job::create(connection, job),
        Change::MoveJob {
            job,
            from,
            to,
            attempts,
        } => job::put_off(connection, *job, *from, (*to, *attempts)),
        Change::DeleteJob(id) => job::delete(connection, *id),
        Change::PutKey(key) => key::put(connection, key),
    }?;
    match event_of(change) {
        Some(event) if changed => Ok(event::append(connection, &event)?),
        Some(_) | None => Ok(()),
    }
}

/// The guard that a statement touched a row.
fn require(rows: usize) -> Changed {
    if rows == 0 {
        Err(CommitError::Conflict)
    } else {
        Ok(true)
    }
}
