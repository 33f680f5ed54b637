//! `grantor admin`.

mod token;

use clap::Subcommand;

use crate::output::CommandError;

/// Get what it takes to use a server's administration API.
#[derive(Debug, Subcommand)]
pub(crate) enum AdminCommand {
    Token(token::Token),
}

impl AdminCommand {
    pub(super) async fn run(self) -> Result<(), CommandError> {
        match self {
            Self::Token(command) => command.run().await,
        }
    }
}
