//! A request, put together.

use std::net::SocketAddr;

use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use grantor_server::Peer;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderName, HeaderValue, Method, Request};

use super::fixture;

/// A request that is being put together.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    method: Method,
    uri: String,
    headers: Vec<(HeaderName, HeaderValue)>,
    fields: Vec<(String, String)>,
    body: Option<Vec<u8>>,
    peer: SocketAddr,
}

impl Call {
    pub(crate) fn new(method: Method, uri: &str) -> Self {
        Self {
            method,
            uri: uri.to_owned(),
            headers: Vec::new(),
            fields: Vec::new(),
            body: None,
            peer: ([192, 0, 2, 7], 40_000).into(),
        }
    }

    pub(crate) fn get(uri: &str) -> Self {
        Self::new(Method::GET, uri)
    }

    pub(crate) fn post(uri: &str) -> Self {
        Self::new(Method::POST, uri)
    }

    pub(crate) fn token() -> Self {
        Self::post("/oauth/token")
    }

    pub(crate) fn introspect(token: &str) -> Self {
        Self::post("/oauth/introspect").field("token", token)
    }

    pub(crate) fn revoke(token: &str) -> Self {
        Self::post("/oauth/revoke").field("token", token)
    }

    pub(crate) fn userinfo(token: &str) -> Self {
        Self::get("/oauth/userinfo").bearer(token)
    }

    /// Asks for the codes of a device.
    pub(crate) fn device(client: &str) -> Self {
        Self::post("/oauth/device/code").client(client)
    }

    /// Refreshes.
    pub(crate) fn refresh(client: &str, token: &str) -> Self {
        Self::token()
            .client(client)
            .field("grant_type", "refresh_token")
            .field("refresh_token", token)
    }

    /// Adds a form field.
    pub(crate) fn field(mut self, name: &str, value: &str) -> Self {
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn fields(mut self, fields: &[(String, String)]) -> Self {
        self.fields.extend_from_slice(fields);
        self
    }

    /// Takes the form fields of another request.
    pub(crate) fn take_fields(mut self, other: &Self) -> Self {
        self.fields.extend_from_slice(&other.fields);
        self
    }

    /// Takes a form field away again.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.fields.retain(|(own, _)| own != name);
        self
    }

    /// Sends exactly these bytes.
    pub(crate) fn body(mut self, content_type: &str, body: impl AsRef<[u8]>) -> Self {
        self.body = Some(body.as_ref().to_vec());
        self.header(CONTENT_TYPE, content_type)
    }

    pub(crate) fn header(self, name: HeaderName, value: &str) -> Self {
        self.raw_header(name, HeaderValue::from_str(value).unwrap())
    }

    pub(crate) fn raw_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    pub(crate) fn named_header(self, name: &'static str, value: &str) -> Self {
        self.header(HeaderName::from_static(name), value)
    }

    pub(crate) fn bearer(self, token: &str) -> Self {
        self.header(AUTHORIZATION, &format!("Bearer {token}"))
    }

    /// Authenticates by `client_secret_basic`.
    pub(crate) fn basic(self, id: &str, secret: &str) -> Self {
        let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let pair = format!("{}:{}", encoded(id), encoded(secret));
        self.header(AUTHORIZATION, &format!("Basic {}", STANDARD.encode(pair)))
    }

    /// Authenticates as a client of the fixtures, in its own way.
    pub(crate) fn client(self, id: &str) -> Self {
        match fixture::secret_of(id) {
            Some(secret) => self.basic(id, &secret),
            None => self.field("client_id", id),
        }
    }

    /// Comes from this address.
    pub(crate) fn from(mut self, peer: &str) -> Self {
        self.peer = (peer.parse::<std::net::IpAddr>().unwrap(), 40_000).into();
        self
    }

    pub(crate) fn into_request(self) -> Request<Body> {
        let mut request = Request::builder().method(self.method).uri(&self.uri);
        for (name, value) in self.headers {
            request = request.header(name, value);
        }
        let body = match self.body {
            Some(body) => Body::from(body),
            None if self.fields.is_empty() => Body::empty(),
            None => {
                request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
                Body::from(
                    form_urlencoded::Serializer::new(String::new())
                        .extend_pairs(&self.fields)
                        .finish(),
                )
            }
        };
        request.extension(Peer(self.peer)).body(body).unwrap()
    }
}
