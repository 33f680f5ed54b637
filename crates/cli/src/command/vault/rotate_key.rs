//! `grantor vault rotate-key`.

use clap::Args;
use serde_json::json;

use super::reseal;
use crate::output::{CommandError, print_json, say};
use crate::vault::{VaultArguments, vault_error};

/// Make a new key inside the vault, which seals from now on, and seal everything anew with it. What opens the vault stays the
/// same: `grantor vault rekey` changes that.
#[derive(Debug, Args)]
pub(crate) struct RotateKey {
    #[command(flatten)]
    vault: VaultArguments,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl RotateKey {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        let vault = self.vault.open_there().await?;
        let version = vault.rotate_key().await;
        let version = version.map_err(|error| vault_error("", &error))?;
        let done = reseal::reseal(&vault).await?;
        match self.json {
            true => {
                let mut document = reseal::document(&done);
                if let Some(members) = document.as_object_mut() {
                    members.insert("key".to_owned(), json!(version));
                }
                print_json(&document)?;
            }
            false => {
                say!("Key {version} seals from now on.");
                reseal::tell(&done);
            }
        }
        reseal::unreadable(&done)
    }
}
