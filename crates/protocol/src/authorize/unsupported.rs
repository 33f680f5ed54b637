//! Parameters that are known and not supported yet: refused by name, never silently ignored.

use grantor_types::Parameters;

use crate::Cause;

/// "request_not_supported", "request_uri_not_supported", "registration_not_supported" (OpenID Connect Core 3.1.2.6).
pub(super) fn check(parameters: &Parameters) -> Result<(), Cause> {
    for (name, cause) in [
        ("request", Cause::RequestObjectUnsupported),
        ("request_uri", Cause::RequestUriUnsupported),
        ("registration", Cause::RegistrationUnsupported),
    ] {
        if parameters.value(name).is_some() {
            return Err(cause);
        }
    }
    Ok(())
}
