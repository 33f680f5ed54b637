//! `grantor client show`.

use clap::Args;
use grantor_types::ClientId;

use super::{find, view};
use crate::administrator::AdministratorArguments;
use crate::argument::text;
use crate::output::{CommandError, print_json};

/// Show one client.
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// Its client_id.
    #[arg(value_name = "CLIENT_ID", value_parser = text::<ClientId>)]
    id: ClientId,
    #[command(flatten)]
    administrator: AdministratorArguments,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Show {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        let (client, _) = find(&self.administrator.open()?, &self.id).await?;
        if self.json {
            return print_json(&client);
        }
        view::print(&client);
        Ok(())
    }
}
