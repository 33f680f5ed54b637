//! `grantor registration`.

mod token;

use clap::Subcommand;

use crate::output::CommandError;

/// Administer how clients register themselves.
#[derive(Debug, Subcommand)]
pub(crate) enum RegistrationCommand {
    /// Make, see and delete initial access tokens, which let somebody register clients (RFC 7591).
    #[command(subcommand)]
    Token(token::TokenCommand),
}

impl RegistrationCommand {
    pub(super) async fn run(self) -> Result<(), CommandError> {
        match self {
            Self::Token(command) => command.run().await,
        }
    }
}
