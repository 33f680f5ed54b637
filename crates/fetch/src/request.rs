//! What is asked.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use grantor_types::{ClientId, Secret};
use http::header::InvalidHeaderValue;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use url::Url;
use zeroize::Zeroizing;

/// How long and how large an answer may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The longest time from the first step, name resolution, to the last byte of the body.
    pub time: Duration,
    /// The longest body, in bytes.
    pub body: usize,
}

impl Default for Limits {
    /// 5 seconds and 256 KiB: enough for any key set or metadata document.
    fn default() -> Self {
        Self {
            time: Duration::from_secs(5),
            body: 256 * 1024,
        }
    }
}

/// One request.
#[derive(Clone)]
pub struct Request {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) limits: Limits,
}

impl Request {
    /// A GET.
    pub fn get(url: Url) -> Self {
        Self::new(Method::GET, url, Bytes::new())
    }

    /// A request of any method.
    pub fn new(method: Method, url: Url, body: impl Into<Bytes>) -> Self {
        Self {
            method,
            url,
            headers: HeaderMap::new(),
            body: body.into(),
            limits: Limits::default(),
        }
    }

    /// A POST of these bytes.
    pub fn post(url: Url, content_type: HeaderValue, body: impl Into<Bytes>) -> Self {
        Self::new(Method::POST, url, body).header(CONTENT_TYPE, content_type)
    }

    /// A POST of `application/x-www-form-urlencoded` parameters. Its body is wiped from memory with it.
    pub fn post_form(url: Url, parameters: &[(&str, &str)]) -> Self {
        // A letter becomes three at most; a buffer that grows would leave copies of secrets behind.
        let lengths = parameters
            .iter()
            .map(|(name, value)| 3 * (name.len() + value.len()) + 2);
        let body = form_urlencoded::Serializer::new(String::with_capacity(lengths.sum()))
            .extend_pairs(parameters)
            .finish();
        let body = Bytes::from_owner(Zeroizing::new(body.into_bytes()));
        Self::post(
            url,
            HeaderValue::from_static("application/x-www-form-urlencoded"),
            body,
        )
    }

    /// Sets a header. What was set under the name before is replaced.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// Authenticates a client by its secret in the header. RFC 6749 §2.3.1: identifier and secret are each "encoded using
    /// the 'application/x-www-form-urlencoded' encoding algorithm".
    #[must_use]
    pub fn basic(self, client_id: &ClientId, secret: &Secret) -> Self {
        self.header(AUTHORIZATION, basic(client_id, secret))
    }

    /// Keeps to these limits instead of the default ones.
    #[must_use]
    pub fn limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Where it goes.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// How it is sent.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// What is sent along.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// What is sent.
    pub fn body(&self) -> &Bytes {
        &self.body
    }
}

/// The value of `Authorization`: a scheme and what is presented with it. It is wiped from memory with the request.
///
/// # Errors
/// When what is presented holds what no header may.
pub fn authorization(scheme: &str, presented: &str) -> Result<HeaderValue, InvalidHeaderValue> {
    let mut text = Zeroizing::new(Vec::with_capacity(scheme.len() + 1 + presented.len()));
    for part in [scheme, " ", presented] {
        text.extend_from_slice(part.as_bytes());
    }
    let mut value = HeaderValue::from_maybe_shared(Bytes::from_owner(text))?;
    value.set_sensitive(true);
    Ok(value)
}

/// The value of `Authorization` for a client with a secret.
fn basic(client_id: &ClientId, secret: &Secret) -> HeaderValue {
    let (id, secret) = (client_id.as_str(), secret.expose());
    let mut credentials = Zeroizing::new(String::with_capacity(3 * (id.len() + secret.len()) + 1));
    credentials.extend(form_urlencoded::byte_serialize(id.as_bytes()));
    credentials.push(':');
    credentials.extend(form_urlencoded::byte_serialize(secret.as_bytes()));
    let encoded = Zeroizing::new(STANDARD.encode(&*credentials));
    // Base64 always makes a header value.
    authorization("Basic", &encoded).unwrap_or(HeaderValue::from_static("Basic"))
}

/// Shows method and origin only: paths, queries, headers and bodies carry secrets.
impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Request({} {})",
            self.method,
            self.url.origin().ascii_serialization()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_encoded_and_nothing_is_shown() {
        let url = "https://as.example/introspect?secret".parse().unwrap();
        let request = Request::post_form(url, &[("token", "a b&c=d"), ("é", "")]);
        assert_eq!(request.body, "token=a+b%26c%3Dd&%C3%A9=");
        assert_eq!(request.headers[CONTENT_TYPE], "application/x-www-form-urlencoded");
        assert_eq!(format!("{request:?}"), "Request(POST https://as.example)");
    }

    #[test]
    fn credentials_are_form_encoded_first() {
        let header = basic(&ClientId::parse("a:b").unwrap(), &Secret::new("p q%é"));
        let decoded = STANDARD
            .decode(header.to_str().unwrap().strip_prefix("Basic ").unwrap())
            .unwrap();
        assert_eq!(decoded, b"a%3Ab:p+q%25%C3%A9");
        assert!(header.is_sensitive());
    }
}
