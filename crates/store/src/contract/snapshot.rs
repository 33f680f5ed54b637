//! Everything that reads show of a small database, for comparing.

use grantor_protocol::record::{
    AttemptKey, Client, Consent, Grant, LoginAttempts, ResourceServer, ScopeDefinition, Session, StoredKey,
    User,
};
use grantor_types::{GrantId, Timestamp, TokenId};

use super::sample::{attempt_key, origin};
use crate::{GrantFilter, Store};

/// How many attempt keys a snapshot looks under.
pub(super) const ATTEMPT_KEYS: u8 = 6;

/// How many clients' origins a snapshot asks for.
const ORIGINS: u32 = 6;

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Snapshot {
    pub(super) clients: Vec<Client>,
    /// For each number of a client, whether its origin is registered.
    pub(super) origins: Vec<bool>,
    pub(super) users: Vec<User>,
    pub(super) scopes: Vec<ScopeDefinition>,
    pub(super) resources: Vec<ResourceServer>,
    pub(super) sessions: Vec<Vec<Session>>,
    pub(super) consents: Vec<Vec<Consent>>,
    pub(super) grants: Vec<Grant>,
    pub(super) attempts: Vec<LoginAttempts>,
    pub(super) keys: Vec<StoredKey>,
    pub(super) revoked: Vec<(GrantId, Timestamp)>,
    pub(super) denied: Vec<(TokenId, Timestamp)>,
}

impl Snapshot {
    /// Reads all that the store shows. Sessions and consents are those of users that exist.
    pub(super) async fn of(store: &dyn Store) -> Self {
        const ALL: usize = 100_000;
        let users = store.users(None, ALL).await.expect("users").items;
        let (mut sessions, mut consents) = (Vec::new(), Vec::new());
        for user in &users {
            sessions.push(store.sessions_of(user.id).await.expect("sessions"));
            consents.push(store.consents_of(user.id).await.expect("consents"));
        }
        let mut origins = Vec::new();
        for number in 0..ORIGINS {
            let origin = origin(&format!("https://app-{number}.example"));
            origins.push(store.origin_is_registered(&origin).await.expect("an origin"));
        }
        let everything = GrantFilter::default();
        let attempt_keys: Vec<AttemptKey> = (0..ATTEMPT_KEYS).map(attempt_key).collect();
        let mut revocations = store
            .revocations(Timestamp::default())
            .await
            .expect("revocations");
        revocations.grants.sort();
        revocations.tokens.sort();
        Self {
            clients: store.clients(None, ALL).await.expect("clients").items,
            origins,
            users,
            scopes: store.scopes().await.expect("scopes"),
            resources: store.resources().await.expect("resources"),
            sessions,
            consents,
            grants: store.grants(&everything, ALL).await.expect("grants").items,
            attempts: store.login_attempts(&attempt_keys).await.expect("attempts"),
            keys: store.keys().await.expect("keys"),
            revoked: revocations.grants,
            denied: revocations.tokens,
        }
    }
}
