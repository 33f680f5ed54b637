//! `grantor registration token delete`.

use clap::Args;
use grantor_protocol::Change;
use grantor_types::InitialAccessTokenId;
use serde_json::json;

use crate::change;
use crate::engine::DatabaseArguments;
use crate::output::{CommandError, print_json, say};

/// Delete an initial access token. The clients that were registered with it stay.
#[derive(Debug, Args)]
pub(crate) struct Delete {
    /// Its id, as `list` shows it.
    #[arg(allow_hyphen_values = true)]
    id: String,
    #[command(flatten)]
    database: DatabaseArguments,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Delete {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        let store = self.database.open()?;
        let known = store.initial_access_tokens().await?;
        let id = InitialAccessTokenId::parse(&self.id);
        let token = known.iter().find(|token| Some(token.id) == id);
        let Some(token) = token else {
            return Err(CommandError::usage(format!(
                "there is no initial access token {}; `grantor registration token list` shows those that there are",
                self.id
            )));
        };
        let deleted = Change::DeleteInitialAccessToken(token.id);
        change::commit(&*store, vec![deleted], "the initial access token").await?;
        if self.json {
            return print_json(&json!({ "deleted": token.id }));
        }
        say!("the initial access token {} is deleted", token.id);
        Ok(())
    }
}
