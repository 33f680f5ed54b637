//! `grantor key`.

mod list;
mod new_master;
mod rotate;

use clap::Subcommand;

use crate::output::CommandError;

/// Administer the keys that sign and seal.
#[derive(Debug, Subcommand)]
pub(crate) enum KeyCommand {
    List(list::List),
    Rotate(rotate::Rotate),
    NewMaster(new_master::NewMaster),
}

impl KeyCommand {
    pub(super) async fn run(self) -> Result<(), CommandError> {
        match self {
            Self::List(command) => command.run().await,
            Self::Rotate(command) => command.run().await,
            Self::NewMaster(command) => command.run(),
        }
    }
}
