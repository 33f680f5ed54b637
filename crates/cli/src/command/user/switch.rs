//! `grantor user disable` and `grantor user enable`.

use clap::Args;
use grantor_protocol::Change;
use grantor_protocol::record::User;

use super::{find, save, view};
use crate::engine::DatabaseArguments;
use crate::output::{CommandError, print_json, say};

/// Switch a user off: no login, sessions end, tokens become inactive. Nothing is forgotten.
#[derive(Debug, Args)]
pub(crate) struct Disable {
    #[command(flatten)]
    arguments: Arguments,
}

/// Switch a user on again.
#[derive(Debug, Args)]
pub(crate) struct Enable {
    #[command(flatten)]
    arguments: Arguments,
}

#[derive(Debug, Args)]
struct Arguments {
    /// Login name or id.
    user: String,
    #[command(flatten)]
    database: DatabaseArguments,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Disable {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        self.arguments.switch(true).await
    }
}

impl Enable {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        self.arguments.switch(false).await
    }
}

impl Arguments {
    async fn switch(self, disabled: bool) -> Result<(), CommandError> {
        let store = self.database.open()?;
        let before = find(&*store, &self.user).await?;
        let also = if disabled {
            vec![Change::EndSessionsOf(before.id)]
        } else {
            Vec::new()
        };
        let user = save(
            &*store,
            &before,
            User {
                disabled,
                ..before.clone()
            },
            also,
        )
        .await?;
        if self.json {
            return print_json(&view::json(&user));
        }
        let done = if disabled {
            "disabled; their sessions ended and their tokens are inactive"
        } else {
            "enabled"
        };
        say!("user {} {done}", user.username);
        Ok(())
    }
}
