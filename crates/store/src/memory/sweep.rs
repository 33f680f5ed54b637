//! Deletes what has ended.

use grantor_protocol::record::{Client, DEVICE_REMEMBERED_FOR};
use grantor_types::{ClientId, Timestamp};

use super::apply::delete_client;
use super::table::Table;
use super::tables::Tables;
use crate::{EVENTS_KEPT, EVENTS_KEPT_FOR, Event, EventPosition, LOGIN_ATTEMPTS_KEPT_FOR};

/// Deletes at most `limit` rows of each kind, the longest ended first, and says how many went.
pub(super) fn sweep(tables: &mut Tables, now: Timestamp, limit: usize) -> u64 {
    let swept = drop_ended(&mut tables.grants, now, limit, |grant| Some(grant.expires_at))
        + drop_ended(&mut tables.sessions, now, limit, |session| {
            Some(session.expires_at)
        })
        + drop_ended(&mut tables.denied, now, limit, |expires_at| Some(*expires_at))
        + drop_ended(&mut tables.attempts, now, limit, |attempts| {
            Some(attempts.last_at.plus(LOGIN_ATTEMPTS_KEPT_FOR))
        })
        + drop_ended(&mut tables.used, now, limit, |expires_at| Some(*expires_at))
        + drop_ended(&mut tables.devices, now, limit, |device| {
            Some(device.expires_at.plus(DEVICE_REMEMBERED_FOR))
        })
        + drop_oldest_ended(&mut tables.pushed, now, limit, |request| request.expires_at)
        + drop_ended(&mut tables.personal, now, limit, |token| Some(token.expires_at))
        + drop_ended(&mut tables.session_clients, now, limit, |expires_at| {
            Some(*expires_at)
        })
        + drop_ended(&mut tables.initial_access_tokens, now, limit, |token| {
            Some(token.expires_at)
        })
        + drop_unused_clients(tables, now, limit)
        + drop_ended(&mut tables.keys, now, limit, |key| key.retire_at);
    swept + sweep_events(tables, now, limit)
}

fn drop_ended<K: Ord + Clone, V>(
    table: &mut Table<K, V>,
    now: Timestamp,
    limit: usize,
    end: impl Fn(&V) -> Option<Timestamp>,
) -> u64 {
    let mut ended: Vec<(Timestamp, K)> = table
        .rows()
        .iter()
        .filter_map(|(key, row)| Some((end(row)?, key.clone())))
        .filter(|(end, _)| end.is_past(now))
        .collect();
    ended.sort();
    ended.truncate(limit);
    for (_, key) in &ended {
        table.delete(key);
    }
    ended.len() as u64
}

/// Clients that registered themselves and were never used go as if somebody had deleted them.
fn drop_unused_clients(tables: &mut Tables, now: Timestamp, limit: usize) -> u64 {
    let unused_until = |client: &Client| client.registration.as_ref()?.unused_until;
    let clients = tables.clients.rows().values();
    let mut ended: Vec<(Timestamp, ClientId)> = clients
        .filter_map(|client| Some((unused_until(client)?, client.id.clone())))
        .filter(|(end, _)| end.is_past(now))
        .collect();
    ended.sort();
    ended.truncate(limit);
    for (_, id) in &ended {
        delete_client(tables, id);
        tables.events.write([Event::Client(id.clone())]);
    }
    ended.len() as u64
}

/// Looks at the oldest `limit` rows, and drops those of them that ended.
fn drop_oldest_ended<K: Ord + Clone, V>(
    table: &mut Table<K, V>,
    now: Timestamp,
    limit: usize,
    end: impl Fn(&V) -> Timestamp,
) -> u64 {
    let oldest = table.rows().iter().take(limit);
    let ended: Vec<K> = oldest
        .filter(|(_, row)| end(row).is_past(now))
        .map(|(key, _)| key.clone())
        .collect();
    for key in &ended {
        table.delete(key);
    }
    ended.len() as u64
}

/// Events carry no time. A mark says which position the stream had when: once the mark is old enough, so is all
/// before it.
fn sweep_events(tables: &mut Tables, now: Timestamp, limit: usize) -> u64 {
    let position = tables.events.position();
    let (marked, at) = *tables.events.mark.get_or_insert((position, now));
    if !at.plus(EVENTS_KEPT_FOR).is_past(now) {
        return 0;
    }
    let end = EventPosition(marked.0.min(position.0.saturating_sub(EVENTS_KEPT)));
    let dropped = tables.events.drop_until(end, limit);
    if dropped < limit as u64 {
        tables.events.mark = Some((position, now));
    }
    dropped
}
