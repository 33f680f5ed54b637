//! How long `valid_access_token` takes for a fresh credential: `cargo run --release -p grantor-vault --example valid_access_token`.

use std::hint::black_box;
use std::time::{Duration, Instant};

use grantor_types::Secret;
use grantor_vault::{CredentialManager, MasterKey, MemoryStorage};

const CALLS: u32 = 1_000_000;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (master_key, _) = MasterKey::generate()?;
    let manager = CredentialManager::builder(MemoryStorage::default(), master_key)
        .open()
        .await?;
    let credential = grantor_vault::Credential::builder(Secret::new("t".repeat(1000)))
        .refresh_token(Secret::new("refresh"))
        .expires_in(Duration::from_secs(3600))
        .build()?;
    manager.store("id", credential).await?;
    for round in 1..=5 {
        let begun = Instant::now();
        for _ in 0..CALLS {
            black_box(manager.valid_access_token(black_box("id")).await?);
        }
        let each = begun.elapsed() / CALLS;
        println!("round {round}: {each:?} for each of {CALLS} calls");
    }
    Ok(())
}
