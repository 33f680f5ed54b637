//! The grants of the token endpoint ([RFC 6749 §4](https://www.rfc-editor.org/rfc/rfc6749#section-4)), one file each.

mod authorization_code;
mod client_credentials;
mod device_code;
mod issue;
mod jwt_bearer;
mod refresh_token;
mod token_exchange;

use grantor_types::{GrantType, Parameters, Resource, Thumbprint};

pub use self::authorization_code::{AuthorizationCode, CodeFacts, CodeRequest};
pub use self::client_credentials::{ClientCredentials, ClientCredentialsRequest};
pub use self::device_code::{DeviceCode, DeviceFacts, DeviceRequest};
pub use self::jwt_bearer::{JwtBearer, JwtBearerRequest};
pub use self::refresh_token::{RefreshFacts, RefreshRequest, RefreshTokenGrant};
pub use self::token_exchange::{
    ExchangeFacts, ExchangeRequest, HeldGrant, PresentedText, PresentedToken, TokenExchange,
};
use crate::client_auth::Authenticated;
use crate::record::{self, Client};
use crate::token::TokenReply;
use crate::{Cause, Cx, Decision, Random};

/// Who asks the token endpoint.
#[derive(Clone, Copy, Debug)]
pub struct Caller<'a> {
    /// The client.
    pub client: &'a Authenticated,
    /// The key that the request proved to hold (RFC 9449 5). What is issued is bound to it.
    pub dpop_key: Option<Thumbprint>,
}

impl<'a> Caller<'a> {
    /// The client's registration.
    pub fn client(&self) -> &'a Client {
        self.client.client()
    }

    /// Checks the key that a code or refresh token is bound to.
    ///
    /// # Errors
    /// [`Cause::DpopProofMissing`] or [`Cause::DpopKeyMismatch`].
    fn check_binding(&self, bound_to: Option<Thumbprint>) -> Result<(), Cause> {
        match (bound_to, self.dpop_key) {
            (None, _) => Ok(()),
            (Some(_), None) => Err(Cause::DpopProofMissing),
            (Some(key), Some(proven)) if key == proven => Ok(()),
            (Some(_), Some(_)) => Err(Cause::DpopKeyMismatch),
        }
    }
}

/// A grant type: how its parameters are read, which facts it needs, how it is decided.
pub trait Grant {
    /// Which one it is.
    const TYPE: GrantType;
    /// Its parameters, read.
    type Request;
    /// What it has to know beyond its parameters.
    type Facts;

    /// Reads the parameters.
    ///
    /// # Errors
    /// The cause that names the parameter.
    fn parse(form: &Parameters) -> Result<Self::Request, Cause>;

    /// Decides.
    fn decide(
        cx: &Cx<'_>,
        random: &Random,
        caller: &Caller<'_>,
        request: &Self::Request,
        facts: Self::Facts,
    ) -> Decision<TokenReply>;
}

/// Reads `grant_type`.
///
/// # Errors
/// [`Cause::GrantTypeMissing`] or [`Cause::GrantTypeUnsupported`].
pub fn grant_type(form: &Parameters) -> Result<GrantType, Cause> {
    let name = form.value("grant_type").ok_or(Cause::GrantTypeMissing)?;
    GrantType::from_name(name).ok_or(Cause::GrantTypeUnsupported)
}

/// The key that refresh tokens are bound to: "the authorization server MUST bind the refresh token to the public key" for
/// public clients; those of confidential clients are bound to the client's authentication (RFC 9449 5).
fn refresh_token_key(caller: &Caller<'_>) -> Option<Thumbprint> {
    caller.dpop_key.filter(|_| caller.client().is_public())
}

/// The resource servers that an access token is for: those that the token request names, or else every one of the
/// grant.
///
/// # Errors
/// [`Cause::ResourceNotGranted`] for one that was not part of the authorization (RFC 8707 2.2).
fn granted_resources<'a>(asked: &'a [Resource], grant: &'a record::Grant) -> Result<&'a [Resource], Cause> {
    if asked.iter().any(|resource| !grant.resources.contains(resource)) {
        return Err(Cause::ResourceNotGranted);
    }
    Ok(if asked.is_empty() { &grant.resources } else { asked })
}

#[cfg(test)]
mod tests;
