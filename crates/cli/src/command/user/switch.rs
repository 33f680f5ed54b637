//! `grantor user disable` and `grantor user enable`.

use clap::Args;
use grantor_server::admin::UserDocument;

use super::{find, save};
use crate::administrator::AdministratorArguments;
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
    administrator: AdministratorArguments,
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
        let administrator = self.administrator.open()?;
        let (before, etag) = find(&administrator, &self.user).await?;
        let changed = UserDocument { disabled, ..before };
        let user = save(&administrator, &changed, etag).await?;
        if self.json {
            return print_json(&user);
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
