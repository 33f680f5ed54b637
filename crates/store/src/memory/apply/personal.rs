//! Personal access tokens.

use grantor_protocol::record::{MAX_PERSONAL_ACCESS_TOKENS, PersonalAccessToken};
use grantor_types::{PersonalAccessTokenId, Timestamp, UserId};

use super::{Changed, require};
use crate::memory::tables::Tables;

pub(super) fn create(tables: &mut Tables, token: PersonalAccessToken) -> Changed {
    let taken = |other: &PersonalAccessToken| other.id == token.id || other.hash == token.hash;
    let rows = tables.personal.rows();
    require(!rows.values().any(taken))?;
    let of_user = rows.values().filter(|other| other.user == token.user).count();
    require(of_user < MAX_PERSONAL_ACCESS_TOKENS)?;
    Ok(tables.personal.put(token.id, token))
}

pub(super) fn delete(tables: &mut Tables, user: UserId, id: PersonalAccessTokenId) -> bool {
    let own = tables
        .personal
        .rows()
        .get(&id)
        .is_some_and(|token| token.user == user);
    own && tables.personal.delete(&id)
}

pub(super) fn touch(tables: &mut Tables, id: PersonalAccessTokenId, at: Timestamp) -> bool {
    let Some(found) = tables.personal.rows().get(&id) else {
        return false;
    };
    let touched = PersonalAccessToken {
        last_used_at: found.last_used_at.max(Some(at)),
        ..found.clone()
    };
    tables.personal.put(id, touched)
}
