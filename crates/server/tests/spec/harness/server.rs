//! A server in process.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use grantor_jose::Type;
use grantor_pages::Theme;
use grantor_protocol::record::{Client, StoredKey, User};
use grantor_protocol::{Change, Expect, Policy};
use grantor_server::keyring::{self, Keyring, MasterKey, RotationTimes};
use grantor_server::{App, KeySettings, Parts, Settings, job, router};
use grantor_store::{MemoryStore, Store};
use grantor_types::{ClientId, Issuer, Seconds, SecretBytes, SigningAlgorithm};
use http::Request;
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

use super::clock::{FrozenClock, SeededEntropy};
use super::rendezvous::Rendezvous;
use super::{Answer, Call, START, fixture, user_id};

/// What a server is started with.
#[derive(Debug)]
pub(crate) struct Setup {
    pub(crate) settings: Settings,
    clients: Vec<Client>,
    users: Vec<User>,
}

impl Setup {
    /// The fixtures at this issuer.
    pub(crate) fn at(issuer: &str) -> Self {
        Self {
            settings: Settings {
                password_threads: 1,
                ..Settings::new(Issuer::parse(issuer).unwrap())
            },
            clients: fixture::clients(),
            users: fixture::users(),
        }
    }

    /// The fixtures at `https://id.example`.
    pub(crate) fn new() -> Self {
        Self::at("https://id.example")
    }

    pub(crate) fn policy(mut self, change: impl FnOnce(&mut Policy)) -> Self {
        change(&mut self.settings.policy);
        self
    }

    /// Changes a client of the fixtures.
    pub(crate) fn client(mut self, id: &str, change: impl FnOnce(&mut Client)) -> Self {
        let client = self.clients.iter_mut().find(|client| client.id.as_str() == id);
        change(client.unwrap());
        self
    }

    /// Changes a user of the fixtures.
    pub(crate) fn user(mut self, username: &str, change: impl FnOnce(&mut User)) -> Self {
        change(
            self.users
                .iter_mut()
                .find(|user| user.username == username)
                .unwrap(),
        );
        self
    }

    pub(crate) async fn start(self) -> Server {
        let (store, clock) = (Arc::new(MemoryStore::new()), Arc::new(FrozenClock::new()));
        let mut changes: Vec<Change> = first_keys().iter().cloned().map(Change::PutKey).collect();
        changes.extend(fixture::scopes().into_iter().map(Change::PutScope));
        changes.extend(fixture::resources().into_iter().map(Change::PutResource));
        changes.extend(self.clients.into_iter().map(|client| Change::PutClient {
            client: Box::new(client),
            expect: Expect::Absent,
        }));
        changes.extend(self.users.into_iter().map(|user| Change::PutUser {
            user: Box::new(user),
            expect: Expect::Absent,
        }));
        store.commit(changes).await.unwrap();
        Server::on(self.settings, store, clock).await
    }
}

pub(crate) fn master_key() -> MasterKey {
    MasterKey::new(&SecretBytes::new([1; 32])).unwrap()
}

/// RSA keys take a while, so all servers of a run begin with the same ones.
fn first_keys() -> &'static [StoredKey] {
    static KEYS: OnceLock<Vec<StoredKey>> = OnceLock::new();
    let make = || {
        let changes = keyring::missing(&master_key(), &KeySettings::default(), &[], START).unwrap();
        let key = |change| {
            let Change::PutKey(key) = change else {
                panic!("{change:?}")
            };
            key
        };
        changes.into_iter().map(key).collect()
    };
    KEYS.get_or_init(make)
}

/// A server in process.
#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) app: Arc<App>,
    pub(crate) store: Arc<MemoryStore>,
    readers: Arc<Rendezvous>,
    router: Router,
    clock: Arc<FrozenClock>,
}

impl Server {
    pub(crate) async fn start() -> Self {
        Setup::new().start().await
    }

    async fn on(settings: Settings, store: Arc<MemoryStore>, clock: Arc<FrozenClock>) -> Self {
        let readers = Arc::new(Rendezvous::new(Arc::clone(&store)));
        let app = App::start(Parts {
            settings,
            store: Arc::<Rendezvous>::clone(&readers),
            master_key: master_key(),
            theme: Theme::default(),
            clock: Arc::<FrozenClock>::clone(&clock),
            entropy: Arc::new(SeededEntropy::default()),
        });
        let app = app.await.unwrap();
        Self {
            router: router(Arc::clone(&app)),
            app,
            store,
            readers,
            clock,
        }
    }

    /// Another server on the same database, as after a restart.
    pub(crate) async fn restart(&self) -> Self {
        self.restart_with(|_| ()).await
    }

    /// As [`restart`](Self::restart), with other settings.
    pub(crate) async fn restart_with(&self, change: impl FnOnce(&mut Settings)) -> Self {
        let (store, clock) = (Arc::clone(&self.store), Arc::clone(&self.clock));
        let mut settings = self.app.settings().clone();
        change(&mut settings);
        Self::on(settings, store, clock).await
    }

    /// Sends requests that race: each has read before any of them commits.
    pub(crate) async fn at_once(&self, calls: impl IntoIterator<Item = Call>) -> Vec<Answer> {
        let calls: Vec<Call> = calls.into_iter().collect();
        self.readers.expect(calls.len());
        self.race(calls).await
    }

    /// Sends requests that race: each has seen that what it brings is not used yet before any of them commits.
    pub(crate) async fn at_once_unused(&self, calls: impl IntoIterator<Item = Call>) -> Vec<Answer> {
        let calls: Vec<Call> = calls.into_iter().collect();
        self.readers.expect_at_marks(calls.len());
        self.race(calls).await
    }

    async fn race(&self, calls: Vec<Call>) -> Vec<Answer> {
        let send = |call| {
            let server = self.clone();
            tokio::spawn(async move { server.call(call).await })
        };
        let sent: Vec<_> = calls.into_iter().map(send).collect();
        let mut answers = Vec::new();
        for answer in sent {
            answers.push(answer.await.unwrap());
        }
        answers
    }

    /// Sends a request whose client hangs up as soon as it has read what it decides on.
    pub(crate) async fn hang_up(&self, call: Call) {
        self.readers.expect(2);
        let server = self.clone();
        let sent = tokio::spawn(async move { server.call(call).await });
        while self.readers.expected() > 1 {
            assert!(!sent.is_finished(), "it reads nothing that others wait for");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        sent.abort();
        assert!(sent.await.unwrap_err().is_cancelled());
        self.readers.meet().await;
    }

    /// How many commits this server has made.
    pub(crate) fn commits(&self) -> usize {
        self.readers.commits()
    }

    pub(crate) fn advance(&self, by: Seconds) {
        self.clock.advance(by);
    }

    /// Seconds since the epoch.
    pub(crate) fn now(&self) -> u64 {
        self.app.now().as_seconds()
    }

    pub(crate) async fn call(&self, call: Call) -> Answer {
        self.send(call.into_request()).await
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        Answer {
            status: head.status.as_u16(),
            headers: head.headers,
            body: body.collect().await.unwrap().to_bytes(),
        }
    }

    /// Everything that is stored, so that a test can say that nothing has changed.
    pub(crate) fn everything_stored(&self) -> String {
        format!("{:?}", self.store)
    }

    /// A token of these claims, signed with the server's own key.
    pub(crate) async fn sign(&self, typ: Type, claims: &Value) -> String {
        let stored = self.store.keys().await.unwrap();
        let keys = Keyring::open(&master_key(), stored, self.app.now()).unwrap();
        let key = keys.signing(SigningAlgorithm::Rs256).unwrap();
        key.sign(typ, claims).unwrap()
    }

    /// What the server does by itself once a minute.
    pub(crate) async fn rotate_keys(&self) {
        job::rotate_keys(&self.app).await.unwrap();
    }

    /// Replaces every key at once, as an administrator would.
    pub(crate) async fn replace_keys_now(&self) {
        let stored = self.store.keys().await.unwrap();
        let purposes = keyring::purposes(&self.app.settings().keys);
        let now = self.app.now();
        let times = RotationTimes { now, use_from: now };
        let policy = &self.app.settings().policy;
        let changes = keyring::rotate(&master_key(), policy, &stored, &purposes, times).unwrap();
        self.app.store().commit(changes, now).await.unwrap();
        self.app.reload_keys().await.unwrap();
    }

    /// Changes a client while the server runs, as an administrator would.
    pub(crate) async fn edit_client(&self, id: &str, change: impl FnOnce(&mut Client)) {
        let id = ClientId::parse(id).unwrap();
        let mut client = self.store.client(&id).await.unwrap().unwrap();
        let expect = Expect::Revision(client.revision);
        client.revision = client.revision.next();
        change(&mut client);
        let client = Box::new(client);
        self.commit(Change::PutClient { client, expect }).await;
    }

    /// Changes a user while the server runs, as an administrator would.
    pub(crate) async fn edit_user(&self, username: &str, change: impl FnOnce(&mut User)) {
        let mut user = self.store.user(user_id(username)).await.unwrap().unwrap();
        let expect = Expect::Revision(user.revision);
        user.revision = user.revision.next();
        change(&mut user);
        let user = Box::new(user);
        self.commit(Change::PutUser { user, expect }).await;
    }

    pub(crate) async fn commit(&self, change: Change) {
        self.app
            .store()
            .commit(vec![change], self.app.now())
            .await
            .unwrap();
    }
}
