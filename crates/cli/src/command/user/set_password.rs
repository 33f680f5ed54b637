//! `grantor user set-password`.

use clap::Args;
use grantor_server::admin::{Action, Request, UserDocument};
use serde_json::json;

use super::find;
use super::password::PasswordArguments;
use crate::administrator::AdministratorArguments;
use crate::output::{CommandError, list, print_json, say};

/// Set a new password. The user's sessions end: whoever knew the old one is out.
#[derive(Debug, Args)]
pub(crate) struct SetPassword {
    /// Login name or id.
    user: String,
    #[command(flatten)]
    password: PasswordArguments,
    #[command(flatten)]
    administrator: AdministratorArguments,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl SetPassword {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        let administrator = self.administrator.open()?;
        let (user, etag) = find(&administrator, &self.user).await?;
        let id = list(user.id);
        let password = self.password.read()?;
        let set = Request::new(Action::SetPassword, &[&id])
            .if_match(etag)
            .body(json!({ "password": password.expose() }));
        administrator.send(set).await?;
        if self.json {
            let (user, _): (UserDocument, _) =
                administrator.read(Request::new(Action::ShowUser, &[&id])).await?;
            return print_json(&user);
        }
        say!("user {} has a new password; their sessions ended", user.username);
        Ok(())
    }
}
