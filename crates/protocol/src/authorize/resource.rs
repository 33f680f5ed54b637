//! `resource` ([RFC 8707 §2](https://www.rfc-editor.org/rfc/rfc8707#section-2)).

use grantor_types::{Parameters, Resource};

use crate::Cause;
use crate::record::Client;

/// Most resources that one request may name.
const MAX_RESOURCES: usize = 16;

/// "the client [...] requests access to [...] a resource [...] the authorization server is unwilling [...]:
/// invalid_target". A client may ask for the audiences it is registered with and no others.
pub(super) fn check(parameters: &Parameters, client: &Client) -> Result<Vec<Resource>, Cause> {
    requested(
        parameters,
        |resource| client.audiences.contains(resource),
        Cause::ResourceNotAllowed,
    )
}

/// Reads every `resource`, each once, and refuses with `cause` what is not allowed.
pub(crate) fn requested(
    parameters: &Parameters,
    allowed: impl Fn(&Resource) -> bool,
    cause: Cause,
) -> Result<Vec<Resource>, Cause> {
    let mut resources = Vec::new();
    for text in parameters.values("resource") {
        let resource = Resource::parse(text).map_err(|_| Cause::ResourceMalformed)?;
        if !allowed(&resource) {
            return Err(cause);
        }
        if !resources.contains(&resource) {
            resources.push(resource);
        }
        if resources.len() > MAX_RESOURCES {
            return Err(Cause::ParameterTooMany);
        }
    }
    Ok(resources)
}
