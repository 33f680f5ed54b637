//! `private_key_jwt`: an assertion signed with a key whose public half the client has registered
//! ([OpenID Connect Core 9](https://openid.net/specs/openid-connect-core-1_0.html#ClientAuthentication)).

use grantor_jose::signing_algorithm;
use grantor_types::{ClientAuthMethod, SigningAlgorithm};

use crate::record::Client;
use crate::{Cause, Policy};

/// What policy allows, and of that only the algorithm that the client has registered: "All Token Requests using these
/// authentication methods from this Client MUST be rejected, if the JWT is not signed with this algorithm." (OpenID Connect Dynamic Client Registration 1.0, 2)
pub(super) fn check(
    policy: &Policy,
    client: &Client,
    algorithm: SigningAlgorithm,
) -> Result<ClientAuthMethod, Cause> {
    let method = ClientAuthMethod::PrivateKeyJwt;
    if !client.authentication_methods.contains(&method) {
        return Err(Cause::ClientAuthenticationMethod);
    }
    let registered = client.metadata.token_endpoint_auth_signing_alg.as_deref();
    let is_registered = registered.is_none_or(|name| signing_algorithm(name) == Some(algorithm));
    if is_registered && policy.client_assertions.algorithms.contains(&algorithm) {
        Ok(method)
    } else {
        Err(Cause::ClientAssertionAlgorithm)
    }
}
