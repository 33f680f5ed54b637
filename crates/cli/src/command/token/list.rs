//! `grantor token list`.

use clap::Args;

use super::view;
use crate::command::user;
use crate::engine::DatabaseArguments;
use crate::output::{CommandError, instant, print_json, print_table};

/// List somebody's personal access tokens.
#[derive(Debug, Args)]
pub(crate) struct List {
    /// Whose: login name or id.
    #[arg(long)]
    user: String,
    #[command(flatten)]
    database: DatabaseArguments,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl List {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        let store = self.database.open()?;
        let owner = user::find(&*store, &self.user).await?;
        let tokens = store.personal_access_tokens_of(owner.id).await?;
        if self.json {
            return print_json(&tokens.iter().map(view).collect::<Vec<_>>());
        }
        let rows = tokens.iter().map(|token| {
            vec![
                token.id.to_string(),
                token.name.clone(),
                token.scope.to_string(),
                token.client.as_ref().map(ToString::to_string).unwrap_or_default(),
                instant(token.expires_at),
                token.last_used_at.map_or_else(|| "never".to_owned(), instant),
            ]
        });
        print_table(
            &["ID", "NAME", "SCOPE", "MADE BY", "ENDS", "LAST USED"],
            rows.collect(),
            "There are no such tokens; `grantor token personal` makes one.",
        );
        Ok(())
    }
}
