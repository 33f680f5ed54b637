//! The memory engine with a place to meet: requests that race are all made to read before any of them commits, so that
//! a race is one on every machine. It also counts the commits.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use grantor_protocol::Change;
use grantor_protocol::record::{
    AttemptKey, Client, Consent, DeviceAuthorization, Grant, InitialAccessToken, Job, LoginAttempts,
    PersonalAccessToken, PushedRequest, ResourceServer, ScopeDefinition, Session, SingleUseKey, StoredKey,
    TrustedIssuer, User, UserCodeKey,
};
use grantor_store::{
    CommitError, Event, EventPosition, GrantFilter, MemoryStore, Page, Revocations, Store, StoreError,
};
use grantor_types::{
    ClientId, DeviceAuthorizationId, GrantId, Origin, PushedRequestId, SecretHash, SessionId, Timestamp,
    UserId,
};
use tokio::sync::Barrier;

/// Passes everything on to the memory engine; the methods in the second list meet after they have read.
#[derive(Debug)]
pub(crate) struct Rendezvous {
    store: Arc<MemoryStore>,
    meeting: Mutex<Option<Meeting>>,
    commits: AtomicUsize,
}

#[derive(Debug)]
struct Meeting {
    barrier: Arc<Barrier>,
    expected: usize,
    /// Whether they meet when they look for a mark, or at any other read of the second list.
    at_marks: bool,
}

impl Rendezvous {
    pub(crate) fn new(store: Arc<MemoryStore>) -> Self {
        Self {
            store,
            meeting: Mutex::new(None),
            commits: AtomicUsize::new(0),
        }
    }

    /// How many commits there were.
    pub(crate) fn commits(&self) -> usize {
        self.commits.load(Ordering::SeqCst)
    }

    /// From now on so many readers wait for each other, once.
    pub(crate) fn expect(&self, readers: usize) {
        self.set(readers, false);
    }

    /// From now on so many that look for a mark of something used wait for each other, once.
    pub(crate) fn expect_at_marks(&self, readers: usize) {
        self.set(readers, true);
    }

    fn set(&self, readers: usize, at_marks: bool) {
        *self.meeting.lock().unwrap() = Some(Meeting {
            barrier: Arc::new(Barrier::new(readers)),
            expected: readers,
            at_marks,
        });
    }

    /// How many readers are still expected.
    pub(crate) fn expected(&self) -> usize {
        let meeting = self.meeting.lock().unwrap();
        meeting.as_ref().map_or(0, |meeting| meeting.expected)
    }

    pub(crate) async fn meet(&self) {
        self.meet_at(false).await;
    }

    async fn meet_at(&self, mark: bool) {
        let barrier = {
            let mut meeting = self.meeting.lock().unwrap();
            meeting
                .as_mut()
                .filter(|meeting| meeting.expected > 0 && meeting.at_marks == mark)
                .map(|meeting| {
                    meeting.expected -= 1;
                    Arc::clone(&meeting.barrier)
                })
        };
        if let Some(barrier) = barrier {
            barrier.wait().await;
        }
    }
}

macro_rules! passes_on {
    (
        $(fn $name:ident($($argument:ident: $type:ty),*) -> $answer:ty;)+
        meets { $(fn $read:ident($($read_argument:ident: $read_type:ty),*) -> $read_answer:ty;)+ }
    ) => {
        #[async_trait]
        impl Store for Rendezvous {
            $(async fn $name(&self, $($argument: $type),*) -> $answer {
                self.store.$name($($argument),*).await
            })+
            $(async fn $read(&self, $($read_argument: $read_type),*) -> $read_answer {
                let read = self.store.$read($($read_argument),*).await;
                self.meet_at(stringify!($read) == "is_used").await;
                read
            })+
            async fn commit(&self, changes: Vec<Change>) -> Result<(), CommitError> {
                self.commits.fetch_add(1, Ordering::SeqCst);
                self.store.commit(changes).await
            }
        }
    };
}

passes_on! {
    fn client(id: &ClientId) -> Result<Option<Client>, StoreError>;
    fn clients(after: Option<&ClientId>, limit: usize) -> Result<Page<Client>, StoreError>;
    fn origin_is_registered(origin: &Origin) -> Result<bool, StoreError>;
    fn user(id: UserId) -> Result<Option<User>, StoreError>;
    fn user_by_username(username: &str) -> Result<Option<User>, StoreError>;
    fn users(after: Option<UserId>, limit: usize) -> Result<Page<User>, StoreError>;
    fn scopes() -> Result<Vec<ScopeDefinition>, StoreError>;
    fn resources() -> Result<Vec<ResourceServer>, StoreError>;
    fn trusted_issuers() -> Result<Vec<TrustedIssuer>, StoreError>;
    fn session(id: SessionId) -> Result<Option<Session>, StoreError>;
    fn sessions_of(user: UserId) -> Result<Vec<Session>, StoreError>;
    fn initial_access_tokens() -> Result<Vec<InitialAccessToken>, StoreError>;
    fn jobs_due(now: Timestamp, limit: usize) -> Result<Vec<Job>, StoreError>;
    fn consents_of(user: UserId) -> Result<Vec<Consent>, StoreError>;
    fn grants(filter: &GrantFilter, limit: usize) -> Result<Page<Grant>, StoreError>;
    fn device_authorization_by_user_code(code: &UserCodeKey) -> Result<Option<DeviceAuthorization>, StoreError>;
    fn personal_access_token(hash: &SecretHash) -> Result<Option<PersonalAccessToken>, StoreError>;
    fn personal_access_tokens_of(user: UserId) -> Result<Vec<PersonalAccessToken>, StoreError>;
    fn keys() -> Result<Vec<StoredKey>, StoreError>;
    fn revocations(now: Timestamp) -> Result<Revocations, StoreError>;
    fn event_position() -> Result<EventPosition, StoreError>;
    fn events_since(position: EventPosition) -> Result<(Vec<Event>, EventPosition), StoreError>;
    fn sweep(now: Timestamp, limit: usize) -> Result<u64, StoreError>;
    meets {
        fn consent(user: UserId, client: &ClientId) -> Result<Option<Consent>, StoreError>;
        fn initial_access_token(hash: &SecretHash) -> Result<Option<InitialAccessToken>, StoreError>;
        fn is_used(key: &SingleUseKey) -> Result<bool, StoreError>;
        fn grant(id: GrantId) -> Result<Option<Grant>, StoreError>;
        fn device_authorization(id: DeviceAuthorizationId) -> Result<Option<DeviceAuthorization>, StoreError>;
        fn clients_of_session(session: SessionId) -> Result<Vec<ClientId>, StoreError>;
        fn pushed_request(id: PushedRequestId) -> Result<Option<PushedRequest>, StoreError>;
        fn login_attempts(keys: &[AttemptKey]) -> Result<Vec<LoginAttempts>, StoreError>;
    }
}
