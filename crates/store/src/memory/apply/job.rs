//! Jobs.

use grantor_protocol::record::Job;
use grantor_types::{JobId, Timestamp};

use super::{Changed, Conflict, require};
use crate::memory::tables::Tables;

pub(super) fn create(tables: &mut Tables, job: Job) -> Changed {
    require(!tables.jobs.rows().contains_key(&job.id))?;
    Ok(tables.jobs.put(job.id, job))
}

pub(super) fn put_off(
    tables: &mut Tables,
    id: JobId,
    from: Timestamp,
    (due_at, attempts): (Timestamp, u32),
) -> Changed {
    let found = tables.jobs.rows().get(&id).ok_or(Conflict)?;
    require(found.due_at == from)?;
    let moved = Job {
        due_at,
        attempts,
        ..found.clone()
    };
    Ok(tables.jobs.put(id, moved))
}
