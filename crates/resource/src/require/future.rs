//! The service, or the refusal.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::Response;
use pin_project_lite::pin_project;

use crate::Rejection;

pin_project! {
    /// The answer of a [`RequireService`](crate::RequireService).
    pub struct RequireFuture<F> {
        #[pin]
        state: State<F>,
    }
}

pin_project! {
    #[project = StateProjection]
    enum State<F> {
        Calling { #[pin] future: F },
        Rejected { rejection: Rejection },
    }
}

impl<F> RequireFuture<F> {
    pub(super) fn calling(future: F) -> Self {
        Self {
            state: State::Calling { future },
        }
    }

    pub(super) fn rejected(rejection: Rejection) -> Self {
        Self {
            state: State::Rejected { rejection },
        }
    }
}

impl<F, R, E> Future for RequireFuture<F>
where
    F: Future<Output = Result<Response<R>, E>>,
    R: From<Bytes>,
{
    type Output = Result<Response<R>, E>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project().state.project() {
            StateProjection::Calling { future } => future.poll(context),
            StateProjection::Rejected { rejection } => Poll::Ready(Ok(rejection.response())),
        }
    }
}
