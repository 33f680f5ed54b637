//! `grantor resource`.

mod create;
mod delete;
mod list;

use clap::Subcommand;

use crate::output::CommandError;

/// Administer resource servers: the APIs that tokens are for.
#[derive(Debug, Subcommand)]
pub(crate) enum ResourceCommand {
    Create(create::Create),
    List(list::List),
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
