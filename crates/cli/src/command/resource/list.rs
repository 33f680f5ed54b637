//! `grantor resource list`.

use clap::Args;

use crate::config::Setting as _;
use crate::engine::DatabaseArguments;
use crate::output::{CommandError, list, print_json, print_table};

/// List the resource servers.
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
        let resources = self.database.open()?.resources().await?;
        if self.json {
            return print_json(&resources);
        }
        let rows = resources.iter().map(|resource| {
            vec![
                resource.id.to_string(),
                resource.name.clone(),
                list(resource.access_token_format),
                list(resource.access_token_algorithm),
                resource
                    .access_token_lifetime
                    .map(|lifetime| lifetime.show())
                    .unwrap_or_default(),
                list(&resource.introspectors),
            ]
        });
        print_table(
            &[
                "RESOURCE",
                "NAME",
                "FORMAT",
                "ALGORITHM",
                "LIFETIME",
                "INTROSPECTORS",
            ],
            rows.collect(),
            "No resource server is known yet; `grantor resource create` declares one.",
        );
        Ok(())
    }
}
