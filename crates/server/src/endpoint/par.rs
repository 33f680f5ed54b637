//! `POST par` ([RFC 9126 §2](https://www.rfc-editor.org/rfc/rfc9126#section-2)).

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use grantor_protocol::Cause;
use grantor_protocol::authorize::request_object::{self, Carriage};
use grantor_protocol::par::{PushedAuthorizationResponse, push};
use http::StatusCode;
use http::request::Parts;
use serde_json::json;

use crate::app::{App, Failure};
use crate::{drive, extract, possession, render};

/// Takes an authorization request from the client itself.
pub(crate) async fn post(app: Arc<App>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let response = match answer(&app, &head, body).await {
        // "the server MUST generate a request URI and provide it in the response with a "201" HTTP status code."
        Ok(pushed) => {
            let body = json!({ "request_uri": pushed.request_uri, "expires_in": pushed.expires_in.0 });
            render::no_store(render::raw_json(StatusCode::CREATED, body.to_string().into()))
        }
        Err(failure) => render::json_error(&app, failure, extract::used_authorization_header(&head.headers)),
    };
    possession::with_nonce(&app, response)
}

async fn answer(app: &App, head: &Parts, body: Body) -> Result<PushedAuthorizationResponse, Failure> {
    let form = extract::form_of(app, &head.headers, body).await?;
    let client = extract::client(app, &head.headers, &form).await?;
    let proof = possession::proof(app, head, None)?;
    let (form, signed) = match request_object::carriage(&form)? {
        Carriage::Plain => (form, false),
        // "The request_uri authorization request parameter is one exception, and it MUST NOT be provided." (RFC 9126 2.1)
        Carriage::ByReference(_) => return Err(Cause::RequestUriPushed.into()),
        object @ Carriage::ByValue(_) => (
            crate::request_object::read(app, client.client(), object).await?,
            true,
        ),
    };
    let catalogue = app.store.catalogue();
    let decision = push(
        &app.cx(&catalogue),
        &app.random()?,
        &client,
        form,
        proof.as_ref(),
        signed,
    );
    if !drive::committed(app, decision.changes).await? {
        // The id is new, so it was the proof.
        possession::check_unused(app, proof.as_ref()).await?;
        return Err(Failure::internal("par", "the id of a pushed request is taken"));
    }
    Ok(decision.outcome?)
}
