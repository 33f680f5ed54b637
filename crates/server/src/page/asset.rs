//! `/assets/…`: stylesheet, scripts, pictures.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use grantor_protocol::Cause;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderValue, StatusCode};

use crate::app::App;
use crate::{extract, render};

/// Serves a file of the theme.
pub(crate) async fn get(app: Arc<App>, request: Request) -> Response {
    let name = request.uri().path().rsplit('/').next().unwrap_or_default();
    let Some(asset) = app.theme.asset(name) else {
        return render::json_error(&app, Cause::NotFound.into(), false);
    };
    let unchanged = request
        .headers()
        .get(IF_NONE_MATCH)
        .is_some_and(|tag| tag.as_bytes() == asset.etag.as_bytes());
    let body = if unchanged {
        Body::empty()
    } else {
        Body::from(asset.bytes.to_vec())
    };
    let mut response = Response::new(body);
    if unchanged {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    let query = extract::query(request.uri()).unwrap_or_default();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(asset.content_type));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(
        CACHE_CONTROL,
        HeaderValue::from_static(asset.cache_control(query.value("v"))),
    );
    if let Ok(etag) = HeaderValue::from_str(asset.etag) {
        headers.insert(ETAG, etag);
    }
    response
}
