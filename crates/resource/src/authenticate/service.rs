//! Starting the check of a request.

use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response};
use tower_service::Service;

use crate::{AuthenticateFuture, AuthenticateLayer, Cause};

/// A service behind an [`AuthenticateLayer`].
#[derive(Clone, Debug)]
pub struct Authenticate<S> {
    pub(super) inner: S,
    pub(super) layer: AuthenticateLayer,
}

impl<S, B, R> Service<Request<B>> for Authenticate<S>
where
    S: Service<Request<B>, Response = Response<R>> + Clone,
    R: From<Bytes>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = AuthenticateFuture<S, B>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let server = self.layer.server.clone();
        let presented = match server.presented(request.method(), request.uri(), request.headers()) {
            Ok(presented) => presented,
            Err(cause) => return AuthenticateFuture::rejected(server.reject(cause)),
        };
        // The service that was asked whether it is ready is the one to call; the clone is for the next request.
        let clone = self.inner.clone();
        let mut ready = std::mem::replace(&mut self.inner, clone);
        match presented {
            Some(presented) => AuthenticateFuture::checking(server, presented, request, ready),
            None if self.layer.anonymous => AuthenticateFuture::anonymous(&server, request, &mut ready),
            None => AuthenticateFuture::rejected(server.reject(Cause::NoToken)),
        }
    }
}
