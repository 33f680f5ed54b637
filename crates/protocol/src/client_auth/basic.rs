//! `client_secret_basic` ([RFC 6749 §2.3.1](https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1)).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use grantor_types::{ClientAuthMethod, ClientId, Secret, Timestamp};

use super::{Credentials, none, secret};
use crate::Cause;
use crate::record::Client;

/// Reads the header. "The client identifier is encoded using the "application/x-www-form-urlencoded" encoding
/// algorithm per Appendix B, and the encoded value is used as the username; the client password is encoded using the
/// same algorithm and used as the password."
pub(super) fn read(header: &str) -> Result<Credentials, Cause> {
    let (scheme, encoded) = header
        .split_once(' ')
        .ok_or(Cause::AuthorizationHeaderMalformed)?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(Cause::AuthorizationHeaderMalformed);
    }
    let bytes = STANDARD
        .decode(encoded.trim())
        .map_err(|_| Cause::AuthorizationHeaderMalformed)?;
    let text = String::from_utf8(bytes).map_err(|_| Cause::AuthorizationHeaderMalformed)?;
    let (id, password) = text.split_once(':').ok_or(Cause::AuthorizationHeaderMalformed)?;
    let client_id = ClientId::parse(&form_decode(id)?).map_err(|_| Cause::ClientIdMalformed)?;
    // "The client MAY omit the parameter if the client secret is an empty string": a public client names itself so.
    let password = form_decode(password)?;
    let secret = (!password.is_empty()).then(|| Secret::new(password));
    Ok(Credentials {
        client_id,
        method: ClientAuthMethod::ClientSecretBasic,
        secret,
    })
}

pub(super) fn check(now: Timestamp, client: &Client, given: &Credentials) -> Result<ClientAuthMethod, Cause> {
    match &given.secret {
        Some(secret) => secret::check(now, client, ClientAuthMethod::ClientSecretBasic, secret),
        None => none::check(client),
    }
}

fn form_decode(text: &str) -> Result<String, Cause> {
    // Decoding as a form name keeps '&' and '=' of sloppy clients as they are.
    let spaced = text.replace('+', " ");
    percent_encoding::percent_decode_str(&spaced)
        .decode_utf8()
        .map(std::borrow::Cow::into_owned)
        .map_err(|_| Cause::AuthorizationHeaderMalformed)
}
