//! `grantor scope`.

mod create;
mod delete;
mod list;

use clap::Subcommand;

use crate::output::CommandError;

/// Administer the scopes that the server knows.
#[derive(Debug, Subcommand)]
pub(crate) enum ScopeCommand {
    Create(create::Create),
    List(list::List),
    Delete(delete::Delete),
}

impl ScopeCommand {
    pub(super) async fn run(self) -> Result<(), CommandError> {
        match self {
            Self::Create(command) => command.run().await,
            Self::List(command) => command.run().await,
            Self::Delete(command) => command.run().await,
        }
    }
}
