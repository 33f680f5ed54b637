//! `POST introspect` ([RFC 7662 §2](https://www.rfc-editor.org/rfc/rfc7662#section-2)).

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use grantor_protocol::Cause;
use grantor_protocol::introspect::introspect;
use grantor_types::Introspection;
use http::HeaderMap;

use crate::app::{App, Failure};
use crate::{extract, load, render};

/// Answers an introspection request.
pub(crate) async fn post(app: Arc<App>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    match answer(&app, &head.headers, body).await {
        Ok(introspection) => render::json(&app, &introspection),
        Err(failure) => render::json_error(&app, failure, extract::used_authorization_header(&head.headers)),
    }
}

/// "To prevent token scanning attacks, the endpoint MUST also require some form of authorization to access this
/// endpoint" (RFC 7662 2.1): a public client's mere name is not one.
async fn answer(app: &App, headers: &HeaderMap, body: Body) -> Result<Introspection, Failure> {
    let form = extract::form_of(app, headers, body).await?;
    let caller = extract::client(app, headers, &form).await?;
    if caller.client().is_public() {
        return Err(Cause::ClientAuthenticationMethod.into());
    }
    let token = form.value("token").ok_or(Cause::TokenParameterMissing)?;
    let (facts, _) = load::token(app, token).await?;
    let catalogue = app.store.catalogue();
    Ok(introspect(&app.cx(&catalogue), &caller, facts))
}
