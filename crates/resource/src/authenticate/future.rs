//! First the check, then the service.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::{Request, Response};
use pin_project_lite::pin_project;
use tower_service::Service;

use crate::rejection::Challenge;
use crate::server::Presented;
use crate::{AccessToken, Rejection, ResourceServer};

pin_project! {
    /// The answer of an [`Authenticate`](crate::Authenticate) service: first the check, then what is behind it.
    pub struct AuthenticateFuture<S, B>
    where
        S: Service<Request<B>>,
    {
        #[pin]
        state: State<S, S::Future, B>,
    }
}

type Check = Pin<Box<dyn Future<Output = Result<AccessToken, Rejection>> + Send>>;

pin_project! {
    #[project = StateProjection]
    enum State<S, F, B> {
        Checking { check: Check, challenge: Arc<Challenge>, waiting: Option<(Request<B>, S)> },
        Calling { #[pin] future: F },
        Rejected { rejection: Rejection },
    }
}

impl<S: Service<Request<B>>, B> AuthenticateFuture<S, B> {
    pub(super) fn checking(
        server: ResourceServer,
        presented: Presented,
        request: Request<B>,
        service: S,
    ) -> Self {
        let challenge = Arc::clone(&server.0.challenge);
        let check = Box::pin(async move {
            server
                .check(&presented)
                .await
                .map_err(|cause| server.reject(cause))
        });
        Self {
            state: State::Checking {
                check,
                challenge,
                waiting: Some((request, service)),
            },
        }
    }

    pub(super) fn anonymous(server: &ResourceServer, mut request: Request<B>, service: &mut S) -> Self {
        // Those of a layer further out are not ours.
        request.extensions_mut().remove::<AccessToken>();
        request.extensions_mut().insert(Arc::clone(&server.0.challenge));
        Self {
            state: State::Calling {
                future: service.call(request),
            },
        }
    }

    pub(super) fn rejected(rejection: Rejection) -> Self {
        Self {
            state: State::Rejected { rejection },
        }
    }
}

impl<S, B, R> Future for AuthenticateFuture<S, B>
where
    S: Service<Request<B>, Response = Response<R>>,
    R: From<Bytes>,
{
    type Output = Result<Response<R>, S::Error>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut state = self.project().state;
        loop {
            let next = match state.as_mut().project() {
                StateProjection::Checking {
                    check,
                    challenge,
                    waiting,
                } => {
                    match (ready!(check.as_mut().poll(context)), waiting.take()) {
                        (Ok(token), Some((mut request, mut service))) => {
                            request.extensions_mut().insert(token);
                            request.extensions_mut().insert(Arc::clone(challenge));
                            State::Calling {
                                future: service.call(request),
                            }
                        }
                        (Err(rejection), _) => State::Rejected { rejection },
                        // Never comes: the request is taken out only as the state ends.
                        (Ok(_), None) => return Poll::Pending,
                    }
                }
                StateProjection::Calling { future } => return future.poll(context),
                StateProjection::Rejected { rejection } => return Poll::Ready(Ok(rejection.response())),
            };
            state.set(next);
        }
    }
}
