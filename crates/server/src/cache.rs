//! The store with what is read at every request kept in memory. Every commit of this process is seen at once; those of
//! others on the same database arrive as events.

use std::sync::Arc;

use arc_swap::ArcSwap;
use grantor_protocol::record::{Client, DeviceAuthorization, DeviceState, User};
use grantor_protocol::{Catalogue, Change};
use grantor_store::{CommitError, Event, EventPosition, Store, StoreError, event_of};
use grantor_types::{ClientId, DeviceAuthorizationId, Origin, Timestamp, UserId};
use tokio::sync::Mutex;

use crate::kept::Kept;
use crate::keyring::MAX_ACCESS_TOKEN_LIFETIME;
use crate::revocations::RevocationList;

/// A store behind its caches.
#[derive(Debug)]
pub struct CachedStore {
    store: Arc<dyn Store>,
    clients: Kept<ClientId, Arc<Client>>,
    users: Kept<UserId, Arc<User>>,
    origins: Kept<Origin, bool>,
    /// Those that nobody has answered: devices ask again and again.
    pending_devices: Kept<DeviceAuthorizationId, Arc<DeviceAuthorization>>,
    catalogue: ArcSwap<Catalogue>,
    revocations: RevocationList,
    position: Mutex<EventPosition>,
    /// Wakes whoever has to reload the keys.
    keys_changed: tokio::sync::Notify,
    /// Wakes whoever does jobs.
    job_created: tokio::sync::Notify,
}

impl CachedStore {
    /// Loads what is always held: scopes, resource servers, revocations.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn open(store: Arc<dyn Store>, capacity: usize, now: Timestamp) -> Result<Self, StoreError> {
        // The position comes first: what happens while the rest is read is read again, never missed.
        let position = store.event_position().await?;
        let revocations = RevocationList::default();
        revocations.load(store.revocations(now).await?);
        let cached = Self {
            clients: Kept::new(capacity),
            users: Kept::new(capacity),
            origins: Kept::new(capacity),
            pending_devices: Kept::new(capacity),
            catalogue: ArcSwap::default(),
            revocations,
            position: Mutex::new(position),
            keys_changed: tokio::sync::Notify::new(),
            job_created: tokio::sync::Notify::new(),
            store,
        };
        cached.reload_catalogue().await?;
        Ok(cached)
    }

    /// The store itself, for what is not cached.
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    /// A client by id.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn client(&self, id: &ClientId) -> Result<Option<Arc<Client>>, StoreError> {
        self.clients
            .read(id, async { Ok(self.store.client(id).await?.map(Arc::new)) })
            .await
    }

    /// A user by id.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn user(&self, id: UserId) -> Result<Option<Arc<User>>, StoreError> {
        self.users
            .read(&id, async { Ok(self.store.user(id).await?.map(Arc::new)) })
            .await
    }

    /// Whether any client registered this web origin.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn origin_is_registered(&self, origin: &Origin) -> Result<bool, StoreError> {
        let read = async { self.store.origin_is_registered(origin).await.map(Some) };
        Ok(self.origins.read(origin, read).await?.unwrap_or(false))
    }

    /// A device authorization by id. While it is pending it is kept; what was decided or has
    /// ended is always read.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn device_authorization(
        &self,
        id: DeviceAuthorizationId,
        now: Timestamp,
    ) -> Result<Option<Arc<DeviceAuthorization>>, StoreError> {
        let mut decided = None;
        let read = async {
            let found = self.store.device_authorization(id).await?.map(Arc::new);
            let pending = |device: &Arc<DeviceAuthorization>| {
                device.state == DeviceState::Pending && !device.expires_at.is_past(now)
            };
            if found.as_ref().is_some_and(pending) {
                return Ok(found);
            }
            decided = found;
            Ok(None)
        };
        let pending = self.pending_devices.read(&id, read).await?;
        // One that has ended since may have been swept: what the store still knows of it counts.
        if pending
            .as_ref()
            .is_some_and(|device| device.expires_at.is_past(now))
        {
            self.pending_devices.forget(&id);
            return Ok(self.store.device_authorization(id).await?.map(Arc::new));
        }
        Ok(pending.or(decided))
    }

    /// The scopes and resource servers.
    pub fn catalogue(&self) -> Arc<Catalogue> {
        self.catalogue.load_full()
    }

    /// What is revoked.
    pub fn revocations(&self) -> &RevocationList {
        &self.revocations
    }

    /// Resolves when somebody changed the keys.
    pub async fn keys_changed(&self) {
        self.keys_changed.notified().await;
    }

    /// Resolves when this process has created a job.
    pub async fn job_created(&self) {
        self.job_created.notified().await;
    }

    /// Commits, and lets every cache see it before the caller answers.
    ///
    /// # Errors
    /// [`CommitError`]; then nothing has changed.
    pub async fn commit(&self, changes: Vec<Change>, now: Timestamp) -> Result<(), CommitError> {
        if changes.is_empty() {
            return Ok(());
        }
        let events: Vec<Event> = changes.iter().filter_map(event_of).collect();
        // Changes of many rows say which rows only in the events that the engine wrote.
        let many = |change: &Change| {
            matches!(
                change,
                Change::RevokeGrantsOf { .. }
                    | Change::RevokeGrantsOfSession { .. }
                    | Change::DeleteClient(_)
            )
        };
        let catch_up = changes.iter().any(many);
        let has_job = changes
            .iter()
            .any(|change| matches!(change, Change::CreateJob(_)));
        self.store.commit(changes).await?;
        if has_job {
            self.job_created.notify_one();
        }
        for event in events {
            self.apply(event, now).await?;
        }
        if catch_up {
            self.catch_up(now).await?;
        }
        Ok(())
    }

    /// Applies what other processes did.
    ///
    /// # Errors
    /// When the store cannot be read; the next call goes on from the same place.
    pub async fn catch_up(&self, now: Timestamp) -> Result<(), StoreError> {
        let mut position = self.position.lock().await;
        loop {
            let (events, next) = self.store.events_since(*position).await?;
            if events.is_empty() {
                *position = next;
                return Ok(());
            }
            for event in events {
                self.apply(event, now).await?;
            }
            *position = next;
        }
    }

    async fn apply(&self, event: Event, now: Timestamp) -> Result<(), StoreError> {
        match event {
            Event::Client(id) => {
                self.clients.forget(&id);
                self.origins.forget_all();
            }
            Event::User(id) => self.users.forget(&id),
            Event::Catalogue => self.reload_catalogue().await?,
            Event::Keys => self.keys_changed.notify_one(),
            Event::Device(id) => self.pending_devices.forget(&id),
            Event::Session(_) => {}
            Event::GrantRevoked(grant) => {
                self.revocations
                    .add_grant(grant, now.plus(MAX_ACCESS_TOKEN_LIFETIME));
            }
            Event::TokenDenied(token, until) => self.revocations.add_token(token, until),
            Event::Missed => {
                self.clients.forget_all();
                self.users.forget_all();
                self.origins.forget_all();
                self.pending_devices.forget_all();
                self.reload_catalogue().await?;
                self.revocations.load(self.store.revocations(now).await?);
                self.keys_changed.notify_one();
            }
        }
        Ok(())
    }

    async fn reload_catalogue(&self) -> Result<(), StoreError> {
        let catalogue = Catalogue {
            scopes: self.store.scopes().await?,
            resources: self.store.resources().await?,
            trusted_issuers: self.store.trusted_issuers().await?,
        };
        self.catalogue.store(Arc::new(catalogue));
        Ok(())
    }
}
