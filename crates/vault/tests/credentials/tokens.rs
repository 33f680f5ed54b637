//! Tokens that are handed out and renewed.

use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::join_all;
use grantor_types::{Seconds, Secret};
use grantor_vault::{Credential, Reason, RefreshError, RefreshPolicy, State, VaultError};

use crate::world::{World, credential};

#[tokio::test]
async fn a_token_is_renewed_shortly_before_its_end() {
    let world = World::new().await;
    world.store("id").await;
    assert_eq!(world.token("id").await.unwrap(), "access-token-1");
    world.clock.advance(3269);
    assert_eq!(world.token("id").await.unwrap(), "access-token-1");
    assert_eq!(world.provider.calls(), 0);
    world.clock.advance(31);
    assert_eq!(world.token("id").await.unwrap(), "access-token-2");
    assert_eq!(world.token("id").await.unwrap(), "access-token-2");
    assert_eq!(world.provider.calls(), 1);
    let expected = [
        "stored",
        "used",
        "used",
        "refresh_started",
        "refreshed",
        "used",
        "used",
    ];
    assert_eq!(world.log.names(), expected);
    let stored = world.manager.get("id").await.unwrap();
    assert_eq!(
        stored.credential.refresh_token().unwrap().expose(),
        "refresh-token-2"
    );
    assert_eq!(
        stored.credential.client_secret().unwrap().expose(),
        "client-secret-1"
    );
    assert_eq!(stored.summary.generation, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_tasks_cause_one_refresh() {
    // Time goes by in small steps while they run, so leases are long.
    let policy = RefreshPolicy {
        look_again: Duration::from_millis(1),
        lease: Seconds::days(2),
        call_timeout: Duration::from_secs(86_400),
        ..RefreshPolicy::default()
    };
    let world = World::with(policy.clone()).await;
    let beside = world.beside().policy(policy).open().await.unwrap();
    world.store("id").await;
    world.clock.advance(3600);
    let tasks: Vec<_> = (0..100)
        .map(|number| {
            let manager = if number % 2 == 0 { &world.manager } else { &beside };
            let manager = manager.clone();
            tokio::spawn(async move {
                manager
                    .valid_access_token("id")
                    .await
                    .unwrap()
                    .expose()
                    .to_owned()
            })
        })
        .collect();
    let clock = world.clock.clone();
    let time = tokio::spawn(async move {
        loop {
            clock.advance_milliseconds(1);
            tokio::task::yield_now().await;
        }
    });
    for task in tasks {
        assert_eq!(task.await.unwrap(), "access-token-2");
    }
    time.abort();
    assert_eq!(world.provider.calls(), 1);
}

#[tokio::test]
async fn a_caller_that_gives_up_does_not_stop_the_renewal() {
    let world = World::new().await;
    world.store("id").await;
    world.clock.advance(3600);
    world.provider.close();
    {
        let waiting = world.manager.valid_access_token("id");
        tokio::pin!(waiting);
        while world.provider.calls() == 0 {
            tokio::select! {
                biased;
                _ = &mut waiting => panic!("nothing was answered"),
                () = tokio::task::yield_now() => {}
            }
        }
    }
    world.provider.open();
    assert_eq!(world.token("id").await.unwrap(), "access-token-2");
    assert_eq!(world.provider.calls(), 1);
}

#[tokio::test]
async fn a_failure_without_harm_leaves_the_old_token_in_use() {
    let world = World::new().await;
    world.store("id").await;
    world.clock.advance(3300);
    let reason = Reason::new("no route");
    world.provider.fail(RefreshError::NotApplied {
        reason,
        retry_after: None,
    });
    assert_eq!(world.token("id").await.unwrap(), "access-token-1");
    assert_eq!(world.token("id").await.unwrap(), "access-token-1");
    assert_eq!(world.provider.calls(), 1);
    world
        .provider
        .fail(RefreshError::Refused(Reason::new("invalid_client")));
    world.clock.advance(300);
    let error = world.token("id").await.unwrap_err();
    let VaultError::NotRenewed { reason, retry_at } = error else {
        panic!("{error}")
    };
    assert_eq!(reason.as_str(), "invalid_client");
    // The second in a row waits for two seconds.
    let expires_at = world.manager.get("id").await.unwrap().summary.expires_at.unwrap();
    assert_eq!(retry_at, expires_at.plus(Seconds(2)));
    assert!(matches!(
        world.token("id").await,
        Err(VaultError::NotRenewed { .. })
    ));
    assert_eq!(world.provider.calls(), 2);
}

#[tokio::test]
async fn what_needs_the_user_stops_until_something_new_is_stored() {
    let world = World::new().await;
    world.store("id").await;
    world.clock.advance(3600);
    world
        .provider
        .fail(RefreshError::UserNeeded(Reason::new("invalid_grant")));
    for _ in 0..3 {
        assert!(matches!(
            world.token("id").await,
            Err(VaultError::ReauthorizationRequired(_))
        ));
    }
    assert_eq!(world.provider.calls(), 1);
    world.store("id").await;
    assert_eq!(world.token("id").await.unwrap(), "access-token-1");
}

#[tokio::test]
async fn a_provider_that_does_not_answer_leaves_a_mark_and_retry_goes_on() {
    let world = World::new().await;
    let waiting = world.renewal_under_way("id").await;
    world.clock.advance(20);
    assert!(matches!(
        waiting.await.unwrap(),
        Err(VaultError::OutcomeUnknown(_))
    ));
    assert!(world.log.names().contains(&"outcome_unknown"));
    world.provider.open();
    assert!(matches!(
        world.token("id").await,
        Err(VaultError::OutcomeUnknown(_))
    ));
    assert_eq!(world.provider.calls(), 1);
    // This provider takes the old token only as the first; it counts calls, so it takes it for a replay and fails.
    world
        .provider
        .fail(RefreshError::UserNeeded(Reason::new("invalid_grant")));
    let error = world.manager.retry("id").await.unwrap_err();
    assert!(matches!(error, VaultError::ReauthorizationRequired(_)));
    assert_eq!(world.provider.calls(), 2);
}

#[tokio::test]
async fn a_library_that_panics_is_an_error_and_later_a_mark() {
    let world = World::new().await;
    world.store("id").await;
    world.clock.advance(3600);
    world.provider.panic_next();
    assert!(matches!(world.token("id").await, Err(VaultError::Interrupted)));
    let stored = world.manager.get("id").await.unwrap();
    assert!(matches!(stored.summary.state, State::Refreshing { .. }));
    world.clock.advance(30);
    assert!(matches!(
        world.token("id").await,
        Err(VaultError::OutcomeUnknown(_))
    ));
    assert_eq!(world.provider.calls(), 1);
}

#[tokio::test]
async fn a_login_overtakes_a_renewal_under_way() {
    let world = World::new().await;
    let waiting = world.renewal_under_way("id").await;
    let newer = Credential::builder(Secret::new("from a login")).build().unwrap();
    world.manager.store("id", newer).await.unwrap();
    assert_eq!(world.token("id").await.unwrap(), "from a login");
    world.provider.open();
    assert_eq!(waiting.await.unwrap().unwrap().expose(), "from a login");
    assert!(world.log.names().contains(&"overtaken"));
    assert_eq!(world.token("id").await.unwrap(), "from a login");
}

#[tokio::test]
async fn a_login_after_a_deletion_overtakes_a_renewal_under_way() {
    let world = World::new().await;
    let waiting = world.renewal_under_way("id").await;
    world.manager.delete("id").await.unwrap();
    world.clock.advance_milliseconds(1);
    let newer = Credential::builder(Secret::new("from a login")).build().unwrap();
    world.manager.store("id", newer).await.unwrap();
    // Both are the first under their id.
    assert_eq!(world.manager.get("id").await.unwrap().summary.generation, 1);
    world.provider.open();
    assert_eq!(waiting.await.unwrap().unwrap().expose(), "from a login");
    assert!(world.log.names().contains(&"overtaken"));
    let stored = world.manager.get("id").await.unwrap();
    assert_eq!(stored.credential.access_token().expose(), "from a login");
    assert_eq!(world.token("id").await.unwrap(), "from a login");
}

#[tokio::test]
async fn a_deleted_credential_stays_deleted() {
    let world = World::new().await;
    let waiting = world.renewal_under_way("id").await;
    world.manager.delete("id").await.unwrap();
    world.provider.open();
    assert!(matches!(waiting.await.unwrap(), Err(VaultError::NotFound)));
    assert!(matches!(world.token("id").await, Err(VaultError::NotFound)));
    assert!(matches!(
        world.manager.delete("id").await,
        Err(VaultError::NotFound)
    ));
}

#[tokio::test]
async fn a_refused_token_is_renewed_once_for_all_who_hold_it() {
    let world = World::new().await;
    world.store("id").await;
    let first = world.manager.valid_access_token("id").await.unwrap();
    for _ in 0..3 {
        let next = world.manager.renew_rejected("id", &first).await.unwrap();
        assert_eq!(next.expose(), "access-token-2");
    }
    assert_eq!(world.provider.calls(), 1);
}

#[tokio::test]
async fn all_who_hold_a_refused_token_at_once_wait_for_one_renewal() {
    let world = World::new().await;
    world.store("id").await;
    let first = world.manager.valid_access_token("id").await.unwrap();
    world.provider.close();
    let (loads, writes) = (world.storage.loads(), world.storage.writes());
    let waiting = join_all((0..50).map(|_| world.manager.renew_rejected("id", &first)));
    tokio::pin!(waiting);
    for _ in 0..100 {
        assert!(waiting.as_mut().now_or_never().is_none());
        tokio::task::yield_now().await;
    }
    assert_eq!(world.storage.loads() - loads, 1);
    world.provider.open();
    for next in waiting.await {
        assert_eq!(next.unwrap().expose(), "access-token-2");
    }
    assert_eq!(world.provider.calls(), 1);
    // It is read to be claimed and again for the answer, and written both times.
    let (loads, writes) = (world.storage.loads() - loads, world.storage.writes() - writes);
    assert_eq!((loads, writes), (2, 2));
}

#[tokio::test]
async fn what_others_changed_is_noticed_after_a_while() {
    let policy = RefreshPolicy {
        remember: Seconds(30),
        ..RefreshPolicy::default()
    };
    let world = World::with(policy).await;
    let beside = world.beside().open().await.unwrap();
    world.store("id").await;
    assert_eq!(world.token("id").await.unwrap(), "access-token-1");
    beside.delete("id").await.unwrap();
    assert_eq!(world.token("id").await.unwrap(), "access-token-1");
    world.clock.advance(30);
    assert!(matches!(world.token("id").await, Err(VaultError::NotFound)));

    world.store("other").await;
    assert_eq!(world.token("other").await.unwrap(), "access-token-1");
    beside.delete("other").await.unwrap();
    // A clock that was set back does not make memory last.
    world.clock.set_back(100);
    assert!(matches!(world.token("other").await, Err(VaultError::NotFound)));
}

#[tokio::test]
async fn without_anybody_to_renew_it_a_token_is_used_to_its_end() {
    let world = World::new().await;
    let manager = world.without_refresher().await;
    manager.store("id", credential()).await.unwrap();
    world.clock.advance(3599);
    assert!(manager.valid_access_token("id").await.is_ok());
    world.clock.advance(1);
    assert!(matches!(
        manager.valid_access_token("id").await,
        Err(VaultError::Expired)
    ));
}

#[tokio::test]
async fn without_anybody_to_renew_it_a_token_is_used_although_its_renewal_was_left_behind() {
    let world = World::new().await;
    let manager = world.without_refresher().await;
    let credential = Credential::builder(Secret::new("access-token-1"))
        .reacquired()
        .expires_in(Duration::from_secs(3600))
        .build()
        .unwrap();
    manager.store("id", credential).await.unwrap();
    world.clock.advance(3300);
    world.provider.panic_next();
    assert!(matches!(world.token("id").await, Err(VaultError::Interrupted)));
    // The lease has ended, the token has not.
    world.clock.advance(30);
    let token = manager.valid_access_token("id").await.unwrap();
    assert_eq!(token.expose(), "access-token-1");
}

#[tokio::test]
async fn a_call_may_not_outlast_its_lease() {
    let world = World::new().await;
    let policy = RefreshPolicy {
        call_timeout: Duration::from_secs(26),
        ..RefreshPolicy::default()
    };
    let error = world.beside().policy(policy).open().await.unwrap_err();
    assert!(matches!(error, VaultError::Settings(_)));
}
