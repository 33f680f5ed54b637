//! `grantor user`.

mod claims;
mod create;
mod list;
mod password;
mod set_password;
mod show;
mod switch;
mod update;
mod view;

use clap::Subcommand;
use grantor_server::admin::{Action, Request, UserDocument};

use crate::administrator::Administrator;
use crate::output::{self, CommandError};

/// Administer the people who can log in.
#[derive(Debug, Subcommand)]
pub(crate) enum UserCommand {
    Create(create::Create),
    List(list::List),
    Show(show::Show),
    Update(update::Update),
    SetPassword(set_password::SetPassword),
    Disable(switch::Disable),
    Enable(switch::Enable),
}

impl UserCommand {
    pub(super) async fn run(self) -> Result<(), CommandError> {
        match self {
            Self::Create(command) => command.run().await,
            Self::List(command) => command.run().await,
            Self::Show(command) => command.run().await,
            Self::Update(command) => command.run().await,
            Self::SetPassword(command) => command.run().await,
            Self::Disable(command) => command.run().await,
            Self::Enable(command) => command.run().await,
        }
    }
}

/// The user with this login name or id, and the entity tag.
///
/// # Errors
/// When there is none.
pub(super) async fn find(
    administrator: &Administrator,
    name: &str,
) -> Result<(UserDocument, Option<String>), CommandError> {
    let named = Request::new(Action::ListUsers, &[]).with("username", name);
    let found: Vec<UserDocument> = administrator.all(named).await?;
    let id = found
        .first()
        .map_or_else(|| name.to_owned(), |user| output::list(user.id));
    administrator.read(Request::new(Action::ShowUser, &[&id])).await
}

/// Writes a user as they are now.
async fn save(
    administrator: &Administrator,
    user: &UserDocument,
    etag: Option<String>,
) -> Result<UserDocument, CommandError> {
    let body = serde_json::to_value(user).map_err(|error| CommandError::caused_by("JSON", &error))?;
    let replace = Request::new(Action::ReplaceUser, &[&output::list(user.id)])
        .if_match(etag)
        .body(body);
    Ok(administrator.read(replace).await?.0)
}
