//! What every handler shares.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arc_swap::{ArcSwap, ArcSwapOption};
use bytes::Bytes;
use grantor_pages::Theme;
use grantor_protocol::record::{Client, User};
use grantor_protocol::register::Refusal;
use grantor_protocol::subject::PairwiseKey;
use grantor_protocol::{Catalogue, Cause, Cx, Random};
use grantor_store::{CommitError, Store, StoreError};
use grantor_types::{ClientId, Timestamp, UserId};
use http::HeaderValue;
use thiserror::Error;

use crate::attempts::AttemptsUnderWay;
use crate::cache::CachedStore;
use crate::client_keys::ClientKeys;
use crate::clock::{Clock, Entropy, SystemClock, SystemEntropy};
use crate::endpoint;
use crate::keyring::{self, Keyring, KeyringError, MasterKey};
use crate::metrics::Metrics;
use crate::outgoing::Outgoing;
use crate::password::PasswordHasher;
use crate::polls::Polls;
use crate::registrations::Registrations;
use crate::settings::Settings;
use crate::trusted::TrustedKeys;

/// Why a server did not start.
#[derive(Debug, Error)]
pub enum StartError {
    /// The store cannot be read.
    #[error("the database cannot be used")]
    Store(#[from] StoreError),
    /// The first keys could not be stored.
    #[error("the first keys could not be stored")]
    Commit(#[from] CommitError),
    /// The keys cannot be used.
    #[error(transparent)]
    Keys(#[from] KeyringError),
}

/// What a server is made of.
#[derive(Debug)]
pub struct Parts {
    /// What it is told.
    pub settings: Settings,
    /// Where it keeps things.
    pub store: Arc<dyn Store>,
    /// What opens its keys.
    pub master_key: MasterKey,
    /// How its pages look.
    pub theme: Theme,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Where randomness comes from.
    pub entropy: Arc<dyn Entropy>,
}

impl Parts {
    /// Parts with the system's clock and randomness and the built-in look.
    pub fn new(settings: Settings, store: Arc<dyn Store>, master_key: MasterKey) -> Self {
        let theme = Theme::default();
        Self {
            settings,
            store,
            master_key,
            theme,
            clock: Arc::new(SystemClock),
            entropy: Arc::new(SystemEntropy),
        }
    }
}

/// The shared state.
#[derive(Debug)]
pub struct App {
    pub(crate) settings: Settings,
    pub(crate) store: CachedStore,
    pub(crate) keys: ArcSwap<Keyring>,
    pub(crate) master_key: MasterKey,
    pub(crate) theme: Theme,
    pub(crate) passwords: PasswordHasher,
    pub(crate) metrics: Metrics,
    pub(crate) trusted: TrustedKeys,
    pub(crate) outgoing: Outgoing,
    pub(crate) client_keys: ClientKeys,
    pub(crate) polls: Polls,
    pub(crate) registrations: Registrations,
    /// Never changes while the server runs, nor after.
    pairwise: Arc<PairwiseKey>,
    pub(crate) attempts: AttemptsUnderWay,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    requests: RequestIds,
    /// `Cache-Control` of the public documents.
    pub(crate) public_cache_control: HeaderValue,
    document: ArcSwapOption<MetadataDocument>,
}

/// The metadata document and what it was written from.
#[derive(Debug)]
struct MetadataDocument {
    catalogue: Arc<Catalogue>,
    keys: Arc<Keyring>,
    body: Bytes,
}

/// Names requests: random per process, counted within it.
#[derive(Debug)]
struct RequestIds {
    process: u32,
    count: AtomicU64,
}

impl App {
    /// Opens the store and the keys; makes keys where there are none.
    ///
    /// # Errors
    /// [`StartError`].
    pub async fn start(parts: Parts) -> Result<Arc<Self>, StartError> {
        let now = parts.clock.now();
        let store = CachedStore::open(Arc::clone(&parts.store), parts.settings.limits.cached, now).await?;
        let mut stored = parts.store.keys().await?;
        let first = keyring::missing(&parts.master_key, &parts.settings.keys, &stored, now)?;
        if !first.is_empty() {
            store.commit(first, now).await?;
            stored = parts.store.keys().await?;
        }
        let keys = Keyring::open(&parts.master_key, stored, now)?;
        let mut process = [0; 4];
        parts.entropy.fill(&mut process).map_err(KeyringError::from)?;
        let cache_for = parts.settings.keys.cache_for;
        let asset_path = format!("{}/assets/", parts.settings.issuer.path());
        let pairwise = Arc::clone(keys.pairwise());
        let outgoing = Outgoing::new(parts.settings.outgoing.clone());
        Ok(Arc::new(Self {
            pairwise,
            passwords: PasswordHasher::start(parts.settings.password_threads),
            trusted: TrustedKeys::new(outgoing.clone()),
            client_keys: ClientKeys::new(outgoing.clone(), parts.settings.limits.cached),
            outgoing,
            polls: Polls::new(parts.settings.limits.cached),
            registrations: Registrations::new(parts.settings.limits.cached),
            attempts: AttemptsUnderWay::default(),
            settings: parts.settings,
            store,
            keys: ArcSwap::new(keys),
            master_key: parts.master_key,
            theme: parts.theme.with_asset_path(asset_path),
            metrics: Metrics::new(),
            requests: RequestIds {
                process: u32::from_be_bytes(process),
                count: AtomicU64::new(0),
            },
            public_cache_control: endpoint::metadata::public_cache_control(cache_for.0),
            document: ArcSwapOption::empty(),
            clock: parts.clock,
            entropy: parts.entropy,
        }))
    }

    /// Now.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The metadata document, written anew when scopes or keys have changed.
    pub(crate) fn metadata(&self) -> Result<Bytes, Failure> {
        let (catalogue, keys) = (self.store.catalogue(), self.keys.load_full());
        let current = |document: &MetadataDocument| {
            Arc::ptr_eq(&document.catalogue, &catalogue) && Arc::ptr_eq(&document.keys, &keys)
        };
        if let Some(document) = self.document.load().as_ref().filter(|document| current(document)) {
            return Ok(document.body.clone());
        }
        let body = endpoint::metadata::write(self)?;
        self.document.store(Some(Arc::new(MetadataDocument {
            catalogue,
            keys,
            body: body.clone(),
        })));
        Ok(body)
    }

    /// A new name for a request, for the log and the answer.
    pub(crate) fn request_id(&self) -> String {
        format!(
            "{:08x}-{:x}",
            self.requests.process,
            self.requests.count.fetch_add(1, Ordering::Relaxed)
        )
    }

    /// The metrics.
    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// The settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The store behind its caches.
    pub fn store(&self) -> &CachedStore {
        &self.store
    }

    /// The path of a page of ours, below that of the issuer.
    pub(crate) fn path(&self, page: &str) -> String {
        format!("{}{page}", self.settings.issuer.path())
    }

    /// What a rule is told.
    pub(crate) fn cx<'a>(&'a self, catalogue: &'a Catalogue) -> Cx<'a> {
        Cx {
            now: self.now(),
            issuer: &self.settings.issuer,
            policy: &self.settings.policy,
            catalogue,
            pairwise: &self.pairwise,
        }
    }

    /// Random bytes for a rule that hands something out.
    pub(crate) fn random(&self) -> Result<Random, Failure> {
        let mut bytes = [0; Random::LENGTH];
        self.fill(&mut bytes)?;
        Ok(Random::from_bytes(&bytes))
    }

    /// Fills bytes with randomness.
    pub(crate) fn fill(&self, bytes: &mut [u8]) -> Result<(), Failure> {
        self.entropy
            .fill(bytes)
            .map_err(|error| Failure::internal("no randomness", error))
    }

    pub(crate) async fn client(&self, id: &ClientId) -> Result<Option<Arc<Client>>, Failure> {
        Ok(self.store.client(id).await?)
    }

    pub(crate) async fn user(&self, id: UserId) -> Result<Option<Arc<User>>, Failure> {
        Ok(self.store.user(id).await?)
    }

    /// Reads the keys again, after somebody changed them or when a waiting key's time may have come.
    ///
    /// # Errors
    /// [`StartError`]; the keys in use stay.
    pub async fn reload_keys(&self) -> Result<(), StartError> {
        let stored = self.store.store().keys().await?;
        self.keys
            .store(Keyring::open(&self.master_key, stored, self.now())?);
        Ok(())
    }
}

/// A request that ends without its answer: refused by a rule, or because something failed underneath.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) cause: Cause,
    /// The member of a registration that it is about. The client reads it before the sentence of the cause.
    pub(crate) member: Option<&'static str>,
    /// What happened, for the log alone.
    pub(crate) detail: Option<String>,
}

impl Failure {
    pub(crate) fn internal(what: &str, error: impl std::fmt::Display) -> Self {
        Self {
            cause: Cause::InternalError,
            member: None,
            detail: Some(format!("{what}: {error}")),
        }
    }
}

impl From<Cause> for Failure {
    fn from(cause: Cause) -> Self {
        Self {
            cause,
            member: None,
            detail: None,
        }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self {
            member: refusal.member,
            ..refusal.cause.into()
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let detail = error
            .source
            .as_ref()
            .map_or_else(|| error.to_string(), |source| format!("{error}: {source}"));
        Self {
            cause: Cause::StoreUnavailable,
            member: None,
            detail: Some(detail),
        }
    }
}

impl From<CommitError> for Failure {
    fn from(error: CommitError) -> Self {
        match error {
            // Decided again as often as is reasonable; whoever asks again meets a calmer moment.
            CommitError::Conflict => Self {
                cause: Cause::Overloaded,
                member: None,
                detail: Some("commit conflicts".to_owned()),
            },
            CommitError::Store(error) => error.into(),
        }
    }
}
