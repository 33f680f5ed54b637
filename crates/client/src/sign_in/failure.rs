//! What goes wrong, and how that is said to people and programs.

use axum::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use grantor_types::with_query;
use grantor_vault::VaultError;

use super::{SignIn, cookies};
use crate::{Error, notice};

/// Why a login or logout did not succeed.
#[derive(Clone, Debug, thiserror::Error)]
pub enum SignInError {
    /// The browser came back from a login that it has not begun here, or not lately, or that was used already. Somebody may have
    /// sent it here.
    #[error("this browser has no login under way that this is the answer to")]
    NotUnderWay,
    /// A form was posted from another site.
    #[error("the form was posted from another site")]
    OtherSite,
    /// The provider, or what it answered.
    #[error(transparent)]
    Client(#[from] Error),
    /// The vault that sessions are kept in.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

impl SignInError {
    /// The status that fits.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotUnderWay => StatusCode::BAD_REQUEST,
            Self::OtherSite | Self::Client(Error::UserRequired(_)) => StatusCode::FORBIDDEN,
            Self::Client(Error::NotApplied(_)) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Client(Error::Misuse(_)) | Self::Vault(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Client(
                Error::Refused(_) | Error::OutcomeUnknown(_) | Error::InvalidAnswer(_) | Error::TimedOut,
            ) => StatusCode::BAD_GATEWAY,
        }
    }

    /// What a person is told. What the provider wrote is for the log.
    fn sentence(&self) -> &'static str {
        match self {
            Self::NotUnderWay => "This sign-in has ended or was not begun in this browser.",
            Self::OtherSite => "This form was sent from another site.",
            Self::Client(Error::UserRequired(_)) => "You were not signed in.",
            Self::Client(Error::NotApplied(_)) => "The sign-in service cannot be reached at the moment.",
            Self::Client(_) | Self::Vault(_) => "Signing in did not work.",
        }
    }
}

impl SignIn {
    /// The application's own page, or ours.
    pub(super) fn failed(&self, error: &SignInError) -> Response {
        let own = (self.0.on_error)(error);
        let page = || notice::page(error.sentence(), Some((&self.0.login_path, "Sign in")));
        own.unwrap_or_else(|| {
            let headers = [
                (CONTENT_TYPE, "text/html; charset=utf-8"),
                (CONTENT_SECURITY_POLICY, notice::CONTENT_SECURITY_POLICY),
                (CACHE_CONTROL, "no-store"),
            ];
            (error.status(), headers, page()).into_response()
        })
    }
}

/// Nobody is signed in. A browser that opens a page is sent to the login and back; everything else is answered with 401.
///
/// ```
/// use axum::response::{IntoResponse, Response};
/// use grantor_client::{Session, SignInRequired};
///
/// async fn orders(session: Result<Session, SignInRequired>) -> Response {
///     match session {
///         Ok(session) => format!("orders of {}", session.subject()).into_response(),
///         Err(required) => required.into_response(),
///     }
/// }
/// ```
#[derive(Debug)]
pub struct SignInRequired(Response);

impl SignInRequired {
    pub(super) fn new(sign_in: &SignIn, parts: &Parts) -> Self {
        let accepts = parts.headers.get(ACCEPT).and_then(|accept| accept.to_str().ok());
        let is_page =
            parts.method == Method::GET && accepts.is_some_and(|accept| accept.contains("text/html"));
        let here = parts.uri.path_and_query().map_or("/", |here| here.as_str());
        let address = match cookies::is_local(here) {
            true => with_query(&sign_in.0.login_path, &[("return_to", here)]),
            false => sign_in.0.login_path.clone(),
        };
        let address = HeaderValue::from_str(&address).ok().filter(|_| is_page);
        let no_store = (CACHE_CONTROL, HeaderValue::from_static("no-store"));
        Self(match address {
            Some(address) => (StatusCode::SEE_OTHER, [(LOCATION, address), no_store]).into_response(),
            None => (StatusCode::UNAUTHORIZED, [no_store], "Nobody is signed in.\n").into_response(),
        })
    }

    pub(super) fn failed(sign_in: &SignIn, error: VaultError) -> Self {
        Self(sign_in.failed(&error.into()))
    }
}

impl IntoResponse for SignInRequired {
    fn into_response(self) -> Response {
        self.0
    }
}
