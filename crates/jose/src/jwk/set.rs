//! A set of keys, and what is wrong with one that somebody registers.

use serde::de::Deserializer;
use serde::{Deserialize, Serialize};

use super::{Jwk, JwkError};
use crate::{EncryptionKey, VerifyingKey};

/// The most keys that a client may register.
pub const MAX_KEYS: usize = 32;

/// A set of keys ([RFC 7517 §5]). A key that cannot even be read as one is left out, so that one strange key does not
/// take the others with it: "Implementations SHOULD ignore JWKs within a JWK Set that use 'kty' values that are not
/// understood by them, that are missing required members, or for which values are out of the supported ranges."
///
/// [RFC 7517 §5]: https://www.rfc-editor.org/rfc/rfc7517#section-5
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Jwks {
    /// The keys, in the order in which they stand.
    #[serde(deserialize_with = "readable_keys")]
    pub keys: Vec<Jwk>,
}

/// Why a set of keys is not taken from the one who registers it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JwksError {
    /// More than [`MAX_KEYS`] keys.
    #[error("the set has more than {MAX_KEYS} keys")]
    TooMany,
    /// One key is private, symmetric, malformed or too weak.
    #[error("{} of the set cannot be used: {reason}", name(*position, kid.as_deref()))]
    Key {
        /// Where it stands among the readable keys, counted from 0.
        position: usize,
        /// Its `kid`.
        kid: Option<String>,
        /// What is wrong with it.
        reason: JwkError,
    },
}

fn name(position: usize, kid: Option<&str>) -> String {
    let number = position.saturating_add(1);
    kid.map_or_else(
        || format!("key {number}"),
        |kid| format!("key {number} (kid {kid:?})"),
    )
}

impl Jwks {
    /// Checks a set that somebody registers, while there is still somebody to hear what is wrong with it. Keys of a
    /// type, on a curve or for an algorithm that Grantor does not have are fine: they are for somebody else. A set
    /// that was fetched needs no such check, as what cannot be used is passed over.
    ///
    /// # Errors
    /// The [`JwksError`] of the first key that is private, symmetric, malformed or too weak.
    pub fn check_registered(&self) -> Result<(), JwksError> {
        if self.keys.len() > MAX_KEYS {
            return Err(JwksError::TooMany);
        }
        for (position, jwk) in self.keys.iter().enumerate() {
            if let Some(reason) = jwk.fault() {
                return Err(JwksError::Key {
                    position,
                    kid: jwk.kid().map(str::to_owned),
                    reason,
                });
            }
        }
        Ok(())
    }
}

impl Jwk {
    /// What makes the key bad for everybody, as opposed to one that is only of no use to us.
    fn fault(&self) -> Option<JwkError> {
        let verifying = VerifyingKey::from_jwk(self).err();
        let encrypting = EncryptionKey::from_jwk(self).err();
        [verifying, encrypting]
            .into_iter()
            .flatten()
            .find(|error| match error {
                JwkError::Private | JwkError::Malformed | JwkError::Unfit => true,
                JwkError::UnsupportedKey
                | JwkError::UnsupportedAlgorithm
                | JwkError::NotForSignatures
                | JwkError::NotForEncryption => false,
            })
    }
}

fn readable_keys<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Jwk>, D::Error> {
    let values = Vec::<serde_json::Value>::deserialize(deserializer)?;
    Ok(values
        .into_iter()
        .filter_map(|value| serde_json::from_value(value).ok())
        .collect())
}
