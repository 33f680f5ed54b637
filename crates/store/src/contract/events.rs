//! The stream of events: what other processes on the same database are told.

use grantor_protocol::Change;

use super::sample::flow::{
    approve, create_device, create_job, delete_issuer, delete_personal, deny_device, device, device_id,
    initial, job, join, make, make_initial, move_job, personal, push, pushed, put_issuer, redeem_device,
    touch, trusted_issuer, use_initial, use_once,
};
use super::sample::{
    active_grant, at, attempt_key, client_id, consent, create, deny, grant, grant_id, key, new_client,
    new_user, redeem, resource, resource_server, revoke, revoke_all_of, rotate, scope_definition, session,
    session_id, token_id, user_id,
};
use super::{Database, commit, conflict};
use crate::{EVENTS_PER_READ, Event, EventPosition, MAX_SESSIONS_OF_A_USER};

/// Each change and the events that it causes, in order.
pub async fn every_change_tells(database: &Database) {
    let store = database.open().await;
    let mut position = store.event_position().await.unwrap();
    let (start, mut all) = (position, Vec::new());
    for (change, expected) in rising().into_iter().chain(falling()) {
        commit(&*store, [change.clone()]).await;
        let (events, next) = store.events_since(position).await.unwrap();
        assert_eq!(events, expected, "{change:?}");
        assert_eq!(next, store.event_position().await.unwrap(), "{change:?}");
        assert_eq!(next > position, !expected.is_empty(), "{change:?}");
        position = next;
        all.extend(expected);
    }
    assert_eq!(store.events_since(start).await.unwrap(), (all, position));
    assert_eq!(store.events_since(position).await.unwrap(), (vec![], position));
}

/// What is not there cannot change: no event.
pub async fn changes_that_find_nothing_are_silent(database: &Database) {
    let store = database.open().await;
    commit(&*store, [create(grant(1, 1, 1)), revoke(1)]).await;
    let position = store.event_position().await.unwrap();
    let silent = [
        Change::DeleteClient(client_id(1)),
        Change::DeleteScope(scope_definition(1).name),
        Change::DeleteResource(resource(1)),
        Change::EndSession(session_id(1)),
        Change::EndSessionsOf(user_id(1)),
        revoke(1),
        revoke(2),
        revoke_all_of(1, None),
        delete_issuer(1),
    ];
    commit(&*store, silent).await;
    assert_eq!(store.events_since(position).await.unwrap(), (vec![], position));
}

/// A commit that was not applied tells nothing.
pub async fn conflicts_are_silent(database: &Database) {
    let store = database.open().await;
    let most = u32::try_from(MAX_SESSIONS_OF_A_USER).unwrap();
    let sessions = (0..most).map(|n| Change::CreateSession(session(n, 1)));
    commit(&*store, sessions).await;
    let position = store.event_position().await.unwrap();
    let list = [
        new_client(1),
        deny(1, 100),
        Change::CreateSession(session(most, 1)),
        Change::EndSessionsOf(user_id(1)),
        rotate(1, 0),
    ];
    conflict(&*store, list).await;
    assert_eq!(store.events_since(position).await.unwrap(), (vec![], position));
    commit(&*store, [Change::CreateSession(session(most, 1))]).await;
    let (events, _) = store.events_since(position).await.unwrap();
    assert_eq!(events, [Event::Session(session_id(0))]);
}

/// A reader that is far behind gets all events, in order and in pieces.
pub async fn long_streams_come_in_pieces(database: &Database) {
    let store = database.open().await;
    let count = EVENTS_PER_READ * 2 + 1;
    let numbers = 0..u32::try_from(count).unwrap();
    commit(&*store, numbers.clone().map(|n| deny(n, 100))).await;
    let (mut read, mut position, mut pieces) = (Vec::new(), EventPosition::default(), Vec::new());
    loop {
        let (events, next) = store.events_since(position).await.unwrap();
        if events.is_empty() {
            break;
        }
        pieces.push(events.len());
        read.extend(events);
        position = next;
    }
    assert_eq!(pieces, [EVENTS_PER_READ, EVENTS_PER_READ, 1]);
    let expected: Vec<_> = numbers
        .map(|n| Event::TokenDenied(token_id(n), at(100)))
        .collect();
    assert!(read == expected);
    assert_eq!(position, store.event_position().await.unwrap());
}

/// Changes that begin things.
fn rising() -> Vec<(Change, Vec<Event>)> {
    let delete_consent = Change::DeleteConsent {
        user: user_id(1),
        client: client_id(1),
    };
    let count = Change::CountLoginAttempt {
        key: attempt_key(1),
        at: at(1),
        since: at(0),
    };
    vec![
        (new_client(1), vec![Event::Client(client_id(1))]),
        (new_user(1), vec![Event::User(user_id(1))]),
        (Change::PutScope(scope_definition(1)), vec![Event::Catalogue]),
        (Change::PutResource(resource_server(1)), vec![Event::Catalogue]),
        (Change::CreateSession(session(1, 1)), vec![]),
        (Change::CreateSession(session(2, 1)), vec![]),
        (Change::CreateSession(session(3, 1)), vec![]),
        (
            Change::RenewSession(session(3, 1)),
            vec![Event::Session(session_id(3))],
        ),
        (Change::RequireSession(session_id(3)), vec![]),
        (Change::AddConsent(consent(1, 1, "a")), vec![]),
        (delete_consent, vec![]),
        (create(grant(1, 1, 1)), vec![]),
        (redeem(1), vec![]),
        (rotate(1, 0), vec![]),
        (create(active_grant(2, 1, 1, None)), vec![]),
        (create(grant(3, 1, 2)), vec![]),
        (deny(1, 100), vec![Event::TokenDenied(token_id(1), at(100))]),
        (count, vec![]),
        (Change::ForgetLoginAttempts(attempt_key(1)), vec![]),
        (put_issuer(trusted_issuer(1)), vec![Event::Catalogue]),
        (use_once(1, 100), vec![]),
        (create_device(device(1)), vec![]),
        (approve(1, 1), vec![Event::Device(device_id(1))]),
        (redeem_device(1, 1), vec![]),
        (create_device(device(2)), vec![]),
        (deny_device(2), vec![Event::Device(device_id(2))]),
        (push(pushed(1)), vec![]),
        (make(personal(1, 1)), vec![]),
        (touch(1, 9), vec![]),
        (join(1, 1, 60), vec![]),
        (make_initial(initial(1)), vec![]),
        (use_initial(1), vec![]),
        (create_job(job(1, 20)), vec![]),
        (move_job(1, 20, 30, 1), vec![]),
    ]
}

/// Changes that end them.
fn falling() -> Vec<(Change, Vec<Event>)> {
    vec![
        (Change::PutKey(key(1, 1)), vec![Event::Keys]),
        (delete_issuer(1), vec![Event::Catalogue]),
        (delete_personal(1, 1), vec![]),
        (Change::DeletePersonalAccessTokensOf(user_id(1)), vec![]),
        (revoke(2), vec![Event::GrantRevoked(grant_id(2))]),
        (
            revoke_all_of(1, None),
            [1, 3].map(|n| Event::GrantRevoked(grant_id(n))).to_vec(),
        ),
        (
            Change::EndSession(session_id(2)),
            vec![Event::Session(session_id(2))],
        ),
        (
            Change::EndSessionsOf(user_id(1)),
            [1, 3].map(|n| Event::Session(session_id(n))).to_vec(),
        ),
        (
            Change::DeleteScope(scope_definition(1).name),
            vec![Event::Catalogue],
        ),
        (Change::DeleteResource(resource(1)), vec![Event::Catalogue]),
        (
            Change::DeleteClient(client_id(1)),
            vec![Event::Client(client_id(1))],
        ),
    ]
}
