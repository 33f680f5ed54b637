//! Refresh tokens are derived, not stored: `grant id ‖ generation ‖ HMAC(key, grant id ‖ generation ‖ salt)`.

use std::sync::Arc;

use grantor_jose::digest::{HmacKey, constant_time_eq, hmac_sha256};
use grantor_types::GrantId;

use super::handle::RefreshHandle;

/// The keys that refresh tokens are derived with: the first derives, all verify.
#[derive(Clone)]
pub struct DerivationKeys(Arc<[HmacKey]>);

impl std::fmt::Debug for DerivationKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DerivationKeys({})", self.0.len())
    }
}

/// A refresh token to hand out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefreshToken {
    /// Its grant.
    pub grant: GrantId,
    /// Its generation.
    pub generation: u64,
    /// The grant's salt.
    pub salt: [u8; 16],
}

impl DerivationKeys {
    /// Keys, the current one first.
    pub fn new(keys: Vec<HmacKey>) -> Self {
        Self(keys.into())
    }

    /// The keys, the current one first.
    pub(crate) fn keys(&self) -> &[HmacKey] {
        &self.0
    }

    /// The token's text; `None` when there is no key.
    pub fn derive(&self, token: &RefreshToken) -> Option<String> {
        let authenticator = authenticate(self.0.first()?, token);
        Some(
            RefreshHandle {
                grant: token.grant,
                generation: token.generation,
                authenticator,
            }
            .encode(),
        )
    }

    /// Whether the presented handle is this token, made with any of the keys. Takes the same time for every wrong
    /// authenticator.
    pub(crate) fn verify(&self, handle: &RefreshHandle, salt: [u8; 16]) -> bool {
        let token = RefreshToken {
            grant: handle.grant,
            generation: handle.generation,
            salt,
        };
        self.0
            .iter()
            .any(|key| constant_time_eq(&authenticate(key, &token), &handle.authenticator))
    }
}

fn authenticate(key: &HmacKey, token: &RefreshToken) -> [u8; 32] {
    hmac_sha256(
        key,
        &[
            b"refresh",
            token.grant.as_bytes(),
            &token.generation.to_be_bytes(),
            &token.salt,
        ],
    )
}
