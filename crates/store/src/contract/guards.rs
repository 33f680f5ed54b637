//! Every guard that fails, alone and among other changes, leaves everything as it was.

use grantor_protocol::record::{DeviceAuthorization, PersonalAccessToken, Revision, Session};
use grantor_protocol::{Change, Expect};

use super::sample::flow::{
    approve, create_device, delete_issuer, delete_personal, deny_device, device, make, personal,
    personal_hash, push, pushed, put_issuer, redeem_device, touch, trusted_issuer, use_once, user_code,
};
use super::sample::{
    active_grant, at, attempt_key, client, client_id, consent, create, deny, grant, key, new_client,
    new_user, put_client, put_user, redeem, resource, resource_server, revoke, revoke_all_of, revoked_grant,
    rotate, scope_definition, session, session_id, user, user_id,
};
use super::snapshot::Snapshot;
use super::{Database, commit, conflict};

/// Each failing guard, in each place of a list that touches every table.
pub async fn a_guard_that_fails_changes_nothing(database: &Database) {
    let store = database.open().await;
    commit(&*store, something_of_everything()).await;
    let before = Snapshot::of(&*store).await;
    let position = store.event_position().await.expect("the position");
    for failing in failing() {
        let bystanders = bystanders();
        let lists = [
            vec![failing.clone()],
            [bystanders.clone(), vec![failing.clone()]].concat(),
            [vec![failing.clone()], bystanders.clone()].concat(),
            [bystanders.clone(), vec![failing.clone()], more_bystanders()].concat(),
        ];
        for list in lists {
            conflict(&*store, list).await;
            assert_eq!(Snapshot::of(&*store).await, before, "{failing:?}");
            let told = store.events_since(position).await.expect("events");
            assert!(told.0.is_empty(), "{failing:?}");
        }
    }
    commit(&*store, [bystanders(), more_bystanders()].concat()).await;
    assert_ne!(Snapshot::of(&*store).await, before);
}

/// A guard looks at what the list has done so far, not at what was there before it.
pub async fn a_guard_sees_the_changes_before_it(database: &Database) {
    let store = database.open().await;
    let chain = [
        create(grant(1, 1, 1)),
        redeem(1),
        rotate(1, 0),
        rotate(1, 1),
        new_client(1),
        Change::DeleteClient(client_id(1)),
        new_client(1),
        new_user(1),
    ];
    commit(&*store, chain).await;
    let before = Snapshot::of(&*store).await;
    conflict(&*store, [create(grant(2, 1, 1)), create(grant(2, 1, 1))]).await;
    conflict(&*store, [create(grant(2, 1, 1)), redeem(2), redeem(2)]).await;
    conflict(&*store, [revoke(1), rotate(1, 2)]).await;
    conflict(&*store, [new_client(2), new_client(2)]).await;
    conflict(
        &*store,
        [Change::DeleteClient(client_id(1)), revoke(1), rotate(1, 2)],
    )
    .await;
    let twin = || Change::CreateSession(session(1, 1));
    conflict(&*store, [twin(), twin()]).await;
    assert_eq!(Snapshot::of(&*store).await, before);
}

fn something_of_everything() -> Vec<Change> {
    vec![
        new_client(1),
        new_user(1),
        new_user(2),
        Change::PutScope(scope_definition(1)),
        Change::PutResource(resource_server(1)),
        Change::CreateSession(session(1, 1)),
        Change::CreateSession(session(2, 1)),
        Change::AddConsent(consent(1, 1, "a")),
        create(grant(1, 1, 1)),
        create(active_grant(2, 1, 1, Some(3))),
        create(active_grant(3, 2, 1, None)),
        create(revoked_grant(4, 1, 1)),
        deny(1, 100),
        count(1),
        count(1),
        count(2),
        Change::PutKey(key(1, 10)),
        use_once(1, 100),
        create_device(device(1)),
        create_device(device(2)),
        approve(2, 1),
        create_device(device(3)),
        deny_device(3),
        push(pushed(1)),
        make(personal(1, 1)),
        put_issuer(trusted_issuer(1)),
    ]
}

/// Changes whose guard does not hold after [`something_of_everything`], wherever they stand among the bystanders.
fn failing() -> Vec<Change> {
    let mut namesake = user(3);
    namesake.username = user(1).username.to_uppercase();
    let mut thief = user(2);
    thief.username = user(1).username.to_lowercase();
    let stranger = Session {
        user: user_id(2),
        ..session(1, 1)
    };
    let coded_like_another = DeviceAuthorization {
        user_code: user_code(1),
        ..device(99)
    };
    let hashed_like_another = PersonalAccessToken {
        hash: personal_hash(1),
        ..personal(99, 2)
    };
    vec![
        new_client(1),
        put_client(client(1), Expect::Revision(Revision(0))),
        put_client(client(9), Expect::Revision(Revision(1))),
        new_user(1),
        put_user(user(1), Expect::Revision(Revision(2))),
        put_user(user(9), Expect::Revision(Revision(1))),
        put_user(namesake, Expect::Absent),
        put_user(thief, Expect::Revision(Revision(1))),
        Change::CreateSession(session(1, 1)),
        Change::CreateSession(stranger),
        Change::RenewSession(session(1, 2)),
        Change::RenewSession(session(9, 1)),
        Change::RequireSession(session_id(9)),
        create(grant(1, 1, 1)),
        create(grant(4, 2, 2)),
        redeem(2),
        redeem(4),
        redeem(99),
        rotate(1, 0),
        rotate(2, 2),
        rotate(2, 4),
        rotate(2, u64::MAX),
        rotate(3, 0),
        rotate(4, 0),
        rotate(99, 0),
        use_once(1, 9_000),
        create_device(device(1)),
        create_device(coded_like_another),
        approve(2, 2),
        approve(3, 1),
        approve(99, 1),
        deny_device(2),
        deny_device(3),
        redeem_device(1, 1),
        redeem_device(3, 1),
        redeem_device(99, 1),
        push(pushed(1)),
        make(personal(1, 2)),
        make(hashed_like_another),
    ]
}

/// Changes that succeed and touch every table, and let no guard of [`failing`] hold.
fn bystanders() -> Vec<Change> {
    let mut renamed = client(1);
    renamed.name = "Renamed".into();
    renamed.origins.clear();
    vec![
        put_client(renamed, Expect::Revision(Revision(1))),
        new_client(5),
        put_user(user(2), Expect::Revision(Revision(1))),
        new_user(5),
        Change::PutScope(scope_definition(5)),
        Change::DeleteScope(scope_definition(1).name),
        Change::PutResource(resource_server(5)),
        Change::DeleteResource(resource(1)),
        Change::CreateSession(session(5, 1)),
        Change::EndSession(session_id(2)),
        Change::AddConsent(consent(1, 1, "b")),
        Change::AddConsent(consent(2, 1, "b")),
        create(grant(5, 1, 1)),
        redeem(5),
        rotate(5, 0),
        create(active_grant(6, 1, 1, Some(0))),
        revoke(6),
        deny(1, 200),
        deny(5, 100),
        count(1),
        count(3),
        Change::ForgetLoginAttempts(attempt_key(2)),
        Change::PutKey(key(5, 10)),
        use_once(5, 100),
        create_device(device(5)),
        approve(5, 1),
        redeem_device(5, 5),
        push(pushed(5)),
        push(pushed(6)),
        make(personal(5, 1)),
        touch(1, 60),
        put_issuer(trusted_issuer(5)),
        delete_issuer(1),
    ]
}

/// Changes that end things, for the end of a list.
fn more_bystanders() -> Vec<Change> {
    vec![
        Change::DeleteConsent {
            user: user_id(1),
            client: client_id(1),
        },
        revoke_all_of(1, Some(1)),
        revoke_all_of(2, None),
        Change::EndSessionsOf(user_id(1)),
        Change::DeleteClient(client_id(5)),
        Change::ForgetLoginAttempts(attempt_key(1)),
        deny_device(1),
        redeem_device(2, 2),
        delete_personal(5, 1),
        Change::DeletePersonalAccessTokensOf(user_id(1)),
    ]
}

fn count(number: u8) -> Change {
    Change::CountLoginAttempt {
        key: attempt_key(number),
        at: at(20),
        since: at(0),
    }
}
