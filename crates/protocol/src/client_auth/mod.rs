//! Client authentication ([RFC 6749 §2.3](https://www.rfc-editor.org/rfc/rfc6749#section-2.3)).
//!
//! [`Credentials::read`] finds how a request presents its client, [`authenticate`] checks it. The only way to an
//! [`Authenticated`] is through it.

mod basic;
mod none;
mod post;
mod secret;

use std::sync::Arc;

use grantor_types::{ClientAuthMethod, ClientId, Parameters, Secret, Timestamp};

use crate::Cause;
use crate::record::Client;

/// How a request presents its client.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// Who it says it is.
    pub client_id: ClientId,
    /// By which method.
    pub method: ClientAuthMethod,
    /// With which secret; absent for `none`.
    pub secret: Option<Secret>,
}

impl Credentials {
    /// Reads the `Authorization` header and the form. `Ok(None)` when neither names a client.
    ///
    /// # Errors
    /// "The client MUST NOT use more than one authentication method in each request." (RFC 6749 2.3) and the errors
    /// of each method's form.
    pub fn read(authorization: Option<&str>, form: &Parameters) -> Result<Option<Self>, Cause> {
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
    };
    // After the secret, so that only the client itself learns that it is switched off.
    if client.disabled {
        return Err(Cause::ClientDisabled);
    }
    Ok(Authenticated { client, method })
}

#[cfg(test)]
mod tests;
