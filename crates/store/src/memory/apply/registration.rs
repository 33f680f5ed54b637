//! Clients that register themselves, and the tokens that let them.

use grantor_protocol::record::{InitialAccessToken, MAX_INITIAL_ACCESS_TOKENS};
use grantor_types::InitialAccessTokenId;

use super::{Changed, Conflict, require};
use crate::memory::tables::Tables;

pub(super) fn limit(tables: &Tables, limit: u64) -> Changed {
    let clients = tables.clients.rows().values();
    let registered = clients.filter(|client| client.registration.is_some()).count() as u64;
    require(registered < limit)?;
    Ok(false)
}

pub(super) fn create_token(tables: &mut Tables, token: InitialAccessToken) -> Changed {
    let rows = tables.initial_access_tokens.rows();
    let taken = |other: &InitialAccessToken| other.id == token.id || other.hash == token.hash;
    require(!rows.values().any(taken) && rows.len() < MAX_INITIAL_ACCESS_TOKENS)?;
    Ok(tables.initial_access_tokens.put(token.id, token))
}

pub(super) fn use_token(tables: &mut Tables, id: InitialAccessTokenId) -> Changed {
    let found = tables.initial_access_tokens.rows().get(&id).ok_or(Conflict)?;
    let uses_left = match found.uses_left {
        None => None,
        Some(left) => Some(left.checked_sub(1).ok_or(Conflict)?),
    };
    let used = InitialAccessToken {
        uses_left,
        ..found.clone()
    };
    Ok(tables.initial_access_tokens.put(id, used))
}
