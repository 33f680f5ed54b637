//! `grantor scope create`.

use clap::Args;
use grantor_protocol::Change;
use grantor_protocol::record::ScopeDefinition;
use grantor_types::ScopeToken;

use crate::argument::text;
use crate::change;
use crate::engine::DatabaseArguments;
use crate::output::{CommandError, print_json, say};

/// Make a scope known.
#[derive(Debug, Args)]
pub(crate) struct Create {
    /// The scope token.
    #[arg(value_parser = text::<ScopeToken>)]
    name: ScopeToken,
    /// What it allows, in a sentence for the consent page.
    #[arg(long, default_value = "")]
    description: String,
    /// Replace the scope of this name when there is one.
    #[arg(long)]
    replace: bool,
    #[command(flatten)]
    database: DatabaseArguments,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Create {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        let store = self.database.open()?;
        let scope = ScopeDefinition {
            name: self.name,
            description: self.description,
        };
        let scopes = store.scopes().await?;
        let name = scope.name.as_str();
        if !self.replace && scopes.iter().any(|known| known.name == scope.name) {
            return Err(CommandError::usage(format!(
                "there is a scope {name} already; --replace replaces it"
            )));
        }
        change::commit(
            &*store,
            vec![Change::PutScope(scope.clone())],
            &format!("scope {name}"),
        )
        .await?;
        if self.json {
            return print_json(&scope);
        }
        say!("scope {name} is known");
        Ok(())
    }
}
