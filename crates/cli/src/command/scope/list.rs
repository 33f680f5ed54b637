//! `grantor scope list`.

use clap::Args;

use crate::engine::DatabaseArguments;
use crate::output::{CommandError, print_json, print_table};

/// List the scopes.
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
        let scopes = self.database.open()?.scopes().await?;
        if self.json {
            return print_json(&scopes);
        }
        let rows = scopes
            .iter()
            .map(|scope| vec![scope.name.as_str().to_owned(), scope.description.clone()]);
        print_table(
            &["SCOPE", "DESCRIPTION"],
            rows.collect(),
            "No scope is known yet; `grantor scope create` makes one known.",
        );
        Ok(())
    }
}
