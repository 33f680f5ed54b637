//! Keys that change.

use super::{CredentialManager, Shared};
use crate::compartment::RecordKey;
use crate::error::VaultError;
use crate::event::What;
use crate::master_key::MasterKey;
use crate::safe::Found;

/// What [`CredentialManager::reseal`] did.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use grantor_vault::{CredentialManager, MasterKey, MemoryStorage, Resealed};
/// # use grantor_vault::Credential;
/// # let (master_key, _) = MasterKey::generate()?;
/// # let manager = CredentialManager::builder(MemoryStorage::default(), master_key).open().await?;
/// # manager.store("work", Credential::builder(grantor_types::Secret::new("token")).build()?).await?;
///
/// assert_eq!(manager.rotate_key().await?, 2);
/// let done: Resealed = manager.reseal().await?;
/// assert_eq!((done.resealed, done.current, done.unreadable.len()), (1, 0, 0));
/// let (another, _text_to_keep) = MasterKey::generate()?;
/// manager.change_master_key(&another).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Resealed {
    /// Records that are sealed with the current key now.
    pub resealed: usize,
    /// Records that were already.
    pub current: usize,
    /// Records that do not open, with the reason. They were left as they are.
    pub unreadable: Vec<(RecordKey, VaultError)>,
}

impl CredentialManager {
    /// Makes a new key, which seals from now on, and returns its version. Older keys still open what they sealed; that is
    /// sealed anew whenever it is read or written, or by [`reseal`](Self::reseal). Other processes learn of the key with the
    /// first record that it sealed.
    ///
    /// # Errors
    /// [`VaultError::Storage`], [`VaultError::WrongMasterKey`] when another process has changed the master key.
    pub async fn rotate_key(&self) -> Result<u32, VaultError> {
        let version = self.shared.safe.rotate(self.shared.clock.now()).await?;
        self.shared.tell_all(What::KeyRotated { version });
        Ok(version)
    }

    /// Seals everything anew that an older key has sealed, in all compartments. May be stopped and begun again.
    ///
    /// # Errors
    /// [`VaultError::Storage`].
    pub async fn reseal(&self) -> Result<Resealed, VaultError> {
        let shared = &self.shared;
        let mut done = Resealed::default();
        for key in shared.safe.storage().keys(None).await? {
            if key.is_key_ring() {
                continue;
            }
            match shared.reseal_if_old(&key).await {
                Ok(Some(true)) => done.resealed += 1,
                Ok(Some(false)) => done.current += 1,
                Ok(None) => {}
                Err(error @ VaultError::Storage(_)) => return Err(error),
                Err(error) => done.unreadable.push((key, error)),
            }
        }
        Ok(done)
    }

    /// Puts the vault's keys under another master key; records stay as they are. The old master key opens nothing
    /// afterwards. Processes that have the vault open go on, but have to be started with the new one.
    ///
    /// # Errors
    /// [`VaultError::Storage`], [`VaultError::WrongMasterKey`] when another process has changed it before.
    pub async fn change_master_key(&self, master_key: &MasterKey) -> Result<(), VaultError> {
        self.shared.safe.change_master_key(master_key).await?;
        self.shared.tell_all(What::MasterKeyChanged);
        Ok(())
    }
}

impl Shared {
    /// Seals a record with the current key if an older one has sealed it, and says whether it had. `None` when there is no
    /// record any more.
    async fn reseal_if_old(&self, key: &RecordKey) -> Result<Option<bool>, VaultError> {
        while let Some(found) = self.safe.load(key).await? {
            if !found.is_old {
                return Ok(Some(false));
            }
            if self.reseal(key, &found).await? {
                return Ok(Some(true));
            }
        }
        Ok(None)
    }

    /// Seals what was found with the current key. Says whether that was still there.
    pub(super) async fn reseal(&self, key: &RecordKey, found: &Found) -> Result<bool, VaultError> {
        let is_resealed = self
            .safe
            .replace(key, Some(found.revision), &found.content)
            .await?;
        if is_resealed {
            self.tell(key, What::Resealed);
        }
        Ok(is_resealed)
    }
}
