//! The storage contract: typed reads, and one [`Store::commit`] of guarded changes.
//!
//! Reads answer `None` for what is not there and an error for what is broken. All writes go through `commit`: a list
//! of [`Change`]s is applied as one, all or none, and only when every guard holds. A guard that fails is
//! [`CommitError::Conflict`]: the caller reads again and decides again, so single use is never check-then-act.
//!
//! [`MemoryStore`] is the reference and the only test double. Every engine passes the same contract suite.

#[cfg(feature = "contract")]
#[allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test suite: a broken promise ends the test"
)]
pub mod contract;
mod memory;
mod semantics;

use async_trait::async_trait;
use grantor_protocol::Change;
use grantor_protocol::record::{
    AttemptKey, Client, Consent, DeviceAuthorization, Grant, InitialAccessToken, Job, LoginAttempts,
    PersonalAccessToken, PushedRequest, ResourceServer, ScopeDefinition, Session, SingleUseKey, StoredKey,
    TrustedIssuer, User, UserCodeKey,
};
use grantor_types::{
    ClientId, DeviceAuthorizationId, GrantId, Origin, PushedRequestId, SecretHash, SessionId, Timestamp,
    TokenId, UserId,
};
use thiserror::Error;

pub use memory::MemoryStore;
pub use semantics::{
    EVENTS_KEPT, EVENTS_KEPT_FOR, EVENTS_PER_READ, LOGIN_ATTEMPTS_KEPT_FOR, MAX_CONSENTS_LISTED,
    MAX_SESSIONS_OF_A_USER, consent_union, ends_with_session, event_of, username_key,
};

/// The database failed: it cannot be reached, or a row in it is not what the schema promises.
#[derive(Debug, Error)]
#[error("{context}")]
pub struct StoreError {
    /// What was being done.
    pub context: String,
    /// What the engine said.
    #[source]
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// Why a commit was not applied. In both cases nothing was changed.
#[derive(Debug, Error)]
pub enum CommitError {
    /// A guard did not hold: somebody else was first. Read again and decide again.
    #[error("another request changed the same rows first")]
    Conflict,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The position in the stream of [`Event`]s; later is larger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct EventPosition(pub u64);

/// Something was changed that other processes on the same database keep in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A client was put or deleted.
    Client(ClientId),
    /// A user was put.
    User(UserId),
    /// A scope, resource server or trusted issuer was put or deleted.
    Catalogue,
    /// A key was put.
    Keys,
    /// A device that was pending was allowed or denied.
    Device(DeviceAuthorizationId),
    /// A session was deleted.
    Session(SessionId),
    /// A grant was revoked; its access tokens may live until this time.
    GrantRevoked(GrantId),
    /// An access token was denied until it ends.
    TokenDenied(TokenId, Timestamp),
    /// Events were swept before this reader came for them: what it keeps in memory must be loaded again.
    Missed,
}

/// What is revoked and may still be presented: kept in memory by every server, so that checking an access token
/// needs no query.
#[derive(Clone, Debug, Default)]
pub struct Revocations {
    /// Grants that were revoked and not swept yet, with the end of their last token.
    pub grants: Vec<(GrantId, Timestamp)>,
    /// Tokens on the denylist, with their ends.
    pub tokens: Vec<(TokenId, Timestamp)>,
}

/// One page of a list, in the order of the key.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Whether more follow.
    pub more: bool,
}

/// Which grants to list.
#[derive(Clone, Debug, Default)]
pub struct GrantFilter {
    /// Of this user.
    pub user: Option<UserId>,
    /// Of this client.
    pub client: Option<ClientId>,
    /// After this id.
    pub after: Option<GrantId>,
}

/// A storage engine.
///
/// Every method may fail with [`StoreError`]; after an error nothing has changed.
#[async_trait]
pub trait Store: Send + Sync + std::fmt::Debug {
    /// A client by id.
    async fn client(&self, id: &ClientId) -> Result<Option<Client>, StoreError>;
    /// Clients in the order of their ids, after `after`, at most `limit`.
    async fn clients(&self, after: Option<&ClientId>, limit: usize) -> Result<Page<Client>, StoreError>;
    /// Whether any enabled client registered this web origin.
    async fn origin_is_registered(&self, origin: &Origin) -> Result<bool, StoreError>;
    /// A user by id.
    async fn user(&self, id: UserId) -> Result<Option<User>, StoreError>;
    /// A user by login name, without regard to case.
    async fn user_by_username(&self, username: &str) -> Result<Option<User>, StoreError>;
    /// Users in the order of their ids, after `after`, at most `limit`.
    async fn users(&self, after: Option<UserId>, limit: usize) -> Result<Page<User>, StoreError>;
    /// Every scope, by name.
    async fn scopes(&self) -> Result<Vec<ScopeDefinition>, StoreError>;
    /// Every resource server, by id.
    async fn resources(&self) -> Result<Vec<ResourceServer>, StoreError>;
    /// Every trusted issuer, by identifier.
    async fn trusted_issuers(&self) -> Result<Vec<TrustedIssuer>, StoreError>;
    /// A session by id.
    async fn session(&self, id: SessionId) -> Result<Option<Session>, StoreError>;
    /// The sessions of a user, newest first, at most 100.
    async fn sessions_of(&self, user: UserId) -> Result<Vec<Session>, StoreError>;
    /// The clients that were logged in to by way of a session, by id.
    async fn clients_of_session(&self, session: SessionId) -> Result<Vec<ClientId>, StoreError>;
    /// What a user allowed a client.
    async fn consent(&self, user: UserId, client: &ClientId) -> Result<Option<Consent>, StoreError>;
    /// Everything a user allowed, by client, at most 1,000.
    async fn consents_of(&self, user: UserId) -> Result<Vec<Consent>, StoreError>;
    /// A grant by id.
    async fn grant(&self, id: GrantId) -> Result<Option<Grant>, StoreError>;
    /// Grants in the order of their ids, at most `limit`.
    async fn grants(&self, filter: &GrantFilter, limit: usize) -> Result<Page<Grant>, StoreError>;
    /// Password attempts under each key, zero when there are none; in the order of `keys`.
    async fn login_attempts(&self, keys: &[AttemptKey]) -> Result<Vec<LoginAttempts>, StoreError>;
    /// Whether this was marked as used, and the mark has not been swept.
    async fn is_used(&self, key: &SingleUseKey) -> Result<bool, StoreError>;
    /// A device authorization by id.
    async fn device_authorization(
        &self,
        id: DeviceAuthorizationId,
    ) -> Result<Option<DeviceAuthorization>, StoreError>;
    /// A device authorization by its user code.
    async fn device_authorization_by_user_code(
        &self,
        user_code: &UserCodeKey,
    ) -> Result<Option<DeviceAuthorization>, StoreError>;
    /// A pushed authorization request by id.
    async fn pushed_request(&self, id: PushedRequestId) -> Result<Option<PushedRequest>, StoreError>;
    /// A personal access token by its hash.
    async fn personal_access_token(
        &self,
        hash: &SecretHash,
    ) -> Result<Option<PersonalAccessToken>, StoreError>;
    /// The personal access tokens of a user, newest first, at most
    /// [`MAX_PERSONAL_ACCESS_TOKENS`](grantor_protocol::record::MAX_PERSONAL_ACCESS_TOKENS).
    async fn personal_access_tokens_of(&self, user: UserId) -> Result<Vec<PersonalAccessToken>, StoreError>;
    /// An initial access token by its hash.
    async fn initial_access_token(&self, hash: &SecretHash)
    -> Result<Option<InitialAccessToken>, StoreError>;
    /// Every initial access token, by id.
    async fn initial_access_tokens(&self) -> Result<Vec<InitialAccessToken>, StoreError>;
    /// The jobs that are due, longest due first, at most `limit`.
    async fn jobs_due(&self, now: Timestamp, limit: usize) -> Result<Vec<Job>, StoreError>;
    /// Every key, oldest first.
    async fn keys(&self) -> Result<Vec<StoredKey>, StoreError>;
    /// Everything that is revoked and may still be presented.
    async fn revocations(&self, now: Timestamp) -> Result<Revocations, StoreError>;
    /// The newest event's position.
    async fn event_position(&self) -> Result<EventPosition, StoreError>;
    /// Events after a position, oldest first, at most [`EVENTS_PER_READ`], with the position to go on from. Cheap when
    /// there are none. [`Event::Missed`] stands for those that were swept already.
    async fn events_since(&self, position: EventPosition) -> Result<(Vec<Event>, EventPosition), StoreError>;

    /// Applies the changes as one: all or none, durable before the answer.
    ///
    /// # Errors
    /// [`CommitError::Conflict`] when a guard does not hold, [`CommitError::Store`] when the database fails; in both
    /// cases nothing has changed.
    async fn commit(&self, changes: Vec<Change>) -> Result<(), CommitError>;

    /// Deletes rows that ended before `now`, at most `limit` of each kind, and says how many went.
    async fn sweep(&self, now: Timestamp, limit: usize) -> Result<u64, StoreError>;
}

impl StoreError {
    /// An error with what was being done and what the engine said.
    pub fn new(context: impl Into<String>, source: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self {
            context: context.into(),
            source: Some(Box::new(source)),
        }
    }

    /// A row that is not what the schema promises.
    pub fn broken_row(context: impl Into<String>) -> Self {
        Self {
            context: context.into(),
            source: None,
        }
    }
}
