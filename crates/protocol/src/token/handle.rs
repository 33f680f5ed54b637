//! The texts that carry a row id and a secret: authorization codes, refresh tokens and the like.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use grantor_jose::digest;
use grantor_types::{DeviceAuthorizationId, GrantId, PushedRequestId, SecretHash};

/// The id of a row and a random secret, of which the row has the hash: 48 bytes, 64 characters of base64url.
#[derive(Clone)]
pub struct Handle<I> {
    /// The row.
    pub id: I,
    /// The random secret.
    pub secret: [u8; 32],
}

/// An authorization code.
pub type CodeHandle = Handle<GrantId>;

/// A device code (RFC 8628 3.2).
pub type DeviceHandle = Handle<DeviceAuthorizationId>;

/// What a `request_uri` of ours ends with.
pub type PushedRequestHandle = Handle<PushedRequestId>;

/// An id that a handle can carry.
pub trait RowId: Copy {
    /// The id with these bytes.
    fn from_bytes(bytes: [u8; 16]) -> Self;
    /// The bytes.
    fn bytes(&self) -> &[u8; 16];
}

macro_rules! row_ids {
    ($($id:ident),+) => { $(
        impl RowId for $id {
            fn from_bytes(bytes: [u8; 16]) -> Self {
                Self::from_bytes(bytes)
            }

            fn bytes(&self) -> &[u8; 16] {
                self.as_bytes()
            }
        }
    )+ };
}

row_ids!(DeviceAuthorizationId, GrantId, PushedRequestId);

impl<I: RowId> Handle<I> {
    /// The handle as text.
    pub fn encode(&self) -> String {
        URL_SAFE_NO_PAD.encode([self.id.bytes().as_slice(), &self.secret].concat())
    }

    /// Reads a handle; `None` when it is not of our form.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = decode::<48>(text)?;
        let (id, secret) = bytes.split_first_chunk::<16>()?;
        Some(Self {
            id: I::from_bytes(*id),
            secret: secret.try_into().ok()?,
        })
    }

    /// What a row keeps of the secret.
    pub fn hash(&self) -> SecretHash {
        SecretHash::from_digest(digest::sha256(&self.secret))
    }
}

impl<I: RowId + std::fmt::Display> std::fmt::Debug for Handle<I> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Handle({}, [redacted])", self.id)
    }
}

/// A refresh token: 16 bytes of grant id, 8 of generation, 32 of HMAC; 75 characters of base64url.
#[derive(Clone)]
pub struct RefreshHandle {
    /// The grant.
    pub grant: GrantId,
    /// Which refresh token of the grant it is; the first is 0.
    pub generation: u64,
    /// Proves that we made it.
    pub authenticator: [u8; 32],
}

impl RefreshHandle {
    /// The refresh token as text.
    pub fn encode(&self) -> String {
        let generation = self.generation.to_be_bytes();
        URL_SAFE_NO_PAD.encode([self.grant.as_bytes().as_slice(), &generation, &self.authenticator].concat())
    }

    /// Reads a refresh token; `None` when it is not of our form.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = decode::<56>(text)?;
        let (grant, rest) = bytes.split_first_chunk::<16>()?;
        let (generation, authenticator) = rest.split_first_chunk::<8>()?;
        Some(Self {
            grant: GrantId::from_bytes(*grant),
            generation: u64::from_be_bytes(*generation),
            authenticator: authenticator.try_into().ok()?,
        })
    }
}

impl std::fmt::Debug for RefreshHandle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "RefreshHandle({}, {}, [redacted])",
            self.grant, self.generation
        )
    }
}

/// Decodes exactly `N` bytes. The length is checked first, so that a long text costs nothing.
fn decode<const N: usize>(text: &str) -> Option<[u8; N]> {
    if text.len() != (N * 4).div_ceil(3) {
        return None;
    }
    URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::{CodeHandle, RefreshHandle};
    use grantor_types::GrantId;

    #[test]
    fn handles_survive_text_and_nothing_else_parses() {
        let code = CodeHandle {
            id: GrantId::from_bytes([7; 16]),
            secret: [9; 32],
        };
        let text = code.encode();
        assert_eq!(text.len(), 64);
        let back = CodeHandle::parse(&text).unwrap();
        assert_eq!((back.id, back.secret), (code.id, code.secret));
        let refresh = RefreshHandle {
            grant: GrantId::from_bytes([7; 16]),
            generation: 3,
            authenticator: [1; 32],
        };
        let token = refresh.encode();
        assert_eq!(RefreshHandle::parse(&token).unwrap().generation, 3);
        for bad in [
            "",
            "x",
            &text[1..],
            &format!("{text}A"),
            &text.replace(|_| true, "+"),
            &token,
        ] {
            assert!(CodeHandle::parse(bad).is_none(), "{bad:?}");
        }
        assert!(RefreshHandle::parse(&text).is_none());
    }
}
