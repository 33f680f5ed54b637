//! `GET` and `POST authorize` ([RFC 6749 §3.1](https://www.rfc-editor.org/rfc/rfc6749#section-3.1)).

use std::sync::Arc;

use axum::extract::Request;
use axum::response::Response;
use grantor_protocol::authorize::request_object::{self, Carriage};
use grantor_protocol::authorize::{self, AuthorizeError, Origin, PARAMETERS};
use grantor_protocol::token::handle::PushedRequestHandle;
use grantor_protocol::{Cause, par};
use grantor_types::Parameters;
use http::Method;

use crate::app::{App, Failure};
use crate::browser::Browser;
use crate::extract;
use crate::interaction::{Interaction, Target};
use crate::page::flow;
use crate::render::RedirectStatus;

/// Answers an authorization request: a code, an error, or the page that comes first.
pub(crate) async fn get_or_post(
    app: Arc<App>,
    mut browser: Browser,
    request: Request,
) -> Result<Response, Failure> {
    let status = match *request.method() {
        Method::POST => RedirectStatus::AfterPost,
        _ => RedirectStatus::AfterGet,
    };
    let parameters = parameters(&app, request).await?;
    let (parameters, origin) = match asked(&app, parameters).await? {
        Ok(asked) => asked,
        Err(AuthorizeError::Page(cause)) => return Err(cause.into()),
        Err(AuthorizeError::Redirect(redirect, cause)) => {
            return Ok(flow::refuse(&app, &browser, *redirect, cause, status));
        }
    };
    let target = Target::Authorize {
        parameters: parameters.encode(),
        origin,
    };
    let interaction = Interaction::new(&app, target, browser.session());
    flow::proceed(&app, &mut browser, interaction, flow::Consented::No, status).await
}

/// "The authorization server MUST support the use of the HTTP GET method for the authorization endpoint and MAY support
/// the use of the POST method as well." (RFC 6749 3.1)
async fn parameters(app: &App, request: Request) -> Result<Parameters, Failure> {
    let parameters = match *request.method() {
        Method::POST => extract::form(app, request).await?,
        _ => extract::query(request.uri())?,
    };
    Ok(parameters.only(&PARAMETERS))
}

/// What is asked, wherever it is written: in the parameters, in a pushed request, or in a request object.
async fn asked(
    app: &App,
    parameters: Parameters,
) -> Result<Result<(Parameters, Origin), AuthorizeError>, Failure> {
    if let Some(reference) = par::reference(&parameters) {
        return Ok(Ok(pushed(app, &parameters, reference).await?));
    }
    let carriage = match request_object::carriage(&parameters) {
        Ok(Carriage::Plain) => return Ok(Ok((parameters, Origin::default()))),
        carriage => carriage,
    };
    let id = authorize::client_id(&parameters)?;
    let client = app.client(&id).await?.ok_or(Cause::ClientUnknownAtAuthorize)?;
    let read = match carriage {
        Ok(carriage) => crate::request_object::read(app, &client, carriage).await,
        Err(cause) => Err(cause.into()),
    };
    match read {
        Ok(parameters) => {
            let origin = Origin {
                pushed: None,
                signed: true,
            };
            Ok(Ok((parameters.only(&PARAMETERS), origin)))
        }
        // What fails on our side is no answer for the client.
        Err(failure) if failure.cause == Cause::InternalError => Err(failure),
        Err(failure) => Ok(Err(authorize::refuse_request_object(
            &parameters,
            &client,
            failure.cause,
        ))),
    }
}

/// Puts what was pushed in the place of the reference to it. Any trouble with it ends on a page: nothing in the request
/// says for sure whom to tell.
async fn pushed(
    app: &App,
    parameters: &Parameters,
    reference: Option<PushedRequestHandle>,
) -> Result<(Parameters, Origin), Failure> {
    let handle = reference.ok_or(Cause::RequestUriUnknown)?;
    let client = authorize::client_id(parameters)?;
    let store = app.store.store();
    let found = store.pushed_request(handle.id).await?;
    let used = store.is_used(&par::single_use_key(handle.id)).await?;
    let catalogue = app.store.catalogue();
    let parameters = par::resolve(&app.cx(&catalogue), &client, &handle, found, used)?;
    let origin = Origin {
        pushed: Some(handle.id),
        // It was looked at when it was pushed.
        signed: true,
    };
    Ok((parameters, origin))
}
