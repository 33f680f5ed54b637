//! Checking the demand on a request.

use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response};
use tower_service::Service;

use crate::require::demand;
use crate::{Require, RequireFuture};

/// A service behind a [`Require`] layer.
#[derive(Clone, Debug)]
pub struct RequireService<S> {
    pub(super) inner: S,
    pub(super) require: Require,
}

impl<S, B, R> Service<Request<B>> for RequireService<S>
where
    S: Service<Request<B>, Response = Response<R>>,
    R: From<Bytes>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = RequireFuture<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        match demand(&self.require, request.extensions()) {
            Ok(_) => RequireFuture::calling(self.inner.call(request)),
            Err(rejection) => RequireFuture::rejected(rejection),
        }
    }
}
