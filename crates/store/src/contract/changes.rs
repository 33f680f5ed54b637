//! Every change, and what it leaves behind.

use grantor_protocol::record::{GrantState, LoginAttempts, RefreshState, Revision, RevocationReason};
use grantor_protocol::{Change, Expect};
use grantor_types::{Thumbprint, Timestamp};

use super::sample::{
    active_grant, at, attempt_key, client, client_id, consent, create, deny, grant, grant_id, key,
    new_client, new_user, put_client, put_user, redeem, resource, resource_server, revoke, revoke_all_of,
    rotate, scope, scope_definition, session, session_id, token_id, user, user_id,
};
use super::{Database, commit};
use crate::{GrantFilter, MAX_SESSIONS_OF_A_USER};

/// A client is replaced whole, and takes its consents and grants along when it goes.
pub async fn clients_are_replaced_and_deleted(database: &Database) {
    let store = database.open().await;
    let setup = [
        new_client(1),
        new_client(2),
        Change::AddConsent(consent(1, 1, "a")),
        Change::AddConsent(consent(1, 2, "a")),
        create(grant(1, 1, 1)),
        create(grant(2, 1, 2)),
        create(active_grant(3, 2, 1, Some(0))),
    ];
    commit(&*store, setup).await;

    let mut renamed = client(1);
    renamed.name = "Other".into();
    renamed.secrets.clear();
    renamed.revision = renamed.revision.next();
    let revision = client(1).revision;
    commit(&*store, [put_client(renamed.clone(), Expect::Revision(revision))]).await;
    assert_eq!(store.client(&client_id(1)).await.unwrap(), Some(renamed));

    commit(&*store, [Change::DeleteClient(client_id(1))]).await;
    assert_eq!(store.client(&client_id(1)).await.unwrap(), None);
    assert_eq!(store.consents_of(user_id(1)).await.unwrap(), [consent(1, 2, "a")]);
    let left = store.grants(&GrantFilter::default(), 10).await.unwrap();
    assert_eq!(left.items, [grant(2, 1, 2)]);
    commit(&*store, [Change::DeleteClient(client_id(1)), new_client(1)]).await;
    assert_eq!(store.client(&client_id(1)).await.unwrap(), Some(client(1)));
}

/// A user who takes another login name leaves the old one to others.
pub async fn users_are_renamed(database: &Database) {
    let store = database.open().await;
    commit(&*store, [new_user(1)]).await;
    let renamed = |name: &str, revision| {
        let mut user = user(1);
        user.username = name.into();
        user.revision = Revision(revision);
        user
    };
    let case_changed = renamed("ADA.\u{c9}MILE-1@EXAMPLE.COM", 2);
    commit(&*store, [put_user(case_changed, Expect::Revision(Revision(1)))]).await;
    commit(
        &*store,
        [put_user(renamed("grace", 3), Expect::Revision(Revision(2)))],
    )
    .await;
    assert_eq!(store.user_by_username(&user(1).username).await.unwrap(), None);
    assert_eq!(
        store.user_by_username("GRACE").await.unwrap(),
        Some(renamed("grace", 3))
    );

    let mut successor = user(2);
    successor.username = user(1).username;
    commit(&*store, [put_user(successor.clone(), Expect::Absent)]).await;
    assert_eq!(
        store.user_by_username(&user(1).username).await.unwrap(),
        Some(successor)
    );
}

/// Scopes and resource servers are replaced and deleted.
pub async fn catalogue_rows_are_replaced(database: &Database) {
    let store = database.open().await;
    let mut scope = scope_definition(1);
    let mut server = resource_server(1);
    let put = |scope, server| [Change::PutScope(scope), Change::PutResource(server)];
    commit(&*store, put(scope.clone(), server.clone())).await;
    scope.description = "Other".into();
    server.introspectors.clear();
    commit(&*store, put(scope.clone(), server.clone())).await;
    assert_eq!(store.scopes().await.unwrap(), [scope.clone()]);
    assert_eq!(store.resources().await.unwrap(), [server]);
    let delete = [
        Change::DeleteScope(scope.name),
        Change::DeleteResource(resource(1)),
    ];
    commit(&*store, delete).await;
    assert!(store.scopes().await.unwrap().is_empty() && store.resources().await.unwrap().is_empty());
}

/// Sessions end alone or all of a user's, and the oldest make room.
pub async fn sessions_end_and_are_capped(database: &Database) {
    let store = database.open().await;
    let most = u32::try_from(MAX_SESSIONS_OF_A_USER).unwrap();
    let sessions = (1..=most).map(|n| Change::CreateSession(session(n, 1)));
    commit(&*store, sessions).await;
    commit(&*store, [Change::CreateSession(session(5_000, 2))]).await;
    assert_eq!(
        store.sessions_of(user_id(1)).await.unwrap().len(),
        MAX_SESSIONS_OF_A_USER
    );

    let two_more = [most + 1, most + 2].map(|n| Change::CreateSession(session(n, 1)));
    commit(&*store, two_more).await;
    let left = store.sessions_of(user_id(1)).await.unwrap();
    let expected: Vec<_> = (3..=most + 2).rev().map(|n| session(n, 1)).collect();
    assert_eq!(left, expected);
    assert_eq!(store.session(session_id(1)).await.unwrap(), None);

    commit(&*store, [Change::EndSession(session_id(3))]).await;
    assert_eq!(store.session(session_id(3)).await.unwrap(), None);
    commit(&*store, [Change::EndSessionsOf(user_id(1))]).await;
    assert!(store.sessions_of(user_id(1)).await.unwrap().is_empty());
    assert_eq!(store.sessions_of(user_id(2)).await.unwrap().len(), 1);
}

/// A consent only grows, and the order does not matter.
pub async fn consents_grow_in_any_order(database: &Database) {
    let store = database.open().await;
    let mut later = consent(1, 1, "c a");
    later.resources = vec![resource(3), resource(1)];
    later.granted_at = at(50);
    let earlier = consent(1, 1, "a b");
    let add = Change::AddConsent;
    commit(&*store, [add(earlier.clone()), add(later.clone())]).await;
    let one = store.consent(user_id(1), &client_id(1)).await.unwrap().unwrap();
    assert_eq!(one.scope, scope("a b c"));
    assert_eq!(one.resources, [2, 1, 3].map(resource));
    assert_eq!(one.granted_at, at(50));

    let forget = Change::DeleteConsent {
        user: user_id(1),
        client: client_id(1),
    };
    commit(&*store, [forget.clone()]).await;
    assert_eq!(store.consent(user_id(1), &client_id(1)).await.unwrap(), None);
    commit(&*store, [forget, add(later), add(earlier)]).await;
    let mut other = store.consent(user_id(1), &client_id(1)).await.unwrap().unwrap();
    other.resources.sort();
    assert_eq!(other.resources, [1, 2, 3].map(resource));
    assert_eq!((other.scope, other.granted_at), (one.scope, one.granted_at));
}

/// A grant from its code to its end; it keeps the reason that came first.
pub async fn grants_live_and_end(database: &Database) {
    let store = database.open().await;
    let read = async |number| store.grant(grant_id(number)).await.unwrap().unwrap();
    commit(&*store, [create(grant(1, 1, 1)), redeem(1)]).await;
    assert_eq!(read(1).await.expires_at, at(3_600));
    commit(&*store, [rotate(1, 0), rotate(1, 1)]).await;
    let mut expected = active_grant(1, 1, 1, Some(2));
    expected.expires_at = at(7_200);
    expected.dpop_key = Some(Thumbprint::from_digest([14; 32]));
    expected.state = active_state(2, at(11));
    assert_eq!(read(1).await, expected);

    commit(&*store, [revoke(1)]).await;
    expected.state = GrantState::Revoked {
        at: at(12),
        reason: RevocationReason::Client,
    };
    assert_eq!(read(1).await, expected);
    let again = Change::RevokeGrant {
        grant: grant_id(1),
        at: at(99),
        reason: RevocationReason::CodeReplay,
    };
    commit(&*store, [again, revoke_all_of(1, None)]).await;
    assert_eq!(read(1).await, expected);

    let pending = [create(grant(2, 1, 1)), revoke(2), revoke(77)];
    commit(&*store, pending).await;
    assert!(matches!(read(2).await.state, GrantState::Revoked { .. }));
    assert_eq!(store.grant(grant_id(77)).await.unwrap(), None);

    let without_refresh = Change::RedeemCode {
        grant: grant_id(3),
        refresh: None,
        dpop_key: None,
        expires_at: at(30),
    };
    commit(&*store, [create(grant(3, 1, 1)), without_refresh]).await;
    let mut expected = active_grant(3, 1, 1, None);
    expected.expires_at = at(30);
    expected.dpop_key = None;
    assert_eq!(read(3).await, expected);
}

fn active_state(generation: u64, rotated_at: Timestamp) -> GrantState {
    GrantState::Active(grantor_protocol::record::ActiveGrant {
        refresh: Some(RefreshState {
            generation,
            rotated_at,
        }),
    })
}

/// All grants of a user for one client or for every client; others stay.
pub async fn grants_of_a_user_end(database: &Database) {
    let store = database.open().await;
    let grants = [
        grant(1, 1, 1),
        active_grant(2, 1, 1, None),
        grant(3, 1, 2),
        grant(4, 2, 1),
    ];
    commit(&*store, grants.map(create)).await;
    let ended = async || {
        let page = store.grants(&GrantFilter::default(), 10).await.unwrap();
        let revoked = |state: &GrantState| matches!(state, GrantState::Revoked { .. });
        let states = page.items.iter().map(|grant| revoked(&grant.state));
        states.collect::<Vec<bool>>()
    };
    commit(&*store, [revoke_all_of(1, Some(1))]).await;
    assert_eq!(ended().await, [true, true, false, false]);
    commit(&*store, [revoke_all_of(1, None), revoke_all_of(3, None)]).await;
    assert_eq!(ended().await, [true, true, true, false]);
}

/// A token that is denied twice stays so until the later end.
pub async fn tokens_are_denied(database: &Database) {
    let store = database.open().await;
    commit(&*store, [deny(1, 100), deny(1, 50), deny(2, 50), deny(2, 100)]).await;
    let mut tokens = store.revocations(at(0)).await.unwrap().tokens;
    tokens.sort();
    assert_eq!(tokens, [1, 2].map(|n| (token_id(n), at(100))));
}

/// Attempts are counted and forgotten: by a success, or when the last one was too long ago.
pub async fn attempts_are_counted(database: &Database) {
    let store = database.open().await;
    let key = attempt_key(1);
    let count = |seconds, since| Change::CountLoginAttempt {
        key,
        at: at(seconds),
        since: at(since),
    };
    let read = async || {
        let found = store.login_attempts(&[key]).await.unwrap();
        (found[0].count, found[0].last_at)
    };
    commit(&*store, [Change::ForgetLoginAttempts(key)]).await;
    assert_eq!(
        store.login_attempts(&[key]).await.unwrap(),
        [LoginAttempts::default()]
    );

    commit(&*store, [count(5, 100)]).await;
    assert_eq!(read().await, (1, at(5)));
    commit(&*store, [count(6, 5), count(4, 6)]).await;
    assert_eq!(read().await, (3, at(4)));
    commit(&*store, [count(9, 5)]).await;
    assert_eq!(read().await, (1, at(9)));
    commit(&*store, [count(9, 9), count(9, 0)]).await;
    assert_eq!(read().await, (3, at(9)));

    commit(&*store, [count(10, 0), Change::ForgetLoginAttempts(key)]).await;
    assert_eq!(read().await, (0, Timestamp::default()));
    commit(&*store, [Change::ForgetLoginAttempts(key), count(11, 0)]).await;
    assert_eq!(read().await, (1, at(11)));
}

/// A key is replaced whole.
pub async fn keys_are_replaced(database: &Database) {
    let store = database.open().await;
    let mut key = key(1, 10);
    commit(&*store, [Change::PutKey(key.clone())]).await;
    key.retire_at = Some(at(99));
    key.wrapped = vec![1; 3_000];
    commit(&*store, [Change::PutKey(key.clone())]).await;
    assert_eq!(store.keys().await.unwrap(), [key]);
}

/// A commit of nothing succeeds and changes nothing.
pub async fn nothing_is_a_commit_too(database: &Database) {
    let store = database.open().await;
    let position = store.event_position().await.unwrap();
    commit(&*store, []).await;
    assert_eq!(store.event_position().await.unwrap(), position);
}
