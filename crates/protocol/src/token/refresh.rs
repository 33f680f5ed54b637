//! Refresh tokens are derived, not stored: `grant id ‖ generation ‖ HMAC(key, grant id ‖ generation ‖ salt)`.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
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

impl DerivationKeys {
    /// An authenticator of ours over something else, as base64url; `None` when there is no key.
    pub(crate) fn current_mac(&self, purpose: &str, value: &[u8]) -> Option<String> {
        Some(URL_SAFE_NO_PAD.encode(mac(self.0.first()?, purpose, value)))
    }

    /// Whether the text is [`DerivationKeys::current_mac`] of this value, by any of the keys.
    pub(crate) fn verify_mac(&self, purpose: &str, value: &[u8], text: &str) -> bool {
        let expected = |key| URL_SAFE_NO_PAD.encode(mac(key, purpose, value));
        self.0
            .iter()
            .any(|key| constant_time_eq(expected(key).as_bytes(), text.as_bytes()))
    }
}

/// The zero byte ends the purpose, so that no purpose and value read like others.
fn mac(key: &HmacKey, purpose: &str, value: &[u8]) -> [u8; 32] {
    hmac_sha256(key, &[purpose.as_bytes(), &[0], value])
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
