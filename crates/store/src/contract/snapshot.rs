//! Everything that reads show of a small database, for comparing.

use grantor_protocol::record::{
    AttemptKey, Client, Consent, DeviceAuthorization, Grant, InitialAccessToken, Job, LoginAttempts,
    PersonalAccessToken, PushedRequest, ResourceServer, ScopeDefinition, Session, StoredKey, TrustedIssuer,
    User,
};
use grantor_types::{ClientId, GrantId, Timestamp, TokenId};

use super::sample::flow::{device_id, once, personal_hash, pushed_id, user_code};
use super::sample::{at, attempt_key, origin, session_id};
use crate::{GrantFilter, Store, StoreError};

/// How many attempt keys a snapshot looks under.
pub(super) const ATTEMPT_KEYS: u8 = 6;

/// How many clients' origins a snapshot asks for.
const ORIGINS: u32 = 6;

/// How many numbers of a kind that is not listed a snapshot looks for.
pub(super) const NUMBERS: u32 = 16;

#[derive(Debug, PartialEq)]
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
    pub(super) trusted_issuers: Vec<TrustedIssuer>,
    /// Of each number that the samples count, what is there.
    pub(super) used: Vec<bool>,
    pub(super) devices: Vec<[Option<DeviceAuthorization>; 2]>,
    pub(super) pushed: Vec<Option<PushedRequest>>,
    pub(super) personal: Vec<Option<PersonalAccessToken>>,
    pub(super) session_clients: Vec<Vec<ClientId>>,
    pub(super) initial: Vec<InitialAccessToken>,
    pub(super) jobs: Vec<Job>,
    /// Of each user that exists.
    pub(super) personal_of_users: Vec<Vec<PersonalAccessToken>>,
}

impl Snapshot {
    /// Reads all that the store shows. Sessions and consents are those of users that exist.
    pub(super) async fn of(store: &dyn Store) -> Self {
        const ALL: usize = 100_000;
        let users = store.users(None, ALL).await.expect("users").items;
        let (mut sessions, mut consents, mut personal_of_users) = (Vec::new(), Vec::new(), Vec::new());
        for user in &users {
            sessions.push(store.sessions_of(user.id).await.expect("sessions"));
            consents.push(store.consents_of(user.id).await.expect("consents"));
            let personal = store.personal_access_tokens_of(user.id).await;
            personal_of_users.push(personal.expect("personal access tokens"));
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
            trusted_issuers: store.trusted_issuers().await.expect("trusted issuers"),
            used: each(async |number| store.is_used(&once(number)).await).await,
            devices: each(async |number| {
                Ok([
                    store.device_authorization(device_id(number)).await?,
                    store
                        .device_authorization_by_user_code(&user_code(number))
                        .await?,
                ])
            })
            .await,
            pushed: each(async |number| store.pushed_request(pushed_id(number)).await).await,
            personal: each(async |number| store.personal_access_token(&personal_hash(number)).await).await,
            session_clients: each(async |number| store.clients_of_session(session_id(number)).await).await,
            initial: store
                .initial_access_tokens()
                .await
                .expect("initial access tokens"),
            jobs: store.jobs_due(at(1_000_000_000), ALL).await.expect("jobs"),
            personal_of_users,
        }
    }
}

/// What is read under each number.
async fn each<T>(read: impl AsyncFn(u32) -> Result<T, StoreError>) -> Vec<T> {
    let mut all = Vec::new();
    for number in 0..NUMBERS {
        all.push(read(number).await.expect("a row"));
    }
    all
}
