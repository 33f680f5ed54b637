//! Where the issuer's keys are, and reading them.

use std::sync::Arc;

use grantor_fetch::{Fetch, FetchError, Limits, Response};
use grantor_jose::{Jwks, KeySet};
use http::StatusCode;
use serde::Deserialize;
use serde::de::DeserializeOwned;
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
    Fetch(#[from] FetchError),
    #[error("the answer had status {0}")]
    Status(StatusCode),
    #[error("the answer was not the JSON it must be")]
    Json,
    #[error("the metadata are those of another issuer")]
    WrongIssuer,
}

#[derive(Deserialize)]
struct Metadata {
    issuer: String,
    jwks_uri: Url,
}

impl Source {
    /// Reads the keys. The metadata are read again each time: this is rare, and they may have moved.
    pub(crate) async fn read(&self) -> Result<KeySet, SourceError> {
        let jwks: Jwks = match &self.location {
            Location::Jwks(url) => self.get(url).await?,
            Location::Discovery { issuer, metadata } => {
                let metadata: Metadata = self.get(metadata).await?;
                // RFC 8414 §3.3: "The 'issuer' value returned MUST be identical to the authorization server's issuer
                // identifier value".
                if metadata.issuer != *issuer {
                    return Err(SourceError::WrongIssuer);
                }
                self.get(&metadata.jwks_uri).await?
            }
        };
        Ok(KeySet::from_jwks(&jwks))
    }

    async fn get<T: DeserializeOwned>(&self, url: &Url) -> Result<T, SourceError> {
        read_json(&self.fetch.get(url, Limits::default()).await?)
    }
}

pub(crate) fn read_json<T: DeserializeOwned>(response: &Response) -> Result<T, SourceError> {
    if response.status != StatusCode::OK {
        return Err(SourceError::Status(response.status));
    }
    serde_json::from_slice(&response.body).map_err(|_| SourceError::Json)
}

/// RFC 8414 §3.1: the well-known path is "inserted into the authorization server's issuer identifier between the host
/// component and the path component", without the slash at its end.
pub(crate) fn metadata_url(issuer: &Url) -> Url {
    let path = issuer.path().trim_end_matches('/');
    let mut url = issuer.clone();
    url.set_path(&format!("/.well-known/oauth-authorization-server{path}"));
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_metadata_are() {
        let cases = [
            (
                "https://as.example",
                "https://as.example/.well-known/oauth-authorization-server",
            ),
            (
                "https://as.example/",
                "https://as.example/.well-known/oauth-authorization-server",
            ),
            (
                "https://as.example:1/a/b",
                "https://as.example:1/.well-known/oauth-authorization-server/a/b",
            ),
            (
                "https://as.example/a/",
                "https://as.example/.well-known/oauth-authorization-server/a",
            ),
        ];
        for (issuer, expected) in cases {
            assert_eq!(metadata_url(&issuer.parse().unwrap()).as_str(), expected);
        }
    }
}
