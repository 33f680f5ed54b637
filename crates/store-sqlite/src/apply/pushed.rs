//! Pushed authorization requests.

use grantor_protocol::record::PushedRequest;
use grantor_types::PushedRequestId;
use rusqlite::Connection;

use super::{Changed, require};
use crate::column::time;
use crate::statement::execute;

const TABLE: &str = "pushed_requests";

/// Inserts a request whose id is new.
pub(super) fn create(connection: &Connection, request: &PushedRequest) -> Changed {
    let sql = "INSERT INTO pushed_requests (id, secret, client, parameters, expires_at)
        VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING";
    let values = (
        request.id.as_bytes(),
        request.secret.as_bytes(),
        request.client.as_str(),
        &request.parameters,
        time(request.expires_at),
    );
    require(execute(connection, (TABLE, sql), values)?)
}

/// Deletes a request that is there.
pub(super) fn use_up(connection: &Connection, id: PushedRequestId) -> Changed {
    let sql = "DELETE FROM pushed_requests WHERE id = ?1";
    require(execute(connection, (TABLE, sql), [id.as_bytes()])?)
}
