//! The end-session endpoint
//! ([OpenID Connect RP-Initiated Logout 1.0](https://openid.net/specs/openid-connect-rpinitiated-1_0.html)).

use std::sync::Arc;

use axum::extract::Request;
use axum::response::Response;
use grantor_protocol::Cause;
use grantor_protocol::logout::{self, LogoutHint, LogoutRequest};
use grantor_types::Parameters;

use crate::app::{App, Failure};
use crate::browser::Browser;
use crate::page::sign_out;
use crate::{extract, hint};

/// "OpenID Providers MUST support the use of the HTTP GET and POST methods" (RP-Initiated Logout 1.0, 2).
pub(crate) async fn get(app: Arc<App>, mut browser: Browser, request: Request) -> Result<Response, Failure> {
    let parameters = extract::query(request.uri())?;
    let request = read(&app, &mut browser, &parameters).await?;
    sign_out::begin(&app, &mut browser, &request).await
}

/// A form that another site posts comes without our cookie (`SameSite=Lax`), so that it cannot be said here whether
/// somebody is signed in: that is decided on the way to our own page.
pub(crate) async fn post(app: Arc<App>, mut browser: Browser, request: Request) -> Result<Response, Failure> {
    let parameters = extract::form(&app, request).await?;
    let request = read(&app, &mut browser, &parameters).await?;
    sign_out::send_there(&app, &browser, &request)
}

async fn read(app: &App, browser: &mut Browser, parameters: &Parameters) -> Result<LogoutRequest, Failure> {
    browser.prefer(parameters.value("ui_locales"));
    let hint = match parameters.value("id_token_hint") {
        // "When an id_token_hint parameter is present, the OP MUST validate that it was the issuer of the ID Token. The OP
        // SHOULD accept ID Tokens when the RP identified by the ID Token's aud claim and/or sid claim has a current session
        // or had a recent session at the OP, even when the exp time has passed." (RP-Initiated Logout 1.0, 2)
        Some(hint) => Some(hint::read(app, hint).await?.ok_or(Cause::IdTokenHintInvalid)?),
        None => None,
    };
    let named = logout::client_id(parameters, hint.as_ref().map(|hint| &hint.claims))?;
    let (hint, client) = match (hint, named) {
        (Some(hint), _) => (Some(LogoutHint::from(hint.claims)), Some(hint.client)),
        (None, Some(id)) => (None, app.client(&id).await?),
        (None, None) => (None, None),
    };
    Ok(logout::validate(parameters, hint, client)?)
}
