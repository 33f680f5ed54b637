//! `grantor resource`.

mod create;
mod delete;
mod list;

use clap::Subcommand;

use crate::output::CommandError;

/// Administer resource servers: the APIs that tokens are for.
#[derive(Debug, Subcommand)]
pub(crate) enum ResourceCommand {
    /// Declare a resource server.
    Create(create::Create),
    /// List the resource servers.
    List(list::List),
    /// Forget a resource server.
    Delete(delete::Delete),
}

impl ResourceCommand {
    pub(super) async fn run(self) -> Result<(), CommandError> {
        match self {
            Self::Create(command) => command.run().await,
            Self::List(command) => command.run().await,
            Self::Delete(command) => command.run().await,
        }
    }
}
