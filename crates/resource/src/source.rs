//! Where the issuer's keys are, and reading them.

use std::sync::Arc;

use async_trait::async_trait;
use grantor_fetch::{DocumentError, Fetch, get_json};
use grantor_jose::{Jwks, KeySet};
use serde::Deserialize;
use url::Url;

/// Where the keys are.
pub(crate) struct Source {
    pub(crate) fetch: Arc<dyn Fetch>,
    pub(crate) location: Location,
}

pub(crate) enum Location {
    /// At this URL.
    Jwks(Url),
    /// Wherever the issuer's metadata say.
    Discovery {
        /// The issuer, as it must stand in the metadata.
        issuer: String,
        /// Where the metadata are.
        metadata: Url,
    },
}

/// Why there are no keys.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SourceError {
    #[error("{0}")]
    Document(#[from] DocumentError),
    #[error("the metadata are those of another issuer")]
    WrongIssuer,
}

#[derive(Deserialize)]
struct Metadata {
    issuer: String,
    jwks_uri: Url,
}

#[async_trait]
impl grantor_fetch::Source for Source {
    type Value = KeySet;
    type Error = SourceError;
    const NAME: &'static str = "the issuer's keys";

    /// Reads the keys. The metadata are read again each time: this is rare, and they may have moved.
    async fn read(&self) -> Result<KeySet, SourceError> {
        let fetch = &*self.fetch;
        let jwks: Jwks = match &self.location {
            Location::Jwks(url) => get_json(fetch, url).await?,
            Location::Discovery { issuer, metadata } => {
                let metadata: Metadata = get_json(fetch, metadata).await?;
                // RFC 8414 §3.3: "The 'issuer' value returned MUST be identical to the authorization server's issuer
                // identifier value".
                if metadata.issuer != *issuer {
                    return Err(SourceError::WrongIssuer);
                }
                get_json(fetch, &metadata.jwks_uri).await?
            }
        };
        Ok(KeySet::from_jwks(&jwks))
    }
}
