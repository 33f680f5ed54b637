//! Jobs.

use grantor_protocol::record::Job;
use grantor_types::{JobId, Timestamp};
use rusqlite::Connection;

use super::{Changed, require};
use crate::column::{json, time};
use crate::statement::execute;

const TABLE: &str = "jobs";

/// Inserts a job whose id is new.
pub(super) fn create(connection: &Connection, job: &Job) -> Changed {
    let sql = "INSERT INTO jobs (id, task, attempts, due_at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING";
    let values = (
        job.id.as_bytes(),
        json(&job.task)?,
        job.attempts,
        time(job.due_at),
    );
    require(execute(connection, (TABLE, sql), values)?)
}

/// Moves a job that is due at `from`.
pub(super) fn put_off(
    connection: &Connection,
    id: JobId,
    from: Timestamp,
    (due_at, attempts): (Timestamp, u32),
) -> Changed {
    let sql = "UPDATE jobs SET due_at = ?3, attempts = ?4 WHERE id = ?1 AND due_at = ?2";
    let values = (id.as_bytes(), time(from), time(due_at), attempts);
    require(execute(connection, (TABLE, sql), values)?)
}

/// Deletes a job.
pub(super) fn delete(connection: &Connection, id: JobId) -> Changed {
    Ok(execute(
        connection,
        (TABLE, "DELETE FROM jobs WHERE id = ?1"),
        [id.as_bytes()],
    )? > 0)
}
