//! Secrets of clients as they are kept.

use grantor_jose::digest;
use grantor_types::{ClientAuthMethod, Secret, SecretHash, Timestamp};
use serde::{Deserialize, Serialize};

use super::digest_text;

/// The stored form of a client secret: made by the server from 256 random bits, so a fast hash is right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredSecret {
    /// SHA-256 of the secret.
    #[serde(with = "digest_text")]
    pub hash: SecretHash,
    /// When it stops working; absent for the current secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// The secret itself, sealed under the master key: for clients that sign with it (`client_secret_jwt`), and for no
    /// others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sealed: Option<String>,
}

impl StoredSecret {
    /// The current secret of a client, of which the hash alone is kept.
    pub fn hashed(secret: &Secret) -> Self {
        Self {
            hash: digest::secret_hash(secret.expose()),
            expires_at: None,
            sealed: None,
        }
    }

    /// Whether it works at this moment.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|end| !end.is_past(now))
    }
}

/// The stored secrets of a client whose methods are these from now on: none stays sealed that need not be. `None` when
/// the client is to sign with a secret of which there is only the hash; it needs a new one.
pub fn resealed(methods: &[ClientAuthMethod], secrets: &[StoredSecret]) -> Option<Vec<StoredSecret>> {
    let signs = methods.contains(&ClientAuthMethod::ClientSecretJwt);
    let hash_alone = |secret: &StoredSecret| secret.expires_at.is_none() && secret.sealed.is_none();
    if signs && secrets.iter().any(hash_alone) {
        return None;
    }
    let kept = |secret: &StoredSecret| StoredSecret {
        sealed: secret.sealed.clone().filter(|_| signs),
        ..secret.clone()
    };
    Some(secrets.iter().map(kept).collect())
}

#[cfg(test)]
mod tests {
    use ClientAuthMethod::{ClientSecretBasic, ClientSecretJwt};

    use super::*;

    #[test]
    fn what_need_not_be_sealed_does_not_stay_so() {
        let hashed = StoredSecret::hashed(&Secret::new("s3cret s3cret s3cret s3cret s3cret"));
        let sealed = StoredSecret {
            sealed: Some("sealed".to_owned()),
            ..hashed.clone()
        };
        let (with, without) = (vec![sealed], vec![hashed]);
        assert_eq!(resealed(&[ClientSecretJwt], &with), Some(with.clone()));
        assert_eq!(resealed(&[ClientSecretBasic], &with), Some(without.clone()));
        assert_eq!(resealed(&[ClientSecretJwt], &without), None);
        assert_eq!(resealed(&[ClientSecretBasic], &without), Some(without.clone()));
    }
}
