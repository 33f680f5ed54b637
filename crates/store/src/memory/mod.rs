//! The reference engine: plain maps behind one lock. What it does is what every engine does.

mod apply;
mod sweep;
mod table;
mod tables;

use std::ops::Bound;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use grantor_protocol::Change;
use grantor_protocol::record::{
    AttemptKey, Client, Consent, DeviceAuthorization, Grant, GrantState, InitialAccessToken, Job,
    LoginAttempts, MAX_PERSONAL_ACCESS_TOKENS, PersonalAccessToken, PushedRequest, ResourceServer,
    ScopeDefinition, Session, SingleUseKey, StoredKey, TrustedIssuer, User, UserCodeKey,
};
use grantor_types::{
    ClientId, DeviceAuthorizationId, GrantId, Origin, PushedRequestId, SecretHash, SessionId, Timestamp,
    UserId,
};

use crate::{
    CommitError, Event, EventPosition, GrantFilter, MAX_CONSENTS_LISTED, MAX_SESSIONS_OF_A_USER, Page,
    Revocations, Store, StoreError, username_key,
};
use tables::Tables;

/// Everything in memory, for tests and trials: it forgets when the process ends.
///
/// A lookup by anything but the key walks the whole table, and a list copies its rows: simple before fast.
#[derive(Debug, Default)]
pub struct MemoryStore {
    tables: Mutex<Tables>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    /// The tables. The lock is never held across an await, and a commit that panicked half-way is taken back by the
    /// next one.
    fn tables(&self) -> MutexGuard<'_, Tables> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn client(&self, id: &ClientId) -> Result<Option<Client>, StoreError> {
        Ok(self.tables().clients.rows().get(id).cloned())
    }

    async fn clients(&self, after: Option<&ClientId>, limit: usize) -> Result<Page<Client>, StoreError> {
        let start = after.map_or(Bound::Unbounded, Bound::Excluded);
        let tables = self.tables();
        let rows = tables
            .clients
            .rows()
            .range::<ClientId, _>((start, Bound::Unbounded));
        Ok(page(rows.map(|(_, client)| client), limit))
    }

    async fn origin_is_registered(&self, origin: &Origin) -> Result<bool, StoreError> {
        let registered = |client: &Client| !client.disabled && client.origins.contains(origin);
        Ok(self.tables().clients.rows().values().any(registered))
    }

    async fn user(&self, id: UserId) -> Result<Option<User>, StoreError> {
        Ok(self.tables().users.rows().get(&id).cloned())
    }

    async fn user_by_username(&self, username: &str) -> Result<Option<User>, StoreError> {
        let name = username_key(username);
        let named = |user: &&User| username_key(&user.username) == name;
        Ok(self.tables().users.rows().values().find(named).cloned())
    }

    async fn users(&self, after: Option<UserId>, limit: usize) -> Result<Page<User>, StoreError> {
        let start = after.map_or(Bound::Unbounded, Bound::Excluded);
        let tables = self.tables();
        let rows = tables.users.rows().range((start, Bound::Unbounded));
        Ok(page(rows.map(|(_, user)| user), limit))
    }

    async fn scopes(&self) -> Result<Vec<ScopeDefinition>, StoreError> {
        Ok(self.tables().scopes.rows().values().cloned().collect())
    }

    async fn resources(&self) -> Result<Vec<ResourceServer>, StoreError> {
        Ok(self.tables().resources.rows().values().cloned().collect())
    }

    async fn trusted_issuers(&self) -> Result<Vec<TrustedIssuer>, StoreError> {
        Ok(self.tables().trusted_issuers.rows().values().cloned().collect())
    }

    async fn session(&self, id: SessionId) -> Result<Option<Session>, StoreError> {
        Ok(self.tables().sessions.rows().get(&id).cloned())
    }

    async fn sessions_of(&self, user: UserId) -> Result<Vec<Session>, StoreError> {
        let tables = self.tables();
        let newest_first = tables.sessions.rows().values().rev();
        Ok(newest_first
            .filter(|session| session.user == user)
            .take(MAX_SESSIONS_OF_A_USER)
            .cloned()
            .collect())
    }

    async fn clients_of_session(&self, session: SessionId) -> Result<Vec<ClientId>, StoreError> {
        let tables = self.tables();
        let rows = tables.session_clients.rows().keys();
        let of_session = rows.filter(|(joined, _)| *joined == session);
        Ok(of_session.map(|(_, client)| client.clone()).collect())
    }

    async fn consent(&self, user: UserId, client: &ClientId) -> Result<Option<Consent>, StoreError> {
        Ok(self
            .tables()
            .consents
            .rows()
            .get(&(user, client.clone()))
            .cloned())
    }

    async fn consents_of(&self, user: UserId) -> Result<Vec<Consent>, StoreError> {
        let tables = self.tables();
        let of_user = tables
            .consents
            .rows()
            .values()
            .filter(|consent| consent.user == user);
        Ok(of_user.take(MAX_CONSENTS_LISTED).cloned().collect())
    }

    async fn grant(&self, id: GrantId) -> Result<Option<Grant>, StoreError> {
        Ok(self.tables().grants.rows().get(&id).cloned())
    }

    async fn grants(&self, filter: &GrantFilter, limit: usize) -> Result<Page<Grant>, StoreError> {
        let start = filter.after.map_or(Bound::Unbounded, Bound::Excluded);
        let picked = |grant: &&Grant| {
            filter.user.is_none_or(|user| grant.user == user)
                && filter
                    .client
                    .as_ref()
                    .is_none_or(|client| &grant.client == client)
        };
        let tables = self.tables();
        let rows = tables.grants.rows().range((start, Bound::Unbounded));
        Ok(page(rows.map(|(_, grant)| grant).filter(picked), limit))
    }

    async fn login_attempts(&self, keys: &[AttemptKey]) -> Result<Vec<LoginAttempts>, StoreError> {
        let tables = self.tables();
        let under = |key| tables.attempts.rows().get(key).copied().unwrap_or_default();
        Ok(keys.iter().map(under).collect())
    }

    async fn is_used(&self, key: &SingleUseKey) -> Result<bool, StoreError> {
        Ok(self.tables().used.rows().contains_key(key))
    }

    async fn device_authorization(
        &self,
        id: DeviceAuthorizationId,
    ) -> Result<Option<DeviceAuthorization>, StoreError> {
        Ok(self.tables().devices.rows().get(&id).cloned())
    }

    async fn device_authorization_by_user_code(
        &self,
        user_code: &UserCodeKey,
    ) -> Result<Option<DeviceAuthorization>, StoreError> {
        let coded = |device: &&DeviceAuthorization| &device.user_code == user_code;
        Ok(self.tables().devices.rows().values().find(coded).cloned())
    }

    async fn pushed_request(&self, id: PushedRequestId) -> Result<Option<PushedRequest>, StoreError> {
        Ok(self.tables().pushed.rows().get(&id).cloned())
    }

    async fn personal_access_token(
        &self,
        hash: &SecretHash,
    ) -> Result<Option<PersonalAccessToken>, StoreError> {
        let hashed = |token: &&PersonalAccessToken| &token.hash == hash;
        Ok(self.tables().personal.rows().values().find(hashed).cloned())
    }

    async fn personal_access_tokens_of(&self, user: UserId) -> Result<Vec<PersonalAccessToken>, StoreError> {
        let tables = self.tables();
        let newest_first = tables.personal.rows().values().rev();
        Ok(newest_first
            .filter(|token| token.user == user)
            .take(MAX_PERSONAL_ACCESS_TOKENS)
            .cloned()
            .collect())
    }

    async fn initial_access_token(
        &self,
        hash: &SecretHash,
    ) -> Result<Option<InitialAccessToken>, StoreError> {
        let hashed = |token: &&InitialAccessToken| &token.hash == hash;
        let tables = self.tables();
        Ok(tables.initial_access_tokens.rows().values().find(hashed).cloned())
    }

    async fn initial_access_tokens(&self) -> Result<Vec<InitialAccessToken>, StoreError> {
        Ok(self
            .tables()
            .initial_access_tokens
            .rows()
            .values()
            .cloned()
            .collect())
    }

    async fn jobs_due(&self, now: Timestamp, limit: usize) -> Result<Vec<Job>, StoreError> {
        let mut due: Vec<Job> = self.tables().jobs.rows().values().cloned().collect();
        due.retain(|job| job.due_at.is_past(now));
        due.sort_by_key(|job| (job.due_at, job.id));
        due.truncate(limit);
        Ok(due)
    }

    async fn keys(&self) -> Result<Vec<StoredKey>, StoreError> {
        let mut keys: Vec<StoredKey> = self.tables().keys.rows().values().cloned().collect();
        keys.sort_by_key(|key| key.created_at);
        Ok(keys)
    }

    async fn revocations(&self, now: Timestamp) -> Result<Revocations, StoreError> {
        let tables = self.tables();
        let revoked = |grant: &&Grant| match grant.state {
            GrantState::Revoked { .. } => !grant.expires_at.is_past(now),
            GrantState::Pending(_) | GrantState::Active(_) => false,
        };
        let grants = tables.grants.rows().values().filter(revoked);
        let tokens = tables.denied.rows().iter().filter(|(_, end)| !end.is_past(now));
        Ok(Revocations {
            grants: grants.map(|grant| (grant.id, grant.expires_at)).collect(),
            tokens: tokens.map(|(token, end)| (*token, *end)).collect(),
        })
    }

    async fn event_position(&self) -> Result<EventPosition, StoreError> {
        Ok(self.tables().events.position())
    }

    async fn events_since(&self, position: EventPosition) -> Result<(Vec<Event>, EventPosition), StoreError> {
        Ok(self.tables().events.since(position))
    }

    async fn commit(&self, changes: Vec<Change>) -> Result<(), CommitError> {
        let mut tables = self.tables();
        tables.take_back();
        for change in changes {
            if apply::apply(&mut tables, change).is_err() {
                tables.take_back();
                return Err(CommitError::Conflict);
            }
        }
        tables.keep();
        Ok(())
    }

    async fn sweep(&self, now: Timestamp, limit: usize) -> Result<u64, StoreError> {
        let mut tables = self.tables();
        tables.take_back();
        let swept = sweep::sweep(&mut tables, now, limit);
        tables.keep();
        Ok(swept)
    }
}

/// The first `limit` rows, and whether there are more.
fn page<'a, T: Clone + 'a>(rows: impl Iterator<Item = &'a T>, limit: usize) -> Page<T> {
    let mut rows = rows;
    let items = rows.by_ref().take(limit).cloned().collect();
    Page {
        items,
        more: rows.next().is_some(),
    }
}
