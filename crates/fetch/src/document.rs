//! JSON that others publish.

use http::StatusCode;
use serde::de::DeserializeOwned;
use url::Url;

use crate::{Fetch, FetchError, Limits, Response};

/// Why there is no document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// No answer.
    #[error("{0}")]
    Fetch(#[from] FetchError),
    /// An answer that is no success.
    #[error("the answer had status {0}")]
    Status(StatusCode),
    /// Not JSON, or other JSON than was asked for.
    #[error("the answer was not the JSON it must be")]
    Json,
}

/// Fetches a document within the usual limits.
///
/// # Errors
/// [`DocumentError`].
pub async fn get_json<T: DeserializeOwned>(fetch: &dyn Fetch, url: &Url) -> Result<T, DocumentError> {
    fetch.get(url, Limits::default()).await?.json()
}

impl Response {
    /// The body of a success as JSON.
    ///
    /// # Errors
    /// [`DocumentError::Status`] or [`DocumentError::Json`].
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, DocumentError> {
        if self.status != StatusCode::OK {
            return Err(DocumentError::Status(self.status));
        }
        serde_json::from_slice(&self.body).map_err(|_| DocumentError::Json)
    }
}
