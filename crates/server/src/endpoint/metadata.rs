//! Server metadata ([RFC 8414](https://www.rfc-editor.org/rfc/rfc8414)) and the JWK set
//! ([RFC 7517 §5](https://www.rfc-editor.org/rfc/rfc7517#section-5)).

use std::sync::Arc;

use axum::extract::Request;
use axum::response::Response;
use bytes::Bytes;
use grantor_pages::Locale;
use grantor_protocol::discovery;
use http::header::CACHE_CONTROL;
use http::{HeaderValue, StatusCode};

use crate::app::{App, Failure};
use crate::render;

/// The metadata document.
pub(crate) async fn get(app: Arc<App>, _: Request) -> Response {
    match app.metadata() {
        Ok(document) => cached(&app, document),
        Err(failure) => render::json_error(&app, failure, false),
    }
}

/// The JWK set.
pub(crate) async fn jwks(app: Arc<App>, _: Request) -> Response {
    cached(&app, app.keys.load().jwks().clone())
}

fn cached(app: &App, body: Bytes) -> Response {
    let mut response = render::raw_json(StatusCode::OK, body);
    response
        .headers_mut()
        .insert(CACHE_CONTROL, app.public_cache_control.clone());
    response
}

/// Writes the document anew.
pub(crate) fn write(app: &App) -> Result<Bytes, Failure> {
    let document = discovery::metadata(
        &app.settings.issuer,
        app.settings.paths.endpoints(&app.settings.issuer),
        &app.store.catalogue(),
        &app.settings.policy,
        app.keys.load().algorithms(),
        Locale::ALL.iter().map(|locale| locale.tag().to_owned()).collect(),
    );
    Ok(serde_json::to_vec(&document)
        .map_err(|error| Failure::internal("metadata", error))?
        .into())
}

/// `Cache-Control` of public documents.
pub(crate) fn public_cache_control(seconds: u64) -> HeaderValue {
    HeaderValue::from_str(&format!("public, max-age={seconds}"))
        .unwrap_or(HeaderValue::from_static("no-cache"))
}
