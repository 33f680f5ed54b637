//! The world that these tests stand in.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use grantor_types::{Seconds, Secret, SecretBytes, Timestamp};
use grantor_vault::{
    AccessToken, Chance, Clock, Credential, CredentialManager, CredentialManagerBuilder, Event, MasterKey,
    Observe, Refresh, RefreshError, RefreshPolicy, Refreshed, VaultError,
};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinHandle;

use crate::watched::Watched;

/// Stands still until it is told otherwise.
#[derive(Clone)]
pub(crate) struct StillClock(watch::Sender<u64>);

impl StillClock {
    pub(crate) fn advance(&self, seconds: u64) {
        self.0.send_modify(|now| *now += seconds * 1000);
    }

    pub(crate) fn advance_milliseconds(&self, milliseconds: u64) {
        self.0.send_modify(|now| *now += milliseconds);
    }

    pub(crate) fn set_back(&self, seconds: u64) {
        self.0.send_modify(|now| *now -= seconds * 1000);
    }
}

#[async_trait]
impl Clock for StillClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_milliseconds(*self.0.borrow())
    }

    async fn pause(&self, duration: Duration) {
        let mut time = self.0.subscribe();
        let until = *time.borrow() + duration.as_millis() as u64;
        time.wait_for(|now| *now >= until).await.unwrap();
    }
}

pub(crate) struct NoChance;

impl Chance for NoChance {
    fn number(&self) -> u64 {
        0
    }
}

/// Gives out `at-2`, `at-3`, …; answers as it was told, and counts.
#[derive(Clone)]
pub(crate) struct Provider(Arc<ProviderState>);

struct ProviderState {
    calls: AtomicUsize,
    /// What to answer in place of a token, last first.
    errors: Mutex<Vec<RefreshError>>,
    /// A permit for each answer.
    gate: Semaphore,
    panics: AtomicUsize,
}

impl Provider {
    pub(crate) fn calls(&self) -> usize {
        self.0.calls.load(Ordering::SeqCst)
    }

    pub(crate) fn fail(&self, error: RefreshError) {
        self.0.errors.lock().unwrap().push(error);
    }

    pub(crate) fn panic_next(&self) {
        self.0.panics.store(1, Ordering::SeqCst);
    }

    /// Holds answers back from now on.
    pub(crate) fn close(&self) {
        self.0.gate.forget_permits(Semaphore::MAX_PERMITS);
    }

    pub(crate) fn open(&self) {
        self.0.gate.add_permits(1000);
    }
}

#[async_trait]
impl Refresh for Provider {
    async fn refresh(&self, credential: &Credential) -> Result<Refreshed, RefreshError> {
        let number = self.0.calls.fetch_add(1, Ordering::SeqCst) + 2;
        assert_eq!(
            self.0.panics.swap(0, Ordering::SeqCst),
            0,
            "the provider's library panics"
        );
        self.0.gate.acquire().await.unwrap().forget();
        if let Some(error) = self.0.errors.lock().unwrap().pop() {
            return Err(error);
        }
        let sent = credential.refresh_token().unwrap().expose();
        assert_eq!(
            sent,
            format!("refresh-token-{}", number - 1),
            "a token used twice"
        );
        Ok(Refreshed {
            expires_in: Some(Seconds(3600)),
            refresh_token: Some(Secret::new(format!("refresh-token-{number}"))),
            ..Refreshed::new(Secret::new(format!("access-token-{number}")))
        })
    }
}

/// Writes down everything that it hears, names and `Debug`.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<(&'static str, String)>>>);

impl Log {
    pub(crate) fn names(&self) -> Vec<&'static str> {
        self.0.lock().unwrap().iter().map(|(name, _)| *name).collect()
    }

    pub(crate) fn text(&self) -> String {
        format!("{:?}", self.0.lock().unwrap())
    }
}

impl Observe for Log {
    fn observe(&self, event: &Event<'_>) {
        self.0
            .lock()
            .unwrap()
            .push((event.what.name(), format!("{event:?}")));
    }
}

pub(crate) struct World {
    pub(crate) clock: StillClock,
    pub(crate) provider: Provider,
    pub(crate) storage: Watched,
    pub(crate) log: Log,
    pub(crate) manager: CredentialManager,
}

pub(crate) fn master(byte: u8) -> MasterKey {
    let mut bytes = [byte; 32];
    bytes[0] = !byte;
    MasterKey::from_bytes(SecretBytes::new(bytes)).unwrap()
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(RefreshPolicy::default()).await
    }

    pub(crate) async fn with(policy: RefreshPolicy) -> Self {
        let clock = StillClock(watch::Sender::new(1_000_000_000));
        let provider = Provider(Arc::new(ProviderState {
            calls: AtomicUsize::new(0),
            errors: Mutex::default(),
            gate: Semaphore::new(1000),
            panics: AtomicUsize::new(0),
        }));
        let (storage, log) = (Watched::default(), Log::default());
        let manager = CredentialManager::builder(storage.clone(), master(1))
            .refresher(provider.clone())
            .clock(clock.clone())
            .chance(NoChance)
            .policy(policy)
            .observer(log.clone())
            .open()
            .await
            .unwrap();
        Self {
            clock,
            provider,
            storage,
            log,
            manager,
        }
    }

    /// Another process on the same storage.
    pub(crate) fn beside(&self) -> CredentialManagerBuilder {
        CredentialManager::builder(self.storage.clone(), master(1))
            .refresher(self.provider.clone())
            .clock(self.clock.clone())
            .chance(NoChance)
    }

    /// A process on the same storage that cannot renew anything.
    pub(crate) async fn without_refresher(&self) -> CredentialManager {
        let builder = CredentialManager::builder(self.storage.clone(), master(1));
        builder.clock(self.clock.clone()).open().await.unwrap()
    }

    /// Stores `access-token-1`, which lives for an hour.
    pub(crate) async fn store(&self, id: &str) {
        self.manager.store(id, credential()).await.unwrap();
    }

    /// Stores a credential, lets it end, and asks for its token. The provider has heard of it and holds its answer back.
    pub(crate) async fn renewal_under_way(
        &self,
        id: &'static str,
    ) -> JoinHandle<Result<AccessToken, VaultError>> {
        self.store(id).await;
        self.clock.advance(3600);
        self.provider.close();
        let manager = self.manager.clone();
        let waiting = tokio::spawn(async move { manager.valid_access_token(id).await });
        while self.provider.calls() == 0 {
            tokio::task::yield_now().await;
        }
        waiting
    }

    pub(crate) async fn token(&self, id: &str) -> Result<String, VaultError> {
        let token = self.manager.valid_access_token(id).await?;
        Ok(token.expose().to_owned())
    }
}

pub(crate) fn credential() -> Credential {
    Credential::builder(Secret::new("access-token-1"))
        .refresh_token(Secret::new("refresh-token-1"))
        .client_id("client")
        .client_secret(Secret::new("client-secret-1"))
        .secret("id_token", Secret::new("id-token-1"))
        .expires_in(Duration::from_secs(3600))
        .scopes(["read"])
        .build()
        .unwrap()
}
