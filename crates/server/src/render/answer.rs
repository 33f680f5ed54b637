//! The authorization response, by redirect or by form.

use axum::body::Body;
use axum::response::Response;
use grantor_pages::FormPost;
use grantor_protocol::Cause;
use grantor_protocol::authorize::AuthorizationResponse;
use grantor_types::{ResponseMode, with_query};
use http::header::{CACHE_CONTROL, LOCATION, REFERRER_POLICY};
use http::{HeaderValue, StatusCode};

use super::page::set_cookies;
use super::{error_page, page};
use crate::app::{App, Failure};
use crate::browser::Browser;

/// How a redirect is sent: 302 after a GET, 303 after a form, so that no browser posts the form on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RedirectStatus {
    AfterGet,
    AfterPost,
}

impl RedirectStatus {
    fn code(self) -> StatusCode {
        match self {
            Self::AfterGet => StatusCode::FOUND,
            Self::AfterPost => StatusCode::SEE_OTHER,
        }
    }
}

/// Sends the response to the client through the browser.
pub(crate) fn authorization_response(
    app: &App,
    browser: &Browser,
    response: AuthorizationResponse,
    status: RedirectStatus,
) -> Response {
    let AuthorizationResponse { redirect, parameters } = response;
    let uri = redirect.uri().as_str();
    match redirect.mode() {
        ResponseMode::Query => to(app, browser, &with_query(uri, &parameters), status),
        ResponseMode::Fragment => {
            let encoded = form_urlencoded::Serializer::new(String::new())
                .extend_pairs(&parameters)
                .finish();
            to(app, browser, &format!("{uri}#{encoded}"), status)
        }
        ResponseMode::FormPost => {
            let fields = parameters
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.clone()))
                .collect();
            let form = FormPost {
                action: uri.to_owned(),
                fields,
            };
            page(app, browser, StatusCode::OK, &form, &[uri])
        }
    }
}

fn to(app: &App, browser: &Browser, location: &str, status: RedirectStatus) -> Response {
    match HeaderValue::from_str(location) {
        Ok(location) => redirect(browser, location, status),
        // Unreachable for a registered URI and encoded parameters; a page is still better than a header gone wrong.
        Err(error) => error_page(app, browser, Failure::internal("redirect", error)),
    }
}

fn redirect(browser: &Browser, location: HeaderValue, status: RedirectStatus) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status.code();
    let headers = response.headers_mut();
    headers.insert(LOCATION, location);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    set_cookies(browser, headers);
    response
}

/// Sends the browser on to another page of ours.
pub(crate) fn see_other(app: &App, browser: &Browser, path: &str, status: RedirectStatus) -> Response {
    match HeaderValue::from_str(path) {
        Ok(location) => redirect(browser, location, status),
        Err(_) => error_page(app, browser, Cause::InternalError.into()),
    }
}
