//! `grantor issuer`.

mod create;
mod delete;
mod list;

use clap::Subcommand;

use crate::output::CommandError;

/// Administer trusted issuers: others whose JWTs are taken for grants and exchanges.
#[derive(Debug, Subcommand)]
pub(crate) enum IssuerCommand {
    Create(create::Create),
    List(list::List),
    Delete(delete::Delete),
}

impl IssuerCommand {
    pub(super) async fn run(self) -> Result<(), CommandError> {
        match self {
            Self::Create(command) => command.run().await,
            Self::List(command) => command.run().await,
            Self::Delete(command) => command.run().await,
        }
    }
}
