//! `client_secret_jwt`: an assertion signed with the secret of the client
//! ([OpenID Connect Core 9](https://openid.net/specs/openid-connect-core-1_0.html#ClientAuthentication)).

use grantor_types::{ClientAuthMethod, MacAlgorithm};

use crate::Cause;
use crate::record::Client;

/// The algorithm of clients that have registered none.
const DEFAULT_ALGORITHM: MacAlgorithm = MacAlgorithm::Hs256;

/// "All Token Requests using these authentication methods from this Client MUST be rejected, if the JWT is not signed with
/// this algorithm." (OpenID Connect Dynamic Client Registration 1.0, 2)
pub(super) fn check(client: &Client, algorithm: MacAlgorithm) -> Result<ClientAuthMethod, Cause> {
    let method = ClientAuthMethod::ClientSecretJwt;
    if !client.authentication_methods.contains(&method) {
        return Err(Cause::ClientAuthenticationMethod);
    }
    let registered = client.metadata.token_endpoint_auth_signing_alg.as_deref();
    let wanted = registered.map_or(Some(DEFAULT_ALGORITHM), MacAlgorithm::from_name);
    if wanted == Some(algorithm) {
        Ok(method)
    } else {
        Err(Cause::ClientAssertionAlgorithm)
    }
}
