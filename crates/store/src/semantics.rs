//! What every engine must agree on, said once.

use grantor_protocol::Change;
use grantor_protocol::record::Consent;
use grantor_types::{Scope, Seconds};

use crate::Event;

/// A new session ends the oldest ones of its user beyond this many.
pub const MAX_SESSIONS_OF_A_USER: usize = 100;

/// At most this many consents of a user are listed.
pub const MAX_CONSENTS_LISTED: usize = 1_000;

/// At most this many events are read at once.
pub const EVENTS_PER_READ: usize = 1_000;

/// The sweep keeps at least this many of the newest events.
pub const EVENTS_KEPT: u64 = 10_000;

/// The sweep keeps every event for at least this long after the first sweep that saw it.
pub const EVENTS_KEPT_FOR: Seconds = Seconds::hours(1);

/// Password attempts are forgotten this long after the last one.
pub const LOGIN_ATTEMPTS_KEPT_FOR: Seconds = Seconds::days(1);

/// The event that a change causes, when it finds something to change. A change that finds nothing causes none.
pub fn event_of(change: &Change) -> Option<Event> {
    match change {
        Change::PutClient { client, .. } => Some(Event::Client(client.id.clone())),
        Change::DeleteClient(id) => Some(Event::Client(id.clone())),
        Change::PutUser { user, .. } => Some(Event::User(user.id)),
        Change::PutScope(_)
        | Change::DeleteScope(_)
        | Change::PutResource(_)
        | Change::DeleteResource(_)
        | Change::PutTrustedIssuer(_)
        | Change::DeleteTrustedIssuer(_) => Some(Event::Catalogue),
        Change::PutKey(_) => Some(Event::Keys),
        Change::ApproveDevice { device, .. } | Change::DenyDevice(device) => Some(Event::Device(*device)),
        Change::RenewSession(session) => Some(Event::Session(session.id)),
        Change::EndSession(id) => Some(Event::Session(*id)),
        Change::RevokeGrant { grant, .. } => Some(Event::GrantRevoked(*grant)),
        Change::DenyToken { token, expires_at } => Some(Event::TokenDenied(*token, *expires_at)),
        // One event per row that the engine finds.
        Change::RevokeGrantsOf { .. } | Change::RevokeGrantsOfSession { .. } | Change::EndSessionsOf(_) => {
            None
        }
        Change::CreateSession(_)
        | Change::RequireSession(_)
        | Change::JoinSession { .. }
        | Change::LimitRegistrations(_)
        | Change::CreateInitialAccessToken(_)
        | Change::UseInitialAccessToken(_)
        | Change::DeleteInitialAccessToken(_)
        | Change::CreateJob(_)
        | Change::MoveJob { .. }
        | Change::DeleteJob(_)
        | Change::AddConsent(_)
        | Change::DeleteConsent { .. }
        | Change::CreateGrant(_)
        | Change::RedeemCode { .. }
        | Change::RotateRefreshToken { .. }
        | Change::CountLoginAttempt { .. }
        | Change::ForgetLoginAttempts(_)
        | Change::UseOnce { .. }
        | Change::CreateDeviceAuthorization(_)
        | Change::RedeemDevice { .. }
        | Change::CreatePushedRequest(_)
        | Change::CreatePersonalAccessToken(_)
        | Change::DeletePersonalAccessToken { .. }
        | Change::DeletePersonalAccessTokensOf(_)
        | Change::TouchPersonalAccessToken { .. } => None,
    }
}

/// Whether a grant ends with its session: one that was given offline access lives on (OpenID Connect Core 11).
pub fn ends_with_session(scope: &Scope) -> bool {
    !scope.contains("offline_access")
}

/// What is remembered when a user allows more: both scopes, both lists of resource servers, the later time.
pub fn consent_union(mut stored: Consent, added: Consent) -> Consent {
    stored.scope = stored.scope.union(&added.scope);
    for resource in added.resources {
        if !stored.resources.contains(&resource) {
            stored.resources.push(resource);
        }
    }
    stored.granted_at = stored.granted_at.max(added.granted_at);
    stored
}

/// The form of a login name that is unique and looked up.
pub fn username_key(username: &str) -> String {
    username.to_lowercase()
}
