//! Tokens in the vault, renewed by the client.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use grantor_client::{Seconds, Timestamp};
use grantor_tests::Server;
use grantor_vault::{Clock, CredentialManager, MasterKey, MemoryStorage, SystemClock, VaultError};

use super::{call, sign_in, web};

/// The time, and as much as the test puts on top.
#[derive(Clone, Default)]
struct Ahead(Arc<std::sync::atomic::AtomicU64>);

#[async_trait]
impl Clock for Ahead {
    fn now(&self) -> Timestamp {
        let ahead = self.0.load(std::sync::atomic::Ordering::SeqCst);
        SystemClock.now().plus(Seconds(ahead))
    }

    async fn pause(&self, time: Duration) {
        SystemClock.pause(time).await;
    }
}

#[tokio::test]
async fn a_token_that_ends_is_renewed_and_a_login_that_is_over_is_told() {
    let server = Server::start().await;
    let client = web(&server).await;
    let tokens = sign_in(&server, &client, "openid read offline_access").await;
    let (first, refresh) = (tokens.access_token.clone(), tokens.refresh_token.clone().unwrap());

    let clock = Ahead::default();
    let (master_key, _) = MasterKey::generate().unwrap();
    let manager = CredentialManager::builder(MemoryStorage::default(), master_key)
        .refresher(client.clone())
        .clock(clock.clone())
        .open()
        .await
        .unwrap();
    let credential = tokens.into_credential(&client).build().unwrap();
    manager.store("work", credential).await.unwrap();
    let held = manager.valid_access_token("work").await.unwrap();
    assert_eq!(held.expose(), first.expose(), "fresh enough");

    clock.0.store(24 * 3_600, std::sync::atomic::Ordering::SeqCst);
    let renewed = manager.valid_access_token("work").await.unwrap();
    assert_ne!(renewed.expose(), first.expose());
    let stored = manager.get("work").await.unwrap();
    let stored = &stored.credential;
    assert_ne!(
        stored.refresh_token().map(|token| token.expose()),
        Some(refresh.expose())
    );
    let tokens = grantor_client::Tokens::restored(
        stored.access_token().clone(),
        grantor_client::TokenType::Bearer,
        stored.scope().clone(),
    );
    assert_eq!(call(&server, &client, &tokens).await.status, 200);

    let newest = stored.refresh_token().unwrap();
    client
        .revoke(newest, grantor_client::TokenHint::RefreshToken)
        .await
        .unwrap();
    clock.0.store(48 * 3_600, std::sync::atomic::Ordering::SeqCst);
    let over = manager.valid_access_token("work").await.unwrap_err();
    assert!(
        matches!(over, VaultError::ReauthorizationRequired { .. }),
        "{over}"
    );
}
