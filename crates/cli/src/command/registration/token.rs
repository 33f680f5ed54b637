//! `grantor registration token`.

mod create;
mod delete;
mod list;

use clap::Subcommand;
use grantor_protocol::record::InitialAccessToken;
use serde_json::{Value, json};

use crate::output::{CommandError, instant};

/// What can be done with initial access tokens.
#[derive(Debug, Subcommand)]
pub(crate) enum TokenCommand {
    Create(create::Create),
    List(list::List),
    Delete(delete::Delete),
}

impl TokenCommand {
    pub(super) async fn run(self) -> Result<(), CommandError> {
        match self {
            Self::Create(command) => command.run().await,
            Self::List(command) => command.run().await,
            Self::Delete(command) => command.run().await,
        }
    }
}

/// A token as JSON. Its text is not kept and so not shown.
fn view(token: &InitialAccessToken) -> Value {
    json!({
        "id": token.id,
        "name": token.name,
        "uses_left": token.uses_left,
        "created_at": instant(token.created_at),
        "expires_at": instant(token.expires_at),
    })
}
