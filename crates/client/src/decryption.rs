//! What is encrypted to the client: ID tokens and userinfo ([OpenID Connect Core
//! §10.2](https://openid.net/specs/openid-connect-core-1_0.html#Encryption)).

use grantor_jose::DecryptionKey;
use grantor_jose::jwe::{Allowed, DecryptError, Decrypted, decrypt, is_encrypted};
use grantor_types::{ContentEncryptionAlgorithm, KeyManagementAlgorithm, Secret};
use serde_json::{Map, Value};

use crate::{Error, IdTokenError, InvalidAnswer};

/// How something is encrypted to a client: its key, whose algorithm is the one `alg`, and the one `enc`, both as they are
/// registered. For [`id_token_decryption`](crate::ClientBuilder::id_token_decryption) and
/// [`userinfo_decryption`](crate::ClientBuilder::userinfo_decryption).
///
/// Encryption says nothing about who made a token, as anybody has the public key: what is decrypted is then verified as if it
/// had come so.
///
/// ```
/// use grantor_client::{Client, ContentEncryptionAlgorithm, Decryption, DecryptionKey, KeyManagementAlgorithm};
///
/// // Kept, and published at the client's jwks_uri: serde_json::to_string(&key.public_jwk())
/// let (key, _pkcs8) = DecryptionKey::generate(KeyManagementAlgorithm::EcdhEs)?;
/// let decryption = Decryption::new(key, ContentEncryptionAlgorithm::A256Gcm);
/// let builder = Client::builder("https://id.example", "my-app")
///     .id_token_decryption(decryption.clone())
///     .userinfo_decryption(decryption);
/// # Ok::<(), grantor_client::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Decryption {
    keys: Vec<DecryptionKey>,
    algorithm: KeyManagementAlgorithm,
    content: ContentEncryptionAlgorithm,
}

impl Decryption {
    /// With this key, and this `enc`.
    pub fn new(key: DecryptionKey, content: ContentEncryptionAlgorithm) -> Self {
        Self {
            algorithm: key.algorithm(),
            keys: vec![key],
            content,
        }
    }

    /// And with an older key, which the provider may still encrypt to.
    ///
    /// ```
    /// use grantor_client::{ContentEncryptionAlgorithm, Decryption, DecryptionKey, KeyManagementAlgorithm};
    ///
    /// let (new, _) = DecryptionKey::generate(KeyManagementAlgorithm::EcdhEs)?;
    /// let (old, _) = DecryptionKey::generate(KeyManagementAlgorithm::EcdhEs)?;
    /// let decryption = Decryption::new(new, ContentEncryptionAlgorithm::A128Gcm).or(old)?;
    /// # Ok::<(), grantor_client::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Misuse::Setting`](crate::Misuse::Setting) when it is for another algorithm.
    pub fn or(mut self, older: DecryptionKey) -> Result<Self, Error> {
        if older.algorithm() != self.algorithm {
            let reason = format!("the newer one is for {}", self.algorithm);
            return Err(Error::setting("a decryption key", reason));
        }
        self.keys.push(older);
        Ok(self)
    }

    fn decrypt(&self, token: &str) -> Result<Decrypted, DecryptError> {
        // RFC 8725 §3.1: "Libraries MUST enable the caller to specify a supported set of algorithms and MUST NOT use any
        // other algorithms when performing cryptographic operations."
        let allowed = Allowed {
            key_management: &[self.algorithm],
            content_encryption: &[self.content],
        };
        decrypt(token, &self.keys, &allowed)
    }
}

/// The signed JWT in what came, which is still to be verified. Whoever registered encryption does not take a token without,
/// and whoever did not cannot read one with.
pub(crate) fn signed_jwt(token: &str, decryption: Option<&Decryption>) -> Result<Secret, IdTokenError> {
    match (decryption, is_encrypted(token)) {
        (None, false) => Ok(Secret::new(token)),
        (None, true) => Err(IdTokenError::Encrypted),
        (Some(_), false) => Err(IdTokenError::NotEncrypted),
        (Some(decryption), true) => {
            let decrypted = decryption.decrypt(token)?;
            Ok(Secret::new(decrypted.jwt()?))
        }
    }
}

/// The claims in a userinfo answer that is encrypted and not signed.
pub(crate) fn claims(token: &str, decryption: &Decryption) -> Result<Map<String, Value>, InvalidAnswer> {
    let decrypted = match is_encrypted(token) {
        true => decryption.decrypt(token).map_err(IdTokenError::from),
        false => Err(IdTokenError::NotEncrypted),
    };
    let decrypted = decrypted.map_err(InvalidAnswer::Userinfo)?;
    serde_json::from_slice(decrypted.plaintext()).map_err(|_| InvalidAnswer::Json)
}

#[cfg(test)]
mod tests {
    use super::*;
    use grantor_jose::{EncryptionKey, Jwks};
    use serde_json::json;

    use ContentEncryptionAlgorithm::{A128Gcm, A256Gcm};
    use KeyManagementAlgorithm::{EcdhEs, RsaOaep256};

    fn key(algorithm: KeyManagementAlgorithm) -> DecryptionKey {
        DecryptionKey::generate(algorithm).unwrap().0
    }

    /// The provider's view of a key.
    fn public(key: &DecryptionKey) -> EncryptionKey {
        let keys = vec![key.public_jwk()];
        EncryptionKey::choose(&Jwks { keys }, key.algorithm()).unwrap()
    }

    #[test]
    fn only_what_was_registered_is_opened() {
        let (ec, other_ec, rsa) = (key(EcdhEs), key(EcdhEs), key(RsaOaep256));
        let to = |key: &DecryptionKey, content| public(key).encrypt_jwt(content, "e30.e30.c2ln").unwrap();
        let by_ec = Decryption::new(ec.clone(), A256Gcm);
        let by_rsa = Decryption::new(rsa.clone(), A128Gcm);
        let not_allowed = DecryptError::EncryptionNotAllowed(A128Gcm);
        let cases = [
            (None, "e30.e30.c2ln".to_owned(), None),
            (None, to(&ec, A256Gcm), Some(IdTokenError::Encrypted)),
            (
                Some(&by_ec),
                "e30.e30.c2ln".to_owned(),
                Some(IdTokenError::NotEncrypted),
            ),
            (Some(&by_ec), to(&ec, A256Gcm), None),
            (Some(&by_rsa), to(&rsa, A128Gcm), None),
            (Some(&by_ec), to(&ec, A128Gcm), Some(not_allowed.into())),
            (
                Some(&by_ec),
                to(&rsa, A256Gcm),
                Some(DecryptError::AlgorithmNotAllowed(RsaOaep256).into()),
            ),
            (
                Some(&by_ec),
                to(&other_ec, A256Gcm),
                Some(DecryptError::UnknownKey.into()),
            ),
            (
                Some(&by_ec),
                public(&ec)
                    .encrypt_claims(A256Gcm, &json!({"sub": "alice"}))
                    .unwrap(),
                None,
            ),
        ];
        for (decryption, token, expected) in cases {
            assert_eq!(signed_jwt(&token, decryption).err(), expected, "{token}");
        }
        let opened = signed_jwt(&to(&ec, A256Gcm), Some(&by_ec)).unwrap();
        assert_eq!(opened.expose(), "e30.e30.c2ln");
    }

    #[test]
    fn an_older_key_opens_too_if_it_is_of_the_same_kind() {
        let (new, old) = (key(EcdhEs), key(EcdhEs));
        let both = Decryption::new(new.clone(), A128Gcm).or(old.clone()).unwrap();
        for key in [&new, &old] {
            let token = public(key).encrypt_jwt(A128Gcm, "e30.e30.c2ln").unwrap();
            assert!(signed_jwt(&token, Some(&both)).is_ok());
        }
        let refused = both.or(key(RsaOaep256)).unwrap_err().to_string();
        assert!(refused.contains("ECDH-ES"), "{refused}");
    }

    #[test]
    fn claims_that_are_encrypted_alone() {
        let key = key(EcdhEs);
        let decryption = Decryption::new(key.clone(), A128Gcm);
        let sealed = |value: &Value| public(&key).encrypt_claims(A128Gcm, value).unwrap();
        let read = |token: &str| claims(token, &decryption);
        assert_eq!(read(&sealed(&json!({"sub": "alice"}))).unwrap()["sub"], "alice");
        assert_eq!(read(&sealed(&json!(["sub"]))), Err(InvalidAnswer::Json));
        let expected = InvalidAnswer::Userinfo(IdTokenError::NotEncrypted);
        assert_eq!(read("e30.e30.c2ln"), Err(expected.clone()));
        assert_eq!(read(r#"{"sub":"alice"}"#), Err(expected));
    }
}
