//! `POST token` ([RFC 6749 §3.2](https://www.rfc-editor.org/rfc/rfc6749#section-3.2)).

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use grantor_protocol::grant::{AuthorizationCode, Caller, ClientCredentials, RefreshTokenGrant, grant_type};
use grantor_types::{GrantType, TokenResponse};
use http::HeaderMap;

use crate::app::{App, Failure};
use crate::{drive, extract, render};

/// Answers a token request.
pub(crate) async fn post(app: Arc<App>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    match answer(&app, &head.headers, body).await {
        Ok(tokens) => render::json(&app, &tokens),
        Err(failure) => render::json_error(&app, failure, extract::used_authorization_header(&head.headers)),
    }
}

async fn answer(app: &App, headers: &HeaderMap, body: Body) -> Result<TokenResponse, Failure> {
    let form = extract::token_form(app, headers, body).await?;
    let grant_type = grant_type(&form)?;
    let client = extract::client(app, headers, &form).await?;
    let caller = Caller {
        client: &client,
        dpop_key: None,
    };
    match grant_type {
        GrantType::AuthorizationCode => drive::grant::<AuthorizationCode>(app, &caller, &form).await,
        GrantType::ClientCredentials => drive::grant::<ClientCredentials>(app, &caller, &form).await,
        GrantType::RefreshToken => drive::grant::<RefreshTokenGrant>(app, &caller, &form).await,
    }
}
