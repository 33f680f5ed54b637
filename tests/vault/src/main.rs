//! A process of the tests that uses a vault, and dies where it is told to. It says `ready`, waits for a line, does what it
//! should, and prints a line for each token or error. The environment tells it:
//!
//! | variable | meaning |
//! |---|---|
//! | `VAULT_STORAGE` | the vault: a file, or the URL of a PostgreSQL database |
//! | `VAULT_KEY` | its master key |
//! | `VAULT_PROVIDER` | where the provider of the test listens |
//! | `VAULT_NOW` | the time, in seconds; it stands still |
//! | `VAULT_ACTION` | `store`, `token` or `retry` |
//! | `VAULT_TASKS` | how many tasks ask for the token at once |
//! | `VAULT_KILL_AT` | the step at which the process is killed by signal 9 |
//! | `VAULT_RETRIES` | set when renewals with an unknown outcome are sent again |

mod killed;

use std::error::Error;
use std::time::Duration;

use async_trait::async_trait;
use grantor_types::{Seconds, Secret, Timestamp};
use grantor_vault::{
    Clock, Credential, CredentialManager, FileStorage, MasterKey, PostgresStorage, Reason, Refresh,
    RefreshError, RefreshPolicy, Refreshed, Storage,
};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

use killed::{KilledStorage, die_at};

type Failure = Box<dyn Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let place = variable("VAULT_STORAGE")?;
    let storage: Box<dyn Storage> = match place.starts_with("postgresql:") {
        true => Box::new(PostgresStorage::open(&place).await?),
        false => Box::new(FileStorage::open(&place).await?),
    };
    let storage = KilledStorage::new(storage);
    let policy = RefreshPolicy {
        look_again: Duration::from_millis(5),
        jitter: Seconds(0),
        retry_unknown_outcomes: std::env::var_os("VAULT_RETRIES").is_some(),
        ..RefreshPolicy::default()
    };
    let now = Timestamp::from_seconds(variable("VAULT_NOW")?.parse()?);
    let opened = CredentialManager::builder(storage, MasterKey::from_environment("VAULT_KEY")?)
        .refresher(Provider(variable("VAULT_PROVIDER")?))
        .policy(policy)
        .clock(Still(now))
        .open()
        .await;
    let manager = match opened {
        Ok(manager) => manager,
        Err(error) => {
            println!("error {error}");
            return Ok(());
        }
    };
    println!("ready");
    BufReader::new(tokio::io::stdin())
        .read_line(&mut String::new())
        .await?;
    match variable("VAULT_ACTION")?.as_str() {
        "store" => manager.store("id", credential()?).await?,
        "retry" => print_token(manager.retry("id").await),
        _ => ask(&manager).await?,
    }
    Ok(())
}

async fn ask(manager: &CredentialManager) -> Result<(), Failure> {
    let tasks: usize = variable("VAULT_TASKS")?.parse()?;
    let asking = (0..tasks).map(|_| {
        let manager = manager.clone();
        tokio::spawn(async move { manager.valid_access_token("id").await })
    });
    for task in asking.collect::<Vec<_>>() {
        print_token(task.await?);
    }
    Ok(())
}

fn print_token(result: Result<grantor_vault::AccessToken, grantor_vault::VaultError>) {
    match result {
        Ok(token) => println!("ok {}", token.expose()),
        Err(error) => println!("error {error}"),
    }
}

fn credential() -> Result<Credential, Failure> {
    let builder = Credential::builder(Secret::new("access-token-1"));
    Ok(builder
        .refresh_token(Secret::new("refresh-token-1"))
        .expires_in(Duration::from_secs(3600))
        .build()?)
}

fn variable(name: &str) -> Result<String, Failure> {
    std::env::var(name).map_err(|error| format!("{name}: {error}").into())
}

/// A time that stands still, although waiting takes its time.
struct Still(Timestamp);

#[async_trait]
impl Clock for Still {
    fn now(&self) -> Timestamp {
        self.0
    }

    async fn pause(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}

/// Sends the refresh token as a line, and reads a line with the new tokens, or a word.
struct Provider(String);

#[async_trait]
impl Refresh for Provider {
    async fn refresh(&self, credential: &Credential) -> Result<Refreshed, RefreshError> {
        die_at("before-call");
        let not_applied = |error: std::io::Error| RefreshError::NotApplied {
            reason: Reason::new(&error.to_string()),
            retry_after: None,
        };
        let unknown = |error: std::io::Error| RefreshError::OutcomeUnknown(Reason::new(&error.to_string()));
        let mut stream = TcpStream::connect(&self.0).await.map_err(not_applied)?;
        let token = credential.refresh_token().map_or("", |token| token.expose());
        stream
            .write_all(format!("{token}\n").as_bytes())
            .await
            .map_err(unknown)?;
        // The provider answers when it has applied the request, so there is something to be read when it did.
        stream.readable().await.map_err(unknown)?;
        die_at("after-send");
        let mut answer = String::new();
        BufReader::new(stream)
            .read_line(&mut answer)
            .await
            .map_err(unknown)?;
        die_at("after-answer");
        match answer.trim().split_once(' ') {
            Some((access, refresh)) => Ok(Refreshed {
                expires_in: Some(Seconds(3600)),
                refresh_token: Some(Secret::new(refresh)),
                ..Refreshed::new(Secret::new(access))
            }),
            None => Err(RefreshError::UserNeeded(Reason::new(&answer))),
        }
    }
}
