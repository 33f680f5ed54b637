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
use grantor_protocol::record::User;
use grantor_protocol::{Change, Expect};
use grantor_store::Store;
use grantor_types::UserId;

use crate::change;
use crate::output::CommandError;

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

/// The user with this login name or id.
///
/// # Errors
/// When there is none.
pub(super) async fn find(store: &dyn Store, name: &str) -> Result<User, CommandError> {
    let mut found = store.user_by_username(name).await?;
    if let (None, Some(id)) = (&found, UserId::parse(name)) {
        found = store.user(id).await?;
    }
    found.ok_or_else(|| {
        CommandError::usage(format!(
            "there is no user {name}; `grantor user list` shows those there are"
        ))
    })
}

/// Writes a user who was `before`, with whatever else has to happen at the same time.
async fn save(
    store: &dyn Store,
    before: &User,
    changed: User,
    also: Vec<Change>,
) -> Result<User, CommandError> {
    let user = User {
        updated_at: change::now(),
        revision: before.revision.next(),
        ..changed
    };
    let put = Change::PutUser {
        user: Box::new(user.clone()),
        expect: Expect::Revision(before.revision),
    };
    let changes = std::iter::once(put).chain(also).collect();
    change::commit(store, changes, &format!("user {}", before.username)).await?;
    Ok(user)
}
