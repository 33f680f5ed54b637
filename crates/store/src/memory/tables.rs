//! All rows of the memory engine.

use std::collections::VecDeque;

use grantor_protocol::record::{
    AttemptKey, Client, Consent, DeviceAuthorization, Grant, InitialAccessToken, Job, LoginAttempts,
    PersonalAccessToken, PushedRequest, ResourceServer, ScopeDefinition, Session, SingleUseKey, StoredKey,
    TrustedIssuer, User,
};
use grantor_types::{
    ClientId, DeviceAuthorizationId, GrantId, InitialAccessTokenId, JobId, PersonalAccessTokenId,
    PushedRequestId, Resource, ScopeToken, SessionId, Timestamp, TokenId, UserId,
};

use super::table::Table;
use crate::{EVENTS_PER_READ, Event, EventPosition};

/// Every table.
#[derive(Debug, Default)]
pub(super) struct Tables {
    pub(super) clients: Table<ClientId, Client>,
    pub(super) users: Table<UserId, User>,
    pub(super) scopes: Table<ScopeToken, ScopeDefinition>,
    pub(super) resources: Table<Resource, ResourceServer>,
    pub(super) trusted_issuers: Table<String, TrustedIssuer>,
    pub(super) sessions: Table<SessionId, Session>,
    pub(super) consents: Table<(UserId, ClientId), Consent>,
    pub(super) grants: Table<GrantId, Grant>,
    pub(super) denied: Table<TokenId, Timestamp>,
    pub(super) attempts: Table<AttemptKey, LoginAttempts>,
    pub(super) used: Table<SingleUseKey, Timestamp>,
    pub(super) devices: Table<DeviceAuthorizationId, DeviceAuthorization>,
    pub(super) pushed: Table<PushedRequestId, PushedRequest>,
    pub(super) personal: Table<PersonalAccessTokenId, PersonalAccessToken>,
    pub(super) session_clients: Table<(SessionId, ClientId), Timestamp>,
    pub(super) initial_access_tokens: Table<InitialAccessTokenId, InitialAccessToken>,
    pub(super) jobs: Table<JobId, Job>,
    pub(super) keys: Table<String, StoredKey>,
    pub(super) events: Events,
}

impl Tables {
    /// Keeps what was written.
    pub(super) fn keep(&mut self) {
        self.clients.keep();
        self.users.keep();
        self.scopes.keep();
        self.resources.keep();
        self.trusted_issuers.keep();
        self.sessions.keep();
        self.consents.keep();
        self.grants.keep();
        self.denied.keep();
        self.attempts.keep();
        self.used.keep();
        self.devices.keep();
        self.pushed.keep();
        self.personal.keep();
        self.session_clients.keep();
        self.initial_access_tokens.keep();
        self.jobs.keep();
        self.keys.keep();
        self.events.kept.append(&mut self.events.written);
    }

    /// Takes back what was written since the last [`Tables::keep`].
    pub(super) fn take_back(&mut self) {
        self.clients.take_back();
        self.users.take_back();
        self.scopes.take_back();
        self.resources.take_back();
        self.trusted_issuers.take_back();
        self.sessions.take_back();
        self.consents.take_back();
        self.grants.take_back();
        self.denied.take_back();
        self.attempts.take_back();
        self.used.take_back();
        self.devices.take_back();
        self.pushed.take_back();
        self.personal.take_back();
        self.session_clients.take_back();
        self.initial_access_tokens.take_back();
        self.jobs.take_back();
        self.keys.take_back();
        self.events.written.clear();
    }
}

/// The stream of events: what was swept is known by its number alone.
#[derive(Debug, Default)]
pub(super) struct Events {
    swept: u64,
    kept: VecDeque<Event>,
    /// Of the commit that is under way.
    written: VecDeque<Event>,
    /// The position that the stream had at some time: what lies before it is at least that old.
    pub(super) mark: Option<(EventPosition, Timestamp)>,
}

impl Events {
    /// Adds events of the commit that is under way.
    pub(super) fn write(&mut self, events: impl IntoIterator<Item = Event>) {
        self.written.extend(events);
    }

    /// The newest event's position.
    pub(super) fn position(&self) -> EventPosition {
        EventPosition(self.swept + self.kept.len() as u64)
    }

    /// Events after a position and the position to go on from.
    pub(super) fn since(&self, position: EventPosition) -> (Vec<Event>, EventPosition) {
        let missed = position.0 < self.swept;
        let start = position.0.max(self.swept);
        let skipped = usize::try_from(start - self.swept).unwrap_or(usize::MAX);
        let mut events: Vec<Event> = missed.then_some(Event::Missed).into_iter().collect();
        let next = self.kept.iter().skip(skipped).take(EVENTS_PER_READ).cloned();
        let before = events.len();
        events.extend(next);
        let end = start + (events.len() - before) as u64;
        (events, EventPosition(end))
    }

    /// Drops the oldest events, up to a position and at most `limit`, and says how many.
    pub(super) fn drop_until(&mut self, position: EventPosition, limit: usize) -> u64 {
        let ended = usize::try_from(position.0.saturating_sub(self.swept)).unwrap_or(usize::MAX);
        let dropped = self.kept.drain(..ended.min(limit).min(self.kept.len())).count() as u64;
        self.swept += dropped;
        dropped
    }
}
