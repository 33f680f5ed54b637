//! The challenges of endpoints that take access tokens ([RFC 6750 §3](https://www.rfc-editor.org/rfc/rfc6750#section-3),
//! [RFC 9449 §7.1](https://www.rfc-editor.org/rfc/rfc9449#section-7.1)).

use axum::response::Response;
use grantor_protocol::Cause;
use grantor_types::{AccessTokenScheme, ErrorCode, SigningAlgorithm};
use http::HeaderValue;
use http::header::WWW_AUTHENTICATE;

use super::{json_error, status_of};
use crate::app::{App, Failure};

/// A refusal by an endpoint that takes access tokens. "If the request lacks any authentication information [...] the
/// resource server SHOULD NOT include an error code or other error information." (RFC 6750 3.1)
pub(crate) fn challenge(app: &App, failure: Failure) -> Response {
    let cause = failure.cause;
    let challenges: Vec<String> = schemes(cause)
        .iter()
        .map(|scheme| challenge_of(app, *scheme, &error(cause)))
        .collect();
    let mut response = json_error(app, failure, false);
    // At the token endpoint a wrong proof is a wrong request; at a resource it is a credential that does not do: "the
    // resource server [...] responds with the 401 status code and a WWW-Authenticate header" (RFC 9449 7.1).
    if matches!(
        cause.code(),
        ErrorCode::InvalidDpopProof | ErrorCode::UseDpopNonce
    ) {
        *response.status_mut() = status_of(ErrorCode::InvalidToken);
    }
    for challenge in challenges {
        if let Ok(value) = HeaderValue::from_str(&challenge) {
            response.headers_mut().append(WWW_AUTHENTICATE, value);
        }
    }
    response
}

/// A refusal by an endpoint that takes bearer tokens of its own kind, which no proof of possession goes with.
pub(crate) fn bearer_challenge(app: &App, failure: Failure) -> Response {
    let cause = failure.cause;
    let mut response = json_error(app, failure, false);
    let about_the_token = matches!(cause.code(), ErrorCode::InvalidToken | ErrorCode::Unauthenticated);
    let challenge = challenge_of(app, AccessTokenScheme::Bearer, &error(cause));
    if let (true, Ok(value)) = (about_the_token, HeaderValue::from_str(&challenge)) {
        response.headers_mut().insert(WWW_AUTHENTICATE, value);
    }
    response
}

/// The schemes that would do. None when the trouble is with the server or with HTTP, which no credential mends.
fn schemes(cause: Cause) -> &'static [AccessTokenScheme] {
    let code = cause.code();
    let about_a_key = matches!(cause, Cause::TokenBoundToKey | Cause::TokenNotBoundToKey)
        || matches!(code, ErrorCode::InvalidDpopProof | ErrorCode::UseDpopNonce);
    let about_the_token = matches!(
        code,
        ErrorCode::InvalidToken | ErrorCode::InvalidRequest | ErrorCode::InsufficientScope
    );
    if code == ErrorCode::Unauthenticated {
        AccessTokenScheme::ALL
    } else if about_a_key {
        &[AccessTokenScheme::Dpop]
    } else if about_the_token {
        &[AccessTokenScheme::Bearer]
    } else {
        &[]
    }
}

/// A challenge of one scheme; that of DPoP says which algorithms a proof may have.
fn challenge_of(app: &App, scheme: AccessTokenScheme, error: &str) -> String {
    match scheme {
        AccessTokenScheme::Bearer => format!("Bearer realm=\"grantor\"{error}"),
        AccessTokenScheme::Dpop => {
            let algorithms: Vec<&str> = app
                .settings
                .policy
                .dpop
                .algorithms
                .iter()
                .copied()
                .map(SigningAlgorithm::as_str)
                .collect();
            format!("DPoP realm=\"grantor\", algs=\"{}\"{error}", algorithms.join(" "))
        }
    }
}

/// The error, unless nothing was presented that could be wrong.
fn error(cause: Cause) -> String {
    let (code, description) = (cause.code(), cause.description());
    if code == ErrorCode::Unauthenticated {
        return String::new();
    }
    let scope = match code == ErrorCode::InsufficientScope {
        true => ", scope=\"openid\"",
        false => "",
    };
    format!(
        ", error=\"{}\", error_description=\"{description}\"{scope}",
        code.as_str()
    )
}
