//! A client of OAuth 2.1 and OpenID Connect, for any provider.
//!
//! ```no_run
//! use grantor_client::{Client, ClientAuthentication};
//!
//! # async fn example(query: &str) -> Result<(), grantor_client::Error> {
//! let client = Client::builder("https://id.example", "my-app")
//!     .authentication(ClientAuthentication::basic("the secret"))
//!     .redirect_uri("https://app.example/callback")
//!     .discover()
//!     .await?;
//!
//! // Send the browser to login.url; keep login.pending in its session.
//! let login = client.authorization().scope("openid profile").start().await?;
//!
//! // The browser is back at /callback?query.
//! let callback = login.pending.validate(query)?;
//! let tokens = client.exchange(callback).await?;
//! let user = client.userinfo(&tokens).await?;
//! println!("{} is {:?}", user.subject(), user.name());
//! # Ok(())
//! # }
//! ```
//!
//! What holds throughout:
//!
//! - **What was not checked cannot be used.** A code is exchanged from a [`ValidatedCallback`] only, which is made by
//!   looking at `state` and `iss`; an [`IdToken`] exists only after its signature and all its claims were checked.
//! - **Safe is the default, the rest is called `danger_…`.** PKCE with S256, `nonce`, the issuer, one pinned algorithm.
//! - **[`Error`] says what to do now**: repeat, ask the user, change something, or neither, because a refresh token may be
//!   used up.
//! - **Every answer is bounded** in size and time, redirects are never followed, and nothing goes over plain http except to
//!   this machine.
//! - **Secrets do not show themselves** in `Debug` or in a log, and are wiped from memory when they are dropped. What the HTTP
//!   client beneath has sent and read stays in its buffers until these are used again.
//!
//! Beneath the [`Client`] is a layer without I/O: [`answer`], [`ProviderMetadata::read`], [`PendingAuthorization::validate`],
//! [`IdToken::verify`], [`well_known_urls`]. The built-in HTTP client can be replaced by any [`Fetch`].

pub mod answer;
#[cfg(feature = "terminal")]
pub mod terminal;

#[cfg(doctest)]
mod guides;

mod authentication;
mod authorization;
mod backchannel;
mod builder;
mod challenge;
mod client;
mod decryption;
mod deviations;
mod device;
mod discovery;
mod dpop;
mod error;
#[cfg(test)]
mod fixture;
mod id_token;
mod id_token_issuer;
mod introspection;
mod keys;
mod loopback;
mod metadata;
#[cfg(feature = "middleware")]
mod middleware;
mod notice;
mod pending;
mod polling;
mod preset;
mod registration;
mod request_object;
#[cfg(feature = "axum")]
mod sign_in;
mod token_request;
mod tokens;
mod userinfo;
#[cfg(feature = "vault")]
mod vault;

pub use authentication::ClientAuthentication;
pub use authorization::{Authorization, AuthorizationRequest};
pub use backchannel::{BackchannelAuthentication, BackchannelAuthenticationRequest, UserHint};
pub use builder::ClientBuilder;
pub use challenge::{Challenge, StepUp};
pub use client::Client;
pub use decryption::Decryption;
pub use deviations::{Deviations, MemberName};
pub use device::{DeviceAuthorization, DeviceAuthorizationRequest};
pub use discovery::well_known_urls;
pub use error::{Error, InvalidAnswer, Misuse, NotApplied, OutcomeUnknown, Refusal, Trouble};
pub use id_token::{IdToken, IdTokenClaims, IdTokenError, IdTokenExpectation};
pub use id_token_issuer::IdTokenIssuer;
pub use introspection::{ActiveToken, TokenHint};
pub use loopback::LoopbackReceiver;
pub use metadata::{Endpoint, ProviderMetadata};
#[cfg(feature = "middleware")]
pub use middleware::{AccessTokenMiddleware, CallError, OnStepUp};
pub use pending::{PendingAuthorization, ValidatedCallback};
pub use polling::{Polled, Polling};
pub use preset::Preset;
pub use registration::RegisteredClient;
#[cfg(feature = "axum")]
pub use sign_in::{Session, SignIn, SignInBuilder, SignInError, SignInRequired};
pub use token_request::TokenRequest;
pub use tokens::Tokens;
pub use userinfo::UserInfo;

pub use grantor_fetch::{Fetch, FetchError, Limits, Request, Response};
pub use grantor_jose::{DecryptionKey, KeySet, SigningKey, Type};
pub use grantor_types::{
    ClaimsRequest, ContentEncryptionAlgorithm, KeyManagementAlgorithm, MacAlgorithm, Prompt, ResponseMode,
    Scope, Seconds, Secret, SecretBytes, SigningAlgorithm, Timestamp, TokenType, TokenTypeUri,
};
