//! `GET` and `POST userinfo` ([OpenID Connect Core 5.3](https://openid.net/specs/openid-connect-core-1_0.html#UserInfo)).

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use grantor_protocol::Cause;
use grantor_protocol::dpop::Presentation;
use grantor_protocol::userinfo::userinfo;
use grantor_types::{AccessTokenScheme, Secret};
use http::Method;
use http::request::Parts;
use serde_json::{Map, Value};

use crate::app::{App, Failure};
use crate::{extract, load, possession, render};

/// Answers a userinfo request.
pub(crate) async fn get_or_post(app: Arc<App>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let response = match answer(&app, &head, body).await {
        Ok(claims) => render::json(&app, &claims),
        Err(failure) => render::challenge(&app, failure),
    };
    possession::with_nonce(&app, response)
}

async fn answer(app: &App, head: &Parts, body: Body) -> Result<Map<String, Value>, Failure> {
    let (scheme, token) = presented(app, head, body).await?;
    let proof = match scheme {
        AccessTokenScheme::Bearer => None,
        AccessTokenScheme::Dpop => {
            let proof = possession::proof(app, head, Some(&token))?;
            Some(proof.ok_or(Cause::DpopProofMissing)?)
        }
    };
    let facts = load::access_token(app, token.expose())
        .await?
        .ok_or(Cause::TokenInvalid)?;
    let presentation = proof.map_or(Presentation::Bearer, |proof| Presentation::Dpop(proof.key));
    let catalogue = app.store.catalogue();
    let claims = userinfo(&app.cx(&catalogue), &facts, presentation)?;
    if let Some(proof) = &proof {
        possession::use_up(app, proof).await?;
    }
    Ok(claims)
}

/// The token from the header or, with POST, from the form. "Clients MUST NOT use more than one method to transmit the
/// token in each request." (RFC 6750 2); the query is refused (OAuth 2.1 5.1.1).
async fn presented(app: &App, head: &Parts, body: Body) -> Result<(AccessTokenScheme, Secret), Cause> {
    let in_query = form_urlencoded::parse(head.uri.query().unwrap_or_default().as_bytes())
        .any(|(name, _)| name == "access_token");
    if in_query {
        return Err(Cause::TokenInQuery);
    }
    let header = extract::access_token(&head.headers)?;
    let in_form = match head.method == Method::POST && extract::is_form(&head.headers) {
        true => extract::form_of(app, &head.headers, body)
            .await?
            .value("access_token")
            .map(Secret::new),
        false => None,
    };
    match (header, in_form) {
        (Some(_), Some(_)) => Err(Cause::TokenPresentedTwice),
        (Some(presented), None) => Ok(presented),
        (None, Some(token)) => Ok((AccessTokenScheme::Bearer, token)),
        (None, None) => Err(Cause::TokenMissing),
    }
}
