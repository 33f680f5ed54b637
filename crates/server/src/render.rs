//! Renderers, chosen by the kind of endpoint: JSON (RFC 6749 5.2), bearer challenge (RFC 6750 3), redirect (RFC 6749
//! 4.1.2), page. What is refused is counted and logged here, once.

mod answer;
mod challenge;
mod page;

use std::borrow::Cow;

use axum::body::Body;
use axum::response::Response;
use grantor_protocol::Cause;
use grantor_types::ErrorCode;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, PRAGMA, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderName, HeaderValue, StatusCode};
use serde::Serialize;

pub(crate) use self::answer::{RedirectStatus, authorization_response, see_other};
pub(crate) use self::challenge::{bearer_challenge, challenge};
pub(crate) use self::page::{error_page, page, page_with_frames};
use crate::app::{App, Failure};

/// The header that carries the id under which the log has the request.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// `error` and `error_description`, and nothing more.
#[derive(Serialize)]
struct ErrorBody {
    error: &'static str,
    error_description: Cow<'static, str>,
}

/// A JSON answer that no cache keeps: "the authorization server MUST include the HTTP Cache-Control response header
/// field with a value of no-store in any response containing tokens, credentials, or other sensitive information"
/// (RFC 6749 5.1).
pub(crate) fn json(app: &App, value: &impl Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(body) => no_store(raw_json(StatusCode::OK, body.into())),
        Err(error) => json_error(app, Failure::internal("JSON", error), false),
    }
}

/// A JSON answer of ready bytes.
pub(crate) fn raw_json(status: StatusCode, body: bytes::Bytes) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// A JWT that no cache keeps.
pub(crate) fn jwt(jwt: String) -> Response {
    let mut response = Response::new(Body::from(jwt));
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/jwt"));
    no_store(response)
}

/// Forbids caches to keep the answer.
pub(crate) fn no_store(mut response: Response) -> Response {
    response
        .headers_mut()
        .insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
        .headers_mut()
        .insert(PRAGMA, HeaderValue::from_static("no-cache"));
    response
}

/// A refusal as JSON. "If the client attempted to authenticate via the "Authorization" request header field, the
/// authorization server MUST respond with an HTTP 401 (Unauthorized) status code and include the "WWW-Authenticate"
/// response header field matching the authentication scheme used by the client." (RFC 6749 5.2)
pub(crate) fn json_error(app: &App, failure: Failure, used_basic: bool) -> Response {
    let cause = failure.cause;
    let body = ErrorBody {
        error: cause.code().as_str(),
        error_description: match failure.member {
            Some(member) => format!("{member}: {}", cause.description()).into(),
            None => cause.description().into(),
        },
    };
    let body = serde_json::to_vec(&body).unwrap_or_default();
    let mut response = no_store(raw_json(status(cause), body.into()));
    if cause.code() == ErrorCode::InvalidClient && used_basic {
        response.headers_mut().insert(
            WWW_AUTHENTICATE,
            HeaderValue::from_static("Basic realm=\"grantor\""),
        );
    }
    finish(app, response, &failure)
}

/// Counts and logs a refusal that travels by redirect.
pub(crate) fn refused_by_redirect(app: &App, cause: Cause) {
    note(app, &cause.into(), &app.request_id());
}

/// The status of a cause. The table holds valid ones only.
fn status(cause: Cause) -> StatusCode {
    status_of(cause.code())
}

fn status_of(code: ErrorCode) -> StatusCode {
    StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// Counts and logs a refusal, and gives the answer the id that finds the line.
fn finish(app: &App, mut response: Response, failure: &Failure) -> Response {
    let request_id = app.request_id();
    note(app, failure, &request_id);
    if matches!(
        response.status(),
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS
    ) {
        response
            .headers_mut()
            .insert(RETRY_AFTER, HeaderValue::from_static("1"));
    }
    if let Ok(id) = HeaderValue::from_str(&request_id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

fn note(app: &App, failure: &Failure, request_id: &str) {
    let Failure {
        cause,
        member,
        detail,
    } = failure;
    app.metrics.refused(*cause);
    let detail = detail.as_deref();
    let failed = [ErrorCode::ServerError, ErrorCode::TemporarilyUnavailable];
    if failed.contains(&cause.code()) {
        tracing::error!(request_id, cause = cause.id(), detail, "request failed");
    } else if matches!(cause, Cause::CodeReplayed | Cause::RefreshTokenReplayed) {
        tracing::warn!(target: "grantor::audit", request_id, cause = cause.id(), "replay; the grant was revoked");
    } else if matches!(
        cause.code(),
        ErrorCode::AuthorizationPending | ErrorCode::SlowDown
    ) {
        // A device that waits asks every few seconds; a line for each would bury the others.
        tracing::debug!(request_id, cause = cause.id(), "a device waits");
    } else {
        tracing::info!(request_id, cause = cause.id(), member, detail, "request refused");
    }
}
