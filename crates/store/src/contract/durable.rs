//! What only an engine that keeps its rows must do.

use grantor_protocol::Change;

use super::sample::flow::{
    approve, create_device, deny_device, device, make, personal, push, pushed, put_issuer, redeem_device,
    touch, trusted_issuer, use_once,
};
use super::sample::{
    active_grant, at, attempt_key, bare_grant, consent, create, deny, grant, key, new_client, new_user,
    redeem, resource_server, revoke, rotate, scope_definition, session,
};
use super::snapshot::Snapshot;
use super::{Database, commit, conflict};
use crate::Event;

/// Every row, the events and their positions outlive the store.
pub async fn everything_is_there_after_reopening(database: &Database) {
    let store = database.open().await;
    commit(&*store, one_of_each()).await;
    conflict(&*store, [deny(2, 100), rotate(1, 0)]).await;
    let before = Snapshot::of(&*store).await;
    let position = store.event_position().await.unwrap();
    drop(store);

    let store = database.open().await;
    assert_eq!(Snapshot::of(&*store).await, before);
    assert_eq!(store.event_position().await.unwrap(), position);
    conflict(&*store, [redeem(1)]).await;
    commit(&*store, [rotate(1, 1), deny(3, 100)]).await;
    let (events, _) = store.events_since(position).await.unwrap();
    assert_eq!(events.len(), 1);
    drop(store);
    let store = database.open().await;
    assert_eq!(store.events_since(position).await.unwrap().0, events);
}

/// Two stores on one database see each other's rows and events, and their guards hold across both.
pub async fn two_stores_share_the_rows(database: &Database) {
    let (one, other) = (database.open().await, database.open().await);
    commit(&*one, one_of_each()).await;
    assert_eq!(Snapshot::of(&*one).await, Snapshot::of(&*other).await);
    let position = one.event_position().await.unwrap();
    commit(&*other, [rotate(1, 1), Change::PutKey(key(7, 1))]).await;
    conflict(&*one, [rotate(1, 1)]).await;
    assert_eq!(one.events_since(position).await.unwrap().0, [Event::Keys]);
    assert_eq!(Snapshot::of(&*one).await, Snapshot::of(&*other).await);

    let mut wins = 0;
    for generation in 2..20 {
        let (first, second) = tokio::join!(
            one.commit(vec![rotate(1, generation)]),
            other.commit(vec![rotate(1, generation)])
        );
        assert_ne!(first.is_ok(), second.is_ok());
        wins += 1;
    }
    assert_eq!(wins, 18);
}

fn one_of_each() -> Vec<Change> {
    let count = Change::CountLoginAttempt {
        key: attempt_key(1),
        at: at(1),
        since: at(0),
    };
    vec![
        new_client(1),
        new_user(1),
        Change::PutScope(scope_definition(1)),
        Change::PutResource(resource_server(1)),
        Change::CreateSession(session(1, 1)),
        Change::AddConsent(consent(1, 1, "a")),
        create(grant(1, 1, 1)),
        redeem(1),
        rotate(1, 0),
        create(bare_grant(2, 1, 1)),
        create(active_grant(3, 1, 1, None)),
        create(grant(4, 1, 1)),
        revoke(4),
        deny(1, 100),
        count,
        Change::PutKey(key(1, 10)),
        use_once(1, 100),
        create_device(device(1)),
        create_device(device(2)),
        approve(2, 1),
        create_device(device(3)),
        deny_device(3),
        create_device(device(4)),
        approve(4, 1),
        redeem_device(4, 3),
        push(pushed(1)),
        make(personal(1, 1)),
        make(personal(2, 1)),
        touch(2, 9),
        put_issuer(trusted_issuer(1)),
    ]
}
