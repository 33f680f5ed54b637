//! Wrapping a service.

use tower_layer::Layer;

use crate::{Authenticate, ResourceServer};

/// Refuses requests without a good access token, and puts the [`AccessToken`](crate::AccessToken) into the extensions
/// of the others. Made by [`ResourceServer::layer`].
#[derive(Clone, Debug)]
pub struct AuthenticateLayer {
    pub(super) server: ResourceServer,
    pub(super) anonymous: bool,
}

impl AuthenticateLayer {
    pub(crate) fn new(server: ResourceServer) -> Self {
        Self {
            server,
            anonymous: false,
        }
    }

    /// Lets requests without a token through, for routes that serve everybody. A token that is presented must still
    /// be good; what needs one asks for it by [`Require`](crate::Require) or an extractor.
    #[must_use]
    pub fn allow_anonymous(self) -> Self {
        Self {
            anonymous: true,
            ..self
        }
    }
}

impl<S> Layer<S> for AuthenticateLayer {
    type Service = Authenticate<S>;

    fn layer(&self, inner: S) -> Self::Service {
        Authenticate {
            inner,
            layer: self.clone(),
        }
    }
}
