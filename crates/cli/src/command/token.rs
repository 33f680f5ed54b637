//! `grantor token`.

mod device;
mod list;
mod personal;
mod revoke;
mod revoke_all;

use clap::Subcommand;

use crate::output::CommandError;

/// Get tokens as a device does; make, see and end personal access tokens.
#[derive(Debug, Subcommand)]
pub(crate) enum TokenCommand {
    Device(device::Device),
    Personal(personal::Personal),
    List(list::List),
    Revoke(revoke::Revoke),
    RevokeAll(revoke_all::RevokeAll),
}

impl TokenCommand {
    pub(super) async fn run(self) -> Result<(), CommandError> {
        match self {
            Self::Device(command) => command.run().await,
            Self::Personal(command) => command.run().await,
            Self::List(command) => command.run().await,
            Self::Revoke(command) => command.run().await,
            Self::RevokeAll(command) => command.run().await,
        }
    }
}
