//! The keys of one issuer, and which of them a token means.

use grantor_types::SigningAlgorithm;

use crate::{Jwks, VerifyError, VerifyingKey};

/// Parsed public keys to verify with. Build it once per fetched set and share it.
#[derive(Clone, Debug, Default)]
pub struct KeySet {
    keys: Vec<VerifyingKey>,
    kid_optional: bool,
}

/// How many keys are tried on one token of a client that names none.
const MAX_TRIED: usize = 4;

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
            kid_optional: false,
        }
    }

    /// Tries the keys that could be meant, four at most, where a token has no `kid` or the keys have none. For clients:
    /// of them nobody demands names, while of an issuer with several keys OpenID Connect Core §10.1 does: "a kid value
    /// MUST be provided in the JOSE Header."
    #[must_use]
    pub fn kid_optional(self) -> Self {
        Self {
            kid_optional: true,
            ..self
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

    /// The keys that a token with this `kid` and `alg` can mean: the one of that name, or without a name the only one
    /// that fits the algorithm. With [`kid_optional`](Self::kid_optional) it may be a few, and those without a name
    /// stand in for a name that no key has.
    pub(crate) fn find(
        &self,
        kid: Option<&str>,
        algorithm: SigningAlgorithm,
    ) -> Result<Vec<&VerifyingKey>, VerifyError> {
        let is_named = |key: &&VerifyingKey| kid.is_none() || key.kid() == kid;
        let fits = |key: &&VerifyingKey| key.algorithms().any(|own| own == algorithm);
        let mut named = self.keys.iter().filter(is_named).peekable();
        let some_has_the_name = named.peek().is_some();
        let fitting: Vec<_> = if self.kid_optional && !some_has_the_name {
            let unnamed = self.keys.iter().filter(|key| key.kid().is_none());
            unnamed.filter(fits).collect()
        } else {
            named.filter(fits).collect()
        };
        let most = if self.kid_optional { MAX_TRIED } else { 1 };
        if fitting.len() > most {
            Err(VerifyError::AmbiguousKey)
        } else if !fitting.is_empty() {
            Ok(fitting)
        } else if kid.is_some() && some_has_the_name {
            Err(VerifyError::KeyAlgorithmMismatch(algorithm))
        } else {
            Err(VerifyError::UnknownKey)
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
                keys.find(kid, algorithm).map(|found| found[0].kid()),
                expected,
                "{kid:?} {algorithm}"
            );
        }
        assert_eq!(keys.len(), 4);
        assert!(KeySet::default().is_empty());
    }

    #[test]
    fn the_keys_of_a_client_need_no_names() {
        let key = |kid: Option<&str>, algorithm| {
            let (key, _) = SigningKey::generate(algorithm).unwrap();
            let mut jwk = serde_json::to_value(key.public_jwk()).unwrap();
            jwk["kid"] = kid.into();
            VerifyingKey::from_jwk(&serde_json::from_value(jwk).unwrap()).unwrap()
        };
        let mut keys = vec![key(None, Es256), key(Some("a"), Es256), key(None, EdDsa)];
        let found = |keys: &[VerifyingKey], kid, algorithm| {
            let keys = KeySet::from_keys(keys.iter().cloned()).kid_optional();
            keys.find(kid, algorithm).map(|found| found.len())
        };
        let cases = [
            (None, Es256, Ok(2)),
            (None, EdDsa, Ok(1)),
            (None, Ps256, Err(VerifyError::UnknownKey)),
            (Some("a"), Es256, Ok(1)),
            (Some("a"), EdDsa, Err(VerifyError::KeyAlgorithmMismatch(EdDsa))),
            (Some("b"), Es256, Ok(1)),
            (Some("b"), EdDsa, Ok(1)),
            (Some("b"), Ps256, Err(VerifyError::UnknownKey)),
        ];
        for (kid, algorithm, expected) in cases {
            assert_eq!(found(&keys, kid, algorithm), expected, "{kid:?} {algorithm}");
        }
        keys.extend([key(None, Es256), key(None, Es256)]);
        assert_eq!(found(&keys, None, Es256), Ok(MAX_TRIED));
        keys.push(key(None, Es256));
        assert_eq!(found(&keys, None, Es256), Err(VerifyError::AmbiguousKey));
        assert_eq!(found(&keys, Some("a"), Es256), Ok(1));
    }
}
