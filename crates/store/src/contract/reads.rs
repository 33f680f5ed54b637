//! Every read: nothing, something, in which order, page by page.

use grantor_protocol::Change;
use grantor_protocol::record::{Grant, LoginAttempts};
use grantor_types::Timestamp;

use super::sample::{
    active_grant, at, attempt_key, bare_grant, client, client_id, consent, create, deny, grant, grant_id,
    key, new_client, new_user, origin, put_client, redeem, resource_server, revoke, revoked_grant,
    scope_definition, session, session_id, token_id, user, user_id,
};
use super::{Database, commit};
use crate::GrantFilter;
use grantor_protocol::Expect;

/// Clients, by id and in pages.
pub async fn clients(database: &Database) {
    let store = database.open().await;
    assert_eq!(store.client(&client_id(1)).await.unwrap(), None);
    let empty = store.clients(None, 10).await.unwrap();
    assert!(empty.items.is_empty() && !empty.more);

    commit(&*store, [3, 1, 2].map(new_client)).await;
    assert_eq!(store.client(&client_id(1)).await.unwrap(), Some(client(1)));
    let first = store.clients(None, 2).await.unwrap();
    assert_eq!((first.items, first.more), (vec![client(1), client(2)], true));
    let second = store.clients(Some(&client_id(2)), 2).await.unwrap();
    assert_eq!((second.items, second.more), (vec![client(3)], false));
    let exact = store.clients(None, 3).await.unwrap();
    assert_eq!((exact.items.len(), exact.more), (3, false));
}

/// Origins of enabled clients, and of no others.
pub async fn origins(database: &Database) {
    let store = database.open().await;
    let (own, shared) = (
        origin("https://app-1.example"),
        origin("https://shared.example:8443"),
    );
    let registered = async |origin| store.origin_is_registered(origin).await.unwrap();
    assert!(!registered(&own).await);

    let with_both = |number| {
        let mut client = client(number);
        client.origins.extend([shared.clone(), shared.clone()]);
        client
    };
    commit(&*store, [1, 2].map(|n| put_client(with_both(n), Expect::Absent))).await;
    assert!(registered(&own).await && registered(&shared).await);

    let revision = client(1).revision;
    let mut disabled = with_both(1);
    disabled.disabled = true;
    commit(&*store, [put_client(disabled, Expect::Revision(revision))]).await;
    assert!(!registered(&own).await && registered(&shared).await);

    let mut narrowed = client(2);
    narrowed.origins.clear();
    commit(&*store, [put_client(narrowed, Expect::Revision(revision))]).await;
    assert!(!registered(&shared).await);

    commit(&*store, [put_client(with_both(1), Expect::Revision(revision))]).await;
    assert!(registered(&own).await && registered(&shared).await);
    commit(&*store, [Change::DeleteClient(client_id(1))]).await;
    assert!(!registered(&own).await && !registered(&shared).await);
}

/// Users, by id, by name and in pages.
pub async fn users(database: &Database) {
    let store = database.open().await;
    assert_eq!(store.user(user_id(1)).await.unwrap(), None);
    assert_eq!(store.user_by_username("nobody").await.unwrap(), None);

    commit(&*store, [3, 1, 2].map(new_user)).await;
    assert_eq!(store.user(user_id(2)).await.unwrap(), Some(user(2)));
    for name in [
        "Ada.\u{c9}mile-2@Example.com",
        "ada.\u{e9}mile-2@example.com",
        "ADA.\u{c9}MILE-2@EXAMPLE.COM",
    ] {
        assert_eq!(
            store.user_by_username(name).await.unwrap(),
            Some(user(2)),
            "{name}"
        );
    }
    let first = store.users(None, 2).await.unwrap();
    assert_eq!((first.items, first.more), (vec![user(1), user(2)], true));
    let second = store.users(Some(user_id(2)), 2).await.unwrap();
    assert_eq!((second.items, second.more), (vec![user(3)], false));
}

/// Scopes and resource servers, in the order of their names.
pub async fn catalogue(database: &Database) {
    let store = database.open().await;
    assert!(store.scopes().await.unwrap().is_empty() && store.resources().await.unwrap().is_empty());
    let scopes = [2, 1].map(|n| Change::PutScope(scope_definition(n)));
    let resources = [2, 1].map(|n| Change::PutResource(resource_server(n)));
    commit(&*store, scopes.into_iter().chain(resources)).await;
    assert_eq!(store.scopes().await.unwrap(), [1, 2].map(scope_definition));
    assert_eq!(store.resources().await.unwrap(), [1, 2].map(resource_server));
}

/// Sessions, by id and by user, newest first.
pub async fn sessions(database: &Database) {
    let store = database.open().await;
    assert_eq!(store.session(session_id(1)).await.unwrap(), None);
    assert!(store.sessions_of(user_id(1)).await.unwrap().is_empty());
    let sessions = [session(2, 1), session(1, 1), session(3, 2)];
    commit(&*store, sessions.map(Change::CreateSession)).await;
    assert_eq!(store.session(session_id(1)).await.unwrap(), Some(session(1, 1)));
    assert_eq!(
        store.sessions_of(user_id(1)).await.unwrap(),
        [session(2, 1), session(1, 1)]
    );
}

/// Consents, of a pair and of a user.
pub async fn consents(database: &Database) {
    let store = database.open().await;
    assert_eq!(store.consent(user_id(1), &client_id(1)).await.unwrap(), None);
    let consents = [consent(1, 2, "a"), consent(1, 1, "b c"), consent(2, 1, "")];
    commit(&*store, consents.map(Change::AddConsent)).await;
    assert_eq!(
        store.consent(user_id(1), &client_id(2)).await.unwrap(),
        Some(consent(1, 2, "a"))
    );
    assert_eq!(
        store.consents_of(user_id(1)).await.unwrap(),
        [consent(1, 1, "b c"), consent(1, 2, "a")]
    );
    assert!(store.consents_of(user_id(3)).await.unwrap().is_empty());
}

/// Grants in every state, by id and by filter.
pub async fn grants(database: &Database) {
    let store = database.open().await;
    assert_eq!(store.grant(grant_id(1)).await.unwrap(), None);
    let all = [
        grant(1, 1, 1),
        bare_grant(2, 1, 2),
        active_grant(3, 2, 1, Some(41)),
        active_grant(4, 1, 1, None),
        revoked_grant(5, 2, 2),
    ];
    commit(&*store, all.iter().rev().cloned().map(create)).await;
    for grant in &all {
        assert_eq!(store.grant(grant.id).await.unwrap().as_ref(), Some(grant));
    }
    let rows = [
        ((None, None, None, 10), vec![1, 2, 3, 4, 5], false),
        ((None, None, None, 2), vec![1, 2], true),
        ((None, None, Some(2), 3), vec![3, 4, 5], false),
        ((Some(1), None, None, 10), vec![1, 2, 4], false),
        ((Some(1), None, None, 2), vec![1, 2], true),
        ((Some(1), None, Some(1), 1), vec![2], true),
        ((None, Some(1), None, 10), vec![1, 3, 4], false),
        ((None, Some(1), Some(1), 1), vec![3], true),
        ((Some(1), Some(1), None, 10), vec![1, 4], false),
        ((Some(1), Some(1), Some(1), 10), vec![4], false),
        ((Some(1), Some(1), None, 1), vec![1], true),
        ((Some(3), None, None, 10), vec![], false),
    ];
    for ((user, client, after, limit), expected, more) in rows {
        let filter = GrantFilter {
            user: user.map(user_id),
            client: client.map(client_id),
            after: after.map(grant_id),
        };
        let page = store.grants(&filter, limit).await.unwrap();
        let ids: Vec<_> = page.items.iter().map(|grant: &Grant| grant.id).collect();
        let expected: Vec<_> = expected.into_iter().map(grant_id).collect();
        assert_eq!((ids, page.more), (expected, more), "{filter:?} {limit}");
    }
}

/// Attempts, one answer for each key that was asked for.
pub async fn login_attempts(database: &Database) {
    let store = database.open().await;
    let count = Change::CountLoginAttempt {
        key: attempt_key(2),
        at: at(5),
        since: at(0),
    };
    commit(&*store, [count]).await;
    let counted = LoginAttempts {
        count: 1,
        last_at: at(5),
    };
    let none = LoginAttempts::default();
    assert_eq!(
        store
            .login_attempts(&[1, 2, 3, 2].map(attempt_key))
            .await
            .unwrap(),
        [none, counted, none, counted]
    );
    assert!(store.login_attempts(&[]).await.unwrap().is_empty());
}

/// Keys, oldest first whatever their ids.
pub async fn keys(database: &Database) {
    let store = database.open().await;
    assert!(store.keys().await.unwrap().is_empty());
    let mut retiring = key(3, 10);
    retiring.retire_at = Some(at(500));
    let keys = [key(1, 30), key(2, 20), retiring.clone(), key(5, 20), key(4, 40)];
    commit(&*store, keys.map(Change::PutKey)).await;
    let expected = [retiring, key(2, 20), key(5, 20), key(1, 30), key(4, 40)];
    assert_eq!(store.keys().await.unwrap(), expected);
}

/// Revoked grants and denied tokens, until they would have ended.
pub async fn revocations(database: &Database) {
    let store = database.open().await;
    let changes = [
        create(grant(1, 1, 1)),
        create(grant(2, 1, 1)),
        create(grant(3, 1, 1)),
        redeem(2),
        revoke(1),
        revoke(2),
        deny(1, 100),
        deny(2, 200),
    ];
    commit(&*store, changes).await;
    let read = async |now: Timestamp| {
        let mut found = store.revocations(now).await.unwrap();
        found.grants.sort();
        found.tokens.sort();
        (found.grants, found.tokens)
    };
    let (first, second) = ((grant_id(1), at(60)), (grant_id(2), at(3_600)));
    let tokens = [(token_id(1), at(100)), (token_id(2), at(200))];
    assert_eq!(read(at(59)).await, (vec![first, second], tokens.to_vec()));
    assert_eq!(read(at(60)).await, (vec![second], tokens.to_vec()));
    assert_eq!(read(at(100)).await, (vec![second], vec![(token_id(2), at(200))]));
    assert_eq!(read(at(3_600)).await, (vec![], vec![]));
}
