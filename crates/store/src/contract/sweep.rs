//! What has ended goes, in batches; what lives stays.

use grantor_protocol::Change;
use grantor_protocol::record::{
    DeviceAuthorization, Grant, PersonalAccessToken, PushedRequest, Session, StoredKey,
};
use grantor_types::{GrantId, Seconds, Timestamp};

use super::sample::flow::{
    create_device, device, device_id, make, once, personal, personal_hash, push, pushed, pushed_id, use_once,
};
use super::sample::{
    active_grant, at, attempt_key, create, deny, grant, grant_id, key, new_client, redeem, revoked_grant,
    rotate, session, session_id, token_id,
};
use super::{Database, commit};
use crate::{EVENTS_KEPT, EVENTS_PER_READ, Event, EventPosition, GrantFilter, Store};

/// Of each kind one row that has ended just now and one that has not.
pub async fn ended_rows_go_and_live_ones_stay(database: &Database) {
    let store = database.open().await;
    let ends = |grant: Grant, end| {
        create(Grant {
            expires_at: at(end),
            ..grant
        })
    };
    let session_to = |number, end| {
        Change::CreateSession(Session {
            expires_at: at(end),
            ..session(number, 1)
        })
    };
    let key_to = |number, retire_at| {
        Change::PutKey(StoredKey {
            retire_at,
            ..key(number, 1)
        })
    };
    let day_before = |seconds: u64| at(seconds + 90_000).minus(Seconds::days(1));
    let count = |number, at| Change::CountLoginAttempt {
        key: attempt_key(number),
        at,
        since: Timestamp::default(),
    };
    let list = [
        new_client(1),
        ends(grant(1, 1, 1), 90_000),
        ends(active_grant(2, 1, 1, Some(0)), 90_000),
        ends(revoked_grant(3, 1, 1), 90_000),
        ends(grant(4, 1, 1), 90_001),
        ends(active_grant(5, 1, 1, None), 90_001),
        ends(revoked_grant(6, 1, 1), 90_001),
        session_to(1, 90_000),
        session_to(2, 90_001),
        deny(1, 90_000),
        deny(2, 90_001),
        count(1, day_before(0)),
        count(2, day_before(1)),
        key_to(1, Some(at(90_000))),
        key_to(2, Some(at(90_001))),
        key_to(3, None),
    ];
    commit(&*store, list).await;
    assert_eq!(store.sweep(at(2), 100).await.unwrap(), 0);
    assert_eq!(store.sweep(at(90_000), 100).await.unwrap(), 7);

    assert_eq!(grants_left(&*store).await, [4, 5, 6].map(grant_id));
    assert_eq!(store.session(session_id(1)).await.unwrap(), None);
    assert!(store.session(session_id(2)).await.unwrap().is_some());
    let revocations = store.revocations(at(0)).await.unwrap();
    assert_eq!(revocations.grants, [(grant_id(6), at(90_001))]);
    assert_eq!(revocations.tokens, [(token_id(2), at(90_001))]);
    let attempts = store.login_attempts(&[1, 2].map(attempt_key)).await.unwrap();
    assert_eq!([attempts[0].count, attempts[1].count], [0, 1]);
    let keys = store.keys().await.unwrap();
    let ids: Vec<_> = keys.iter().map(|key| key.id.as_str()).collect();
    assert_eq!(ids, ["key-00002", "key-00003"]);
    assert_eq!(store.sweep(at(90_000), 100).await.unwrap(), 0);
}

/// Of each kind that flows leave behind, too. A device is remembered for an hour longer.
pub async fn ended_flows_go_and_live_ones_stay(database: &Database) {
    let store = database.open().await;
    let device_to = |number, end| {
        create_device(DeviceAuthorization {
            expires_at: at(end),
            ..device(number)
        })
    };
    let pushed_to = |number, end| {
        push(PushedRequest {
            expires_at: at(end),
            ..pushed(number)
        })
    };
    let personal_to = |number, end| {
        make(PersonalAccessToken {
            expires_at: at(end),
            ..personal(number, 1)
        })
    };
    let list = [
        use_once(1, 90_000),
        use_once(2, 90_001),
        device_to(1, 90_000 - 3_600),
        device_to(2, 90_001 - 3_600),
        pushed_to(1, 90_000),
        pushed_to(2, 90_001),
        personal_to(1, 90_000),
        personal_to(2, 90_001),
    ];
    commit(&*store, list).await;
    assert_eq!(store.sweep(at(89_999), 100).await.unwrap(), 0);
    assert_eq!(store.sweep(at(90_000), 100).await.unwrap(), 4);
    let flows = async |number| {
        [
            store.is_used(&once(number)).await.unwrap(),
            store
                .device_authorization(device_id(number))
                .await
                .unwrap()
                .is_some(),
            store.pushed_request(pushed_id(number)).await.unwrap().is_some(),
            store
                .personal_access_token(&personal_hash(number))
                .await
                .unwrap()
                .is_some(),
        ]
    };
    assert_eq!((flows(1).await, flows(2).await), ([false; 4], [true; 4]));
}

/// At most so many of each kind go at once, and what is left goes next time.
pub async fn the_limit_is_kept(database: &Database) {
    let store = database.open().await;
    let grants = (0..25).map(|n| create(grant(n, 1, 1)));
    let tokens = (0..12).map(|n| deny(n, 60));
    let uses = (0..11).map(|n| use_once(n, 60));
    let living = (100..140).map(|n| create(active_grant(n, 1, 1, Some(0))));
    commit(&*store, grants.chain(tokens).chain(uses).chain(living)).await;
    let now = at(60);
    let mut swept = Vec::new();
    for _ in 0..4 {
        swept.push(store.sweep(now, 10).await.unwrap());
    }
    assert_eq!(swept, [30, 13, 5, 0]);
    assert_eq!(grants_left(&*store).await.len(), 40);
    assert_eq!(store.sweep(at(9_999), 0).await.unwrap(), 0);
}

/// A grant's end moves with every redemption and rotation, either way; it goes at the last one.
pub async fn lives_that_grow_and_shrink(database: &Database) {
    let store = database.open().await;
    let codes = (0..30).map(|n| create(grant(n, 1, 1)));
    commit(&*store, codes).await;
    commit(&*store, (0..20).flat_map(|n| [redeem(n), rotate(n, 0)])).await;
    let shorten = |number| Change::RotateRefreshToken {
        grant: grant_id(number),
        from: 1,
        at: at(20),
        expires_at: at(30),
    };
    commit(&*store, (0..5).map(shorten)).await;
    assert_eq!(store.sweep(at(29), 100).await.unwrap(), 0);
    assert_eq!(store.sweep(at(30), 100).await.unwrap(), 5);
    assert_eq!(store.sweep(at(60), 7).await.unwrap(), 7);
    assert_eq!(store.sweep(at(60), 7).await.unwrap(), 3);
    assert_eq!(store.sweep(at(7_199), 100).await.unwrap(), 0);
    let left: Vec<_> = (5..20).map(grant_id).collect();
    assert_eq!(grants_left(&*store).await, left);
    assert_eq!(store.sweep(at(7_200), 100).await.unwrap(), 15);
}

/// Events stay for an hour after the sweep that first saw them, and until there are many newer ones.
pub async fn events_go_late(database: &Database) {
    const OLD: u64 = 150;
    const HOUR: u64 = 3_600;
    let store = database.open().await;
    let start = store.event_position().await.unwrap();
    let far = 1_000_000;
    write_events(&*store, 0, OLD, far).await;
    let after_the_old = store.event_position().await.unwrap();
    write_events(&*store, 30_000, EVENTS_KEPT, far).await;
    assert_eq!(store.sweep(at(0), 1_000).await.unwrap(), 0);
    assert_eq!(store.sweep(at(HOUR - 1), 1_000).await.unwrap(), 0);
    assert!(!missed(&*store, start).await);

    let mut went = Vec::new();
    for _ in 0..3 {
        went.push(store.sweep(at(HOUR), 100).await.unwrap());
    }
    assert_eq!(went, [100, 50, 0]);
    assert!(missed(&*store, start).await);
    assert!(!missed(&*store, after_the_old).await);

    // Few are left beyond those kept, and new ones are young: both stay.
    write_events(&*store, 20_000, OLD, far).await;
    assert_eq!(store.sweep(at(2 * HOUR - 1), 1_000).await.unwrap(), 0);
    assert_eq!(store.sweep(at(2 * HOUR), 1_000).await.unwrap(), OLD);
    assert!(missed(&*store, after_the_old).await);
}

/// A reader whose next event was swept is told so, once, and goes on with what is left.
pub async fn readers_that_come_too_late_are_told(database: &Database) {
    let store = database.open().await;
    let start = store.event_position().await.unwrap();
    write_events(&*store, 0, EVENTS_KEPT + 1, 1_000_000).await;
    store.sweep(at(0), 10).await.unwrap();
    assert_eq!(store.sweep(at(3_600), 10).await.unwrap(), 1);
    let (mut position, mut misses, mut events) = (start, 0, 0);
    loop {
        let (read, next) = store.events_since(position).await.unwrap();
        let told = read.iter().filter(|event| **event == Event::Missed).count();
        assert!(told == 0 || read[0] == Event::Missed);
        misses += told;
        events += read.len() - told;
        if next == position {
            break;
        }
        position = next;
    }
    assert_eq!((misses, events as u64), (1, EVENTS_KEPT));
    assert_eq!(position, store.event_position().await.unwrap());
}

async fn grants_left(store: &dyn Store) -> Vec<GrantId> {
    let page = store.grants(&GrantFilter::default(), 1_000).await.unwrap();
    page.items.into_iter().map(|grant| grant.id).collect()
}

async fn write_events(store: &dyn Store, first: u32, count: u64, end: u64) {
    let last = first + u32::try_from(count).unwrap();
    let numbers: Vec<u32> = (first..last).collect();
    for piece in numbers.chunks(EVENTS_PER_READ) {
        commit(store, piece.iter().map(|n| deny(*n, end))).await;
    }
}

async fn missed(store: &dyn Store, position: EventPosition) -> bool {
    let (events, _) = store.events_since(position).await.unwrap();
    events.contains(&Event::Missed)
}
