//! `grantor client list`.

use clap::Args;
use grantor_protocol::record::Client;
use grantor_store::Store;

use super::view;
use crate::engine::{DatabaseArguments, PAGE};
use crate::output::{CommandError, list, print_json, print_table};

/// List the clients.
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
        let clients = all(&*self.database.open()?).await?;
        if self.json {
            let views = clients.iter().map(view::json).collect::<Result<Vec<_>, _>>()?;
            return print_json(&views);
        }
        let rows = clients.iter().map(|client| {
            vec![
                client.id.to_string(),
                client.name.clone(),
                view::kind(client).to_owned(),
                list(&client.grant_types),
                client.scope.to_string(),
            ]
        });
        print_table(
            &["CLIENT_ID", "NAME", "KIND", "GRANTS", "SCOPE"],
            rows.collect(),
            "There are no clients yet; `grantor client create` registers one.",
        );
        Ok(())
    }
}

/// Every client.
async fn all(store: &dyn Store) -> Result<Vec<Client>, CommandError> {
    let mut clients: Vec<Client> = Vec::new();
    loop {
        let after = clients.last().map(|client| client.id.clone());
        let page = store.clients(after.as_ref(), PAGE).await?;
        clients.extend(page.items);
        if !page.more {
            return Ok(clients);
        }
    }
}
