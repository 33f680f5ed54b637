//! `grantor client delete`.

use clap::Args;
use grantor_protocol::Change;
use grantor_types::ClientId;
use serde_json::json;

use super::find;
use crate::argument::text;
use crate::change;
use crate::engine::DatabaseArguments;
use crate::output::{CommandError, print_json, say};

/// Delete a client with its consents and grants; its tokens become inactive.
#[derive(Debug, Args)]
pub(crate) struct Delete {
    /// Its client_id.
    #[arg(value_name = "CLIENT_ID", value_parser = text::<ClientId>)]
    id: ClientId,
    #[command(flatten)]
    database: DatabaseArguments,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Delete {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        let store = self.database.open()?;
        let client = find(&*store, &self.id).await?;
        let subject = format!("client {}", client.id);
        change::commit(&*store, vec![Change::DeleteClient(client.id.clone())], &subject).await?;
        if self.json {
            return print_json(&json!({ "deleted": client.id }));
        }
        say!("{subject} deleted, with its consents and grants");
        Ok(())
    }
}
