//! `grantor vault delete`.

use clap::Args;
use serde_json::json;

use crate::output::{CommandError, print_json, say};
use crate::vault::{VaultArguments, vault_error};

/// Delete a login from the vault, and ask nobody. Its tokens stay good until they end: `grantor logout` revokes them first.
#[derive(Debug, Args)]
pub(crate) struct Delete {
    /// What the login is called.
    name: String,
    #[command(flatten)]
    vault: VaultArguments,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Delete {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        let name = &self.name;
        let vault = self.vault.open_for(name).await?;
        vault
            .delete(name)
            .await
            .map_err(|error| vault_error(name, &error))?;
        if self.json {
            return print_json(&json!({ "deleted": name }));
        }
        say!("{name} is deleted. Its tokens were not revoked and are good until they end.");
        Ok(())
    }
}
