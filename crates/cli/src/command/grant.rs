//! `grantor grant`.

mod list;
mod revoke;

use clap::Subcommand;
use grantor_protocol::record::Grant;
use grantor_store::{GrantFilter, Store};

use crate::engine::PAGE;
use crate::output::CommandError;

/// See and end what clients may do for users.
#[derive(Debug, Subcommand)]
pub(crate) enum GrantCommand {
    List(list::List),
    Revoke(revoke::Revoke),
}

impl GrantCommand {
    pub(super) async fn run(self) -> Result<(), CommandError> {
        match self {
            Self::List(command) => command.run().await,
            Self::Revoke(command) => command.run().await,
        }
    }
}

/// Every grant that passes the filter.
async fn all(store: &dyn Store, mut filter: GrantFilter) -> Result<Vec<Grant>, CommandError> {
    let mut grants: Vec<Grant> = Vec::new();
    loop {
        filter.after = grants.last().map(|grant| grant.id);
        let page = store.grants(&filter, PAGE).await?;
        grants.extend(page.items);
        if !page.more {
            return Ok(grants);
        }
    }
}
