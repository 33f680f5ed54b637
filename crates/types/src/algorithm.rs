//! JWS signing algorithms ([RFC 7518 §3.1], [RFC 8037 §3.1]).
//!
//! [RFC 7518 §3.1]: https://www.rfc-editor.org/rfc/rfc7518#section-3.1
//! [RFC 8037 §3.1]: https://www.rfc-editor.org/rfc/rfc8037#section-3.1

use serde::{Deserialize, Serialize};

/// An asymmetric JWS algorithm that Grantor signs and verifies with. `none` and the HMAC family are absent on
/// purpose: a token that anyone, or any verifier, could have made proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum SigningAlgorithm {
    /// ECDSA over P-256 with SHA-256.
    #[serde(rename = "ES256")]
    Es256,
    /// Ed25519, under the name of RFC 8037.
    #[serde(rename = "EdDSA")]
    EdDsa,
    /// RSASSA-PSS with SHA-256.
    #[serde(rename = "PS256")]
    Ps256,
    /// RSASSA-PKCS1-v1_5 with SHA-256. OpenID Connect Core 15.1 makes it mandatory to offer.
    #[serde(rename = "RS256")]
    Rs256,
}

impl SigningAlgorithm {
    /// Every algorithm, in the order metadata lists them.
    pub const ALL: [SigningAlgorithm; 4] = [Self::Es256, Self::EdDsa, Self::Ps256, Self::Rs256];

    /// The `alg` header value.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
            Self::Ps256 => "PS256",
            Self::Rs256 => "RS256",
        }
    }

    /// The algorithm with this `alg` value, if Grantor has it.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.as_str() == name)
    }
}

impl std::fmt::Display for SigningAlgorithm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
