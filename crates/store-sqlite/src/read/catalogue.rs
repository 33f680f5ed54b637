//! Scopes, resource servers and trusted issuers.

use grantor_protocol::record::{ResourceServer, ScopeDefinition, TrustedIssuer};
use grantor_store::StoreError;
use rusqlite::Connection;

use crate::statement::many;

/// Every scope, by name.
pub(crate) fn scopes(connection: &Connection) -> Result<Vec<ScopeDefinition>, StoreError> {
    let sql = "SELECT name, document FROM scopes ORDER BY name";
    many(connection, ("scopes", sql), [], |columns| {
        columns.text()?;
        columns.json()
    })
}

/// Every resource server, by id.
pub(crate) fn resources(connection: &Connection) -> Result<Vec<ResourceServer>, StoreError> {
    let sql = "SELECT id, document FROM resources ORDER BY id";
    many(connection, ("resources", sql), [], |columns| {
        columns.text()?;
        columns.json()
    })
}

/// Every trusted issuer, by identifier.
pub(crate) fn trusted_issuers(connection: &Connection) -> Result<Vec<TrustedIssuer>, StoreError> {
    let sql = "SELECT issuer, document FROM trusted_issuers ORDER BY issuer";
    many(connection, ("trusted_issuers", sql), [], |columns| {
        columns.text()?;
        columns.json()
    })
}
