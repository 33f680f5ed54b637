//! `grantor client list`.

use clap::Args;
use grantor_server::admin::{Action, ClientDocument, Request};

use super::view;
use crate::command::listing::{ListArguments, Table};
use crate::output::{CommandError, list};

/// List the clients.
#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    list: ListArguments,
}

const TABLE: Table = Table {
    titles: &["CLIENT_ID", "NAME", "KIND", "GRANTS", "SCOPE"],
    nothing: "There are no clients yet; `grantor client create` registers one.",
};

impl List {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        let row = |client: &ClientDocument| {
            vec![
                list(&client.id),
                client.name.clone(),
                view::kind(client).to_owned(),
                list(&client.grant_types),
                client.scope.to_string(),
            ]
        };
        self.list
            .run(Request::new(Action::ListClients, &[]), &TABLE, row)
            .await
    }
}
