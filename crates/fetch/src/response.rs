//! What is answered.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, StatusCode};

/// A complete answer.
#[derive(Clone)]
pub struct Response {
    /// The status, whatever it is.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, within the limit.
    pub body: Bytes,
}

impl Response {
    /// A header's value, if it is there once and is text. A header that stands twice says nothing.
    pub fn header(&self, name: HeaderName) -> Option<&str> {
        let mut values = self.headers.get_all(name).iter();
        match (values.next(), values.next()) {
            (Some(only), None) => only.to_str().ok(),
            (None, _) | (Some(_), Some(_)) => None,
        }
    }

    /// The media type of the body in lower case, without parameters.
    pub fn media_type(&self) -> Option<String> {
        let value = self.header(http::header::CONTENT_TYPE)?;
        let (essence, _) = value.split_once(';').unwrap_or((value, ""));
        Some(essence.trim().to_ascii_lowercase())
    }
}

/// Shows neither the values of headers nor the body: both carry secrets.
impl std::fmt::Debug for Response {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("headers", &self.headers.keys().collect::<Vec<_>>())
            .field("length", &self.body.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};

    #[test]
    fn headers() {
        let mut response = Response {
            status: StatusCode::OK,
            headers: HeaderMap::new(),
            body: Bytes::new(),
        };
        assert_eq!(response.media_type(), None);
        response.headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static("Application/JSON ; charset=utf-8"),
        );
        assert_eq!(response.media_type().as_deref(), Some("application/json"));
        response
            .headers
            .append(CACHE_CONTROL, HeaderValue::from_static("max-age=1"));
        assert_eq!(response.header(CACHE_CONTROL), Some("max-age=1"));
        response
            .headers
            .append(CACHE_CONTROL, HeaderValue::from_static("max-age=2"));
        assert_eq!(response.header(CACHE_CONTROL), None);
    }
}
