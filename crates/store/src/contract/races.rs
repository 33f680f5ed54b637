//! Many at once: of those that want the same, exactly as many win as may.

use std::sync::Arc;

use grantor_protocol::record::{DeviceAuthorization, DeviceState, MAX_PERSONAL_ACCESS_TOKENS, Revision};
use grantor_protocol::{Change, Expect};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use super::sample::flow::{
    approval, approve, create_device, deny_device, device, device_id, make, personal, redeem_device,
    use_once, user_code,
};
use super::sample::{
    active_grant, at, attempt_key, client, client_id, create, grant, grant_id, new_client, put_client,
    put_user, redeem, rotate, session, session_id, user,
};
use super::{Database, commit};
use crate::{CommitError, GrantFilter, Store};

const RACERS: u32 = 50;

/// Lets all lists go at once and returns who won.
async fn race(store: &Arc<dyn Store>, list: impl Fn(u32) -> Vec<Change>) -> Vec<u32> {
    let start = Arc::new(Barrier::new(RACERS as usize));
    let mut racers = JoinSet::new();
    for racer in 0..RACERS {
        let (store, start, changes) = (Arc::clone(store), Arc::clone(&start), list(racer));
        racers.spawn(async move {
            start.wait().await;
            (racer, store.commit(changes).await)
        });
    }
    let mut winners = Vec::new();
    while let Some(finished) = racers.join_next().await {
        match finished.expect("a racer") {
            (racer, Ok(())) => winners.push(racer),
            (_, Err(CommitError::Conflict)) => {}
            (racer, Err(CommitError::Store(error))) => panic!("racer {racer}: {error}"),
        }
    }
    winners
}

/// Of many redemptions of a code one wins.
pub async fn one_code_is_redeemed_once(database: &Database) {
    let store = database.open().await;
    commit(&*store, [create(grant(1, 1, 1))]).await;
    assert_eq!(race(&store, |_| vec![redeem(1)]).await.len(), 1);
}

/// Of many rotations from the same generation one wins.
pub async fn one_generation_is_rotated_once(database: &Database) {
    let store = database.open().await;
    commit(&*store, [create(grant(1, 1, 1)), redeem(1)]).await;
    for generation in 0..5 {
        assert_eq!(race(&store, |_| vec![rotate(1, generation)]).await.len(), 1);
    }
}

/// Of many registrations under one id one wins, and it is the winner's that is there.
pub async fn one_new_client_wins(database: &Database) {
    let store = database.open().await;
    let of = |racer: u32| {
        let mut client = client(1);
        client.name = format!("Racer {racer}");
        client
    };
    let winners = race(&store, |racer| vec![put_client(of(racer), Expect::Absent)]).await;
    assert_eq!(winners.len(), 1);
    let found = store.client(&client_id(1)).await.unwrap();
    assert_eq!(found, Some(of(winners[0])));
}

/// Of many edits of one revision one wins.
pub async fn one_edit_wins(database: &Database) {
    let store = database.open().await;
    commit(&*store, [new_client(1)]).await;
    for revision in [1, 2, 3].map(Revision) {
        let edit = |_| {
            let mut client = client(1);
            client.revision = revision.next();
            vec![put_client(client, Expect::Revision(revision))]
        };
        assert_eq!(race(&store, edit).await.len(), 1);
    }
}

/// Of many users who want one login name one gets it.
pub async fn one_login_name_has_one_user(database: &Database) {
    let store = database.open().await;
    let of = |racer: u32| {
        let mut user = user(racer);
        user.username = if racer.is_multiple_of(2) {
            "ada".into()
        } else {
            "ADA".into()
        };
        user
    };
    let winners = race(&store, |racer| vec![put_user(of(racer), Expect::Absent)]).await;
    assert_eq!(winners.len(), 1);
    assert_eq!(store.users(None, 100).await.unwrap().items, [of(winners[0])]);
}

/// Of many grants under one id one comes to be.
pub async fn one_grant_id_is_created_once(database: &Database) {
    let store = database.open().await;
    let winners = race(&store, |racer| vec![create(grant(1, racer, 1))]).await;
    assert_eq!(winners.len(), 1);
    let found = store.grant(grant_id(1)).await.unwrap();
    assert_eq!(found, Some(grant(1, winners[0], 1)));
}

/// Every attempt is counted, however many there are at once, and what is forgotten is forgotten once.
pub async fn every_attempt_is_counted(database: &Database) {
    let store = database.open().await;
    let count = |seconds, since| {
        vec![Change::CountLoginAttempt {
            key: attempt_key(1),
            at: at(seconds),
            since: at(since),
        }]
    };
    for (seconds, since, counted) in [(5, 0, RACERS), (6, 5, 2 * RACERS), (8, 7, RACERS)] {
        let winners = race(&store, |_| count(seconds, since)).await;
        assert_eq!(winners.len(), RACERS as usize);
        let found = store.login_attempts(&[attempt_key(1)]).await.unwrap();
        assert_eq!((found[0].count, found[0].last_at), (counted, at(seconds)));
    }
}

/// Of many uses of what may be used once one wins.
pub async fn one_use_wins(database: &Database) {
    let store = database.open().await;
    for number in 0..5 {
        let uses = race(&store, |racer| vec![use_once(number, 100 + u64::from(racer))]);
        assert_eq!(uses.await.len(), 1);
    }
}

/// Of many redemptions of a device one wins, and only its grant comes to be.
pub async fn one_device_is_redeemed_once(database: &Database) {
    let store = database.open().await;
    commit(&*store, [create_device(device(1)), approve(1, 1)]).await;
    let redeem = |racer| {
        vec![
            create(active_grant(racer, 1, 1, Some(0))),
            redeem_device(1, racer),
        ]
    };
    let winners = race(&store, redeem).await;
    assert_eq!(winners.len(), 1);
    let grants = store.grants(&GrantFilter::default(), 100).await.unwrap();
    let ids: Vec<_> = grants.items.iter().map(|grant| grant.id).collect();
    assert_eq!(ids, [grant_id(winners[0])]);
    let device = store.device_authorization(device_id(1)).await.unwrap().unwrap();
    assert_eq!(device.state, DeviceState::Redeemed(grant_id(winners[0])));
}

/// A device is answered once, by whoever is first.
pub async fn one_answer_counts(database: &Database) {
    let store = database.open().await;
    commit(&*store, [create_device(device(1))]).await;
    let answer = |racer: u32| match racer % 2 {
        0 => vec![approve(1, racer)],
        _ => vec![deny_device(1)],
    };
    let winners = race(&store, answer).await;
    assert_eq!(winners.len(), 1);
    let device = store.device_authorization(device_id(1)).await.unwrap().unwrap();
    let expected = match winners[0] % 2 {
        0 => DeviceState::Approved(approval(winners[0])),
        _ => DeviceState::Denied,
    };
    assert_eq!(device.state, expected);
}

/// Of many devices under one user code one comes to be.
pub async fn one_user_code_has_one_device(database: &Database) {
    let store = database.open().await;
    let of = |racer| DeviceAuthorization {
        user_code: user_code(1),
        ..device(racer)
    };
    let winners = race(&store, |racer| vec![create_device(of(racer))]).await;
    assert_eq!(winners.len(), 1);
    let found = store.device_authorization_by_user_code(&user_code(1)).await;
    assert_eq!(found.unwrap(), Some(of(winners[0])));
}

/// As many tokens as a user may have, and no more.
pub async fn personal_access_tokens_stay_below_the_limit(database: &Database) {
    let store = database.open().await;
    let most = u32::try_from(MAX_PERSONAL_ACCESS_TOKENS).unwrap();
    let before = (0..most - 7).map(|number| make(personal(1_000 + number, 1)));
    commit(&*store, before).await;
    let winners = race(&store, |racer| vec![make(personal(racer, 1))]).await;
    assert_eq!(winners.len(), 7);
}

/// What a loser wrote before its guard failed is gone, though the winner's commit may have been written with it.
pub async fn losers_leave_nothing(database: &Database) {
    let store = database.open().await;
    commit(&*store, [create(grant(1, 1, 1))]).await;
    let list = |racer| {
        vec![
            Change::CreateSession(session(racer, racer)),
            create(grant(1_000 + racer, 1, 1)),
            redeem(1),
        ]
    };
    let winners = race(&store, list).await;
    assert_eq!(winners.len(), 1);
    let grants = store.grants(&GrantFilter::default(), 100).await.unwrap();
    let ids: Vec<_> = grants.items.iter().map(|grant| grant.id).collect();
    assert_eq!(ids, [grant_id(1), grant_id(1_000 + winners[0])]);
    for racer in 0..RACERS {
        let found = store.session(session_id(racer)).await.unwrap();
        assert_eq!(found.is_some(), winners.contains(&racer));
    }
}

/// Those who want different things all win, whatever else fails beside them.
pub async fn neighbours_do_not_disturb_each_other(database: &Database) {
    let store = database.open().await;
    commit(&*store, [create(grant(999, 1, 1))]).await;
    let list = |racer: u32| match racer % 2 {
        0 => vec![create(grant(racer, 1, 1)), redeem(racer), rotate(racer, 0)],
        _ => vec![create(grant(racer, 1, 1)), create(grant(999, 1, 1))],
    };
    let mut winners = race(&store, list).await;
    winners.sort_unstable();
    let even: Vec<u32> = (0..RACERS).filter(|racer| racer.is_multiple_of(2)).collect();
    assert_eq!(winners, even);
    let grants = store.grants(&GrantFilter::default(), 100).await.unwrap();
    assert_eq!(grants.items.len(), even.len() + 1);
}
