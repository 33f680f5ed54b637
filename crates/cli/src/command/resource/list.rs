//! `grantor resource list`.

use clap::Args;
use grantor_protocol::record::ResourceServer;
use grantor_server::admin::{Action, Request};

use crate::command::listing::{ListArguments, Table};
use crate::config::Setting as _;
use crate::output::{CommandError, list};

/// List the resource servers.
#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    list: ListArguments,
}

const TABLE: Table = Table {
    titles: &[
        "RESOURCE",
        "NAME",
        "FORMAT",
        "ALGORITHM",
        "LIFETIME",
        "INTROSPECTORS",
    ],
    nothing: "No resource server is known yet; `grantor resource create` declares one.",
};

impl List {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        self.list
            .run(Request::new(Action::ListResources, &[]), &TABLE, row)
            .await
    }
}

fn row(resource: &ResourceServer) -> Vec<String> {
    let lifetime = resource.access_token_lifetime.map(|lifetime| lifetime.show());
    vec![
        resource.id.to_string(),
        resource.name.clone(),
        list(resource.access_token_format),
        list(resource.access_token_algorithm),
        lifetime.unwrap_or_default(),
        list(&resource.introspectors),
    ]
}
