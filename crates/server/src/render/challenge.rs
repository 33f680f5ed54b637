//! The bearer challenge ([RFC 6750 §3](https://www.rfc-editor.org/rfc/rfc6750#section-3)).

use axum::response::Response;
use grantor_protocol::Cause;
use grantor_types::ErrorCode;
use http::HeaderValue;
use http::header::WWW_AUTHENTICATE;

use super::json_error;
use crate::app::{App, Failure};

/// A refusal by an endpoint that takes access tokens. "If the request lacks any authentication information [...] the
/// resource server SHOULD NOT include an error code or other error information." (RFC 6750 3.1)
pub(crate) fn bearer_challenge(app: &App, failure: Failure) -> Response {
    let cause = failure.cause;
    let code = cause.code();
    let challenge = if code == ErrorCode::Unauthenticated {
        Some("Bearer realm=\"grantor\"".to_owned())
    } else if code == ErrorCode::InsufficientScope {
        Some(format!("{}, scope=\"openid\"", error(cause)))
    } else {
        let of_rfc_6750 = matches!(code, ErrorCode::InvalidToken | ErrorCode::InvalidRequest);
        of_rfc_6750.then(|| error(cause))
    };
    let mut response = json_error(app, failure, false);
    if let Some(challenge) = challenge.and_then(|text| HeaderValue::from_str(&text).ok()) {
        response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
    }
    response
}

fn error(cause: Cause) -> String {
    let (code, description) = (cause.code().as_str(), cause.description());
    format!("Bearer realm=\"grantor\", error=\"{code}\", error_description=\"{description}\"")
}
