//! `none`: a public client names itself ([RFC 6749 §3.2.1](https://www.rfc-editor.org/rfc/rfc6749#section-3.2.1)).

use grantor_types::{ClientAuthMethod, ClientId, Parameters};

use super::Credentials;
use crate::Cause;
use crate::record::Client;

pub(super) fn read(form: &Parameters) -> Result<Option<Credentials>, Cause> {
    let Some(id) = form.value("client_id") else {
        return Ok(None);
    };
    let client_id = ClientId::parse(id).map_err(|_| Cause::ClientIdMalformed)?;
    Ok(Some(Credentials {
        client_id,
        method: ClientAuthMethod::None,
        secret: None,
    }))
}

/// "Confidential clients or other clients issued client credentials MUST authenticate with the authorization server"
/// (RFC 6749 3.2.1).
pub(super) fn check(client: &Client) -> Result<ClientAuthMethod, Cause> {
    if client.is_public() {
        Ok(ClientAuthMethod::None)
    } else {
        Err(Cause::ClientAuthenticationMissing)
    }
}
