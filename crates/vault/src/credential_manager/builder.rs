//! Opening a vault.

use std::sync::Arc;

use super::{CredentialManager, Shared};
use crate::clock::{Chance, Clock, SystemChance, SystemClock};
use crate::compartment::Compartment;
use crate::error::VaultError;
use crate::event::Observe;
use crate::flight::Flights;
use crate::master_key::MasterKey;
use crate::memory::Memory;
use crate::refresh::{Refresh, RefreshPolicy};
use crate::safe::Safe;
use crate::storage::Storage;

/// Puts a [`CredentialManager`] together.
///
/// ```no_run
/// # async fn example(
/// #     refresher: impl grantor_vault::Refresh,
/// #     observer: impl grantor_vault::Observe,
/// # ) -> Result<(), Box<dyn std::error::Error>> {
/// use grantor_types::Seconds;
/// use grantor_vault::{
///     Compartment, CredentialManager, CredentialManagerBuilder, FileStorage, MasterKey, RefreshPolicy, SystemChance,
///     SystemClock,
/// };
///
/// let storage = FileStorage::open("tokens.db").await?;
/// let builder: CredentialManagerBuilder = CredentialManager::builder(storage, MasterKey::from_file("master.key")?);
/// let manager = builder
///     .compartment(Compartment::new("my-app", "alice")?)
///     .refresher(refresher)
///     .policy(RefreshPolicy { buffer: Seconds(60), ..RefreshPolicy::default() })
///     .clock(SystemClock)
///     .chance(SystemChance)
///     .observer(observer)
///     .open()
///     .await?;
/// assert_eq!(manager.compartment().owner(), "alice");
/// # Ok(())
/// # }
/// ```
pub struct CredentialManagerBuilder {
    storage: Arc<dyn Storage>,
    master_key: MasterKey,
    compartment: Compartment,
    refresher: Option<Arc<dyn Refresh>>,
    policy: RefreshPolicy,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
    observers: Vec<Arc<dyn Observe>>,
}

impl CredentialManager {
    /// Begins with where records lie and what opens them.
    pub fn builder(storage: impl Storage, master_key: MasterKey) -> CredentialManagerBuilder {
        CredentialManagerBuilder {
            storage: Arc::new(storage),
            master_key,
            compartment: Compartment::default(),
            refresher: None,
            policy: RefreshPolicy::default(),
            clock: Arc::new(SystemClock),
            chance: Arc::new(SystemChance),
            observers: Vec::new(),
        }
    }
}

impl CredentialManagerBuilder {
    /// The compartment of the manager; [`of`](CredentialManager::of) gives those of others.
    pub fn compartment(mut self, compartment: Compartment) -> Self {
        self.compartment = compartment;
        self
    }

    /// Who talks to the provider. Without one nothing is renewed.
    pub fn refresher(mut self, refresher: impl Refresh) -> Self {
        self.refresher = Some(Arc::new(refresher));
        self
    }

    /// When credentials are renewed. All processes that share a vault should have the same policy.
    pub fn policy(mut self, policy: RefreshPolicy) -> Self {
        self.policy = policy;
        self
    }

    /// Another clock.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Another source of jitter.
    pub fn chance(mut self, chance: impl Chance) -> Self {
        self.chance = Arc::new(chance);
        self
    }

    /// One more who hears what happens.
    pub fn observer(mut self, observer: impl Observe) -> Self {
        self.observers.push(Arc::new(observer));
        self
    }

    /// Opens the vault, and makes one where the storage has none.
    ///
    /// # Errors
    /// [`VaultError::WrongMasterKey`], [`VaultError::OtherKindOfKey`], [`VaultError::Settings`], [`VaultError::Storage`].
    pub async fn open(self) -> Result<CredentialManager, VaultError> {
        self.policy.check()?;
        let safe = Safe::open(self.storage, &self.master_key, self.clock.now()).await?;
        let holder = self.chance.number();
        let shared = Shared {
            safe,
            refresher: self.refresher,
            policy: self.policy,
            clock: self.clock,
            chance: self.chance,
            observers: self.observers,
            memory: Memory::new(),
            flights: Flights::default(),
            holder,
        };
        Ok(CredentialManager {
            shared: Arc::new(shared),
            compartment: self.compartment,
        })
    }
}

impl std::fmt::Debug for CredentialManagerBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CredentialManagerBuilder")
            .field("compartment", &self.compartment)
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}
