//! `grantor vault path`.

use clap::Args;
use serde_json::json;

use crate::output::{CommandError, print_json, say};
use crate::vault::VaultArguments;

/// Print where the vault is. With --json also what opens it, and whether it is there yet.
#[derive(Debug, Args)]
pub(crate) struct Path {
    #[command(flatten)]
    vault: VaultArguments,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Path {
    pub(crate) fn run(self) -> Result<(), CommandError> {
        let path = self.vault.path()?;
        if self.json {
            let source = self.vault.key_source()?.map(|source| source.to_string());
            return print_json(&json!({
                "vault": path.display().to_string(), "exists": path.exists(), "key": source,
            }));
        }
        say!("{}", path.display());
        Ok(())
    }
}
