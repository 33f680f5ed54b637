//! A public key, parsed once.

use std::sync::Arc;

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256,
    RsaParameters, RsaPublicKeyComponents,
};
use grantor_types::SigningAlgorithm;

use crate::jwk::{Material, check_rsa};
use crate::{Jwk, JwkError};

/// A public key bound to the algorithms it may verify: one, unless it is an RSA key that names none. Cheap to clone.
#[derive(Clone)]
pub struct VerifyingKey {
    kid: Option<String>,
    parsed: Arc<[(SigningAlgorithm, ParsedPublicKey)]>,
}

impl VerifyingKey {
    /// Takes an EC key on P-256, an OKP key on Ed25519 or an RSA key of 2048 to 8192 bits.
    ///
    /// # Errors
    /// A [`JwkError`] that says why the key cannot be used.
    pub fn from_jwk(jwk: &Jwk) -> Result<Self, JwkError> {
        jwk.check_purpose()?;
        let material = jwk.material()?;
        let parsed = jwk
            .algorithms(&material)?
            .iter()
            .map(|algorithm| Ok((*algorithm, parse(&material, *algorithm)?)))
            .collect::<Result<_, JwkError>>()?;
        Ok(Self {
            kid: jwk.kid().map(str::to_owned),
            parsed,
        })
    }

    /// `kid`, if the key has a name.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// What the key may verify.
    pub fn algorithms(&self) -> impl Iterator<Item = SigningAlgorithm> {
        self.parsed.iter().map(|(algorithm, _)| *algorithm)
    }

    /// Whether the signature is this key's, by this algorithm, over the message. An algorithm that is not the key's
    /// verifies nothing.
    pub(crate) fn verify(&self, algorithm: SigningAlgorithm, message: &[u8], signature: &[u8]) -> bool {
        let mut parsed = self.parsed.iter().filter(|(own, _)| *own == algorithm);
        parsed.any(|(_, key)| key.verify_sig(message, signature).is_ok())
    }
}

impl std::fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let algorithms: Vec<_> = self.algorithms().collect();
        f.debug_struct("VerifyingKey")
            .field("kid", &self.kid)
            .field("algorithms", &algorithms)
            .finish()
    }
}

fn parse(material: &Material, algorithm: SigningAlgorithm) -> Result<ParsedPublicKey, JwkError> {
    use SigningAlgorithm::{EdDsa, Es256, Ps256, Rs256};
    match (material, algorithm) {
        (Material::P256(point), Es256) => {
            ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).map_err(|_| JwkError::Unfit)
        }
        (Material::Ed25519(point), EdDsa) => {
            ParsedPublicKey::new(&ED25519, point).map_err(|_| JwkError::Unfit)
        }
        (Material::Rsa { n, e }, Ps256) => parse_rsa(n, e, &RSA_PSS_2048_8192_SHA256),
        (Material::Rsa { n, e }, Rs256) => parse_rsa(n, e, &RSA_PKCS1_2048_8192_SHA256),
        (Material::P256(_), EdDsa | Ps256 | Rs256)
        | (Material::Ed25519(_), Es256 | Ps256 | Rs256)
        | (Material::Rsa { .. }, Es256 | EdDsa) => Err(JwkError::UnsupportedAlgorithm),
    }
}

fn parse_rsa(n: &[u8], e: &[u8], parameters: &'static RsaParameters) -> Result<ParsedPublicKey, JwkError> {
    check_rsa(n, e)?;
    RsaPublicKeyComponents { n, e }
        .to_parsed_public_key(parameters)
        .map_err(|_| JwkError::Unfit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base64url;
    use serde_json::{Value, json};

    const X: &str = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
    const Y: &str = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";

    fn usable(jwk: Value) -> Result<Vec<SigningAlgorithm>, JwkError> {
        let jwk = serde_json::from_value(jwk).unwrap();
        VerifyingKey::from_jwk(&jwk).map(|key| key.algorithms().collect())
    }

    #[test]
    fn elliptic_curve_keys() {
        use JwkError::*;
        let es256 = Ok(vec![SigningAlgorithm::Es256]);
        let short = base64url::encode([1; 31]);
        let cases = [
            (
                json!({"kty": "EC", "crv": "P-256", "x": X, "y": Y}),
                es256.clone(),
            ),
            (
                json!({"kty": "EC", "crv": "P-256", "x": X, "y": Y, "alg": "ES256", "use": "sig"}),
                es256.clone(),
            ),
            (
                json!({"kty": "EC", "crv": "P-256", "x": X, "y": Y, "key_ops": ["verify"]}),
                es256,
            ),
            (
                json!({"kty": "EC", "crv": "P-256", "x": X, "y": Y, "key_ops": ["sign"]}),
                Err(NotForSignatures),
            ),
            (
                json!({"kty": "EC", "crv": "P-256", "x": X, "y": Y, "use": "enc"}),
                Err(NotForSignatures),
            ),
            (
                json!({"kty": "EC", "crv": "P-256", "x": X, "y": Y, "alg": "ES384"}),
                Err(UnsupportedAlgorithm),
            ),
            (
                json!({"kty": "EC", "crv": "P-256", "x": X, "y": Y, "alg": "RS256"}),
                Err(UnsupportedAlgorithm),
            ),
            (
                json!({"kty": "EC", "crv": "P-256", "x": X, "y": Y, "d": "AA"}),
                Err(Private),
            ),
            (json!({"kty": "EC", "crv": "P-256", "x": Y, "y": X}), Err(Unfit)),
            (json!({"kty": "EC", "crv": "P-256", "x": X}), Err(Malformed)),
            (
                json!({"kty": "EC", "crv": "P-256", "x": X, "y": short}),
                Err(Malformed),
            ),
            (
                json!({"kty": "EC", "crv": "P-384", "x": X, "y": Y}),
                Err(UnsupportedKey),
            ),
            (json!({"kty": "EC", "x": X, "y": Y}), Err(UnsupportedKey)),
            (json!({"kty": "oct", "k": "AA"}), Err(Private)),
            (json!({"kty": "AKP", "pub": "AA"}), Err(UnsupportedKey)),
        ];
        for (jwk, expected) in cases {
            assert_eq!(usable(jwk.clone()), expected, "{jwk}");
        }
    }

    #[test]
    fn rsa_keys() {
        let rsa = |n: Vec<u8>, e: &str| json!({"kty": "RSA", "n": base64url::encode(n), "e": e});
        let modulus = |length: usize, first: u8, last: u8| {
            let mut n = vec![0xaa; length];
            n[0] = first;
            n[length - 1] = last;
            n
        };
        let both = Ok(vec![SigningAlgorithm::Ps256, SigningAlgorithm::Rs256]);
        assert_eq!(usable(rsa(modulus(256, 0x80, 1), "AQAB")), both);
        let unfit = [
            rsa(modulus(256, 0x7f, 1), "AQAB"),
            rsa(modulus(128, 0x80, 1), "AQAB"),
            rsa(modulus(1025, 0x80, 1), "AQAB"),
            rsa(modulus(256, 0x80, 2), "AQAB"),
            rsa(modulus(256, 0x80, 1), "AQ"),
            rsa(modulus(256, 0x80, 1), "AQAA"),
            rsa(modulus(256, 0x80, 1), "AQAAAAE"),
        ];
        for jwk in unfit {
            assert_eq!(usable(jwk.clone()), Err(JwkError::Unfit), "{jwk}");
        }
        assert_eq!(usable(rsa(modulus(257, 0, 1), "AQAB")), Err(JwkError::Malformed));
        assert_eq!(
            usable(json!({"kty": "RSA", "e": "AQAB"})),
            Err(JwkError::Malformed)
        );
    }
}
