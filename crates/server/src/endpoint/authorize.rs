//! `GET` and `POST authorize` ([RFC 6749 §3.1](https://www.rfc-editor.org/rfc/rfc6749#section-3.1)).

use std::sync::Arc;

use axum::extract::Request;
use axum::response::Response;
use grantor_protocol::authorize::PARAMETERS;
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
    let session = browser.session().map(|session| session.id);
    let interaction = Interaction::new(&app, Target::Authorize(parameters.encode()), session);
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
