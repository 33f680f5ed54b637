//! Public keys as JSON ([RFC 7517], [RFC 7518 §6], [RFC 8037 §2]) and their thumbprints ([RFC 7638]).
//!
//! [RFC 7517]: https://www.rfc-editor.org/rfc/rfc7517
//! [RFC 7518 §6]: https://www.rfc-editor.org/rfc/rfc7518#section-6
//! [RFC 8037 §2]: https://www.rfc-editor.org/rfc/rfc8037#section-2
//! [RFC 7638]: https://www.rfc-editor.org/rfc/rfc7638

use aws_lc_rs::rsa;
use grantor_types::{SigningAlgorithm, Thumbprint};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use crate::header::signing_algorithm;
use crate::{base64url, digest};

pub(crate) use material::{Curve, Material, check_rsa};
pub use set::{Jwks, JwksError, MAX_KEYS};

mod material;
mod set;

/// A public key in JSON. Members it does not know are ignored; that the key can be used at all is found out by
/// [`VerifyingKey::from_jwk`](crate::VerifyingKey::from_jwk). The private half is never kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Jwk {
    kty: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kid: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    alg: Option<String>,
    #[serde(default, rename = "use", skip_serializing_if = "Option::is_none")]
    usage: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    key_ops: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    crv: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    x: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    y: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    n: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    e: Option<String>,
    #[serde(default, skip_serializing)]
    d: Option<IgnoredAny>,
    #[serde(default, skip_serializing)]
    k: Option<IgnoredAny>,
    #[serde(default, skip_serializing)]
    p: Option<IgnoredAny>,
    #[serde(default, skip_serializing)]
    q: Option<IgnoredAny>,
    #[serde(default, skip_serializing)]
    dp: Option<IgnoredAny>,
    #[serde(default, skip_serializing)]
    dq: Option<IgnoredAny>,
    #[serde(default, skip_serializing)]
    qi: Option<IgnoredAny>,
    #[serde(default, skip_serializing)]
    oth: Option<IgnoredAny>,
}

/// Why a key in JSON is of no use to verify with, or to encrypt to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JwkError {
    /// `kty` or `crv` is none that Grantor has.
    #[error("the key is of a type or on a curve that is not supported")]
    UnsupportedKey,
    /// `alg` is none that Grantor has, or none that the key can do.
    #[error("the key's algorithm is not supported or does not fit the key")]
    UnsupportedAlgorithm,
    /// `use` or `key_ops` say that the key is not for signatures.
    #[error("the key is not for verifying signatures")]
    NotForSignatures,
    /// `use` or `key_ops` say that the key is not for encryption.
    #[error("the key is not for encryption")]
    NotForEncryption,
    /// It holds a private or symmetric key, which nobody may publish.
    #[error("the key is private or symmetric; only the public half of a key pair belongs here")]
    Private,
    /// A member is missing, is not base64url or has the wrong length.
    #[error("a member of the key is missing or malformed")]
    Malformed,
    /// The point is not on the curve, or the RSA key is shorter than 2048 bits or otherwise unfit.
    #[error("the key is unfit: not on its curve, too short or too long")]
    Unfit,
}

impl Jwk {
    /// `kid`: the name that tokens refer to the key by.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// `alg` as it is written.
    pub fn algorithm_name(&self) -> Option<&str> {
        self.alg.as_deref()
    }

    /// The algorithm that `alg` binds the key to, if Grantor has it.
    pub fn signing_algorithm(&self) -> Option<SigningAlgorithm> {
        self.alg.as_deref().and_then(signing_algorithm)
    }

    /// The SHA-256 thumbprint ([RFC 7638 §3]): the same for every spelling of the same key.
    ///
    /// # Errors
    /// [`JwkError::UnsupportedKey`] or [`JwkError::Malformed`] when required members are unknown or missing.
    ///
    /// [RFC 7638 §3]: https://www.rfc-editor.org/rfc/rfc7638#section-3
    pub fn thumbprint(&self) -> Result<Thumbprint, JwkError> {
        // A thumbprint is over canonical values, so a key with malformed ones has none.
        self.material()?;
        self.presented_thumbprint()
    }

    /// The thumbprint over the members as they are written, for a key whose values are known to be base64url. Other
    /// servers that see the same text come to the same thumbprint.
    pub(crate) fn presented_thumbprint(&self) -> Result<Thumbprint, JwkError> {
        let members = self.required_members()?;
        Ok(Thumbprint::from_digest(digest::sha256(members.as_bytes())))
    }

    /// The same key with coordinates of full length. Some clients write a coordinate as a number, without the zeros in
    /// front that RFC 7518 §6.2.1.2 wants: one key in 128 is then too short.
    pub(crate) fn with_padded_coordinates(&self) -> Self {
        let padded = |member: &Option<String>| {
            let text = member.as_ref()?;
            match base64url::decode(text) {
                Some(bytes) if (24..32).contains(&bytes.len()) => {
                    let mut full = vec![0; 32 - bytes.len()];
                    full.extend(bytes);
                    Some(base64url::encode(full))
                }
                Some(_) | None => Some(text.clone()),
            }
        };
        if self.kty == "EC" {
            Self {
                x: padded(&self.x),
                y: padded(&self.y),
                ..self.clone()
            }
        } else {
            self.clone()
        }
    }

    /// RFC 7638 §3.2: "only the required members of a key's representation are used", in lexicographic order, without
    /// white space. `material` has seen to it that the values are base64url, so nothing needs an escape.
    fn required_members(&self) -> Result<String, JwkError> {
        let member = |value: &Option<String>| value.clone().ok_or(JwkError::Malformed);
        Ok(match self.kty.as_str() {
            "EC" => {
                let (x, y) = (member(&self.x)?, member(&self.y)?);
                format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#)
            }
            "OKP" => format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, member(&self.x)?),
            "RSA" => {
                let (e, n) = (member(&self.e)?, member(&self.n)?);
                format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#)
            }
            _ => return Err(JwkError::UnsupportedKey),
        })
    }

    /// The algorithms that the key can do and that its `alg`, if there is one, leaves it.
    pub(crate) fn algorithms(&self, material: &Material) -> Result<&'static [SigningAlgorithm], JwkError> {
        use SigningAlgorithm::{EdDsa, Es256, Ps256, Rs256};
        let able: &'static [SigningAlgorithm] = match material {
            Material::P256(_) => &[Es256],
            Material::Ed25519(_) => &[EdDsa],
            Material::Rsa { .. } => &[Ps256, Rs256],
        };
        if self.alg.is_none() {
            return Ok(able);
        }
        let named = self.signing_algorithm();
        able.chunks(1)
            .find(|one| one.first().copied() == named)
            .ok_or(JwkError::UnsupportedAlgorithm)
    }

    /// Checks that the key may verify signatures.
    pub(crate) fn check_purpose(&self) -> Result<(), JwkError> {
        self.check_public()?;
        if self.is_meant_for("sig", &["verify"]) {
            Ok(())
        } else {
            Err(JwkError::NotForSignatures)
        }
    }

    /// Checks that the key may be encrypted to. RFC 7517 §4.2: `use` is "sig" or "enc".
    pub(crate) fn check_encryption_purpose(&self) -> Result<(), JwkError> {
        self.check_public()?;
        // Web Cryptography exports the public half of a Diffie-Hellman key with an empty `key_ops`: it derives nothing.
        let derives_nothing = self.kty == "EC" && self.key_ops.as_ref().is_some_and(Vec::is_empty);
        let operations = ["encrypt", "wrapKey", "deriveKey", "deriveBits"];
        if self.is_meant_for("enc", &operations) || derives_nothing && self.usage.is_none() {
            Ok(())
        } else {
            Err(JwkError::NotForEncryption)
        }
    }

    /// Whether `use` says that the key is for encryption.
    pub(crate) fn is_for_encryption(&self) -> bool {
        self.usage.as_deref() == Some("enc")
    }

    /// RFC 9449 §4.2 of the header's jwk: "It MUST NOT contain a private key." Elsewhere it is a leak.
    fn check_public(&self) -> Result<(), JwkError> {
        let private = [
            &self.d, &self.k, &self.p, &self.q, &self.dp, &self.dq, &self.qi, &self.oth,
        ];
        if self.kty == "oct" || private.into_iter().any(Option::is_some) {
            Err(JwkError::Private)
        } else {
            Ok(())
        }
    }

    /// Whether neither `use` nor `key_ops` speak against it.
    fn is_meant_for(&self, purpose: &str, operations: &[&str]) -> bool {
        let fits = |own: &Vec<String>| own.iter().any(|name| operations.contains(&name.as_str()));
        self.usage.as_deref().is_none_or(|usage| usage == purpose) && self.key_ops.as_ref().is_none_or(fits)
    }

    /// The key with this uncompressed point.
    pub(crate) fn ec(curve: Curve, point: &[u8]) -> Option<Self> {
        let (x, y) = point
            .strip_prefix(&[4])?
            .split_at_checked(curve.coordinate_len())?;
        let (x, y) = (base64url::encode(x), base64url::encode(y));
        Some(Self {
            crv: Some(curve.name().to_owned()),
            x: Some(x),
            y: Some(y),
            ..Self::of_type("EC")
        })
    }

    pub(crate) fn ed25519(point: &[u8]) -> Self {
        let x = base64url::encode(point);
        Self {
            crv: Some("Ed25519".into()),
            x: Some(x),
            ..Self::of_type("OKP")
        }
    }

    pub(crate) fn rsa(public: &rsa::PublicKey) -> Self {
        let n = public.modulus().big_endian_without_leading_zero();
        let e = public.exponent().big_endian_without_leading_zero();
        let (n, e) = (base64url::encode(n), base64url::encode(e));
        Self {
            n: Some(n),
            e: Some(e),
            ..Self::of_type("RSA")
        }
    }

    /// The key as it is published, with its name, its one algorithm and its `use`.
    pub(crate) fn named(self, kid: &str, algorithm: &str, usage: &str) -> Self {
        let (kid, alg) = (Some(kid.to_owned()), Some(algorithm.to_owned()));
        Self {
            kid,
            alg,
            usage: Some(usage.to_owned()),
            ..self
        }
    }

    /// Only the members that make the key: what a DPoP proof carries.
    pub(crate) fn bare(&self) -> Self {
        Self {
            kid: None,
            alg: None,
            usage: None,
            key_ops: None,
            ..self.clone()
        }
    }

    fn of_type(kty: &str) -> Self {
        Self {
            kty: kty.to_owned(),
            kid: None,
            alg: None,
            usage: None,
            key_ops: None,
            crv: None,
            x: None,
            y: None,
            n: None,
            e: None,
            d: None,
            k: None,
            p: None,
            q: None,
            dp: None,
            dq: None,
            qi: None,
            oth: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jwk(json: &str) -> Jwk {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn thumbprints_of_rfc_7638_and_8037() {
        let rsa = jwk(include_str!("../testdata/rfc7638-rsa.json"));
        assert_eq!(
            rsa.thumbprint().unwrap().to_string(),
            "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
        );
        let ed25519 =
            jwk(r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#);
        assert_eq!(
            ed25519.thumbprint().unwrap().to_string(),
            "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
        );
    }

    #[test]
    fn a_thumbprint_does_not_depend_on_other_members() {
        let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
        let bare = jwk(&format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{x}"}}"#));
        let full = jwk(&format!(
            r#"{{"x":"{x}","crv":"Ed25519","kid":"1","use":"sig","kty":"OKP","z":0}}"#
        ));
        assert_eq!(bare.thumbprint(), full.thumbprint());
        let padded = jwk(&format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{x}="}}"#));
        assert_eq!(padded.thumbprint(), Err(JwkError::Malformed));
        assert_eq!(
            jwk(r#"{"kty":"oct","k":"AA"}"#).thumbprint(),
            Err(JwkError::UnsupportedKey)
        );
    }

    #[test]
    fn a_set_survives_its_strangest_member() {
        let set: Jwks = serde_json::from_str(
            r#"{"keys":[7,{"kid":"no kty"},{"kty":"EC","kid":5},{"kty":"AKP","kid":"new"}],"more":1}"#,
        )
        .unwrap();
        assert_eq!(set.keys.iter().filter_map(Jwk::kid).collect::<Vec<_>>(), ["new"]);
        assert!(serde_json::from_str::<Jwks>("{}").is_err());
        assert!(serde_json::from_str::<Jwks>(r#"{"keys":{}}"#).is_err());
    }

    #[test]
    fn a_private_member_is_noticed_and_not_kept() {
        let key = jwk(r#"{"kty":"OKP","crv":"Ed25519","x":"AA","d":"secret"}"#);
        assert_eq!(key.check_purpose(), Err(JwkError::Private));
        assert!(!serde_json::to_string(&key).unwrap().contains("secret"));
        assert!(!format!("{key:?}").contains("secret"));
    }
}
