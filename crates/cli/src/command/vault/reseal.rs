//! `grantor vault reseal`.

use clap::Args;
use grantor_vault::{CredentialManager, Resealed};
use serde_json::{Value, json};

use crate::output::{CommandError, print_json, say};
use crate::vault::{VaultArguments, vault_error};

/// Seal everything anew that an older key of the vault has sealed. May be stopped and begun again.
#[derive(Debug, Args)]
pub(crate) struct Reseal {
    #[command(flatten)]
    vault: VaultArguments,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Reseal {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        let done = reseal(&self.vault.open_there().await?).await?;
        match self.json {
            true => print_json(&document(&done))?,
            false => tell(&done),
        }
        unreadable(&done)
    }
}

pub(super) async fn reseal(vault: &CredentialManager) -> Result<Resealed, CommandError> {
    vault.reseal().await.map_err(|error| vault_error("", &error))
}

pub(super) fn document(done: &Resealed) -> Value {
    let unreadable: Vec<Value> = done
        .unreadable
        .iter()
        .map(|(key, error)| json!({ "name": key.id(), "reason": error.to_string() }))
        .collect();
    json!({ "resealed": done.resealed, "current": done.current, "unreadable": unreadable })
}

pub(super) fn tell(done: &Resealed) {
    say!(
        "{} sealed anew, {} were sealed with the current key already.",
        done.resealed,
        done.current
    );
}

/// # Errors
/// When a record did not open: somebody has to look.
pub(super) fn unreadable(done: &Resealed) -> Result<(), CommandError> {
    if done.unreadable.is_empty() {
        return Ok(());
    }
    let told: Vec<String> = done
        .unreadable
        .iter()
        .map(|(key, error)| format!("{} ({error})", key.id()))
        .collect();
    Err(CommandError::new(format!(
        "these records do not open and were left as they are: {}",
        told.join(", ")
    )))
}
