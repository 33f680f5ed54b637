//! How an answer is encrypted to a client (OpenID Connect Core 10.2).

use grantor_types::{ContentEncryptionAlgorithm, KeyManagementAlgorithm};

use crate::record::Client;

/// The two algorithms of an encrypted answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Encryption {
    /// How the key is brought to the client.
    pub algorithm: KeyManagementAlgorithm,
    /// What the content is encrypted with.
    pub content: ContentEncryptionAlgorithm,
}

impl Encryption {
    /// What the client registered for its ID tokens, and so for its logout tokens: "The same keys are used to sign and
    /// encrypt Logout Tokens as are used for ID Tokens." (Back-Channel Logout 1.0, 2.4)
    pub(crate) fn of_id_tokens(client: &Client) -> Option<Self> {
        let metadata = &client.metadata;
        Self::of(
            metadata.id_token_encrypted_response_alg,
            metadata.id_token_encrypted_response_enc,
        )
    }

    /// What a registration says: nothing is encrypted unless it names how the key is brought.
    pub fn of(
        algorithm: Option<KeyManagementAlgorithm>,
        content: Option<ContentEncryptionAlgorithm>,
    ) -> Option<Self> {
        Some(Self {
            algorithm: algorithm?,
            content: content.unwrap_or(ContentEncryptionAlgorithm::A128Gcm),
        })
    }
}
