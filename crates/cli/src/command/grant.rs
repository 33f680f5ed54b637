//! `grantor grant`.

mod list;
mod revoke;

use clap::Subcommand;
use grantor_server::admin::{Action, Request};
use grantor_types::ClientId;

use crate::administrator::Administrator;
use crate::command::user;
use crate::output::{self, CommandError};

/// See and end what clients may do for users.
#[derive(Debug, Subcommand)]
pub(crate) enum GrantCommand {
    List(list::List),
    Revoke(revoke::Revoke),
}

impl GrantCommand {
    pub(super) async fn run(self) -> Result<(), CommandError> {
        match self {
            Self::List(command) => command.run().await,
            Self::Revoke(command) => command.run().await,
        }
    }
}

/// The request for the grants of a user, of a client, or of both.
async fn of(
    administrator: &Administrator,
    user: Option<&str>,
    client: Option<&ClientId>,
) -> Result<Request, CommandError> {
    let mut request = Request::new(Action::ListGrants, &[]);
    if let Some(name) = user {
        let (user, _) = user::find(administrator, name).await?;
        request = request.with("user", output::list(user.id));
    }
    if let Some(client) = client {
        request = request.with("client", client.as_str());
    }
    Ok(request)
}
