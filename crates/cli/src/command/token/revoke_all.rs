//! `grantor token revoke-all`.

use clap::Args;
use grantor_server::admin::{Action, Request};
use serde_json::json;

use crate::administrator::AdministratorArguments;
use crate::command::user;
use crate::output::{CommandError, list, print_json, say};

/// End every token of somebody: the personal access tokens, and the grants with their access and refresh tokens.
#[derive(Debug, Args)]
pub(crate) struct RevokeAll {
    /// Whose: login name or id.
    #[arg(value_name = "USER")]
    user: String,
    #[command(flatten)]
    administrator: AdministratorArguments,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl RevokeAll {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        let administrator = self.administrator.open()?;
        let (owner, _) = user::find(&administrator, &self.user).await?;
        let id = list(owner.id);
        let revoke = Request::new(Action::RevokeTokens, &[&id]);
        administrator.send(revoke).await?;
        if self.json {
            return print_json(&json!({ "user": id, "revoked": "all" }));
        }
        say!("every token of {} is revoked", owner.username);
        Ok(())
    }
}
