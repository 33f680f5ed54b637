//! The keys of one issuer, and which of them a token means.

use grantor_types::SigningAlgorithm;

use crate::{Jwks, VerifyError, VerifyingKey};

/// Parsed public keys to verify with. Build it once per fetched set and share it.
#[derive(Clone, Debug, Default)]
pub struct KeySet {
    keys: Vec<VerifyingKey>,
}

impl KeySet {
    /// The usable keys of a set. Those of unknown type, for encryption, malformed or unfit are passed over.
    pub fn from_jwks(jwks: &Jwks) -> Self {
        Self::from_keys(
            jwks.keys
                .iter()
                .filter_map(|jwk| VerifyingKey::from_jwk(jwk).ok()),
        )
    }

    /// These keys.
    pub fn from_keys(keys: impl IntoIterator<Item = VerifyingKey>) -> Self {
        Self {
            keys: keys.into_iter().collect(),
        }
    }

    /// How many keys can be used.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether no key can be used.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The key for a token with this `kid` and `alg`: the one of that name, or without a name the only one that fits
    /// the algorithm. Keys are never tried one after the other.
    pub(crate) fn find(
        &self,
        kid: Option<&str>,
        algorithm: SigningAlgorithm,
    ) -> Result<&VerifyingKey, VerifyError> {
        let named = || {
            self.keys
                .iter()
                .filter(move |key| kid.is_none() || key.kid() == kid)
        };
        let mut fitting = named().filter(|key| key.algorithms().any(|own| own == algorithm));
        match (fitting.next(), fitting.next()) {
            (Some(key), None) => Ok(key),
            (Some(_), Some(_)) => Err(VerifyError::AmbiguousKey),
            (None, _) if kid.is_some() && named().next().is_some() => {
                Err(VerifyError::KeyAlgorithmMismatch(algorithm))
            }
            (None, _) => Err(VerifyError::UnknownKey),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SigningKey;
    use SigningAlgorithm::{EdDsa, Es256, Ps256};

    #[test]
    fn a_key_is_found_by_name_and_algorithm() {
        let key = |kid: &str, algorithm| {
            let (_, pkcs8) = SigningKey::generate(algorithm).unwrap();
            SigningKey::from_pkcs8(kid, algorithm, &pkcs8)
                .unwrap()
                .verifying_key()
                .unwrap()
        };
        let keys = KeySet::from_keys([key("a", Es256), key("b", Es256), key("c", EdDsa), key("c", Es256)]);
        let cases = [
            (Some("a"), Es256, Ok(Some("a"))),
            (Some("c"), EdDsa, Ok(Some("c"))),
            (Some("c"), Es256, Ok(Some("c"))),
            (Some("a"), EdDsa, Err(VerifyError::KeyAlgorithmMismatch(EdDsa))),
            (Some("d"), Es256, Err(VerifyError::UnknownKey)),
            (Some(""), Es256, Err(VerifyError::UnknownKey)),
            (None, EdDsa, Ok(Some("c"))),
            (None, Es256, Err(VerifyError::AmbiguousKey)),
            (None, Ps256, Err(VerifyError::UnknownKey)),
        ];
        for (kid, algorithm, expected) in cases {
            assert_eq!(
                keys.find(kid, algorithm).map(VerifyingKey::kid),
                expected,
                "{kid:?} {algorithm}"
            );
        }
        assert_eq!(keys.len(), 4);
        assert!(KeySet::default().is_empty());
    }
}
