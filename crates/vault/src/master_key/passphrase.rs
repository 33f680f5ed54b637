//! A key out of a passphrase: Argon2id (RFC 9106).

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use grantor_types::{Secret, SecretBytes};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::error::VaultError;

/// What the derivation needs besides the passphrase.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Parameters {
    salt: String,
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

impl Parameters {
    /// "If much less memory is available, a uniformly safe option is Argon2id with t=3 iterations, p=4 lanes,
    /// m=2^(16) (64 MiB of RAM)" (RFC 9106 4).
    pub(super) fn new(salt: &[u8; 16]) -> Self {
        Self {
            salt: URL_SAFE_NO_PAD.encode(salt),
            memory_kib: 1 << 16,
            passes: 3,
            lanes: 4,
        }
    }

    /// Whoever can write to the storage must not be able to make us take all memory and time.
    fn is_bearable(&self) -> bool {
        self.memory_kib <= 1 << 20 && self.passes <= 32 && self.lanes <= 64
    }
}

/// Derives the key on a thread that may take its time.
pub(super) async fn derive(passphrase: Secret, parameters: Parameters) -> Result<SecretBytes, VaultError> {
    tokio::task::spawn_blocking(move || argon2id(&passphrase, &parameters))
        .await
        .map_err(|_| VaultError::Interrupted)?
}

fn argon2id(passphrase: &Secret, parameters: &Parameters) -> Result<SecretBytes, VaultError> {
    if !parameters.is_bearable() {
        return Err(VaultError::WrongMasterKey);
    }
    let salt = URL_SAFE_NO_PAD
        .decode(&parameters.salt)
        .map_err(|_| VaultError::WrongMasterKey)?;
    let params = Params::new(
        parameters.memory_kib,
        parameters.passes,
        parameters.lanes,
        Some(32),
    )
    .map_err(|_| VaultError::WrongMasterKey)?;
    let mut key = Zeroizing::new([0_u8; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.expose().as_bytes(), &salt, key.as_mut())
        .map_err(|_| VaultError::WrongMasterKey)?;
    Ok(SecretBytes::new(key.to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_depends_on_passphrase_salt_and_cost() {
        let cheap = |salt: u8, passes| Parameters {
            memory_kib: 64,
            passes,
            ..Parameters::new(&[salt; 16])
        };
        let derive = |text: &str, parameters: &Parameters| {
            argon2id(&Secret::new(text), parameters)
                .unwrap()
                .expose()
                .to_vec()
        };
        let key = derive("correct horse", &cheap(1, 1));
        assert_eq!(key.len(), 32);
        assert_eq!(key, derive("correct horse", &cheap(1, 1)));
        assert_ne!(key, derive("correct horsE", &cheap(1, 1)));
        assert_ne!(key, derive("correct horse", &cheap(2, 1)));
        assert_ne!(key, derive("correct horse", &cheap(1, 2)));
    }

    #[test]
    fn unbearable_costs_are_refused_before_they_are_paid() {
        let base = Parameters::new(&[0; 16]);
        for parameters in [
            Parameters {
                memory_kib: u32::MAX,
                ..base.clone()
            },
            Parameters {
                passes: u32::MAX,
                ..base.clone()
            },
            Parameters {
                lanes: 0,
                ..base.clone()
            },
            Parameters {
                salt: "=".into(),
                ..base
            },
        ] {
            assert!(matches!(
                argon2id(&Secret::new("passphrase"), &parameters),
                Err(VaultError::WrongMasterKey)
            ));
        }
    }
}
