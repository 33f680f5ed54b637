//! `grantor user set-password`.

use clap::Args;
use grantor_protocol::Change;
use grantor_protocol::record::User;

use super::password::PasswordArguments;
use super::{find, save, view};
use crate::engine::DatabaseArguments;
use crate::output::{CommandError, print_json, say};

/// Set a new password. The user's sessions end: whoever knew the old one is out.
#[derive(Debug, Args)]
pub(crate) struct SetPassword {
    /// Login name or id.
    user: String,
    #[command(flatten)]
    password: PasswordArguments,
    #[command(flatten)]
    database: DatabaseArguments,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl SetPassword {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        let store = self.database.open()?;
        let before = find(&*store, &self.user).await?;
        let changed = User {
            password_hash: Some(self.password.hash().await?),
            ..before.clone()
        };
        let user = save(&*store, &before, changed, vec![Change::EndSessionsOf(before.id)]).await?;
        if self.json {
            return print_json(&view::json(&user));
        }
        say!("user {} has a new password; their sessions ended", user.username);
        Ok(())
    }
}
