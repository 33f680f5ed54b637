//! `claims` and `claims_locales` (OpenID Connect Core 5.2 and 5.5).

use grantor_types::{ClaimsRequest, Parameters};

use crate::Cause;

/// Most claims that are asked for one by one, in each of the two places.
const MAX_CLAIMS: usize = 64;

/// Reads the JSON object. "If the claims parameter is not a JSON object [...] the request is malformed."
pub(super) fn check(parameters: &Parameters) -> Result<ClaimsRequest, Cause> {
    let Some(text) = parameters.value("claims") else {
        return Ok(ClaimsRequest::default());
    };
    let request: ClaimsRequest = serde_json::from_str(text).map_err(|_| Cause::ClaimsMalformed)?;
    if request.userinfo.len() > MAX_CLAIMS || request.id_token.len() > MAX_CLAIMS {
        return Err(Cause::ClaimsMalformed);
    }
    Ok(request)
}
