//! `grantor vault`.

mod delete;
mod list;
mod path;
mod rekey;
mod reseal;
mod rotate_key;
mod show;
mod standing;

use clap::Subcommand;

use crate::output::CommandError;

/// See, end and seal anew what logins have brought.
#[derive(Debug, Subcommand)]
pub(crate) enum VaultCommand {
    List(list::List),
    Show(show::Show),
    Delete(delete::Delete),
    RotateKey(rotate_key::RotateKey),
    Reseal(reseal::Reseal),
    Rekey(rekey::Rekey),
    Path(path::Path),
}

impl VaultCommand {
    pub(super) async fn run(self) -> Result<(), CommandError> {
        match self {
            Self::List(command) => command.run().await,
            Self::Show(command) => command.run().await,
            Self::Delete(command) => command.run().await,
            Self::RotateKey(command) => command.run().await,
            Self::Reseal(command) => command.run().await,
            Self::Rekey(command) => command.run().await,
            Self::Path(command) => command.run(),
        }
    }
}
