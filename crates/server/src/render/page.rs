//! Pages, with the headers that keep them safe.

use axum::body::Body;
use axum::response::Response;
use grantor_pages::{ErrorPage, Page, content_security_policy, content_security_policy_with_frames};
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, SET_COOKIE, VARY};
use http::header::{X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS};
use http::{HeaderMap, HeaderValue, StatusCode};

use super::{finish, note, status};
use crate::app::{App, Failure};
use crate::browser::Browser;

/// A page. `form_targets` are the places, beside this server, that its forms may lead to.
pub(crate) fn page(
    app: &App,
    browser: &Browser,
    status: StatusCode,
    page: &impl Page,
    form_targets: &[&str],
) -> Response {
    let policy = content_security_policy(form_targets, &page.images());
    with_policy(app, browser, status, page, &policy)
}

/// A page that loads frames from these addresses.
pub(crate) fn page_with_frames(app: &App, browser: &Browser, page: &impl Page, frames: &[&str]) -> Response {
    let policy = content_security_policy_with_frames(&page.images(), frames);
    with_policy(app, browser, StatusCode::OK, page, &policy)
}

fn with_policy(app: &App, browser: &Browser, status: StatusCode, page: &impl Page, policy: &str) -> Response {
    match page.render(&app.theme, browser.locale) {
        Ok(html) => with_headers(browser, status, html, policy),
        Err(error) => {
            let failure = Failure::internal("page", error);
            let status = super::status(failure.cause);
            let empty = with_headers(browser, status, String::new(), &content_security_policy(&[], &[]));
            finish(app, empty, &failure)
        }
    }
}

/// An error page: never a redirect, and it never links to what could not be trusted.
pub(crate) fn error_page(app: &App, browser: &Browser, failure: Failure) -> Response {
    let (cause, request_id) = (failure.cause, app.request_id());
    note(app, &failure, &request_id);
    let content = ErrorPage {
        status: cause.code().status(),
        code: cause.code().as_str().to_owned(),
        title: None,
        description: Some(cause.description().to_owned()),
        hint: None,
        cause_id: Some(cause.id().to_owned()),
        request_id: request_id.clone(),
    };
    let mut response = page(app, browser, status(cause), &content, &[]);
    if let Ok(id) = HeaderValue::from_str(&request_id) {
        response.headers_mut().insert(super::REQUEST_ID, id);
    }
    response
}

fn with_headers(browser: &Browser, status: StatusCode, html: String, policy: &str) -> Response {
    let mut response = Response::new(Body::from(html));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(VARY, HeaderValue::from_static("Accept-Language, Cookie"));
    // What cannot be written as a header is left out of the policy, which then forbids everything.
    let policy = HeaderValue::from_str(policy).unwrap_or(HeaderValue::from_static("default-src 'none'"));
    headers.insert(CONTENT_SECURITY_POLICY, policy);
    set_cookies(browser, headers);
    response
}

/// Every answer to a browser sets the cookies that it was given on the way, redirects too.
pub(super) fn set_cookies(browser: &Browser, headers: &mut HeaderMap) {
    for cookie in browser.cookies_to_set() {
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            headers.append(SET_COOKIE, cookie);
        }
    }
}
