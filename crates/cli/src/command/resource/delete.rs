//! `grantor resource delete`.

use clap::Args;
use grantor_protocol::Change;
use grantor_types::Resource;
use serde_json::json;

use crate::argument::text;
use crate::change;
use crate::engine::DatabaseArguments;
use crate::output::{CommandError, print_json, say};

/// Forget a resource server: its tokens follow policy again, and its introspectors speak for it no more.
#[derive(Debug, Args)]
pub(crate) struct Delete {
    /// The resource indicator.
    #[arg(value_name = "RESOURCE", value_parser = text::<Resource>)]
    id: Resource,
    #[command(flatten)]
    database: DatabaseArguments,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Delete {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        let store = self.database.open()?;
        let resources = store.resources().await?;
        let id = self.id.to_string();
        if resources.iter().all(|known| known.id != self.id) {
            return Err(CommandError::usage(format!(
                "there is no resource server {id}; `grantor resource list` shows those there are"
            )));
        }
        change::commit(
            &*store,
            vec![Change::DeleteResource(self.id)],
            &format!("resource server {id}"),
        )
        .await?;
        if self.json {
            return print_json(&json!({ "deleted": id }));
        }
        say!("resource server {id} is no longer known");
        Ok(())
    }
}
