//! Scopes, resource servers and trusted issuers.

use grantor_protocol::record::{ResourceServer, ScopeDefinition, TrustedIssuer};
use grantor_types::{Resource, ScopeToken};
use rusqlite::Connection;

use super::Changed;
use crate::column::json;
use crate::statement::execute;

/// Inserts or replaces a scope.
pub(super) fn put_scope(connection: &Connection, scope: &ScopeDefinition) -> Changed {
    let sql = "INSERT INTO scopes (name, document) VALUES (?1, ?2)
        ON CONFLICT (name) DO UPDATE SET document = excluded.document";
    execute(connection, ("scopes", sql), (scope.name.as_str(), json(scope)?))?;
    Ok(true)
}

/// Deletes a scope.
pub(super) fn delete_scope(connection: &Connection, name: &ScopeToken) -> Changed {
    let sql = "DELETE FROM scopes WHERE name = ?1";
    Ok(execute(connection, ("scopes", sql), [name.as_str()])? > 0)
}

/// Inserts or replaces a resource server.
pub(super) fn put_resource(connection: &Connection, resource: &ResourceServer) -> Changed {
    let sql = "INSERT INTO resources (id, document) VALUES (?1, ?2)
        ON CONFLICT (id) DO UPDATE SET document = excluded.document";
    execute(
        connection,
        ("resources", sql),
        (resource.id.as_str(), json(resource)?),
    )?;
    Ok(true)
}

/// Deletes a resource server.
pub(super) fn delete_resource(connection: &Connection, id: &Resource) -> Changed {
    let sql = "DELETE FROM resources WHERE id = ?1";
    Ok(execute(connection, ("resources", sql), [id.as_str()])? > 0)
}

/// Inserts or replaces a trusted issuer.
pub(super) fn put_trusted_issuer(connection: &Connection, issuer: &TrustedIssuer) -> Changed {
    let sql = "INSERT INTO trusted_issuers (issuer, document) VALUES (?1, ?2)
        ON CONFLICT (issuer) DO UPDATE SET document = excluded.document";
    execute(
        connection,
        ("trusted_issuers", sql),
        (&issuer.issuer, json(issuer)?),
    )?;
    Ok(true)
}

/// Deletes a trusted issuer.
pub(super) fn delete_trusted_issuer(connection: &Connection, issuer: &str) -> Changed {
    let sql = "DELETE FROM trusted_issuers WHERE issuer = ?1";
    Ok(execute(connection, ("trusted_issuers", sql), [issuer])? > 0)
}
