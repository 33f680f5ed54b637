//! `grantor client delete`.

use clap::Args;
use grantor_server::admin::Action;
use grantor_types::ClientId;

use crate::argument::text;
use crate::command::listing::DeleteArguments;
use crate::output::CommandError;

/// Delete a client with its consents and grants; its tokens become inactive.
#[derive(Debug, Args)]
pub(crate) struct Delete {
    /// Its client_id.
    #[arg(value_name = "CLIENT_ID", value_parser = text::<ClientId>)]
    id: ClientId,
    #[command(flatten)]
    delete: DeleteArguments,
}

impl Delete {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        let id = self.id.as_str();
        let done = format!("client {id} deleted, with its consents and grants");
        self.delete.run(Action::DeleteClient, id, &done).await
    }
}
