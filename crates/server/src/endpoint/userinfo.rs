//! `GET` and `POST userinfo` ([OpenID Connect Core 5.3](https://openid.net/specs/openid-connect-core-1_0.html#UserInfo)).

use std::sync::Arc;

use axum::extract::Request;
use axum::response::Response;
use grantor_protocol::Cause;
use grantor_protocol::userinfo::userinfo;
use grantor_types::Secret;
use http::Method;
use serde_json::{Map, Value};

use crate::app::{App, Failure};
use crate::{extract, load, render};

/// Answers a userinfo request.
pub(crate) async fn get_or_post(app: Arc<App>, request: Request) -> Response {
    match answer(&app, request).await {
        Ok(claims) => render::json(&app, &claims),
        Err(failure) => render::bearer_challenge(&app, failure),
    }
}

async fn answer(app: &App, request: Request) -> Result<Map<String, Value>, Failure> {
    let token = presented(app, request).await?;
    let facts = load::access_token(app, token.expose())
        .await?
        .ok_or(Cause::TokenInvalid)?;
    let catalogue = app.store.catalogue();
    Ok(userinfo(&app.cx(&catalogue), &facts)?)
}

/// The token from the header or, with POST, from the form. "Clients MUST NOT use more than one method to transmit the
/// token in each request." (RFC 6750 2); the query is refused (OAuth 2.1 5.1.1).
async fn presented(app: &App, request: Request) -> Result<Secret, Cause> {
    let in_query = form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes())
        .any(|(name, _)| name == "access_token");
    if in_query {
        return Err(Cause::TokenInQuery);
    }
    let header = extract::bearer(request.headers())?;
    let in_form = match (request.method() == Method::POST) && extract::is_form(request.headers()) {
        true => extract::form(app, request)
            .await?
            .value("access_token")
            .map(Secret::new),
        false => None,
    };
    match (header, in_form) {
        (Some(_), Some(_)) => Err(Cause::TokenPresentedTwice),
        (Some(token), None) | (None, Some(token)) => Ok(token),
        (None, None) => Err(Cause::TokenMissing),
    }
}
