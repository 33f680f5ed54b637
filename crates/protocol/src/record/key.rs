//! Keys at rest: wrapped by the master key, with the times at which they come and go.

use grantor_types::{KeyManagementAlgorithm, SigningAlgorithm, Timestamp};

/// A key as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredKey {
    /// The `kid` of a signing key, a random id for the others.
    pub id: String,
    /// What the key is for.
    pub purpose: KeyPurpose,
    /// When it was made; it is published from then on.
    pub created_at: Timestamp,
    /// From when on it is used.
    pub use_from: Timestamp,
    /// When its last signature or seal will have ended; the row is swept after it. `None` while it is current.
    pub retire_at: Option<Timestamp>,
    /// The key material, sealed under the master key.
    pub wrapped: Vec<u8>,
}

/// What a key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyPurpose {
    /// Signs tokens with this algorithm; its public half is in the JWK set.
    Signing(SigningAlgorithm),
    /// Seals opaque access tokens and what pages carry through the browser.
    Sealing,
    /// Derives refresh tokens and form tokens (HMAC-SHA-256).
    Derivation,
    /// Opens what clients encrypt to us by this algorithm; its public half is in the JWK set.
    Decryption(KeyManagementAlgorithm),
    /// Makes pairwise subject identifiers. It is never replaced.
    Pairwise,
}

impl KeyPurpose {
    /// The name in storage and in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Signing(algorithm) => algorithm.as_str(),
            Self::Decryption(algorithm) => algorithm.as_str(),
            Self::Sealing => "sealing",
            Self::Derivation => "derivation",
            Self::Pairwise => "pairwise",
        }
    }

    /// The purpose with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "sealing" => Some(Self::Sealing),
            "pairwise" => Some(Self::Pairwise),
            "derivation" => Some(Self::Derivation),
            algorithm => SigningAlgorithm::from_name(algorithm)
                .map(Self::Signing)
                .or_else(|| KeyManagementAlgorithm::from_name(algorithm).map(Self::Decryption)),
        }
    }
}
