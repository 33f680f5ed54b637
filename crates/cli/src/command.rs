//! The commands, one file each.

mod apply;
pub(crate) mod check;
mod dev;
mod reference;
mod serve;

use clap::Subcommand;

use crate::output::CommandError;

/// What the binary can do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Start a development server on this machine, with users and clients to try.
    Dev(dev::Dev),
    /// Start a production server.
    Serve(serve::Serve),
    /// Check a configuration file and report every problem at once.
    Check(check::Check),
    /// Bring scopes, resource servers, clients and users to what a file declares.
    Apply(apply::Apply),
    /// Print a generated reference.
    #[command(hide = true)]
    Reference(reference::Reference),
}

impl Command {
    /// Runs the command.
    ///
    /// # Errors
    /// What to tell the person, and the exit code.
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        match self {
            Self::Dev(command) => command.run().await,
            Self::Serve(command) => command.run().await,
            Self::Check(command) => command.run(),
            Self::Apply(command) => command.run().await,
            Self::Reference(command) => command.run(),
        }
    }
}
