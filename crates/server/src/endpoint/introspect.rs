//! `POST introspect` ([RFC 7662 §2](https://www.rfc-editor.org/rfc/rfc7662#section-2)).

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use grantor_protocol::Cause;
use grantor_protocol::introspect::{TokenFacts, introspect, introspector};
use grantor_types::Introspection;
use http::HeaderMap;

use crate::app::{App, Failure};
use crate::paths::Endpoint;
use crate::{client_assertion, extract, load, render};

/// Answers an introspection request.
pub(crate) async fn post(app: Arc<App>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    match answer(&app, &head.headers, body).await {
        Ok(introspection) => render::json(&app, &introspection),
        Err(failure) => {
            // Who sent nothing is told how to authenticate, as every 401 does (RFC 9110 15.5.2).
            let challenge = failure.cause == Cause::CallerUnauthenticated
                || extract::used_authorization_header(&head.headers);
            render::json_error(&app, failure, challenge)
        }
    }
}

async fn answer(app: &App, headers: &HeaderMap, body: Body) -> Result<Introspection, Failure> {
    let form = extract::form_of(app, headers, body).await?;
    let caller = extract::optional_client(app, Endpoint::Introspect, headers, &form).await?;
    let catalogue = app.store.catalogue();
    let cx = app.cx(&catalogue);
    let introspector = introspector(&cx, caller.as_ref())?;
    let token = form.value("token").ok_or(Cause::TokenParameterMissing)?;
    client_assertion::use_up(app, caller.as_ref()).await?;
    let (facts, _) = load::token(app, token).await?;
    let noted = match &facts {
        TokenFacts::Personal(facts) => facts.note_use(cx.now),
        TokenFacts::Access(_) | TokenFacts::Refresh { .. } | TokenFacts::Unknown => None,
    };
    let answer = introspect(&cx, introspector, facts);
    // A resource server asks when the token is used there.
    if let (Some(noted), Introspection::Active(_)) = (noted, &answer) {
        app.store.commit(vec![noted], cx.now).await?;
    }
    Ok(answer)
}
