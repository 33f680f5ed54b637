//! Pushed authorization requests.

use grantor_protocol::record::PushedRequest;
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
