//! What OpenID Connect leaves behind: clients of a session, jobs, registrations.

use grantor_protocol::record::{GrantState, Job, MAX_INITIAL_ACCESS_TOKENS, RevocationReason, Session};
use grantor_protocol::{Change, Expect};
use grantor_types::{SecretHash, SessionId};

use super::sample::flow::{
    create_job, initial, initial_hash, initial_id, job, job_id, join, make_initial, move_job, use_initial,
};
use super::sample::{
    active_grant, at, client, client_id, create, grant_id, new_client, put_client, scope, session,
    session_id, user_id,
};
use super::{Database, commit, conflict};
use crate::Event;

/// A client joins a session once; all leave with it.
pub async fn clients_join_sessions(database: &Database) {
    let store = database.open().await;
    let clients = async |number| store.clients_of_session(session_id(number)).await.unwrap();
    let start = |number, user| Change::CreateSession(session(number, user));
    let sessions = [start(1, 1), start(2, 1), start(3, 2)];
    commit(&*store, sessions).await;
    commit(
        &*store,
        [join(1, 2, 60), join(1, 1, 60), join(2, 1, 60), join(3, 1, 60)],
    )
    .await;
    commit(&*store, [join(1, 2, 60)]).await;
    assert_eq!(clients(1).await, [1, 2].map(client_id));
    assert!(clients(9).await.is_empty());

    commit(&*store, [Change::EndSession(session_id(1))]).await;
    assert!(clients(1).await.is_empty());
    assert_eq!(clients(2).await, [client_id(1)]);
    commit(&*store, [Change::EndSessionsOf(user_id(1))]).await;
    assert!(clients(2).await.is_empty());
    assert_eq!(clients(3).await, [client_id(1)]);
    // A session that ended by itself takes them along with the sweep.
    assert_eq!(store.sweep(at(60), 10).await.unwrap(), 1);
    assert!(clients(3).await.is_empty());
}

/// A session that is renewed has a new login, and keeps its id and its clients until the new end.
pub async fn sessions_are_renewed(database: &Database) {
    let store = database.open().await;
    let began = [session(1, 1), session(2, 1)].map(Change::CreateSession);
    commit(&*store, began).await;
    commit(&*store, [join(1, 1, 60), join(2, 1, 60)]).await;
    let renewed = Session {
        secret: SecretHash::from_digest([3; 32]),
        auth_time: at(50),
        authentication_methods: vec!["otp".to_owned()],
        user_agent: "another".to_owned(),
        expires_at: at(100),
        ..session(1, 1)
    };
    commit(&*store, [Change::RenewSession(renewed.clone())]).await;
    assert_eq!(store.session(renewed.id).await.unwrap(), Some(renewed.clone()));
    store.sweep(at(60), 10).await.unwrap();
    assert_eq!(
        store.clients_of_session(renewed.id).await.unwrap(),
        [client_id(1)]
    );
    assert_eq!(store.clients_of_session(session_id(2)).await.unwrap(), []);
    assert_eq!(store.session(session_id(2)).await.unwrap(), Some(session(2, 1)));

    commit(&*store, [Change::RequireSession(renewed.id)]).await;
    commit(&*store, [Change::EndSession(renewed.id)]).await;
    conflict(&*store, [Change::RequireSession(renewed.id)]).await;
    conflict(&*store, [Change::RenewSession(renewed)]).await;
}

/// The grants of a session end with it, but for those that were given offline access.
pub async fn grants_of_a_session_end(database: &Database) {
    let store = database.open().await;
    let of_session = |number, user, session: u32, tokens| {
        let mut grant = active_grant(number, user, 1, Some(0));
        grant.session = Some(session_id(session));
        grant.scope = scope(tokens);
        create(grant)
    };
    let grants = [
        of_session(1, 1, 5, "openid"),
        of_session(2, 1, 5, "offline_access openid"),
        of_session(3, 1, 6, "openid"),
        of_session(4, 2, 5, "openid"),
    ];
    commit(&*store, grants).await;
    let (_, position) = store
        .events_since(store.event_position().await.unwrap())
        .await
        .unwrap();
    let end = |session: SessionId| Change::RevokeGrantsOfSession {
        user: user_id(1),
        session,
        at: at(20),
    };
    commit(&*store, [end(session_id(5)), end(session_id(7))]).await;
    let ended = GrantState::Revoked {
        at: at(20),
        reason: RevocationReason::Logout,
    };
    for (number, expected) in [(1, true), (2, false), (3, false), (4, false)] {
        let grant = store.grant(grant_id(number)).await.unwrap().unwrap();
        assert_eq!(grant.state == ended, expected, "grant {number}");
    }
    let (events, _) = store.events_since(position).await.unwrap();
    assert_eq!(events, [Event::GrantRevoked(grant_id(1))]);
}

/// A job is done by whoever moves it first, and comes again when it is put off.
pub async fn jobs_are_claimed_and_put_off(database: &Database) {
    let store = database.open().await;
    let due = async |now, limit| store.jobs_due(at(now), limit).await.unwrap();
    assert!(due(1_000, 10).await.is_empty());
    commit(
        &*store,
        [
            create_job(job(1, 20)),
            create_job(job(2, 10)),
            create_job(job(3, 30)),
        ],
    )
    .await;
    conflict(&*store, [create_job(job(1, 20))]).await;
    assert_eq!(due(20, 10).await, [job(2, 10), job(1, 20)]);
    assert_eq!(due(30, 1).await, [job(2, 10)]);

    commit(&*store, [move_job(2, 10, 40, 1)]).await;
    conflict(&*store, [move_job(2, 10, 50, 1)]).await;
    conflict(&*store, [move_job(9, 10, 50, 1)]).await;
    assert_eq!(due(30, 10).await, [job(1, 20), job(3, 30)]);
    let moved = Job {
        attempts: 1,
        ..job(2, 40)
    };
    commit(
        &*store,
        [Change::DeleteJob(job_id(1)), Change::DeleteJob(job_id(9))],
    )
    .await;
    assert_eq!(due(40, 10).await, [job(3, 30), moved]);
}

/// An initial access token has so many uses, and is found by its hash alone.
pub async fn initial_access_tokens(database: &Database) {
    let store = database.open().await;
    let read = async |number| store.initial_access_token(&initial_hash(number)).await.unwrap();
    commit(&*store, [make_initial(initial(2)), make_initial(initial(1))]).await;
    conflict(&*store, [make_initial(initial(1))]).await;
    let mut twin = initial(3);
    twin.hash = initial_hash(1);
    conflict(&*store, [make_initial(twin)]).await;
    assert_eq!(store.initial_access_tokens().await.unwrap(), [1, 2].map(initial));

    commit(&*store, [use_initial(1), use_initial(2), use_initial(2)]).await;
    conflict(&*store, [use_initial(2)]).await;
    conflict(&*store, [use_initial(9)]).await;
    commit(&*store, [use_initial(1)]).await;
    assert_eq!(read(1).await, Some(initial(1)));
    assert_eq!(read(2).await.unwrap().uses_left, Some(0));
    commit(&*store, [Change::DeleteInitialAccessToken(initial_id(1))]).await;
    assert_eq!(read(1).await, None);
    assert_eq!(store.sweep(at(3_600), 10).await.unwrap(), 1);

    let most = u32::try_from(MAX_INITIAL_ACCESS_TOKENS).unwrap();
    commit(&*store, (1..=most).map(|number| make_initial(initial(number)))).await;
    conflict(&*store, [make_initial(initial(most + 1))]).await;
}

/// Clients that registered themselves are counted, and go when nobody uses them.
pub async fn registered_clients(database: &Database) {
    let store = database.open().await;
    let limit = Change::LimitRegistrations;
    conflict(&*store, [limit(0)]).await;
    // Every second client of the samples registered itself.
    commit(
        &*store,
        [new_client(1), limit(1), new_client(2), limit(2), new_client(4)],
    )
    .await;
    conflict(&*store, [limit(2), new_client(6)]).await;
    assert_eq!(store.client(&client_id(6)).await.unwrap(), None);

    let mut used = client(4);
    if let Some(registration) = &mut used.registration {
        registration.unused_until = None;
    }
    used.revision = used.revision.next();
    commit(&*store, [put_client(used, Expect::Revision(client(4).revision))]).await;
    assert_eq!(store.sweep(at(59), 10).await.unwrap(), 0);
    let position = store.event_position().await.unwrap();
    assert_eq!(store.sweep(at(60), 10).await.unwrap(), 1);
    let (events, _) = store.events_since(position).await.unwrap();
    assert_eq!(events, [Event::Client(client_id(2))]);
    let left = store.clients(None, 10).await.unwrap().items;
    let left: Vec<_> = left.into_iter().map(|client| client.id).collect();
    assert_eq!(left, [1, 4].map(client_id));
    commit(&*store, [limit(2)]).await;
}
