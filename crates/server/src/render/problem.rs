//! Problem details ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)), with the challenges of RFC 6750 where a token is
//! wanted.

use axum::response::Response;
use http::HeaderValue;
use http::header::CONTENT_TYPE;

use super::challenge::add_challenges;
use super::{finish_as, no_store, raw_json, status};
use crate::admin::Refusal;
use crate::app::App;

/// A refusal by the administration API.
pub(crate) fn problem(app: &App, refusal: &Refusal) -> Response {
    let request_id = app.request_id();
    let problem = refusal.problem(Some(request_id.clone()));
    let body = serde_json::to_vec(&problem).unwrap_or_default();
    let mut response = no_store(raw_json(status(refusal.cause), body.into()));
    let media_type = HeaderValue::from_static("application/problem+json");
    response.headers_mut().insert(CONTENT_TYPE, media_type);
    finish_as(app, &mut response, &refusal.failure(), &request_id);
    add_challenges(app, refusal.cause, &mut response);
    response
}
