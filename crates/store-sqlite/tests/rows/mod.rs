//! Rows for the tests of the engine.
#![allow(dead_code, reason = "each test file uses some")]

use std::path::Path;

use grantor_protocol::Change;
use grantor_protocol::record::{ActiveGrant, Grant, GrantState, KeyPurpose, RefreshState, StoredKey};
use grantor_store_sqlite::{Options, SqliteStore};
use grantor_types::{ClientId, GrantId, Scope, SecretHash, Timestamp, UserId};

pub(crate) fn open(folder: &Path) -> SqliteStore {
    SqliteStore::open(folder.join("grantor.db"), Options::default()).unwrap()
}

pub(crate) fn at(seconds: u64) -> Timestamp {
    Timestamp::from_seconds(1_700_000_000 + seconds)
}

pub(crate) fn grant_id(number: u64) -> GrantId {
    GrantId::new(Timestamp::from_milliseconds(number), [9; 10])
}

/// An active grant at generation 0.
pub(crate) fn grant(number: u64) -> Grant {
    Grant {
        id: grant_id(number),
        client: ClientId::parse("client").unwrap(),
        user: UserId::new(at(1), [1; 10]),
        session: None,
        scope: Scope::parse("openid").unwrap(),
        resources: Vec::new(),
        nonce: None,
        auth_time: at(1),
        authentication_methods: vec!["pwd".into()],
        code: SecretHash::from_digest([2; 32]),
        salt: [3; 16],
        dpop_key: None,
        exchange: None,
        openid: None,
        created_at: at(1),
        expires_at: at(1_000),
        state: GrantState::Active(ActiveGrant {
            refresh: Some(RefreshState {
                generation: 0,
                rotated_at: at(1),
            }),
        }),
    }
}

pub(crate) fn create(number: u64) -> Change {
    Change::CreateGrant(Box::new(grant(number)))
}

pub(crate) fn rotate(number: u64, from: u64) -> Change {
    Change::RotateRefreshToken {
        grant: grant_id(number),
        from,
        at: at(2),
        expires_at: at(2_000),
    }
}

pub(crate) fn generation(grant: &Grant) -> u64 {
    match &grant.state {
        GrantState::Active(active) => active.refresh.unwrap().generation,
        GrantState::Pending(_) | GrantState::Revoked { .. } => panic!("not active"),
    }
}

pub(crate) fn key(number: u64, wrapped: Vec<u8>) -> Change {
    Change::PutKey(StoredKey {
        id: format!("key-{number}"),
        purpose: KeyPurpose::Sealing,
        created_at: at(number),
        use_from: at(number),
        retire_at: None,
        wrapped,
    })
}
