//! `scope` (RFC 6749 3.3).

use grantor_types::{Parameters, Scope};

use crate::Cause;
use crate::record::Client;

/// A request without `scope` asks for everything that the client is registered for; the consent page shows it and
/// the token response says it. A scope the client is not registered for refuses the request.
pub(super) fn check(parameters: &Parameters, client: &Client) -> Result<Scope, Cause> {
    requested(parameters.value("scope"), &client.scope)
}

/// The scope of a request within what may be asked for.
pub(crate) fn requested(text: Option<&str>, allowed: &Scope) -> Result<Scope, Cause> {
    let Some(text) = text else {
        return Ok(allowed.clone());
    };
    let scope = Scope::parse(text).map_err(|_| Cause::ScopeMalformed)?;
    if scope.is_empty() {
        return Ok(allowed.clone());
    }
    if scope.is_subset(allowed) {
        Ok(scope)
    } else {
        Err(Cause::ScopeNotAllowed)
    }
}
