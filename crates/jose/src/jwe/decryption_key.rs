//! A private key to decrypt with.

use std::sync::Arc;

use aws_lc_rs::agreement::{ECDH_P256, PrivateKey};
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{self, KeySize, OAEP_SHA256_MGF1SHA256, OaepPrivateDecryptingKey, PrivateDecryptingKey};
use aws_lc_rs::signature::KeyPair;
use grantor_types::{ContentEncryptionAlgorithm, KeyManagementAlgorithm, SecretBytes};

use super::header::RawHeader;
use super::{DecryptError, EncryptionKey, agreement, content};
use crate::jwk::Curve;
use crate::{JoseError, Jwk};

/// A private key with its name and its one algorithm: RSA with RSA-OAEP-256, P-256 with ECDH-ES. It decrypts and never
/// signs, as [`SigningKey`](crate::SigningKey) signs and never decrypts. Cheap to clone and to share between threads.
#[derive(Clone)]
pub struct DecryptionKey(Arc<Inner>);

struct Inner {
    kid: String,
    private: Private,
    public: Jwk,
}

enum Private {
    Rsa(OaepPrivateDecryptingKey),
    P256(PrivateKey),
}

impl DecryptionKey {
    /// Makes a new key (RSA: 2048 bits, which takes about 0.1 s of computing) named by the thumbprint of its public
    /// half (RFC 7638), and the PKCS#8 document to store, wrapped.
    ///
    /// # Errors
    /// [`JoseError::GenerateDecryptionKey`] when no key comes out.
    pub fn generate(algorithm: KeyManagementAlgorithm) -> Result<(Self, SecretBytes), JoseError> {
        let failed = JoseError::GenerateDecryptionKey(algorithm);
        let pkcs8 = generate_pkcs8(algorithm).ok_or(failed)?;
        let (private, public) = parse(algorithm, &pkcs8).ok_or(failed)?;
        let kid = public.thumbprint().map_err(|_| failed)?.to_string();
        Ok((Self::new(&kid, private, public), pkcs8))
    }

    /// Reads a stored key back.
    ///
    /// # Errors
    /// [`JoseError::DecryptionKeyRejected`] when the document holds no such key, or an RSA key outside of 2048 to 8192
    /// bits.
    pub fn from_pkcs8(
        kid: &str,
        algorithm: KeyManagementAlgorithm,
        pkcs8: &SecretBytes,
    ) -> Result<Self, JoseError> {
        let rejected = JoseError::DecryptionKeyRejected(algorithm);
        let (private, public) = parse(algorithm, pkcs8).ok_or(rejected)?;
        EncryptionKey::from_jwk(&public).map_err(|_| rejected)?;
        Ok(Self::new(kid, private, public))
    }

    fn new(kid: &str, private: Private, public: Jwk) -> Self {
        let public = public.named(kid, private.algorithm().as_str(), "enc");
        Self(Arc::new(Inner {
            kid: kid.to_owned(),
            private,
            public,
        }))
    }

    /// The name of the key in tokens and in the published set.
    pub fn kid(&self) -> &str {
        &self.0.kid
    }

    /// The one algorithm that the key is used with.
    pub fn algorithm(&self) -> KeyManagementAlgorithm {
        self.0.private.algorithm()
    }

    /// The public half as it is published, with `kid`, `alg` and `use`.
    pub fn public_jwk(&self) -> Jwk {
        self.0.public.clone()
    }

    /// The key of the content of a token with this header and this encrypted key, right or wrong: whether it is right
    /// is for the tag of the content to say.
    pub(super) fn content_key(
        &self,
        header: &RawHeader<'_>,
        encryption: ContentEncryptionAlgorithm,
        encrypted: &[u8],
    ) -> Result<SecretBytes, DecryptError> {
        match &self.0.private {
            Private::Rsa(key) => unwrap(key, encryption, encrypted),
            // RFC 7516 §5.2: "verify that the JWE Encrypted Key value is an empty octet sequence".
            Private::P256(_) if !encrypted.is_empty() => Err(DecryptError::PartLength),
            Private::P256(key) => agree(key, header, encryption),
        }
    }
}

impl std::fmt::Debug for DecryptionKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "DecryptionKey({}, {}, [redacted])",
            self.kid(),
            self.algorithm()
        )
    }
}

impl Private {
    fn algorithm(&self) -> KeyManagementAlgorithm {
        match self {
            Self::Rsa(_) => KeyManagementAlgorithm::RsaOaep256,
            Self::P256(_) => KeyManagementAlgorithm::EcdhEs,
        }
    }
}

/// RFC 7516 §11.5: "the recipient MUST NOT distinguish between format, padding, and length errors of encrypted keys. It
/// is strongly recommended, in the event of receiving an improperly formatted key, that the recipient substitute a
/// randomly generated CEK and proceed to the next step, to mitigate timing attacks."
fn unwrap(
    key: &OaepPrivateDecryptingKey,
    encryption: ContentEncryptionAlgorithm,
    encrypted: &[u8],
) -> Result<SecretBytes, DecryptError> {
    let substitute = content::random_key(encryption).ok_or(DecryptError::Random)?;
    let mut plain = vec![0; key.min_output_size()];
    let length = key
        .decrypt(&OAEP_SHA256_MGF1SHA256, encrypted, &mut plain, None)
        .map(|plain| plain.len());
    plain.truncate(length.unwrap_or(0));
    let plain = SecretBytes::new(plain);
    if plain.expose().len() == content::key_len(encryption) {
        Ok(plain)
    } else {
        Ok(substitute)
    }
}

fn agree(
    key: &PrivateKey,
    header: &RawHeader<'_>,
    encryption: ContentEncryptionAlgorithm,
) -> Result<SecretBytes, DecryptError> {
    let epk = header.ephemeral_key().ok_or(DecryptError::EphemeralKey)?;
    let point = epk
        .ephemeral_point(Curve::P256)
        .map_err(|_| DecryptError::EphemeralKey)?;
    let public = agreement::public_key(Curve::P256, &point).ok_or(DecryptError::EphemeralKey)?;
    let (apu, apv) = header.party_info()?;
    agreement::derive(key, &public, encryption, (&apu, &apv)).ok_or(DecryptError::EphemeralKey)
}

fn generate_pkcs8(algorithm: KeyManagementAlgorithm) -> Option<SecretBytes> {
    let document: Pkcs8V1Der<'_> = match algorithm {
        KeyManagementAlgorithm::RsaOaep256 => PrivateDecryptingKey::generate(KeySize::Rsa2048)
            .ok()?
            .as_der()
            .ok()?,
        KeyManagementAlgorithm::EcdhEs => PrivateKey::generate(&ECDH_P256).ok()?.as_der().ok()?,
    };
    Some(SecretBytes::new(document.as_ref()))
}

fn parse(algorithm: KeyManagementAlgorithm, pkcs8: &SecretBytes) -> Option<(Private, Jwk)> {
    let document = pkcs8.expose();
    match algorithm {
        KeyManagementAlgorithm::RsaOaep256 => {
            let key = PrivateDecryptingKey::from_pkcs8(document).ok()?;
            let pair = rsa::KeyPair::from_pkcs8(document).ok()?;
            let private = OaepPrivateDecryptingKey::new(key).ok()?;
            Some((Private::Rsa(private), Jwk::rsa(pair.public_key())))
        }
        KeyManagementAlgorithm::EcdhEs => {
            let key = PrivateKey::from_private_key_der(&ECDH_P256, document).ok()?;
            let public = Jwk::ec(Curve::P256, key.compute_public_key().ok()?.as_ref())?;
            Some((Private::P256(key), public))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Jwks, KeySet};

    #[test]
    fn a_key_survives_storage() {
        for algorithm in KeyManagementAlgorithm::ALL.iter().copied() {
            let (key, pkcs8) = DecryptionKey::generate(algorithm).unwrap();
            assert_eq!(key.kid(), key.public_jwk().thumbprint().unwrap().to_string());
            assert_eq!(key.public_jwk().algorithm_name(), Some(algorithm.as_str()));
            let published = serde_json::to_value(key.public_jwk()).unwrap();
            assert_eq!(published["use"], "enc");
            assert!(published.get("d").is_none());

            let read = DecryptionKey::from_pkcs8("name", algorithm, &pkcs8).unwrap();
            assert_eq!((read.kid(), read.algorithm()), ("name", algorithm));
            assert_eq!(read.public_jwk().thumbprint(), key.public_jwk().thumbprint());
            assert!(format!("{key:?}").ends_with("[redacted])"));

            // Nobody verifies a signature with it.
            let jwks = Jwks {
                keys: vec![key.public_jwk()],
            };
            assert!(KeySet::from_jwks(&jwks).is_empty());
            assert_eq!(jwks.check_registered(), Ok(()));
        }
    }

    #[test]
    fn a_document_of_another_key_is_refused() {
        use KeyManagementAlgorithm::{EcdhEs, RsaOaep256};
        for (made, read) in [(EcdhEs, RsaOaep256), (RsaOaep256, EcdhEs)] {
            let (_, pkcs8) = DecryptionKey::generate(made).unwrap();
            let refused = DecryptionKey::from_pkcs8("k", read, &pkcs8).unwrap_err();
            assert_eq!(refused, JoseError::DecryptionKeyRejected(read));
            let nothing = SecretBytes::new(Vec::new());
            assert!(DecryptionKey::from_pkcs8("k", made, &nothing).is_err());
        }
    }
}
