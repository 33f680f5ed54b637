//! Resource servers.

use grantor_types::ClientId;

use super::Invalid;
use crate::record::ResourceServer;
use crate::token::MAX_ACCESS_TOKEN_LIFETIME;

/// Checks a resource server.
///
/// # Errors
/// What is wrong and what to do.
pub fn resource(resource: &ResourceServer) -> Result<(), Invalid> {
    if resource
        .access_token_lifetime
        .is_some_and(|lifetime| lifetime > MAX_ACCESS_TOKEN_LIFETIME)
    {
        return Err(Invalid::new(
            "access_token_lifetime",
            "has a wrong lifetime: an access token lives for a day at most",
        ));
    }
    Ok(())
}

/// What is said of an introspector that is no client: allowed, because the order of things is free.
pub fn unknown_introspector(id: &ClientId) -> String {
    format!("there is no client {id}; `grantor client create --id {id}` registers it")
}
