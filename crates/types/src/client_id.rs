//! Client identifiers ([RFC 6749 §2.2](https://www.rfc-editor.org/rfc/rfc6749#section-2.2)).

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize};
use thiserror::Error;

use crate::text;

/// Longest client identifier, in bytes.
pub const MAX_CLIENT_ID_LENGTH: usize = 255;

/// A text that cannot be a client identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a client_id is 1 to 255 printable ASCII characters")]
pub struct ClientIdError;

/// A client identifier: printable ASCII, chosen by the server or an administrator. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct ClientId(Arc<str>);

impl ClientId {
    /// Checks length and characters (`*VSCHAR`, RFC 6749 A.1).
    ///
    /// # Errors
    /// [`ClientIdError`] when it is empty, too long or not printable ASCII.
    pub fn parse(text: &str) -> Result<Self, ClientIdError> {
        let printable = text.bytes().all(|b| (0x20..=0x7e).contains(&b));
        if text.is_empty() || text.len() > MAX_CLIENT_ID_LENGTH || !printable {
            return Err(ClientIdError);
        }
        Ok(Self(text.into()))
    }

    /// An identifier of sixteen random bytes, in hex: nothing that a shell or a flag would take for its own.
    pub fn from_random(bytes: [u8; 16]) -> Self {
        Self(format!("{:032x}", u128::from_be_bytes(bytes)).into())
    }

    /// The identifier.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for ClientId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for ClientId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        text::deserialize(deserializer, "a client identifier", Self::parse)
    }
}
