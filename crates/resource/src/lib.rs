//! A tower layer and axum extractors that protect an API with access tokens.
//!
//! [`ResourceServer`] checks the access tokens of one issuer for one audience: JWTs ([RFC 9068]) on the spot, with the
//! issuer's keys kept and renewed; opaque tokens by introspection ([RFC 7662]), if that is set up.
//! [`AuthenticateLayer`] does it for every request and hands on an [`AccessToken`]; [`Require`] is a layer that
//! demands scopes, a user or a client. What is refused is answered as [RFC 6750] says.
//!
#![cfg_attr(feature = "axum", doc = "```")]
#![cfg_attr(not(feature = "axum"), doc = "```ignore")]
//! use axum::{Router, routing::{get, post}};
//! use grantor_resource::{AccessToken, Require, ResourceServer};
//!
//! async fn list(token: AccessToken) -> String {
//!     format!("the notes of {}", token.subject())
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let resource = ResourceServer::builder("https://as.example", "https://notes.example").build()?;
//!
//! let app: Router = Router::new()
//!     .route("/notes", get(list).layer(Require::all_of("notes:read")?.and(Require::user())))
//!     .route("/import", post(|| async { "done" }).layer(Require::client()))
//!     .layer(resource.layer());
//! # Ok(())
//! # }
//! ```
//!
//! # What the caller sees
//!
//! | case | status | `WWW-Authenticate` |
//! |---|---|---|
//! | no token, or another scheme | 401 | realm only |
//! | token wrong, expired, of another issuer or audience | 401 | `invalid_token` |
//! | proof of possession missing, wrong or used before | 401 | `DPoP` with `invalid_dpop_proof` or `use_dpop_nonce` |
//! | malformed or repeated header, token in the URL | 400 | `invalid_request` |
//! | a scope, a user or a client is missing | 403 | `insufficient_scope`, with the scope that would do |
//! | issuer's keys or introspection not reachable | 503 | none; `Retry-After` |
//!
//! The body is JSON with `error` and `error_description`. The [`Rejection`] is in the response's extensions, so that
//! a layer outside of this one can log its [`Cause`].
//!
//! # Caveats
//!
//! - A JWT that was revoked is accepted until it expires: checking on the spot asks nobody. Keep lifetimes short.
//! - Put a CORS layer outside of this one; a preflight request carries no token.
//! - The clock is the machine's. [`ResourceServerBuilder::leeway`] bears small differences.
//! - Tokens bound to a key (`cnf`) need a proof of it: see [`Dpop`]. Without that set up they are refused, as they are no
//!   bearer tokens.
//! - Fetching keys needs a tokio runtime, the one that requests are served on.
//!
//! [RFC 6750]: https://www.rfc-editor.org/rfc/rfc6750
//! [RFC 7662]: https://www.rfc-editor.org/rfc/rfc7662
//! [RFC 9068]: https://www.rfc-editor.org/rfc/rfc9068

mod access_token;
mod authenticate;
mod authorization;
mod builder;
mod dpop;
#[cfg(feature = "axum")]
mod extract;
mod introspection;
mod rejection;
mod require;
mod server;
mod source;

pub use access_token::AccessToken;
pub use authenticate::{Authenticate, AuthenticateFuture, AuthenticateLayer};
pub use builder::{BuildError, ResourceServerBuilder};
pub use dpop::{Dpop, ReplayCache};
#[cfg(feature = "axum")]
pub use extract::{ClientToken, UserToken};
pub use rejection::{Cause, Rejection};
pub use require::{Require, RequireFuture, RequireService};
pub use server::ResourceServer;
