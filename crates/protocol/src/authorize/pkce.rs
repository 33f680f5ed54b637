//! `code_challenge` and `code_challenge_method` (RFC 7636 4.3).

use grantor_types::{CodeChallenge, CodeChallengeMethod, Parameters};

use crate::Cause;

/// "Clients MUST use code_challenge and code_verifier and authorization servers MUST enforce their use" (OAuth 2.1
/// 7.5.1). The method has to be spelt out: RFC 7636 4.3 defaults to `plain`, which is not supported.
pub(super) fn check(parameters: &Parameters) -> Result<CodeChallenge, Cause> {
    let challenge = parameters
        .value("code_challenge")
        .ok_or(Cause::CodeChallengeMissing)?;
    match parameters
        .value("code_challenge_method")
        .map(CodeChallengeMethod::from_name)
    {
        Some(Some(CodeChallengeMethod::S256)) => {}
        Some(None) | None => return Err(Cause::CodeChallengeMethodUnsupported),
    }
    CodeChallenge::parse(challenge).map_err(|_| Cause::CodeChallengeMalformed)
}
