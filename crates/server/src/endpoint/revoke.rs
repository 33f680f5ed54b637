//! `POST revoke` ([RFC 7009 §2](https://www.rfc-editor.org/rfc/rfc7009#section-2)).

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use grantor_protocol::Cause;
use grantor_protocol::revoke::{Revoker, check_bearer, revoke};
use grantor_store::CommitError;
use http::HeaderMap;

use crate::app::{App, Failure};
use crate::paths::Endpoint;
use crate::{client_assertion, drive, extract, load, render};

/// Answers a revocation request.
pub(crate) async fn post(app: Arc<App>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    match answer(&app, &head.headers, body).await {
        // "The content of the response body is ignored by the client" (RFC 7009 2.2)
        Ok(()) => render::no_store(Response::new(Body::empty())),
        Err(failure) => render::json_error(&app, failure, extract::used_authorization_header(&head.headers)),
    }
}

async fn answer(app: &App, headers: &HeaderMap, body: Body) -> Result<(), Failure> {
    let form = extract::form_of(app, headers, body).await?;
    let caller = extract::optional_client(app, Endpoint::Revoke, headers, &form).await?;
    let token = form.value("token").ok_or(Cause::TokenParameterMissing)?;
    let (facts, owner) = load::token(app, token).await?;
    let catalogue = app.store.catalogue();
    let cx = app.cx(&catalogue);
    let revoker = match &caller {
        Some(caller) => Revoker::Client(caller),
        None => {
            check_bearer(&cx, owner.as_deref())?;
            Revoker::Bearer
        }
    };
    let mut decision = revoke(&cx, revoker, owner.as_deref(), facts);
    decision
        .changes
        .extend(caller.as_ref().and_then(client_assertion::change));
    if !drive::committed(app, decision.changes).await? {
        // Nothing else in it has a guard to lose.
        if let Some(caller) = &caller {
            client_assertion::check_unused(app, caller).await?;
        }
        return Err(CommitError::Conflict.into());
    }
    Ok(decision.outcome?)
}
