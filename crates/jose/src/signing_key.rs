//! A private key, parsed once, and signing with it.

use std::sync::Arc;

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{self, KeySize};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256,
    RsaEncoding,
};
use grantor_types::{SecretBytes, SigningAlgorithm};
use serde::Serialize;

use crate::jwk::Curve;
use crate::{JoseError, Jwk, JwkError, Type, VerifyingKey, base64url};

/// A private key with its name and its one algorithm. Cheap to clone and to share between threads.
///
/// Parsing costs as much as many signatures, and so does writing the header; both are done once, here.
#[derive(Clone)]
pub struct SigningKey(Arc<Inner>);

struct Inner {
    kid: String,
    algorithm: SigningAlgorithm,
    pair: Pair,
    public: Jwk,
    /// For each type the encoded header with the dot that follows it.
    headers: Vec<(Type, String)>,
}

enum Pair {
    Ec(EcdsaKeyPair),
    Ed(Ed25519KeyPair),
    Rsa {
        pair: rsa::KeyPair,
        padding: &'static dyn RsaEncoding,
    },
}

/// What is written into the header. The order of members is ours to choose.
#[derive(Serialize)]
struct HeaderMembers<'a> {
    alg: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    kid: Option<&'a str>,
    typ: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    jwk: Option<Jwk>,
}

impl SigningKey {
    /// Makes a new key (RSA: 2048 bits, which takes about 0.1 s of computing) named by the thumbprint of its public
    /// half (RFC 7638), and the PKCS#8 document to store, wrapped.
    ///
    /// # Errors
    /// [`JoseError::Generate`] when no key comes out.
    pub fn generate(algorithm: SigningAlgorithm) -> Result<(Self, SecretBytes), JoseError> {
        let pkcs8 = generate_pkcs8(algorithm).ok_or(JoseError::Generate(algorithm))?;
        let (pair, public) = parse(algorithm, &pkcs8).ok_or(JoseError::Generate(algorithm))?;
        let kid = public
            .thumbprint()
            .map_err(|_| JoseError::Generate(algorithm))?
            .to_string();
        Ok((Self::new(kid, algorithm, pair, public)?, pkcs8))
    }

    /// Reads a stored key back. An RSA key is good for both of its algorithms by nature; it is used with the one
    /// given here only.
    ///
    /// # Errors
    /// [`JoseError::PrivateKeyRejected`] when the document holds no such key, or an RSA key outside of 2048 to 8192
    /// bits.
    pub fn from_pkcs8(
        kid: &str,
        algorithm: SigningAlgorithm,
        pkcs8: &SecretBytes,
    ) -> Result<Self, JoseError> {
        let (pair, public) = parse(algorithm, pkcs8).ok_or(JoseError::PrivateKeyRejected(algorithm))?;
        VerifyingKey::from_jwk(&public).map_err(|_| JoseError::PrivateKeyRejected(algorithm))?;
        Self::new(kid.to_owned(), algorithm, pair, public)
    }

    fn new(kid: String, algorithm: SigningAlgorithm, pair: Pair, public: Jwk) -> Result<Self, JoseError> {
        let public = public.named(&kid, algorithm.as_str(), "sig");
        let headers = Type::ALL
            .into_iter()
            .map(|typ| Ok((typ, encoded_header(typ, &public)?)))
            .collect::<Result<_, JoseError>>()?;
        Ok(Self(Arc::new(Inner {
            kid,
            algorithm,
            pair,
            public,
            headers,
        })))
    }

    /// The name of the key in tokens and in the published set.
    pub fn kid(&self) -> &str {
        &self.0.kid
    }

    /// The one algorithm that the key is used with.
    pub fn algorithm(&self) -> SigningAlgorithm {
        self.0.algorithm
    }

    /// The public half as it is published, with `kid`, `alg` and `use`.
    pub fn public_jwk(&self) -> Jwk {
        self.0.public.clone()
    }

    /// The public half, ready to verify with.
    ///
    /// # Errors
    /// As [`VerifyingKey::from_jwk`]; a key that was accepted for signing gives none.
    pub fn verifying_key(&self) -> Result<VerifyingKey, JwkError> {
        VerifyingKey::from_jwk(&self.0.public)
    }

    /// Signs the claims as a JWT of this type, in compact serialization (RFC 7515 §7.1).
    ///
    /// The header holds `alg`, `kid` and `typ`; for [`Type::Dpop`] the public key in `jwk` in place of `kid`
    /// (RFC 9449 §4.2).
    ///
    /// # Errors
    /// [`JoseError::Serialize`] when the claims do not become JSON, [`JoseError::Sign`] when the key fails.
    pub fn sign<T: Serialize + ?Sized>(&self, typ: Type, claims: &T) -> Result<String, JoseError> {
        let inner = &*self.0;
        let mut payload = Vec::with_capacity(512);
        serde_json::to_writer(&mut payload, claims).map_err(|_| JoseError::Serialize)?;

        let (_, header) = inner
            .headers
            .iter()
            .find(|(own, _)| *own == typ)
            .ok_or(JoseError::Serialize)?;
        let length =
            header.len() + base64url::encoded_len(payload.len()) + 1 + inner.pair.encoded_signature_len();
        let mut token = String::with_capacity(length);
        token.push_str(header);
        base64url::encode_onto(&payload, &mut token);
        inner
            .pair
            .sign_onto(&mut token)
            .ok_or(JoseError::Sign(inner.algorithm))?;
        Ok(token)
    }
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SigningKey({}, {}, [redacted])", self.0.kid, self.0.algorithm)
    }
}

impl Pair {
    /// Appends the dot and the signature over what stands there.
    fn sign_onto(&self, token: &mut String) -> Option<()> {
        match self {
            Self::Ec(pair) => {
                let signature = pair.sign(&SystemRandom::new(), token.as_bytes()).ok()?;
                append(token, signature.as_ref());
            }
            Self::Ed(pair) => {
                let signature = pair.try_sign(token.as_bytes()).ok()?;
                append(token, signature.as_ref());
            }
            Self::Rsa { pair, padding } => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(*padding, &SystemRandom::new(), token.as_bytes(), &mut signature)
                    .ok()?;
                append(token, &signature);
            }
        }
        Some(())
    }

    fn encoded_signature_len(&self) -> usize {
        base64url::encoded_len(match self {
            Self::Ec(_) | Self::Ed(_) => 64,
            Self::Rsa { pair, .. } => pair.public_modulus_len(),
        })
    }
}

fn append(token: &mut String, signature: &[u8]) {
    token.push('.');
    base64url::encode_onto(signature, token);
}

fn encoded_header(typ: Type, public: &Jwk) -> Result<String, JoseError> {
    let embeds_the_key = typ == Type::Dpop;
    let members = HeaderMembers {
        alg: public.signing_algorithm().ok_or(JoseError::Serialize)?.as_str(),
        kid: public.kid().filter(|_| !embeds_the_key),
        typ: typ.as_str(),
        jwk: embeds_the_key.then(|| public.bare()),
    };
    let json = serde_json::to_vec(&members).map_err(|_| JoseError::Serialize)?;
    Ok(base64url::encode(json) + ".")
}

fn generate_pkcs8(algorithm: SigningAlgorithm) -> Option<SecretBytes> {
    let document = match algorithm {
        SigningAlgorithm::Es256 => EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)
            .ok()?
            .to_pkcs8v1()
            .ok()?
            .as_ref()
            .to_vec(),
        SigningAlgorithm::EdDsa => Ed25519KeyPair::generate()
            .ok()?
            .to_pkcs8v1()
            .ok()?
            .as_ref()
            .to_vec(),
        SigningAlgorithm::Ps256 | SigningAlgorithm::Rs256 => rsa::KeyPair::generate(KeySize::Rsa2048)
            .ok()?
            .as_der()
            .ok()?
            .as_ref()
            .to_vec(),
    };
    Some(SecretBytes::new(document))
}

fn parse(algorithm: SigningAlgorithm, pkcs8: &SecretBytes) -> Option<(Pair, Jwk)> {
    let document = pkcs8.expose();
    match algorithm {
        SigningAlgorithm::Es256 => {
            let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document).ok()?;
            let public = Jwk::ec(Curve::P256, pair.public_key().as_ref())?;
            Some((Pair::Ec(pair), public))
        }
        SigningAlgorithm::EdDsa => {
            // Other programs store the seed without the public key, as RFC 8410 §7 allows; ours holds both or one.
            let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(document).ok()?;
            let public = Jwk::ed25519(pair.public_key().as_ref());
            Some((Pair::Ed(pair), public))
        }
        SigningAlgorithm::Ps256 => parse_rsa(document, &RSA_PSS_SHA256),
        SigningAlgorithm::Rs256 => parse_rsa(document, &RSA_PKCS1_SHA256),
    }
}

fn parse_rsa(document: &[u8], padding: &'static dyn RsaEncoding) -> Option<(Pair, Jwk)> {
    let pair = rsa::KeyPair::from_pkcs8(document).ok()?;
    let jwk = Jwk::rsa(pair.public_key());
    Some((Pair::Rsa { pair, padding }, jwk))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_survives_storage() {
        for algorithm in SigningAlgorithm::ALL {
            let (key, pkcs8) = SigningKey::generate(algorithm).unwrap();
            assert_eq!(key.kid(), key.public_jwk().thumbprint().unwrap().to_string());
            assert_eq!(key.public_jwk().algorithm_name(), Some(algorithm.as_str()));

            let read = SigningKey::from_pkcs8("name", algorithm, &pkcs8).unwrap();
            assert_eq!((read.kid(), read.algorithm()), ("name", algorithm));
            assert_eq!(read.public_jwk().thumbprint(), key.public_jwk().thumbprint());
            assert_eq!(
                read.verifying_key().unwrap().algorithms().collect::<Vec<_>>(),
                [algorithm]
            );
            assert!(format!("{key:?}").ends_with("[redacted])"));
        }
    }

    #[test]
    fn a_document_of_another_key_is_refused() {
        let (_, ec) = SigningKey::generate(SigningAlgorithm::Es256).unwrap();
        for algorithm in [
            SigningAlgorithm::EdDsa,
            SigningAlgorithm::Ps256,
            SigningAlgorithm::Rs256,
        ] {
            let refused = SigningKey::from_pkcs8("k", algorithm, &ec).unwrap_err();
            assert_eq!(refused, JoseError::PrivateKeyRejected(algorithm));
        }
        let nothing = SecretBytes::new(Vec::new());
        assert!(SigningKey::from_pkcs8("k", SigningAlgorithm::Es256, &nothing).is_err());
    }

    #[test]
    fn headers_say_the_type_and_the_key() {
        let (_, pkcs8) = SigningKey::generate(SigningAlgorithm::EdDsa).unwrap();
        let key = SigningKey::from_pkcs8("a \"name\"", SigningAlgorithm::EdDsa, &pkcs8).unwrap();
        let header = |typ| {
            let token = key.sign(typ, &serde_json::json!({})).unwrap();
            let header = base64url::decode(token.split('.').next().unwrap()).unwrap();
            String::from_utf8(header).unwrap()
        };
        assert_eq!(
            header(Type::AccessToken),
            r#"{"alg":"EdDSA","kid":"a \"name\"","typ":"at+jwt"}"#
        );
        let x = key.public_jwk().bare();
        let x = serde_json::to_string(&x).unwrap();
        assert_eq!(
            header(Type::Dpop),
            format!(r#"{{"alg":"EdDSA","typ":"dpop+jwt","jwk":{x}}}"#)
        );
        assert!(!x.contains("kid"));
    }
}
