//! A pushed authorization request ([RFC 9126](https://www.rfc-editor.org/rfc/rfc9126)).

use grantor_types::{ClientId, PushedRequestId, SecretHash, Timestamp};

/// The parameters that a client pushed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushedRequest {
    /// Its id, carried by the `request_uri`.
    pub id: PushedRequestId,
    /// SHA-256 of the secret in the `request_uri`.
    pub secret: SecretHash,
    /// Who pushed it.
    pub client: ClientId,
    /// The parameters, form-encoded.
    pub parameters: String,
    /// When it ends.
    pub expires_at: Timestamp,
}
