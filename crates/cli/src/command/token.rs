//! `grantor token`.

mod device;

use clap::Subcommand;

use crate::output::CommandError;

/// Get tokens.
#[derive(Debug, Subcommand)]
pub(crate) enum TokenCommand {
    Device(device::Device),
}

impl TokenCommand {
    pub(super) async fn run(self) -> Result<(), CommandError> {
        match self {
            Self::Device(command) => command.run().await,
        }
    }
}
