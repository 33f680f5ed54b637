//! The public key of a recipient, and encrypting to it.

use std::sync::Arc;

use aws_lc_rs::agreement::{ParsedPublicKey, PrivateKey};
use aws_lc_rs::rsa::{
    OAEP_SHA256_MGF1SHA256, OaepPublicEncryptingKey, PublicEncryptingKey, PublicKeyComponents,
};
use grantor_types::{ContentEncryptionAlgorithm, KeyManagementAlgorithm, SecretBytes};
use serde::Serialize;

use super::{agreement, content};
use crate::jwk::{Curve, check_rsa};
use crate::{JoseError, Jwk, JwkError, Jwks, base64url};

/// A public key to encrypt to, bound to its one algorithm: RSA-OAEP-256 with an RSA key, ECDH-ES with one on a curve.
/// Cheap to clone.
#[derive(Clone)]
pub struct EncryptionKey {
    kid: Option<String>,
    key: Arc<Recipient>,
}

enum Recipient {
    Rsa(OaepPublicEncryptingKey),
    Ec(Curve, ParsedPublicKey),
}

/// What is written into the header.
#[derive(Serialize)]
struct HeaderMembers<'a> {
    alg: KeyManagementAlgorithm,
    enc: ContentEncryptionAlgorithm,
    #[serde(skip_serializing_if = "Option::is_none")]
    kid: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cty: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    epk: Option<Jwk>,
}

impl EncryptionKey {
    /// Takes an EC key on P-256, P-384 or P-521, or an RSA key of 2048 to 8192 bits, unless its `use`, `key_ops` or
    /// `alg` say that it is for something else.
    ///
    /// # Errors
    /// A [`JwkError`] that says why the key cannot be used.
    pub fn from_jwk(jwk: &Jwk) -> Result<Self, JwkError> {
        jwk.check_encryption_purpose()?;
        let recipient = match jwk.curve_and_point() {
            Ok((curve, point)) => {
                let key = agreement::public_key(curve, &point).ok_or(JwkError::Unfit)?;
                Recipient::Ec(curve, key)
            }
            Err(JwkError::UnsupportedKey) => {
                let (n, e) = jwk.modulus_and_exponent()?;
                Recipient::Rsa(parse_rsa(&n, &e)?)
            }
            Err(error) => return Err(error),
        };
        let algorithm = recipient.algorithm();
        if jwk
            .algorithm_name()
            .is_some_and(|name| name != algorithm.as_str())
        {
            return Err(JwkError::UnsupportedAlgorithm);
        }
        Ok(Self {
            kid: jwk.kid().map(str::to_owned),
            key: Arc::new(recipient),
        })
    }

    /// The key of a client's set to encrypt to by this algorithm: the first that says it is for it, or else the first
    /// that says it is for encryption, or else the first that does not say what it is for. `None` when there is none.
    pub fn choose(jwks: &Jwks, algorithm: KeyManagementAlgorithm) -> Option<Self> {
        let fitting = |wanted: fn(&Jwk) -> bool| {
            let mut candidates = jwks.keys.iter().filter(move |jwk| wanted(jwk));
            candidates.find_map(|jwk| {
                Self::from_jwk(jwk)
                    .ok()
                    .filter(|key| key.algorithm() == algorithm)
            })
        };
        fitting(|jwk| jwk.algorithm_name().is_some())
            .or_else(|| fitting(Jwk::is_for_encryption))
            .or_else(|| fitting(|_| true))
    }

    /// `kid`, if the key has a name.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The one algorithm that the key is used with.
    pub fn algorithm(&self) -> KeyManagementAlgorithm {
        self.key.algorithm()
    }

    /// Encrypts a signed JWT: a nested one, whose `cty` is `JWT` (RFC 7519 §5.2).
    ///
    /// # Errors
    /// [`JoseError::Encrypt`] when the key or the system's randomness fails.
    pub fn encrypt_jwt(
        &self,
        encryption: ContentEncryptionAlgorithm,
        jwt: &str,
    ) -> Result<String, JoseError> {
        self.encrypt(encryption, Some("JWT"), jwt.as_bytes())
    }

    /// Encrypts claims that nobody has signed. Whoever opens them knows that they were meant for him, and not whose
    /// they are.
    ///
    /// # Errors
    /// [`JoseError::Serialize`] when the claims do not become JSON, and as [`encrypt_jwt`](Self::encrypt_jwt).
    pub fn encrypt_claims<T: Serialize + ?Sized>(
        &self,
        encryption: ContentEncryptionAlgorithm,
        claims: &T,
    ) -> Result<String, JoseError> {
        let json = serde_json::to_vec(claims).map_err(|_| JoseError::Serialize)?;
        self.encrypt(encryption, None, &json)
    }

    fn encrypt(
        &self,
        encryption: ContentEncryptionAlgorithm,
        cty: Option<&'static str>,
        plaintext: &[u8],
    ) -> Result<String, JoseError> {
        let failed = JoseError::Encrypt(self.algorithm());
        let key = self.key.content_key(encryption).ok_or(failed)?;
        let members = HeaderMembers {
            alg: self.algorithm(),
            enc: encryption,
            kid: self.kid(),
            cty,
            epk: key.ephemeral,
        };
        let header = serde_json::to_vec(&members).map_err(|_| JoseError::Serialize)?;
        let header = base64url::encode(header);
        let mut token = String::with_capacity(header.len() + base64url::encoded_len(plaintext.len()) + 512);
        token.push_str(&header);
        token.push('.');
        base64url::encode_onto(&key.encrypted, &mut token);
        content::seal_onto(&mut token, &header, encryption, &key.plain, plaintext).ok_or(failed)?;
        Ok(token)
    }
}

impl std::fmt::Debug for EncryptionKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EncryptionKey")
            .field("kid", &self.kid)
            .field("algorithm", &self.algorithm())
            .finish()
    }
}

/// A key for one content, and how it gets to the recipient.
struct ContentKey {
    plain: SecretBytes,
    /// RFC 7516 §5.1: "When Direct Key Agreement or Direct Encryption are employed, let the JWE Encrypted Key be the
    /// empty octet sequence."
    encrypted: Vec<u8>,
    ephemeral: Option<Jwk>,
}

impl Recipient {
    fn algorithm(&self) -> KeyManagementAlgorithm {
        match self {
            Self::Rsa(_) => KeyManagementAlgorithm::RsaOaep256,
            Self::Ec(..) => KeyManagementAlgorithm::EcdhEs,
        }
    }

    fn content_key(&self, encryption: ContentEncryptionAlgorithm) -> Option<ContentKey> {
        match self {
            Self::Rsa(key) => {
                let plain = content::random_key(encryption)?;
                let mut encrypted = vec![0; key.ciphertext_size()];
                key.encrypt(&OAEP_SHA256_MGF1SHA256, plain.expose(), &mut encrypted, None)
                    .ok()?;
                Some(ContentKey {
                    plain,
                    encrypted,
                    ephemeral: None,
                })
            }
            Self::Ec(curve, key) => {
                // RFC 7518 §4.6: "A new ephemeral public key value MUST be generated for each key agreement operation."
                let ephemeral = PrivateKey::generate(agreement::primitive(*curve)).ok()?;
                let point = ephemeral.compute_public_key().ok()?;
                Some(ContentKey {
                    plain: agreement::derive(&ephemeral, key, encryption, (&[], &[]))?,
                    encrypted: Vec::new(),
                    ephemeral: Some(Jwk::ec(*curve, point.as_ref())?),
                })
            }
        }
    }
}

fn parse_rsa(n: &[u8], e: &[u8]) -> Result<OaepPublicEncryptingKey, JwkError> {
    check_rsa(n, e)?;
    let key: PublicEncryptingKey = PublicKeyComponents { n, e }
        .try_into()
        .map_err(|_| JwkError::Unfit)?;
    OaepPublicEncryptingKey::new(key).map_err(|_| JwkError::Unfit)
}
