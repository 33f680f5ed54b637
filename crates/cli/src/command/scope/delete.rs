//! `grantor scope delete`.

use clap::Args;
use grantor_protocol::Change;
use grantor_types::ScopeToken;
use serde_json::json;

use crate::argument::text;
use crate::change;
use crate::engine::DatabaseArguments;
use crate::output::{CommandError, print_json, say};

/// Forget a scope: nobody can ask for it any more. Tokens that carry it live on.
#[derive(Debug, Args)]
pub(crate) struct Delete {
    /// The scope token.
    #[arg(value_parser = text::<ScopeToken>)]
    name: ScopeToken,
    #[command(flatten)]
    database: DatabaseArguments,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Delete {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        let store = self.database.open()?;
        let scopes = store.scopes().await?;
        let name = self.name.as_str().to_owned();
        if scopes.iter().all(|known| known.name != self.name) {
            return Err(CommandError::usage(format!(
                "there is no scope {name}; `grantor scope list` shows those there are"
            )));
        }
        change::commit(
            &*store,
            vec![Change::DeleteScope(self.name)],
            &format!("scope {name}"),
        )
        .await?;
        if self.json {
            return print_json(&json!({ "deleted": name }));
        }
        say!("scope {name} is no longer known");
        Ok(())
    }
}
