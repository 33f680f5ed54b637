//! `token_endpoint_auth_method` and `token_endpoint_auth_signing_alg` (RFC 7591 2).

use grantor_types::{ClientAuthMethod, GrantType, MacAlgorithm, SigningAlgorithm};

use super::document::{Document, Refusal};
use super::{Context, Wanted, keys};
use crate::Cause;

const METHOD: &str = "token_endpoint_auth_method";
const ALGORITHM: &str = "token_endpoint_auth_signing_alg";

pub(super) fn read(_: &Context<'_>, document: &Document, wanted: &mut Wanted) -> Result<(), Refusal> {
    // "If unspecified or omitted, the default is "client_secret_basic"" (RFC 7591 2)
    let method = document.word(METHOD, ClientAuthMethod::from_name)?;
    wanted.method = method.unwrap_or(ClientAuthMethod::ClientSecretBasic);
    if wanted.is_public() {
        check_public(wanted)?;
    } else if !wanted.method.uses_secret() {
        keys::require(METHOD, wanted)?;
    }
    let algorithm = document.word(ALGORITHM, |name| {
        is_algorithm(wanted.method, name).then(|| name.to_owned())
    })?;
    wanted.metadata.token_endpoint_auth_signing_alg = algorithm;
    Ok(())
}

/// "The client credentials grant type MUST only be used by confidential clients." (RFC 6749 4.4) What holds for it holds for
/// token exchange here, whoever found a token could exchange it otherwise.
fn check_public(wanted: &Wanted) -> Result<(), Refusal> {
    let confidential = [GrantType::ClientCredentials, GrantType::TokenExchange];
    if confidential.into_iter().any(|grant| wanted.uses(grant)) {
        return Err(Refusal::of("grant_types", Cause::RegistrationPublicGrant));
    }
    Ok(())
}

/// "The value none MUST NOT be used." (OpenID Connect Dynamic Client Registration 2)
fn is_algorithm(method: ClientAuthMethod, name: &str) -> bool {
    let signs = SigningAlgorithm::from_name(name).is_some();
    // The secrets that are made here have 43 characters, which is enough for HS256 alone (RFC 7518 3.2).
    let by_secret = MacAlgorithm::from_name(name) == Some(MacAlgorithm::Hs256);
    match method {
        ClientAuthMethod::PrivateKeyJwt => signs,
        ClientAuthMethod::ClientSecretJwt => by_secret,
        ClientAuthMethod::ClientSecretBasic | ClientAuthMethod::ClientSecretPost | ClientAuthMethod::None => {
            signs || by_secret
        }
    }
}
