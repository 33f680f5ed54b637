//! `response_type` (RFC 6749 3.1.1).

use grantor_types::{Parameters, ResponseType};

use crate::Cause;

/// "REQUIRED. Value MUST be set to "code"." (RFC 6749 4.1.1)
pub(super) fn check(parameters: &Parameters) -> Result<ResponseType, Cause> {
    let text = parameters
        .value("response_type")
        .ok_or(Cause::ResponseTypeMissing)?;
    ResponseType::from_name(text).ok_or(Cause::ResponseTypeUnsupported)
}
