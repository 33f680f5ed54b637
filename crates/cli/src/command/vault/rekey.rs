//! `grantor vault rekey`.

use clap::Args;
use serde_json::json;

use crate::output::{CommandError, print_json, say};
use crate::vault::{KeySource, VaultArguments};

/// Put the vault under another key, or a passphrase. The old one opens nothing afterwards, except copies from before.
///
/// Without --to a new key is made, in the file that has it now.
#[derive(Debug, Args)]
pub(crate) struct Rekey {
    /// What opens the vault from now on: file:PATH, env:NAME, keyring or passphrase. A file that is not there is made.
    #[arg(long, value_name = "SOURCE")]
    to: Option<KeySource>,
    #[command(flatten)]
    vault: VaultArguments,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Rekey {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        let now = self.vault.change_key(self.to).await?;
        let path = self.vault.path()?;
        if self.json {
            return print_json(&json!({ "vault": path.display().to_string(), "key": now.to_string() }));
        }
        say!("{} is opened by {now} from now on.", path.display());
        Ok(())
    }
}
