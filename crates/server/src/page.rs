//! The pages that people see, one file each, and what leads from one to the next.

pub(crate) mod account;
pub(crate) mod account_choice;
pub(crate) mod asset;
pub(crate) mod callback;
pub(crate) mod consent;
pub(crate) mod device;
pub(crate) mod device_try;
pub(crate) mod flow;
pub(crate) mod home;
pub(crate) mod login;
pub(crate) mod password;
pub(crate) mod personal_access_tokens;
pub(crate) mod profile;
pub(crate) mod sign_out;
pub(crate) mod sign_up;
pub(crate) mod signed_out;

use std::future::Future;
use std::sync::Arc;

use axum::extract::Request;
use axum::response::Response;
use grantor_pages::field;
use grantor_protocol::Cause;
use grantor_types::Parameters;

use crate::app::{App, Failure};
use crate::browser::Browser;
use crate::{extract, render};

/// Runs a handler with the browser that asks; what it refuses is shown on the error page.
pub(crate) async fn show<Fut>(
    app: Arc<App>,
    request: Request,
    handler: impl Fn(Arc<App>, Browser, Request) -> Fut,
) -> Response
where
    Fut: Future<Output = Result<Response, Failure>>,
{
    let address = extract::address(&app, &request);
    let browser = match Browser::read(&app, request.headers(), address).await {
        Ok(browser) => browser,
        // Not even a page can be written without a browser to write it for; JSON says as much.
        Err(failure) => return render::json_error(&app, failure, false),
    };
    match handler(Arc::clone(&app), browser.clone(), request).await {
        Ok(response) => response,
        Err(failure) => render::error_page(&app, &browser, failure),
    }
}

/// Reads a form, and refuses one that this browser was not given, in the session that it has now (RFC 9700 4.7, cross-site
/// request forgery).
pub(crate) async fn checked_form(
    app: &App,
    browser: &Browser,
    request: Request,
) -> Result<Parameters, Failure> {
    let form = extract::form(app, request).await?;
    if browser.owns_form(app, form.value(field::CSRF_TOKEN)) {
        Ok(form)
    } else {
        Err(Cause::FormTokenInvalid.into())
    }
}
