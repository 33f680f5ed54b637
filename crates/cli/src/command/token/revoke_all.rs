//! `grantor token revoke-all`.

use clap::Args;
use grantor_protocol::Change;
use grantor_protocol::record::RevocationReason;
use serde_json::json;

use crate::change;
use crate::command::user;
use crate::engine::DatabaseArguments;
use crate::output::{CommandError, print_json, say};

/// End every token of somebody: the personal access tokens, and the grants with their access and refresh tokens.
#[derive(Debug, Args)]
pub(crate) struct RevokeAll {
    /// Whose: login name or id.
    #[arg(value_name = "USER")]
    user: String,
    #[command(flatten)]
    database: DatabaseArguments,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl RevokeAll {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        let store = self.database.open()?;
        let owner = user::find(&*store, &self.user).await?;
        let changes = vec![
            Change::DeletePersonalAccessTokensOf(owner.id),
            Change::RevokeGrantsOf {
                user: owner.id,
                client: None,
                at: change::now(),
                reason: RevocationReason::Administrator,
            },
        ];
        change::commit(&*store, changes, "the tokens").await?;
        if self.json {
            return print_json(&json!({ "user": owner.id, "revoked": "all" }));
        }
        say!("every token of {} is revoked", owner.username);
        Ok(())
    }
}
