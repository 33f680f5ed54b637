//! `grantor token NAME`: an access token that is good.

use clap::Args;
use grantor_vault::AccessToken;
use serde_json::json;

use crate::output::{CommandError, instant, print_json, say};
use crate::vault::{DEFAULT_NAME, VaultArguments, vault_error};

/// An access token of a login.
#[derive(Debug, Args)]
pub(super) struct Access {
    /// What the login is called.
    #[arg(default_value = DEFAULT_NAME)]
    name: String,
    /// Print the whole header, for `curl -H @-`: the token then stands in no list of processes.
    #[arg(long, conflicts_with = "json")]
    header: bool,
    /// Get another token in place of one that an API refuses although it should be good.
    #[arg(long)]
    renew: bool,
    /// Send the refresh token again although nobody knows what became of it. Some providers take that for theft.
    #[arg(long, conflicts_with = "renew")]
    retry: bool,
    #[command(flatten)]
    vault: VaultArguments,
    /// Print JSON: the token, its type and its end.
    #[arg(long)]
    json: bool,
}

impl Access {
    pub(super) async fn run(self) -> Result<(), CommandError> {
        let name = &self.name;
        let vault = self.vault.open_for(name).await?;
        let token = match self.retry {
            true => vault.retry(name).await,
            false => vault.valid_access_token(name).await,
        };
        let token = match token {
            Ok(token) if self.renew => vault.renew_rejected(name, &token).await,
            token => token,
        };
        let token = token.map_err(|error| vault_error(name, &error))?;
        self.print(&token)
    }

    fn print(&self, token: &AccessToken) -> Result<(), CommandError> {
        if self.json {
            return print_json(&json!({
                "name": self.name, "access_token": token.expose(), "token_type": token.token_type(),
                "expires_at": token.expires_at().map(instant),
            }));
        }
        match self.header {
            true => say!("Authorization: {} {}", token.token_type(), token.expose()),
            false => say!("{}", token.expose()),
        }
        Ok(())
    }
}
