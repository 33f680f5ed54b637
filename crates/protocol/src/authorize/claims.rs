//! `claims` and `claims_locales` (OpenID Connect Core 5.2 and 5.5).

use grantor_types::{ClaimsRequest, Parameters};
use serde_json::Value;

use crate::Cause;

/// Most claims that are asked for one by one, in each of the two places.
const MAX_CLAIMS: usize = 64;

/// Reads the JSON object. "If the claims parameter is not a JSON object [...] the request is malformed."
pub(super) fn check(parameters: &Parameters) -> Result<ClaimsRequest, Cause> {
    let Some(text) = parameters.value("claims") else {
        return Ok(ClaimsRequest::default());
    };
    let value: Value = serde_json::from_str(text).map_err(|_| Cause::ClaimsMalformed)?;
    if !is_claims_object(&value) {
        return Err(Cause::ClaimsMalformed);
    }
    let request: ClaimsRequest = serde_json::from_value(value).map_err(|_| Cause::ClaimsMalformed)?;
    if request.userinfo.len() > MAX_CLAIMS || request.id_token.len() > MAX_CLAIMS {
        return Err(Cause::ClaimsMalformed);
    }
    Ok(request)
}

/// Whether it is objects all the way, which the decoder alone does not insist on: it would take lists in their place.
fn is_claims_object(value: &Value) -> bool {
    let place = |name: &str| match value.get(name) {
        None => true,
        Some(Value::Object(claims)) => claims.values().all(|claim| claim.is_null() || claim.is_object()),
        Some(_) => false,
    };
    value.is_object() && place("userinfo") && place("id_token")
}
