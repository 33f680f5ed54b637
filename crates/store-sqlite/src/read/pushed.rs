//! Pushed authorization requests.

use grantor_protocol::record::PushedRequest;
use grantor_store::StoreError;
use grantor_types::{PushedRequestId, SecretHash};
use rusqlite::Connection;

use crate::column::Columns;
use crate::statement::one;

/// A request by id.
pub(crate) fn by_id(
    connection: &Connection,
    id: PushedRequestId,
) -> Result<Option<PushedRequest>, StoreError> {
    let sql = "SELECT id, secret, client, parameters, expires_at FROM pushed_requests WHERE id = ?1";
    one(connection, ("pushed_requests", sql), [id.as_bytes()], request)
}

fn request(columns: &mut Columns<'_>) -> Result<PushedRequest, StoreError> {
    Ok(PushedRequest {
        id: columns.bytes().map(PushedRequestId::from_bytes)?,
        secret: columns.bytes().map(SecretHash::from_digest)?,
        client: columns.client()?,
        parameters: columns.text()?,
        expires_at: columns.time()?,
    })
}
