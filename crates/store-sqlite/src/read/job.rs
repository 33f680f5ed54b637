//! Jobs.

use grantor_protocol::record::Job;
use grantor_store::StoreError;
use grantor_types::{JobId, Timestamp};
use rusqlite::Connection;

use crate::column::{Columns, time};
use crate::statement::many;

/// Jobs that are due, longest due first.
pub(crate) fn due(connection: &Connection, now: Timestamp, limit: usize) -> Result<Vec<Job>, StoreError> {
    let sql = "SELECT id, task, attempts, due_at FROM jobs WHERE due_at <= ?1 ORDER BY due_at, id LIMIT ?2";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    many(connection, ("jobs", sql), (time(now), limit), job)
}

fn job(columns: &mut Columns<'_>) -> Result<Job, StoreError> {
    Ok(Job {
        id: columns.bytes().map(JobId::from_bytes)?,
        task: columns.json()?,
        attempts: columns.small()?,
        due_at: columns.time()?,
    })
}
