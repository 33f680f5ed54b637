//! The layer that checks the token of every request.

mod future;
mod layer;
mod service;

pub use future::AuthenticateFuture;
pub use layer::AuthenticateLayer;
pub use service::Authenticate;
