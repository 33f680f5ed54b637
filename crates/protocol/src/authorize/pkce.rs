//! `code_challenge` and `code_challenge_method` (RFC 7636 4.3).

use grantor_types::{CodeChallenge, CodeChallengeMethod, Parameters, Profile};

use crate::record::Client;
use crate::{Cause, Policy};

/// "Clients MUST use code_challenge and code_verifier and authorization servers MUST enforce their use" (OAuth 2.1
/// 7.5.1). The method has to be spelt out: RFC 7636 4.3 defaults to `plain`, which is not supported.
///
/// "unless [...] the client is a confidential client" that uses the `nonce` of OpenID Connect: that exception holds only for
/// a client whose registration asks for it by its ugly name, under that profile. What it sends all the same is
/// enforced.
pub(super) fn check(
    policy: &Policy,
    parameters: &Parameters,
    client: &Client,
) -> Result<Option<CodeChallenge>, Cause> {
    let Some(challenge) = parameters.value("code_challenge") else {
        let method_alone = parameters.value("code_challenge_method").is_some();
        let is_optional = client.profile(policy) == Profile::Oidc && client.metadata.danger_pkce_optional;
        return if is_optional && !client.is_public() && !method_alone {
            Ok(None)
        } else {
            Err(Cause::CodeChallengeMissing)
        };
    };
    match parameters
        .value("code_challenge_method")
        .map(CodeChallengeMethod::from_name)
    {
        Some(Some(CodeChallengeMethod::S256)) => {}
        Some(None) | None => return Err(Cause::CodeChallengeMethodUnsupported),
    }
    CodeChallenge::parse(challenge)
        .map(Some)
        .map_err(|_| Cause::CodeChallengeMalformed)
}
