//! The master key, which wraps the vault's own keys and is never kept beside them.

mod passphrase;
mod source;

use grantor_jose::{WrappingKey, random};
use grantor_types::{Secret, SecretBytes};
use serde::{Deserialize, Serialize};

pub use source::MasterKeyError;

use crate::error::VaultError;
use passphrase::Parameters;

/// What opens a vault: 256 bits from somewhere that is not the vault, or a passphrase.
///
/// | source | for |
/// |---|---|
/// | `from_keyring` (feature `keyring`) | programs on people's machines |
/// | [`from_file`](Self::from_file) | services; the file belongs to another backup than the vault |
/// | [`from_environment`](Self::from_environment) | containers |
/// | [`from_passphrase`](Self::from_passphrase) | machines without a keyring, where somebody is there to type |
/// | [`from_bytes`](Self::from_bytes) | whatever else: a key management service, a hardware module |
///
/// ```no_run
/// # fn example() -> Result<(), grantor_vault::MasterKeyError> {
/// use grantor_types::{Secret, SecretBytes};
/// use grantor_vault::MasterKey;
///
/// let of_a_container = MasterKey::from_environment("VAULT_KEY")?;
/// let of_a_service = MasterKey::from_file("/etc/my-app/vault.key").or_else(|_| MasterKey::create_file("/etc/my-app/vault.key"))?;
/// let of_somebody = MasterKey::from_passphrase(Secret::new("correct horse battery staple"))?;
/// let of_a_module = MasterKey::from_bytes(SecretBytes::new((0..32).collect::<Vec<u8>>()))?;
/// # Ok(())
/// # }
/// ```
pub struct MasterKey(Inner);

enum Inner {
    Key(SecretBytes),
    Passphrase(Secret),
}

impl MasterKey {
    /// A key of 32 bytes.
    ///
    /// # Errors
    /// [`MasterKeyError::Length`], and [`MasterKeyError::Placeholder`] for one that is no key.
    pub fn from_bytes(bytes: SecretBytes) -> Result<Self, MasterKeyError> {
        source::check(bytes).map(|bytes| Self(Inner::Key(bytes)))
    }

    /// A passphrase, from which the key is derived by Argon2id (RFC 9106) with 64 MiB, three passes and four lanes, its
    /// second recommended choice. Salt and parameters lie with the vault. It takes a tenth of a second or so, once.
    ///
    /// # Errors
    /// [`MasterKeyError::Passphrase`] when it is shorter than eight or longer than 1024 bytes.
    pub fn from_passphrase(passphrase: Secret) -> Result<Self, MasterKeyError> {
        match passphrase.expose().len() {
            8..=1024 => Ok(Self(Inner::Passphrase(passphrase))),
            _ => Err(MasterKeyError::Passphrase),
        }
    }

    /// How a vault that this opens is guarded from now on.
    pub(crate) fn new_guard(&self) -> Result<Guard, VaultError> {
        match &self.0 {
            Inner::Key(_) => Ok(Guard::Key),
            Inner::Passphrase(_) => {
                let salt = random::array().map_err(|_| VaultError::Sealing)?;
                Ok(Guard::Passphrase(Parameters::new(&salt)))
            }
        }
    }

    /// The key that opens what is guarded like this.
    pub(crate) async fn wrapping_key(&self, guard: &Guard) -> Result<WrappingKey, VaultError> {
        match (&self.0, guard) {
            (Inner::Key(bytes), Guard::Key) => {
                WrappingKey::from_bytes(bytes).map_err(|_| VaultError::WrongMasterKey)
            }
            (Inner::Passphrase(passphrase), Guard::Passphrase(parameters)) => {
                let bytes = passphrase::derive(passphrase.clone(), parameters.clone()).await?;
                WrappingKey::from_bytes(&bytes).map_err(|_| VaultError::WrongMasterKey)
            }
            (Inner::Key(_), Guard::Passphrase(_)) => Err(VaultError::OtherKindOfKey("a passphrase")),
            (Inner::Passphrase(_), Guard::Key) => {
                Err(VaultError::OtherKindOfKey("a key, not by a passphrase"))
            }
        }
    }
}

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MasterKey([redacted])")
    }
}

/// How the key that wraps the vault's keys comes about. It lies with them in clear, and is authenticated by each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Guard {
    /// It is the master key.
    Key,
    /// It is derived from a passphrase.
    Passphrase(Parameters),
}
