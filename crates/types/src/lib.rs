//! The words of OAuth 2.1 and OpenID Connect as types.
//!
//! A wire string becomes one of these once, at the edge; nothing further in takes `&str` for an id, a secret, a URI
//! or a scope. The crate knows no I/O and no cryptography, so that server, client and resource layer share it.

mod algorithm;
mod claims;
mod claims_request;
mod client_id;
mod error_code;
mod id;
mod language;
mod parameters;
mod pkce;
mod scope;
mod secret;
mod text;
mod thumbprint;
mod timestamp;
mod token;
mod uri;
mod vocabulary;

pub use algorithm::SigningAlgorithm;
pub use claims::{
    Address, AddressMember, ClaimField, SCOPE_CLAIMS, StandardClaims, TaggedClaims, TextClaim, TextField,
    claims_of_scope,
};
pub use claims_request::{ClaimRequest, ClaimsRequest};
pub use client_id::{ClientId, ClientIdError, MAX_CLIENT_ID_LENGTH};
pub use error_code::ErrorCode;
pub use id::{
    DeviceAuthorizationId, GrantId, InitialAccessTokenId, JobId, PersonalAccessTokenId, PushedRequestId,
    SessionId, TokenId, UserId,
};
pub use language::{LanguageTag, LanguageTagError, MAX_LANGUAGE_TAG_LENGTH, lookup};
pub use parameters::{MAX_PARAMETERS, Parameters, ParametersError};
pub use pkce::{CodeChallenge, CodeVerifier, PkceError};
pub use scope::{MAX_SCOPE_LENGTH, Scope, ScopeError, ScopeToken};
pub use secret::{Secret, SecretBytes, SecretHash};
pub use thumbprint::Thumbprint;
pub use timestamp::{Seconds, Timestamp};
pub use token::{
    AccessTokenClaims, ActiveToken, Actor, Audience, Confirmation, Introspection, TokenResponse,
};
pub use uri::{
    Issuer, MAX_URI_LENGTH, Origin, RedirectUri, Resource, UriError, WebUri, is_loopback, is_secure,
    is_web_address, well_known, with_query,
};
pub use vocabulary::{
    AccessTokenScheme, ApplicationType, ClientAuthMethod, CodeChallengeMethod, ContentEncryptionAlgorithm,
    Display, GrantType, KeyManagementAlgorithm, MacAlgorithm, Profile, Prompt, RegistrationMode,
    ResponseMode, ResponseType, SubjectType, TokenFormat, TokenType, TokenTypeUri,
};
