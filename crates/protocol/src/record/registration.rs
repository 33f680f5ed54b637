//! What is known of a client that registered itself (RFC 7591, RFC 7592).

use grantor_types::{SecretHash, Timestamp};
use serde::{Deserialize, Serialize};

use super::digest_text;

/// The registration of a client that was not made by an administrator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registration {
    /// SHA-256 of the registration access token (RFC 7592 3).
    #[serde(with = "digest_text")]
    pub access_token: SecretHash,
    /// When the registration goes unless the client has been used by then; absent once it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unused_until: Option<Timestamp>,
    /// `software_id`: which software it is, whatever the instance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub software_id: Option<String>,
    /// `software_version`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub software_version: Option<String>,
    /// `software_statement`, as it was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub software_statement: Option<String>,
}
