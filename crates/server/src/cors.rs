//! Cross-origin requests ([Fetch](https://fetch.spec.whatwg.org/#http-cors-protocol)): the origins that clients
//! registered may read the answers of the endpoints that scripts call. Never on authorize, and never with cookies.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use grantor_types::Origin;
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ORIGIN, VARY,
};
use http::{HeaderMap, HeaderValue, StatusCode};

use crate::app::App;

/// Who may read an endpoint's answers from a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cors {
    /// Nobody.
    Nobody,
    /// Everybody: the document is public, or what may be read is the asker's own and no origin is registered yet.
    Everybody,
    /// The origins that clients registered.
    Registered,
}

/// Adds the headers that let the script read the answer.
pub(crate) async fn allow(app: &App, cors: Cors, origin: Option<HeaderValue>, headers: &mut HeaderMap) {
    match cors {
        Cors::Nobody => return,
        Cors::Everybody => {
            headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
            return;
        }
        Cors::Registered => headers.append(VARY, HeaderValue::from_static("Origin")),
    };
    let Some(value) = origin else { return };
    let Some(origin) = value.to_str().ok().and_then(|text| Origin::parse(text).ok()) else {
        return;
    };
    // A store that fails must not open the door; without the header the script just cannot read.
    if app.store.origin_is_registered(&origin).await.unwrap_or(false) {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, value);
        let exposed = HeaderValue::from_static("WWW-Authenticate, DPoP-Nonce, Retry-After, X-Request-Id");
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
    }
}

/// Answers the browser's question before a request that is not simple.
pub(crate) async fn preflight(app: Arc<App>, cors: Cors, request: Request) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let origin = request.headers().get(ORIGIN).cloned();
    let headers = response.headers_mut();
    allow(&app, cors, origin, headers).await;
    if headers.contains_key(ACCESS_CONTROL_ALLOW_ORIGIN) {
        let methods = match cors {
            // Registrations are replaced, too.
            Cors::Everybody => "GET, POST, PUT, DELETE",
            Cors::Nobody | Cors::Registered => "GET, POST, DELETE",
        };
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(methods));
        headers.insert(
            ACCESS_CONTROL_ALLOW_HEADERS,
            HeaderValue::from_static("Authorization, Content-Type, DPoP"),
        );
        headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    }
    response
}
