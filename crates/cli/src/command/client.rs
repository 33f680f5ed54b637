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
use grantor_server::admin::{Action, ClientDocument, Request};
use grantor_types::ClientId;
use serde_json::{Map, Value};

use crate::administrator::Administrator;
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

/// The client with this id, and its entity tag.
///
/// # Errors
/// When there is none.
pub(super) async fn find(
    administrator: &Administrator,
    id: &ClientId,
) -> Result<(ClientDocument, Option<String>), CommandError> {
    administrator
        .read(Request::new(Action::ShowClient, &[id.as_str()]))
        .await
}

/// A client as the members of a request.
///
/// # Errors
/// When it cannot be written, which no document does.
fn members(client: &ClientDocument) -> Result<Map<String, Value>, CommandError> {
    let value = serde_json::to_value(client).map_err(|error| CommandError::caused_by("JSON", &error))?;
    Ok(value.as_object().cloned().unwrap_or_default())
}
