//! `grantor token`.

mod access;
mod device;
mod list;
mod personal;
mod revoke;
mod revoke_all;

use clap::{Args, Command, Subcommand};

use crate::output::CommandError;

/// Print an access token of a login, for scripts. Renewed first if it is about to end.
///
/// Nothing but the token goes to standard output. Exit codes: 3 when somebody has to sign in again, 4 when the provider cannot
/// be asked just now.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Token {
    #[command(subcommand)]
    command: Option<TokenCommand>,
    #[command(flatten)]
    access: access::Access,
}

#[derive(Debug, Subcommand)]
enum TokenCommand {
    Device(device::Device),
    Personal(personal::Personal),
    List(list::List),
    Revoke(revoke::Revoke),
    RevokeAll(revoke_all::RevokeAll),
}

impl Token {
    pub(super) async fn run(self) -> Result<(), CommandError> {
        match self.command {
            None => self.access.run().await,
            Some(TokenCommand::Device(command)) => command.run().await,
            Some(TokenCommand::Personal(command)) => command.run().await,
            Some(TokenCommand::List(command)) => command.run().await,
            Some(TokenCommand::Revoke(command)) => command.run().await,
            Some(TokenCommand::RevokeAll(command)) => command.run().await,
        }
    }
}

/// Whether `grantor token NAME` is a command rather than a login.
pub(super) fn is_command(name: &str) -> bool {
    let commands = TokenCommand::augment_subcommands(Command::new("token"));
    name == "help"
        || commands
            .get_subcommands()
            .any(|command| command.get_name() == name)
}
