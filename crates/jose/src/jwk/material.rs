//! What the members of a key in JSON stand for, decoded and measured.

use super::{Jwk, JwkError};
use crate::base64url;

/// What the members say the key is, decoded.
pub(crate) enum Material {
    /// The uncompressed point, `0x04 ‖ x ‖ y`.
    P256(Vec<u8>),
    Ed25519(Vec<u8>),
    Rsa {
        n: Vec<u8>,
        e: Vec<u8>,
    },
}

/// A curve of RFC 7518 §6.2.1.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Curve {
    P256,
    P384,
    P521,
}

impl Curve {
    pub(crate) const ALL: [Self; 3] = [Self::P256, Self::P384, Self::P521];

    /// `crv`.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::P521 => "P-521",
        }
    }

    /// The length of one coordinate, in bytes.
    pub(crate) const fn coordinate_len(self) -> usize {
        match self {
            Self::P256 => 32,
            Self::P384 => 48,
            Self::P521 => 66,
        }
    }
}

impl Jwk {
    /// What the key is for a verifier.
    pub(crate) fn material(&self) -> Result<Material, JwkError> {
        match (self.kty.as_str(), self.crv.as_deref()) {
            ("EC", Some("P-256")) => Ok(Material::P256(self.point(Curve::P256)?)),
            ("OKP", Some("Ed25519")) => Ok(Material::Ed25519(coordinate(&self.x, 32)?)),
            ("RSA", _) => {
                let (n, e) = self.modulus_and_exponent()?;
                Ok(Material::Rsa { n, e })
            }
            _ => Err(JwkError::UnsupportedKey),
        }
    }

    /// The curve of an EC key, and the uncompressed point on it; that it lies on it is not yet checked.
    pub(crate) fn curve_and_point(&self) -> Result<(Curve, Vec<u8>), JwkError> {
        let name = self.crv.as_deref().filter(|_| self.kty == "EC");
        let curve = Curve::ALL.into_iter().find(|curve| Some(curve.name()) == name);
        let curve = curve.ok_or(JwkError::UnsupportedKey)?;
        Ok((curve, self.point(curve)?))
    }

    /// The uncompressed point of an `epk`, which RFC 7518 §4.6.1.1 says "MUST contain only public key parameters".
    pub(crate) fn ephemeral_point(&self, curve: Curve) -> Result<Vec<u8>, JwkError> {
        self.check_public()?;
        match self.curve_and_point()? {
            (own, point) if own == curve => Ok(point),
            _ => Err(JwkError::UnsupportedKey),
        }
    }

    /// The modulus and the exponent of an RSA key; [`check_rsa`] says whether they are fit.
    pub(crate) fn modulus_and_exponent(&self) -> Result<(Vec<u8>, Vec<u8>), JwkError> {
        if self.kty == "RSA" {
            Ok((unsigned(&self.n)?, unsigned(&self.e)?))
        } else {
            Err(JwkError::UnsupportedKey)
        }
    }

    fn point(&self, curve: Curve) -> Result<Vec<u8>, JwkError> {
        let length = curve.coordinate_len();
        Ok([
            vec![4],
            coordinate(&self.x, length)?,
            coordinate(&self.y, length)?,
        ]
        .concat())
    }
}

/// Refuses an RSA key that is too short, too long or no key at all.
pub(crate) fn check_rsa(n: &[u8], e: &[u8]) -> Result<(), JwkError> {
    // The primitive checks sizes only when it verifies, and then by whole bytes; here the key itself is refused. RFC
    // 7518 §3.3 and §4.3: "A key of size 2048 bits or larger MUST be used".
    let leading_zeros = n.first().map_or(8, |first| first.leading_zeros() as usize);
    let bits = (n.len() * 8).saturating_sub(leading_zeros);
    let odd = |number: &[u8]| number.last().is_some_and(|last| last % 2 == 1);
    // An exponent of 1 would make every message its own signature; long ones are only a way to waste our time.
    let exponent_is_fit = e.len() <= 4 && odd(e) && e != [1];
    if (2048..=8192).contains(&bits) && odd(n) && exponent_is_fit {
        Ok(())
    } else {
        Err(JwkError::Unfit)
    }
}

/// So many octets, no more and no less: "The length of this octet string MUST be the size of a coordinate" (RFC 7518
/// §6.2.1.2).
fn coordinate(member: &Option<String>, length: usize) -> Result<Vec<u8>, JwkError> {
    let bytes = member
        .as_deref()
        .and_then(base64url::decode)
        .ok_or(JwkError::Malformed)?;
    if bytes.len() == length {
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
