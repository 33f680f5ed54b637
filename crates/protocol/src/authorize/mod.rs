//! The authorization endpoint ([RFC 6749 §4.1.1](https://www.rfc-editor.org/rfc/rfc6749#section-4.1.1),
//! [OpenID Connect Core 3.1.2](https://openid.net/specs/openid-connect-core-1_0.html#AuthorizationEndpoint)).
//!
//! [`validate`] is the table of checks, one file each, in the order they run. [`next`] says what the user has to do,
//! [`issue`] makes the code.

mod claims;
mod dpop;
mod interaction;
mod issue;
mod oidc;
mod pkce;
mod redirect_uri;
pub mod request_object;
mod resource;
mod response_type;
mod scope;

use std::sync::Arc;

use grantor_types::{
    ClientId, CodeChallenge, GrantType, Parameters, PushedRequestId, Resource, Scope, Thumbprint,
};

pub use self::interaction::{Next, Visit, next};
pub use self::issue::{AuthorizationResponse, error_response, issue};
pub use self::oidc::Hints;
pub(crate) use self::oidc::supported_prompts;
pub use self::redirect_uri::ValidatedRedirect;
pub(crate) use self::resource::requested as requested_resources;
pub(crate) use self::scope::requested as requested_scope;
use serde::{Deserialize, Serialize};

use crate::record::Client;
use crate::{Cause, Policy};

/// Longest parameter value that is read, in bytes.
const MAX_VALUE: usize = 4096;

/// The parameters that the checks read. Others are ignored ("The authorization server MUST ignore unrecognized request
/// parameters", RFC 6749 3.1) and not carried along.
pub const PARAMETERS: [&str; 23] = [
    "acr_values",
    "claims",
    "claims_locales",
    "client_id",
    "code_challenge",
    "code_challenge_method",
    "display",
    "dpop_jkt",
    "id_token_hint",
    "login_hint",
    "max_age",
    "nonce",
    "prompt",
    "redirect_uri",
    "registration",
    "request",
    "request_uri",
    "resource",
    "response_mode",
    "response_type",
    "scope",
    "state",
    "ui_locales",
];

/// An authorization request that passed every check.
#[derive(Clone, Debug)]
pub struct AuthorizationRequest {
    /// Who asks.
    pub client: Arc<Client>,
    /// The pushed request that it is.
    pub pushed: Option<PushedRequestId>,
    /// Where the response goes.
    pub redirect: ValidatedRedirect,
    /// `redirect_uri` as it was sent; the token request has to repeat it.
    pub redirect_uri: Option<String>,
    /// What is asked for.
    pub scope: Scope,
    /// For which resource servers.
    pub resources: Vec<Resource>,
    /// The PKCE challenge.
    pub challenge: Option<CodeChallenge>,
    /// The key that the code is bound to (RFC 9449 10).
    pub dpop_key: Option<Thumbprint>,
    /// Binds the ID token to the client's session.
    pub nonce: Option<String>,
    /// How the user is to be asked.
    pub hints: Hints,
}

/// What vouches for the parameters of a request beyond the browser that brought them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The pushed request that they are from.
    pub pushed: Option<PushedRequestId>,
    /// Whether the client has signed them, in a request object.
    pub signed: bool,
}

/// Why an authorization request is refused, and whether the client may be told by redirect.
#[derive(Clone, Debug)]
pub enum AuthorizeError {
    /// Client or redirect URI is in doubt: "the authorization server [...] MUST NOT automatically redirect the
    /// user-agent to the invalid redirection URI" (RFC 6749 4.1.2.1). An error page is shown.
    Page(Cause),
    /// The client is told at its validated redirect URI.
    Redirect(Box<ValidatedRedirect>, Cause),
}

/// Reads `client_id`, so that the client can be loaded.
///
/// # Errors
/// [`Cause::ClientIdMissing`] or [`Cause::ClientIdMalformed`]; both are shown on a page.
pub fn client_id(parameters: &Parameters) -> Result<ClientId, Cause> {
    let text = parameters.value("client_id").ok_or(Cause::ClientIdMissing)?;
    ClientId::parse(text).map_err(|_| Cause::ClientIdMalformed)
}

/// Checks a request. The order is the order of the lines: nothing is redirected before the redirect URI is known to
/// be the client's, and everything after it is.
///
/// # Errors
/// [`AuthorizeError`].
pub fn validate(
    policy: &Policy,
    parameters: &Parameters,
    client: Option<Arc<Client>>,
    origin: Origin,
) -> Result<AuthorizationRequest, AuthorizeError> {
    let client = client.ok_or(AuthorizeError::Page(Cause::ClientUnknownAtAuthorize))?;
    if client.disabled {
        return Err(AuthorizeError::Page(Cause::ClientDisabled));
    }
    let redirect = redirect_uri::check(parameters, &client).map_err(AuthorizeError::Page)?;

    let checked = || -> Result<AuthorizationRequest, Cause> {
        // "the authorization server [...] requires" it, or the client registered so (RFC 9126 5 and 6).
        let must_be_pushed =
            policy.require_pushed_authorization_requests || client.require_pushed_authorization_requests;
        if must_be_pushed && origin.pushed.is_none() {
            return Err(Cause::RequestNotPushed);
        }
        // "require_signed_request_object [...] where the value true indicates that the authorization server MUST reject
        // requests from the client" that come otherwise (RFC 9101 10.5)
        if client.metadata.require_signed_request_object && !origin.signed {
            return Err(Cause::RequestObjectMissing);
        }
        redirect_uri::check_response_mode(parameters, &redirect)?;
        check_lengths(parameters)?;
        // "registration_not_supported" (OpenID Connect Core 3.1.2.6)
        if parameters.value("registration").is_some() {
            return Err(Cause::RegistrationUnsupported);
        }
        response_type::check(parameters)?;
        if !client.may_use(GrantType::AuthorizationCode) {
            return Err(Cause::GrantTypeNotAllowed);
        }
        let challenge = pkce::check(policy, parameters, &client)?;
        let scope = scope::check(parameters, &client)?;
        let resources = resource::check(parameters, &client)?;
        let dpop_key = dpop::check(parameters)?;
        let hints = oidc::check(policy, parameters, &client)?;
        Ok(AuthorizationRequest {
            redirect: redirect.clone(),
            redirect_uri: parameters.value("redirect_uri").map(str::to_owned),
            scope,
            resources,
            challenge,
            dpop_key,
            nonce: parameters.value("nonce").map(str::to_owned),
            hints,
            client: Arc::clone(&client),
            pushed: origin.pushed,
        })
    };
    checked().map_err(|cause| AuthorizeError::Redirect(Box::new(redirect.clone()), cause))
}

/// Where to say that a request object is refused: at the redirect URI of the parameters around it, if that is the client's.
/// Nothing else of them counts.
pub fn refuse_request_object(parameters: &Parameters, client: &Client, cause: Cause) -> AuthorizeError {
    match redirect_uri::check(parameters, client) {
        Ok(redirect) => AuthorizeError::Redirect(Box::new(redirect), cause),
        Err(_) => AuthorizeError::Page(cause),
    }
}

/// Every parameter that is stored or carried along has a bound.
fn check_lengths(parameters: &Parameters) -> Result<(), Cause> {
    let bounded = [
        "state",
        "nonce",
        "login_hint",
        "ui_locales",
        "claims",
        "claims_locales",
        "acr_values",
    ];
    let long = |name: &&str| {
        parameters
            .value(name)
            .is_some_and(|value| value.len() > MAX_VALUE)
    };
    if bounded.iter().any(long) {
        Err(Cause::ParameterTooLong)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
