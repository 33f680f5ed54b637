//! Client authentication ([RFC 6749 §2.3](https://www.rfc-editor.org/rfc/rfc6749#section-2.3)).
//!
//! [`Credentials::read`] finds how a request presents its client; [`authenticate`] checks a secret and
//! [`authenticate_by_assertion`] what was verified of an assertion. The only way to an [`Authenticated`] is through them.

pub mod assertion;
mod basic;
mod client_secret_jwt;
mod none;
mod post;
mod private_key_jwt;
mod secret;

use std::sync::Arc;

use grantor_types::{ClientAuthMethod, ClientId, Parameters, Secret, Timestamp};

use self::assertion::{ClientAssertionFacts, FreshAssertion};
use crate::record::Client;
use crate::{Cause, Cx};

/// How a request presents its client.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// Who it says it is.
    pub client_id: ClientId,
    /// By which method.
    pub method: ClientAuthMethod,
    /// What proves it: the secret, or the assertion; absent for `none`.
    pub secret: Option<Secret>,
}

impl Credentials {
    /// Reads the `Authorization` header and the form. `Ok(None)` when neither names a client.
    ///
    /// # Errors
    /// "The client MUST NOT use more than one authentication method in each request." (RFC 6749 2.3) and the errors
    /// of each method's form.
    pub fn read(authorization: Option<&str>, form: &Parameters) -> Result<Option<Self>, Cause> {
        // "The client MUST NOT use more than one authentication method in each request." (RFC 6749 2.3)
        if form.value("client_assertion").is_some() || form.value("client_assertion_type").is_some() {
            if authorization.is_some() || form.value("client_secret").is_some() {
                return Err(Cause::ClientAuthenticationMultiple);
            }
            return assertion::read(form).map(Some);
        }
        let Some(header) = authorization else {
            return match form.value("client_secret") {
                Some(secret) => post::read(form, secret).map(Some),
                None => none::read(form),
            };
        };
        let credentials = basic::read(header)?;
        if form.value("client_secret").is_some() {
            return Err(Cause::ClientAuthenticationMultiple);
        }
        match form.value("client_id") {
            Some(other) if other != credentials.client_id.as_str() => {
                Err(Cause::ClientAuthenticationMultiple)
            }
            Some(_) | None => Ok(Some(credentials)),
        }
    }
}

/// A client that proved who it is, or a public client that named itself.
#[derive(Clone, Debug)]
pub struct Authenticated {
    client: Arc<Client>,
    method: ClientAuthMethod,
    assertion: Option<FreshAssertion>,
}

impl Authenticated {
    /// The client.
    pub fn client(&self) -> &Arc<Client> {
        &self.client
    }

    /// How it authenticated.
    pub fn method(&self) -> ClientAuthMethod {
        self.method
    }

    /// The assertion that it authenticated with, to be used up with what the request asks for.
    pub fn assertion(&self) -> Option<&FreshAssertion> {
        self.assertion.as_ref()
    }
}

/// Checks credentials against the registration.
///
/// # Errors
/// [`Cause::ClientUnknown`] and [`Cause::ClientSecretWrong`] read the same on the wire, so that ids cannot be probed;
/// the others say what is wrong with the request.
pub fn authenticate(
    now: Timestamp,
    client: Option<Arc<Client>>,
    credentials: &Credentials,
) -> Result<Authenticated, Cause> {
    let client = client.ok_or(Cause::ClientUnknown)?;
    let method = match credentials.method {
        ClientAuthMethod::ClientSecretBasic => basic::check(now, &client, credentials)?,
        ClientAuthMethod::ClientSecretPost => post::check(now, &client, credentials)?,
        ClientAuthMethod::None => none::check(&client)?,
        // Only a verified assertion says anything.
        ClientAuthMethod::ClientSecretJwt | ClientAuthMethod::PrivateKeyJwt => {
            return Err(Cause::ClientAssertionUnverified);
        }
    };
    enabled(client, method, None)
}

/// Checks an assertion of this client against its registration. What comes out is good once: the mark of the assertion
/// has to be committed with what it is for.
///
/// # Errors
/// The first check that fails. Whoever gets so far holds a key or secret of the client, and may be told.
pub fn authenticate_by_assertion(
    cx: &Cx<'_>,
    client: Arc<Client>,
    facts: &ClientAssertionFacts<'_>,
) -> Result<Authenticated, Cause> {
    let (method, fresh) = assertion::check(cx, &client, facts)?;
    enabled(client, method, Some(fresh))
}

/// After the secret or the assertion, so that only the client itself learns that it is switched off.
fn enabled(
    client: Arc<Client>,
    method: ClientAuthMethod,
    assertion: Option<FreshAssertion>,
) -> Result<Authenticated, Cause> {
    if client.disabled {
        return Err(Cause::ClientDisabled);
    }
    Ok(Authenticated {
        client,
        method,
        assertion,
    })
}

#[cfg(test)]
mod tests;
