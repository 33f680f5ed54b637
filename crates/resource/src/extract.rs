//! Extractors for axum handlers.

use std::ops::Deref;

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::response::{IntoResponse, Response};
use http::request::Parts;

use crate::require::{demand, presented};
use crate::{AccessToken, Cause, Rejection, Require};

/// An access token that a user granted; a client's own is refused. The extractor form of [`Require::user`].
#[derive(Clone, Debug)]
pub struct UserToken(pub AccessToken);

/// A client's own access token; a user's is refused. The extractor form of [`Require::client`].
#[derive(Clone, Debug)]
pub struct ClientToken(pub AccessToken);

impl<S: Sync> FromRequestParts<S> for AccessToken {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Rejection> {
        presented(&parts.extensions).map(|(token, _)| token.clone())
    }
}

/// For routes behind [`allow_anonymous`](crate::AuthenticateLayer::allow_anonymous): no token is `None`.
impl<S: Sync> OptionalFromRequestParts<S> for AccessToken {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Option<Self>, Rejection> {
        match presented(&parts.extensions) {
            Ok((token, _)) => Ok(Some(token.clone())),
            Err(rejection) if *rejection.cause() == Cause::NoToken => Ok(None),
            Err(rejection) => Err(rejection),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for UserToken {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Rejection> {
        demand(&Require::user(), &parts.extensions).cloned().map(Self)
    }
}

impl<S: Sync> FromRequestParts<S> for ClientToken {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Rejection> {
        demand(&Require::client(), &parts.extensions).cloned().map(Self)
    }
}

impl Deref for UserToken {
    type Target = AccessToken;

    fn deref(&self) -> &AccessToken {
        &self.0
    }
}

impl Deref for ClientToken {
    type Target = AccessToken;

    fn deref(&self) -> &AccessToken {
        &self.0
    }
}

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        self.response()
    }
}
