//! `grantor client`.

mod create;
mod delete;
mod list;
mod registration;
mod rotate_secret;
mod secret;
mod show;
mod update;
mod view;

use clap::Subcommand;
use grantor_protocol::record::Client;
use grantor_store::Store;
use grantor_types::ClientId;

use crate::output::CommandError;

/// Register and administer clients.
#[derive(Debug, Subcommand)]
pub(crate) enum ClientCommand {
    Create(Box<create::Create>),
    List(list::List),
    Show(show::Show),
    Update(Box<update::Update>),
    Delete(delete::Delete),
    RotateSecret(rotate_secret::RotateSecret),
}

impl ClientCommand {
    pub(super) async fn run(self) -> Result<(), CommandError> {
        match self {
            Self::Create(command) => command.run().await,
            Self::List(command) => command.run().await,
            Self::Show(command) => command.run().await,
            Self::Update(command) => command.run().await,
            Self::Delete(command) => command.run().await,
            Self::RotateSecret(command) => command.run().await,
        }
    }
}

/// The client with this id.
///
/// # Errors
/// When there is none.
pub(super) async fn find(store: &dyn Store, id: &ClientId) -> Result<Client, CommandError> {
    let found = store.client(id).await?;
    found.ok_or_else(|| {
        CommandError::usage(format!(
            "there is no client {id}; `grantor client list` shows those there are"
        ))
    })
}
