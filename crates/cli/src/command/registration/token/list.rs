//! `grantor registration token list`.

use clap::Args;

use super::view;
use crate::engine::DatabaseArguments;
use crate::output::{CommandError, instant, print_json, print_table};

/// List the initial access tokens.
#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    database: DatabaseArguments,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl List {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        let tokens = self.database.open()?.initial_access_tokens().await?;
        if self.json {
            return print_json(&tokens.iter().map(view).collect::<Vec<_>>());
        }
        let rows = tokens.iter().map(|token| {
            vec![
                token.id.to_string(),
                token.name.clone(),
                token
                    .uses_left
                    .map_or_else(|| "any".to_owned(), |left| left.to_string()),
                instant(token.created_at),
                instant(token.expires_at),
            ]
        });
        print_table(
            &["ID", "NAME", "USES LEFT", "MADE", "ENDS"],
            rows.collect(),
            "There are no such tokens; `grantor registration token create` makes one.",
        );
        Ok(())
    }
}
