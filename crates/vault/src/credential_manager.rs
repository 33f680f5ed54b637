//! The vault as its users see it.

mod builder;
mod renewal;
mod upkeep;

use std::sync::Arc;

use grantor_types::{Scope, Secret, Timestamp};

pub use builder::CredentialManagerBuilder;
pub use upkeep::Resealed;

use crate::clock::{Chance, Clock};
use crate::compartment::{Compartment, RecordKey};
use crate::content::Content;
use crate::credential::Credential;
use crate::error::VaultError;
use crate::event::{Event, Observe, What};
use crate::flight::Flights;
use crate::memory::{Epoch, Memory};
use crate::refresh::{Refresh, RefreshPolicy};
use crate::safe::{Found, Safe};
use crate::state::State;

/// The credentials of one [`Compartment`], kept sealed and fresh. Clones are cheap and share everything; use one in as many
/// tasks as you like, and as many processes on the same storage.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use grantor_types::Secret;
/// use grantor_vault::{Compartment, Credential, CredentialManager, MasterKey, MemoryStorage};
///
/// let (master_key, _text_to_keep) = MasterKey::generate()?;
/// let manager = CredentialManager::builder(MemoryStorage::default(), master_key).open().await?;
///
/// let alice = manager.of(Compartment::new("my-app", "alice")?);
/// let credential = Credential::builder(Secret::new("token")).build()?;
/// alice.store("calendar", credential).await?;
///
/// let token = alice.valid_access_token("calendar").await?;
/// assert_eq!(token.expose(), "token");
///
/// let bob = manager.of(Compartment::new("my-app", "bob")?);
/// assert!(bob.get("calendar").await.is_err());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct CredentialManager {
    shared: Arc<Shared>,
    compartment: Compartment,
}

pub(crate) struct Shared {
    safe: Safe,
    refresher: Option<Arc<dyn Refresh>>,
    policy: RefreshPolicy,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
    observers: Vec<Arc<dyn Observe>>,
    memory: Memory,
    flights: Flights<Request, AccessToken>,
    /// Differs from process to process.
    holder: u64,
}

/// What callers wait for together.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Request {
    key: RecordKey,
    /// The generation of a token that an API refused.
    rejected: Option<u64>,
    /// Whoever asks after a change does not get what was read before it.
    epoch: Epoch,
}

/// An access token that can be used now. To read it is a visible call: [`expose`](Self::expose).
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use grantor_vault::{AccessToken, CredentialManager, MasterKey, MemoryStorage};
/// # use grantor_vault::Credential;
/// # let (master_key, _) = MasterKey::generate()?;
/// # let manager = CredentialManager::builder(MemoryStorage::default(), master_key).open().await?;
/// # manager.store("work", Credential::builder(grantor_types::Secret::new("token")).build()?).await?;
///
/// let token: AccessToken = manager.valid_access_token("work").await?;
/// let header = format!("{} {}", token.token_type(), token.expose());
/// assert_eq!((header.as_str(), token.expires_at()), ("Bearer token", None));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct AccessToken(Arc<Token>);

struct Token {
    secret: Secret,
    token_type: String,
    expires_at: Option<Timestamp>,
    generation: u64,
}

impl AccessToken {
    fn of(content: &Content) -> Self {
        Self(Arc::new(Token {
            secret: content.credential.access_token().clone(),
            token_type: content.credential.token_type().to_owned(),
            expires_at: content.credential.expires_at(),
            generation: content.generation,
        }))
    }

    pub(crate) fn generation(&self) -> u64 {
        self.0.generation
    }

    /// The token itself. Every call is a place to review: do not log, store or compare the result.
    pub fn expose(&self) -> &str {
        self.0.secret.expose()
    }

    /// How it is presented: `Bearer`, `DPoP`.
    pub fn token_type(&self) -> &str {
        &self.0.token_type
    }

    /// When it ends, if the provider said so.
    pub fn expires_at(&self) -> Option<Timestamp> {
        self.0.expires_at
    }
}

impl std::fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AccessToken")
            .field("token_type", &self.0.token_type)
            .field("expires_at", &self.0.expires_at)
            .finish_non_exhaustive()
    }
}

/// A credential as it is stored, with how it stands.
#[derive(Clone, Debug)]
pub struct StoredCredential {
    /// Tokens and all.
    pub credential: Credential,
    /// What is known of it besides.
    pub summary: Summary,
}

/// What is known of a credential without its secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// How it stands.
    pub state: State,
    /// Counts the tokens that were stored under the id.
    pub generation: u64,
    /// When somebody stored it.
    pub stored_at: Timestamp,
    /// When its access token was asked for.
    pub renewed_at: Timestamp,
    /// When its access token ends.
    pub expires_at: Option<Timestamp>,
    /// What it allows.
    pub scope: Scope,
    /// The provider.
    pub issuer: Option<String>,
}

impl Summary {
    fn of(content: &Content) -> Self {
        Self {
            state: content.state.clone(),
            generation: content.generation,
            stored_at: content.stored_at,
            renewed_at: content.renewed_at,
            expires_at: content.credential.expires_at(),
            scope: content.credential.scope().clone(),
            issuer: content.credential.issuer().map(str::to_owned),
        }
    }
}

/// A credential in a list.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use grantor_vault::{CredentialManager, Listed, MasterKey, MemoryStorage, State, StoredCredential, Summary};
/// # use grantor_vault::Credential;
/// # let (master_key, _) = MasterKey::generate()?;
/// # let manager = CredentialManager::builder(MemoryStorage::default(), master_key).open().await?;
/// # manager.store("work", Credential::builder(grantor_types::Secret::new("token")).build()?).await?;
///
/// let listed: Vec<Listed> = manager.list().await?;
/// let summary: &Summary = listed[0].summary.as_ref().expect("its record opens");
/// assert!(matches!(summary.state, State::Active { .. }));
/// let stored: StoredCredential = manager.get(&listed[0].id).await?;
/// assert_eq!(stored.summary, *summary);
/// manager.delete("work").await?;
/// assert!(manager.list().await?.is_empty());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Listed {
    /// Its id.
    pub id: String,
    /// What is known of it, or why its record does not open.
    pub summary: Result<Summary, VaultError>,
}

impl CredentialManager {
    /// The manager of another compartment of the same vault. Who may have it is for the caller to decide.
    pub fn of(&self, compartment: Compartment) -> Self {
        Self {
            shared: self.shared.clone(),
            compartment,
        }
    }

    /// The compartment whose credentials this one reaches.
    pub fn compartment(&self) -> &Compartment {
        &self.compartment
    }

    /// Stores a credential, after a login. One that is there under the id is replaced, however it stands; a renewal of it that
    /// is under way comes to nothing.
    ///
    /// # Errors
    /// [`VaultError`]; nothing has changed then, unless it is one of the storage.
    pub async fn store(&self, id: &str, credential: Credential) -> Result<(), VaultError> {
        let key = self.key(id)?;
        let now = self.shared.clock.now();
        let mut content = Content {
            generation: 0,
            state: State::ACTIVE,
            stored_at: now,
            renewed_at: now,
            credential: credential.dated(now),
        };
        loop {
            let found = self.shared.look(&key).await?;
            let revision = found.as_ref().map(|found| found.revision);
            content.generation = found.map_or(0, |found| found.content.generation) + 1;
            if self.shared.safe.replace(&key, revision, &content).await? {
                self.shared.memory.forget(&key);
                let replaced = revision.is_some();
                self.shared.tell(&key, What::Stored { replaced });
                return Ok(());
            }
        }
    }

    /// Reads a credential with all its secrets, however it stands. For a token to use, ask for
    /// [`valid_access_token`](Self::valid_access_token).
    ///
    /// # Errors
    /// [`VaultError::NotFound`] and others.
    pub async fn get(&self, id: &str) -> Result<StoredCredential, VaultError> {
        let key = self.key(id)?;
        let found = self.shared.load(&key).await?.ok_or(VaultError::NotFound)?;
        self.shared.tell(&key, What::Read);
        Ok(StoredCredential {
            summary: Summary::of(&found.content),
            credential: found.content.credential,
        })
    }

    /// What lies in the compartment, by id, without secrets. A record that does not open is listed with the reason.
    ///
    /// # Errors
    /// [`VaultError::Storage`].
    pub async fn list(&self) -> Result<Vec<Listed>, VaultError> {
        let storage = self.shared.safe.storage();
        let mut keys = storage.keys(Some(&self.compartment)).await?;
        // A storage that answers more than it was asked for makes nothing visible.
        keys.retain(|key| key.compartment() == &self.compartment && !key.is_key_ring());
        keys.sort();
        let mut listed = Vec::with_capacity(keys.len());
        for key in keys {
            let summary = match self.shared.load(&key).await {
                Ok(Some(found)) => Ok(Summary::of(&found.content)),
                Ok(None) => continue,
                Err(error @ VaultError::Storage(_)) => return Err(error),
                Err(error) => Err(error),
            };
            let id = key.id().to_owned();
            listed.push(Listed { id, summary });
        }
        let compartment = &self.compartment;
        self.shared.tell_all(What::Listed { compartment });
        Ok(listed)
    }

    /// Deletes a credential, whether its record opens or not. Other processes may hand out its access token from memory for as
    /// long as [`RefreshPolicy::remember`]. The provider hears nothing of it: revoke the tokens first.
    ///
    /// # Errors
    /// [`VaultError::NotFound`], [`VaultError::Storage`].
    pub async fn delete(&self, id: &str) -> Result<(), VaultError> {
        let key = self.key(id)?;
        let is_removed = self.shared.safe.remove(&key).await?;
        self.shared.memory.forget(&key);
        if !is_removed {
            return Err(VaultError::NotFound);
        }
        self.shared.tell(&key, What::Deleted);
        Ok(())
    }

    fn key(&self, id: &str) -> Result<RecordKey, VaultError> {
        Ok(RecordKey::new(self.compartment.clone(), id)?)
    }
}

impl std::fmt::Debug for CredentialManager {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CredentialManager")
            .field("compartment", &self.compartment)
            .finish_non_exhaustive()
    }
}

impl Shared {
    /// Reads a record. One that is still sealed with an old key is sealed anew in passing.
    async fn load(&self, key: &RecordKey) -> Result<Option<Found>, VaultError> {
        match self.look(key).await? {
            Some(found) if found.is_old => {
                self.reseal(key, &found).await?;
                self.look(key).await
            }
            found => Ok(found),
        }
    }

    /// Reads a record as it is.
    async fn look(&self, key: &RecordKey) -> Result<Option<Found>, VaultError> {
        let found = self.safe.load(key).await;
        if let Err(VaultError::NotAuthentic | VaultError::UnknownKey(_)) = found {
            self.tell(key, What::NotAuthentic);
        }
        found
    }

    fn tell(&self, key: &RecordKey, what: What<'_>) {
        self.observe(Some(key), what);
    }

    fn tell_all(&self, what: What<'_>) {
        self.observe(None, what);
    }

    fn observe(&self, key: Option<&RecordKey>, what: What<'_>) {
        if self.observers.is_empty() {
            return;
        }
        let at = self.clock.now();
        let event = Event { at, key, what };
        for observer in &self.observers {
            observer.observe(&event);
        }
    }
}
