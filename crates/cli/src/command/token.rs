//! `grantor token`.

mod device;
mod list;
mod personal;
mod revoke;
mod revoke_all;

use clap::Subcommand;
use grantor_protocol::record::PersonalAccessToken;
use serde_json::{Value, json};

use crate::output::{CommandError, instant};

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

/// A token as JSON. Its text is not kept and so not shown.
fn view(token: &PersonalAccessToken) -> Value {
    json!({
        "id": token.id,
        "user": token.user,
        "client": token.client,
        "name": token.name,
        "scope": token.scope,
        "created_at": instant(token.created_at),
        "expires_at": instant(token.expires_at),
        "last_used_at": token.last_used_at.map(instant),
    })
}
