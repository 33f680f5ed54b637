//! `POST token` ([RFC 6749 §3.2](https://www.rfc-editor.org/rfc/rfc6749#section-3.2)).

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use grantor_protocol::Cause;
use grantor_protocol::grant::{
    AuthorizationCode, ClientCredentials, DeviceCode, JwtBearer, RefreshTokenGrant, TokenExchange, grant_type,
};
use grantor_types::{GrantType, TokenResponse};
use http::request::Parts;

use crate::app::{App, Failure};
use crate::paths::Endpoint;
use crate::{drive, extract, possession, render};

/// Answers a token request.
pub(crate) async fn post(app: Arc<App>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let response = match answer(&app, &head, body).await {
        Ok(tokens) => render::json(&app, &tokens),
        Err(failure) => render::json_error(&app, failure, extract::used_authorization_header(&head.headers)),
    };
    possession::with_nonce(&app, response)
}

async fn answer(app: &App, head: &Parts, body: Body) -> Result<TokenResponse, Failure> {
    let form = extract::token_form(app, &head.headers, body).await?;
    let grant_type = grant_type(&form)?;
    let client = extract::client(app, Endpoint::Token, &head.headers, &form).await?;
    let proof = possession::proof(app, head, None)?;
    // "If the value is true, the authorization server MUST reject token requests from the client that do not contain the
    // DPoP header." (RFC 9449 5.2)
    if client.client().dpop_bound_access_tokens && proof.is_none() {
        return Err(Cause::DpopProofMissing.into());
    }
    let proof = proof.as_ref();
    match grant_type {
        GrantType::AuthorizationCode => drive::grant::<AuthorizationCode>(app, &client, proof, &form).await,
        GrantType::ClientCredentials => drive::grant::<ClientCredentials>(app, &client, proof, &form).await,
        GrantType::JwtBearer => drive::grant::<JwtBearer>(app, &client, proof, &form).await,
        GrantType::DeviceCode => drive::grant::<DeviceCode>(app, &client, proof, &form).await,
        GrantType::RefreshToken => drive::grant::<RefreshTokenGrant>(app, &client, proof, &form).await,
        GrantType::TokenExchange => drive::grant::<TokenExchange>(app, &client, proof, &form).await,
    }
}
