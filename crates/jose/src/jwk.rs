//! Public keys as JSON ([RFC 7517], [RFC 7518 §6], [RFC 8037 §2]) and their thumbprints ([RFC 7638]).
//!
//! [RFC 7517]: https://www.rfc-editor.org/rfc/rfc7517
//! [RFC 7518 §6]: https://www.rfc-editor.org/rfc/rfc7518#section-6
//! [RFC 8037 §2]: https://www.rfc-editor.org/rfc/rfc8037#section-2
//! [RFC 7638]: https://www.rfc-editor.org/rfc/rfc7638

use grantor_types::{SigningAlgorithm, Thumbprint};
use serde::de::{Deserializer, IgnoredAny};
use serde::{Deserialize, Serialize};

use crate::{base64url, digest};

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
}

/// Why a key in JSON is of no use to verify with.
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
    /// It holds a private or symmetric key, which nobody may publish.
    #[error("the key is private")]
    Private,
    /// A member is missing, is not base64url or has the wrong length.
    #[error("a member of the key is missing or malformed")]
    Malformed,
    /// The point is not on the curve, or the RSA key is shorter than 2048 bits or otherwise unfit.
    #[error("the key is unfit: not on its curve, too short or too long")]
    Unfit,
}

/// What the members say the key is, decoded.
pub(crate) enum Material {
    /// The uncompressed point, `0x04 ‖ x ‖ y`.
    P256([u8; 65]),
    Ed25519(Vec<u8>),
    Rsa {
        n: Vec<u8>,
        e: Vec<u8>,
    },
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
        self.alg.as_deref().and_then(SigningAlgorithm::from_name)
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

    pub(crate) fn material(&self) -> Result<Material, JwkError> {
        match (self.kty.as_str(), self.crv.as_deref()) {
            ("EC", Some("P-256")) => {
                let mut point = [4; 65];
                let coordinates = [coordinate(&self.x)?, coordinate(&self.y)?].concat();
                for (to, from) in point.iter_mut().skip(1).zip(coordinates) {
                    *to = from;
                }
                Ok(Material::P256(point))
            }
            ("OKP", Some("Ed25519")) => Ok(Material::Ed25519(coordinate(&self.x)?)),
            ("RSA", _) => Ok(Material::Rsa {
                n: unsigned(&self.n)?,
                e: unsigned(&self.e)?,
            }),
            _ => Err(JwkError::UnsupportedKey),
        }
    }

    /// The algorithms that the key can do and that its `alg`, if there is one, leaves it.
    pub(crate) fn algorithms(&self, material: &Material) -> Result<&'static [SigningAlgorithm], JwkError> {
        use SigningAlgorithm::{EdDsa, Es256, Ps256, Rs256};
        let able: &'static [SigningAlgorithm] = match material {
            Material::P256(_) => &[Es256],
            Material::Ed25519(_) => &[EdDsa],
            Material::Rsa { .. } => &[Ps256, Rs256],
        };
        let Some(name) = self.alg.as_deref() else {
            return Ok(able);
        };
        able.chunks(1)
            .find(|one| one.iter().any(|algorithm| algorithm.as_str() == name))
            .ok_or(JwkError::UnsupportedAlgorithm)
    }

    pub(crate) fn check_purpose(&self) -> Result<(), JwkError> {
        // RFC 9449 §4.2 of the header's jwk: "It MUST NOT contain a private key." Elsewhere it is a leak.
        if self.d.is_some() || self.k.is_some() {
            return Err(JwkError::Private);
        }
        let for_signatures = self.usage.as_deref().is_none_or(|usage| usage == "sig")
            && self
                .key_ops
                .as_ref()
                .is_none_or(|operations| operations.iter().any(|name| name == "verify"));
        if for_signatures {
            Ok(())
        } else {
            Err(JwkError::NotForSignatures)
        }
    }

    pub(crate) fn p256(point: &[u8]) -> Option<Self> {
        let (x, y) = point.strip_prefix(&[4])?.split_at_checked(32)?;
        let (x, y) = (base64url::encode(x), base64url::encode(y));
        Some(Self {
            crv: Some("P-256".into()),
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

    pub(crate) fn rsa(n: &[u8], e: &[u8]) -> Self {
        let (n, e) = (base64url::encode(n), base64url::encode(e));
        Self {
            n: Some(n),
            e: Some(e),
            ..Self::of_type("RSA")
        }
    }

    pub(crate) fn named(self, kid: &str, algorithm: SigningAlgorithm) -> Self {
        let (kid, alg) = (Some(kid.to_owned()), Some(algorithm.as_str().to_owned()));
        Self {
            kid,
            alg,
            usage: Some("sig".to_owned()),
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
        }
    }
}

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

fn readable_keys<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Jwk>, D::Error> {
    let values = Vec::<serde_json::Value>::deserialize(deserializer)?;
    Ok(values
        .into_iter()
        .filter_map(|value| serde_json::from_value(value).ok())
        .collect())
}

/// 32 octets, no more and no less: "The length of this octet string MUST be the size of a coordinate" (RFC 7518
/// §6.2.1.2).
fn coordinate(member: &Option<String>) -> Result<Vec<u8>, JwkError> {
    let bytes = member
        .as_deref()
        .and_then(base64url::decode)
        .ok_or(JwkError::Malformed)?;
    if bytes.len() == 32 {
        Ok(bytes)
    } else {
        Err(JwkError::Malformed)
    }
}

/// RFC 7518 §6.3.1.1: "the octet sequence MUST utilize the minimum number of octets needed to represent the value".
fn unsigned(member: &Option<String>) -> Result<Vec<u8>, JwkError> {
    let bytes = member
        .as_deref()
        .and_then(base64url::decode)
        .ok_or(JwkError::Malformed)?;
    if bytes.first().is_some_and(|first| *first != 0) {
        Ok(bytes)
    } else {
        Err(JwkError::Malformed)
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
