//! A process of the tests that holds secrets and lets go of them. After each step it says so and waits for a line, so that
//! the test can look into its memory. `VAULT_FILE` says where its vault is, and `VAULT_KEY_FILE` where a master key.

use std::error::Error;
use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use grantor_types::{Seconds, Secret, SecretBytes, Timestamp};
use grantor_vault::{
    Clock, Credential, CredentialManager, FileStorage, MasterKey, Reason, Refresh, RefreshError, Refreshed,
};
use grantor_vault_processes::secret;

type Failure = Box<dyn Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    step("begun")?;
    let clock = Moved::default();
    let provider = Provider::default();
    let path = std::env::var("VAULT_FILE")?;
    let manager = CredentialManager::builder(FileStorage::open(&path).await?, master("master-key")?)
        .refresher(provider.clone())
        .clock(clock.clone())
        .open()
        .await?;
    manager.store("id", credential()?).await?;
    let token = manager.valid_access_token("id").await?;
    let stored = manager.get("id").await?;
    step("held")?;

    drop((token, stored));
    clock.0.fetch_add(3600, Ordering::SeqCst);
    let rejected = manager.valid_access_token("id").await?;
    let token = manager.renew_rejected("id", &rejected).await?;
    drop(rejected);
    manager.rotate_key().await?;
    manager.reseal().await?;
    manager
        .change_master_key(&MasterKey::from_file(std::env::var("VAULT_KEY_FILE")?)?)
        .await?;
    let passphrase = MasterKey::from_passphrase(Secret::new(secret("passphrase")))?;
    manager.change_master_key(&passphrase).await?;
    drop(passphrase);
    step("renewed")?;

    clock.0.fetch_add(3600, Ordering::SeqCst);
    // It panics with the credential in its hands.
    provider.0.store(u64::MAX, Ordering::SeqCst);
    manager
        .valid_access_token("id")
        .await
        .err()
        .ok_or("it did not panic")?;
    manager.store("id", credential()?).await?;
    let large = Secret::new(secret("large").repeat(10_000));
    let large = Credential::builder(large).build()?;
    manager
        .store("id", large)
        .await
        .err()
        .ok_or("it is not too large")?;
    manager.list().await?;
    drop((token, manager, provider));
    let wrong = CredentialManager::builder(FileStorage::open(&path).await?, master("master-key")?);
    wrong.open().await.err().ok_or("the old master key opens it")?;
    step("dropped")
}

/// Says what was done, and waits until the test has looked.
fn step(name: &str) -> Result<(), Failure> {
    println!("{name}");
    std::io::stdout().flush()?;
    std::io::stdin().read_line(&mut String::new())?;
    Ok(())
}

fn master(name: &str) -> Result<MasterKey, Failure> {
    let mut bytes = secret(name).into_bytes();
    // What is cut off is not wiped; the test looks for what is left.
    bytes.truncate(32);
    Ok(MasterKey::from_bytes(SecretBytes::new(bytes))?)
}

fn credential() -> Result<Credential, Failure> {
    let builder = Credential::builder(Secret::new(secret("access-token-1")))
        .refresh_token(Secret::new(secret("refresh-token-1")))
        .client_id("client")
        .client_secret(Secret::new(secret("client-secret")))
        .secret("dpop_key", key())
        .expires_in(Duration::from_secs(3600));
    Ok(builder.build()?)
}

/// A secret that has to be escaped in JSON.
fn key() -> Secret {
    let secret = Secret::new(secret("dpop-key"));
    let (before, after) = ("{\"d\":\"", "\"}");
    let mut text = String::with_capacity(before.len() + secret.expose().len() + after.len());
    text.push_str(before);
    text.push_str(secret.expose());
    text.push_str(after);
    Secret::new(text)
}

/// Gives out the next tokens each time.
#[derive(Clone, Default)]
struct Provider(Arc<AtomicU64>);

#[async_trait]
impl Refresh for Provider {
    #[expect(clippy::panic, reason = "what becomes of the secrets then is looked at")]
    async fn refresh(&self, credential: &Credential) -> Result<Refreshed, RefreshError> {
        let number = self.0.fetch_add(1, Ordering::SeqCst);
        if number == u64::MAX {
            panic!("the provider's library panics with {credential:?}");
        }
        let number = number + 2;
        let sent = Secret::new(secret(&format!("refresh-token-{}", number - 1)));
        let held = credential.refresh_token().map(Secret::expose);
        if held != Some(sent.expose()) {
            return Err(RefreshError::UserNeeded(Reason::new("another refresh token")));
        }
        Ok(Refreshed {
            expires_in: Some(Seconds(3600)),
            refresh_token: Some(Secret::new(secret(&format!("refresh-token-{number}")))),
            ..Refreshed::new(Secret::new(secret(&format!("access-token-{number}"))))
        })
    }
}

/// Stands still but when it is moved, in seconds.
#[derive(Clone, Default)]
struct Moved(Arc<AtomicU64>);

#[async_trait]
impl Clock for Moved {
    fn now(&self) -> Timestamp {
        Timestamp::from_seconds(1_000_000 + self.0.load(Ordering::SeqCst))
    }

    async fn pause(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}
