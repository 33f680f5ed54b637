//! `grantor client show`.

use clap::Args;
use grantor_types::ClientId;

use super::{find, view};
use crate::argument::text;
use crate::engine::DatabaseArguments;
use crate::output::{CommandError, print_json};

/// Show one client.
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// Its client_id.
    #[arg(value_name = "CLIENT_ID", value_parser = text::<ClientId>)]
    id: ClientId,
    #[command(flatten)]
    database: DatabaseArguments,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Show {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        let client = find(&*self.database.open()?, &self.id).await?;
        if self.json {
            return print_json(&view::json(&client)?);
        }
        view::print(&client);
        Ok(())
    }
}
