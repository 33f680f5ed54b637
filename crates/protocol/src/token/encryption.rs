//! How an answer is encrypted to a client (OpenID Connect Core 10.2).

use grantor_types::{ContentEncryptionAlgorithm, KeyManagementAlgorithm};

/// The two algorithms of an encrypted answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Encryption {
    /// How the key is brought to the client.
    pub algorithm: KeyManagementAlgorithm,
    /// What the content is encrypted with.
    pub content: ContentEncryptionAlgorithm,
}

impl Encryption {
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
