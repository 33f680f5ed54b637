//! What flows leave behind while they are under way: how it is read, and what each change makes of it.

use grantor_protocol::Change;
use grantor_protocol::record::{
    DeviceAuthorization, DeviceState, MAX_PERSONAL_ACCESS_TOKENS, PersonalAccessToken,
};

use grantor_types::Scope;

use super::sample::flow::{
    approval, approve, create_device, delete_issuer, delete_personal, deny_device, device, device_id, make,
    once, personal, personal_hash, personal_id, push, pushed, pushed_id, put_issuer, redeem_device, touch,
    trusted_issuer, use_once, user_code,
};
use super::sample::{active_grant, at, create, grant_id, user_id};
use super::{Database, commit, conflict};

/// What was used once stays so until it is swept, whatever end the second use names.
pub async fn single_uses(database: &Database) {
    let store = database.open().await;
    assert!(!store.is_used(&once(1)).await.unwrap());
    commit(&*store, [use_once(1, 100)]).await;
    assert!(store.is_used(&once(1)).await.unwrap());
    assert!(!store.is_used(&once(2)).await.unwrap());
    conflict(&*store, [use_once(1, 100)]).await;
    conflict(&*store, [use_once(2, 100), use_once(1, 9_000)]).await;
    assert!(!store.is_used(&once(2)).await.unwrap());
    store.sweep(at(100), 10).await.unwrap();
    assert!(!store.is_used(&once(1)).await.unwrap());
    commit(&*store, [use_once(1, 200)]).await;
}

/// A device, by both of its codes, from the question to its tokens.
pub async fn devices_are_approved_and_redeemed(database: &Database) {
    let store = database.open().await;
    let read = async |number| store.device_authorization(device_id(number)).await.unwrap();
    let by_code = async |number| {
        store
            .device_authorization_by_user_code(&user_code(number))
            .await
            .unwrap()
    };
    assert_eq!((read(1).await, by_code(1).await), (None, None));
    commit(&*store, [2, 1].map(|number| create_device(device(number)))).await;
    assert_eq!(read(1).await, Some(device(1)));
    assert_eq!(by_code(2).await, Some(device(2)));

    let in_state = |number, state| {
        Some(DeviceAuthorization {
            state,
            ..device(number)
        })
    };
    conflict(&*store, [redeem_device(1, 1)]).await;
    commit(&*store, [approve(1, 3)]).await;
    assert_eq!(by_code(1).await, in_state(1, DeviceState::Approved(approval(3))));
    conflict(&*store, [approve(1, 4)]).await;
    conflict(&*store, [deny_device(1)]).await;
    let redeem = [redeem_device(1, 8), create(active_grant(8, 3, 1, Some(0)))];
    commit(&*store, redeem).await;
    assert_eq!(read(1).await, in_state(1, DeviceState::Redeemed(grant_id(8))));
    conflict(&*store, [redeem_device(1, 9)]).await;

    commit(&*store, [deny_device(2)]).await;
    assert_eq!(read(2).await, in_state(2, DeviceState::Denied));
    conflict(&*store, [approve(2, 3)]).await;
    conflict(&*store, [redeem_device(2, 1)]).await;

    let stored = [
        DeviceState::Approved(approval(1)),
        DeviceState::Denied,
        DeviceState::Redeemed(grant_id(1)),
    ];
    for (number, state) in (11..).zip(stored) {
        let bare = DeviceAuthorization {
            scope: Scope::default(),
            resources: Vec::new(),
            device: String::new(),
            state,
            ..device(number)
        };
        commit(&*store, [create_device(bare.clone())]).await;
        assert_eq!(read(number).await, Some(bare));
    }
}

/// While a row is there its user code is nobody else's.
pub async fn user_codes_are_unique(database: &Database) {
    let store = database.open().await;
    commit(&*store, [create_device(device(1))]).await;
    let twin = DeviceAuthorization {
        user_code: user_code(1),
        ..device(2)
    };
    conflict(&*store, [create_device(twin.clone())]).await;
    commit(&*store, [deny_device(1)]).await;
    conflict(&*store, [create_device(twin.clone())]).await;
    // Swept an hour after its end, and no sooner.
    assert_eq!(store.sweep(at(1_800 + 3_599), 10).await.unwrap(), 0);
    assert_eq!(store.sweep(at(1_800 + 3_600), 10).await.unwrap(), 1);
    commit(&*store, [create_device(twin.clone())]).await;
    let found = store.device_authorization_by_user_code(&user_code(1)).await;
    assert_eq!(found.unwrap(), Some(twin));
}

/// A pushed request is there until it is used.
pub async fn pushed_requests(database: &Database) {
    let store = database.open().await;
    assert_eq!(store.pushed_request(pushed_id(1)).await.unwrap(), None);
    commit(&*store, [push(pushed(1)), push(pushed(2))]).await;
    assert_eq!(store.pushed_request(pushed_id(1)).await.unwrap(), Some(pushed(1)));
    conflict(&*store, [push(pushed(1))]).await;
    assert_eq!(store.pushed_request(pushed_id(2)).await.unwrap(), Some(pushed(2)));
}

/// Personal access tokens, by hash and by user, newest first; only their own user deletes them.
pub async fn personal_access_tokens(database: &Database) {
    let store = database.open().await;
    let read = async |number| {
        let found = store.personal_access_token(&personal_hash(number)).await;
        found.unwrap()
    };
    let ids = async |user| {
        let tokens = store.personal_access_tokens_of(user_id(user)).await.unwrap();
        tokens.into_iter().map(|token| token.id).collect::<Vec<_>>()
    };
    assert_eq!(read(1).await, None);
    assert!(ids(1).await.is_empty());
    let tokens = [personal(2, 1), personal(1, 1), personal(3, 2), personal(4, 1)];
    commit(&*store, tokens.map(make)).await;
    assert_eq!(read(1).await, Some(personal(1, 1)));
    assert_eq!(read(2).await, Some(personal(2, 1)));
    assert_eq!(ids(1).await, [4, 2, 1].map(personal_id));

    let same_hash = PersonalAccessToken {
        hash: personal_hash(1),
        ..personal(9, 2)
    };
    conflict(&*store, [make(same_hash)]).await;
    conflict(&*store, [make(personal(1, 2))]).await;

    commit(&*store, [touch(1, 50), touch(1, 40), touch(99, 40)]).await;
    let used = PersonalAccessToken {
        last_used_at: Some(at(50)),
        ..personal(1, 1)
    };
    assert_eq!(read(1).await, Some(used));

    commit(&*store, [delete_personal(3, 1), delete_personal(2, 1)]).await;
    assert_eq!(ids(2).await, [personal_id(3)]);
    assert_eq!(ids(1).await, [4, 1].map(personal_id));
    commit(&*store, [Change::DeletePersonalAccessTokensOf(user_id(1))]).await;
    assert!(ids(1).await.is_empty());
    assert_eq!(ids(2).await, [personal_id(3)]);
}

/// A user has at most so many personal access tokens, and gets room again by deleting one.
pub async fn personal_access_tokens_are_limited(database: &Database) {
    let store = database.open().await;
    let most = u32::try_from(MAX_PERSONAL_ACCESS_TOKENS).unwrap();
    commit(&*store, (1..=most).map(|number| make(personal(number, 1)))).await;
    conflict(&*store, [make(personal(most + 1, 1))]).await;
    commit(&*store, [make(personal(most + 1, 2))]).await;
    let replace = [delete_personal(1, 1), make(personal(most + 2, 1))];
    commit(&*store, replace).await;
    conflict(&*store, [make(personal(most + 3, 1))]).await;
    let listed = store.personal_access_tokens_of(user_id(1)).await.unwrap();
    assert_eq!(listed.len(), MAX_PERSONAL_ACCESS_TOKENS);
}

/// Trusted issuers, by identifier, replaced whole.
pub async fn trusted_issuers(database: &Database) {
    let store = database.open().await;
    assert!(store.trusted_issuers().await.unwrap().is_empty());
    commit(&*store, [2, 1].map(|number| put_issuer(trusted_issuer(number)))).await;
    assert_eq!(store.trusted_issuers().await.unwrap(), [1, 2].map(trusted_issuer));
    let mut changed = trusted_issuer(1);
    changed.clients.clear();
    changed.max_lifetime = None;
    commit(
        &*store,
        [put_issuer(changed.clone()), delete_issuer(2), delete_issuer(3)],
    )
    .await;
    assert_eq!(store.trusted_issuers().await.unwrap(), [changed]);
}
