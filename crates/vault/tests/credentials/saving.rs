//! Answers that are not easily written down.

use async_trait::async_trait;
use grantor_types::Secret;
use grantor_vault::{Credential, MAX_CREDENTIAL_BYTES, Refresh, RefreshError, Refreshed, VaultError};

use crate::world::World;

#[tokio::test]
async fn an_answer_is_written_again_while_the_storage_fails() {
    let world = World::new().await;
    let waiting = world.renewal_under_way("id").await;
    let before = world.storage.writes();
    world.storage.fail_writes(4);
    world.provider.open();
    for (tried, pause) in [(1, 100), (2, 200), (3, 400), (4, 800)] {
        while world.storage.writes() - before < tried {
            tokio::task::yield_now().await;
        }
        world.clock.advance_milliseconds(pause - 1);
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        assert_eq!(world.storage.writes() - before, tried, "before {pause} ms");
        world.clock.advance_milliseconds(1);
    }
    assert_eq!(waiting.await.unwrap().unwrap().expose(), "access-token-2");
    assert_eq!(world.token("id").await.unwrap(), "access-token-2");
}

#[tokio::test]
async fn an_answer_that_cannot_be_written_leaves_a_mark() {
    let world = World::new().await;
    let waiting = world.renewal_under_way("id").await;
    world.storage.fail_writes(5);
    world.provider.open();
    while !waiting.is_finished() {
        world.clock.advance_milliseconds(50);
        tokio::task::yield_now().await;
    }
    let error = waiting.await.unwrap().unwrap_err();
    assert!(matches!(error, VaultError::Storage(_)), "{error}");
    world.clock.advance(30);
    let error = world.token("id").await.unwrap_err();
    assert!(matches!(error, VaultError::OutcomeUnknown(_)), "{error}");
    assert_eq!(world.provider.calls(), 1);
}

/// Answers with a token that no record takes.
struct Huge;

#[async_trait]
impl Refresh for Huge {
    async fn refresh(&self, _: &Credential) -> Result<Refreshed, RefreshError> {
        Ok(Refreshed::new(Secret::new("x".repeat(MAX_CREDENTIAL_BYTES))))
    }
}

#[tokio::test]
async fn an_answer_that_is_too_large_is_not_tried_again() {
    let world = World::new().await;
    let manager = world.beside().refresher(Huge).open().await.unwrap();
    world.store("id").await;
    world.clock.advance(3600);
    let before = world.storage.writes();
    // The clock stands still: a pause would never end.
    let error = manager.valid_access_token("id").await.unwrap_err();
    assert!(matches!(error, VaultError::TooLarge), "{error}");
    assert_eq!(world.storage.writes() - before, 1);
}
