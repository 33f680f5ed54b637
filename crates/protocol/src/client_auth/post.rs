//! `client_secret_post` ([RFC 6749 §2.3.1](https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1)).

use grantor_types::{ClientAuthMethod, ClientId, Parameters, Secret, Timestamp};

use super::{Credentials, secret};
use crate::Cause;
use crate::record::Client;

pub(super) fn read(form: &Parameters, client_secret: &str) -> Result<Credentials, Cause> {
    let id = form.value("client_id").ok_or(Cause::ClientIdMissing)?;
    let client_id = ClientId::parse(id).map_err(|_| Cause::ClientIdMalformed)?;
    let secret = Some(Secret::new(client_secret));
    Ok(Credentials {
        client_id,
        method: ClientAuthMethod::ClientSecretPost,
        secret,
    })
}

pub(super) fn check(now: Timestamp, client: &Client, given: &Credentials) -> Result<ClientAuthMethod, Cause> {
    let secret = given.secret.as_ref().ok_or(Cause::ClientAuthenticationMissing)?;
    secret::check(now, client, ClientAuthMethod::ClientSecretPost, secret)
}
