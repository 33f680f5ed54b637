//! Secrets stay where they are.

use grantor_vault::{Compartment, Reason, RecordKey, RefreshError, Storage as _, VaultError};

use crate::world::{World, credential, master};

const SECRETS: [&str; 6] = [
    "access-token-1",
    "refresh-token-1",
    "client-secret-1",
    "id-token-1",
    "access-token-2",
    "refresh-token-2",
];

fn assert_silent(text: &str) {
    for secret in SECRETS {
        assert!(!text.contains(secret), "{secret} is in {text}");
    }
}

#[tokio::test]
async fn nothing_that_is_printed_holds_a_secret() {
    let world = World::new().await;
    assert_silent(&format!("{:?} {:?}", credential(), master(1)));
    world.store("id").await;
    let token = world.manager.valid_access_token("id").await.unwrap();
    let stored = world.manager.get("id").await.unwrap();
    let listed = world.manager.list().await.unwrap();
    assert_silent(&format!("{token:?} {stored:?} {listed:?} {:?}", world.manager));
    world.clock.advance(3600);
    let token = world.manager.valid_access_token("id").await.unwrap();
    assert_silent(&format!("{token:?}"));
    assert_silent(&world.log.text());
    let key = RecordKey::new(Compartment::default(), "id").unwrap();
    let record = world.storage.load(&key).await.unwrap().unwrap();
    assert_silent(&String::from_utf8_lossy(&record.bytes));
}

#[tokio::test]
async fn what_a_provider_echoes_is_taken_out() {
    let echo = Reason::new("400 for refresh_token=refresh-token-1 & client_secret=client-secret-1");
    for error in [
        RefreshError::NotApplied {
            reason: echo.clone(),
            retry_after: None,
        },
        RefreshError::UserNeeded(echo.clone()),
        RefreshError::Refused(echo.clone()),
        RefreshError::OutcomeUnknown(echo.clone()),
    ] {
        let world = World::new().await;
        world.store("id").await;
        world.clock.advance(3600);
        world.provider.fail(error);
        let error: VaultError = world.token("id").await.unwrap_err();
        let listed = world.manager.list().await.unwrap();
        let printed = format!("{error} {error:?} {listed:?} {}", world.log.text());
        assert!(printed.contains("[redacted]"), "{printed}");
        assert_silent(&printed);
    }
}
