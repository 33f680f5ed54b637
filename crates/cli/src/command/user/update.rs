//! `grantor user update`.

use clap::Args;
use grantor_protocol::record::User;
use serde_json::json;

use super::claims::ClaimArguments;
use super::{create, find, save, view};
use crate::engine::DatabaseArguments;
use crate::output::{CommandError, print_json, say};

/// Change the login name or claims. A claim with an empty value, as in --claim nickname=, is forgotten.
#[derive(Debug, Args)]
pub(crate) struct Update {
    /// Login name or id.
    user: String,
    /// The new login name.
    #[arg(long, value_name = "NAME", value_parser = create::username)]
    username: Option<String>,
    #[command(flatten)]
    claims: ClaimArguments,
    #[command(flatten)]
    database: DatabaseArguments,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Update {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        if self.username.is_none() && self.claims.is_empty() {
            return Err(CommandError::usage(
                "there is nothing to change; add --username or --claim",
            ));
        }
        let store = self.database.open()?;
        let before = find(&*store, &self.user).await?;
        let mut user = before.clone();
        self.claims.write_to(&mut user.claims)?;
        if let Some(username) = self.username {
            let owner = store.user_by_username(&username).await?;
            if owner.is_some_and(|owner| owner.id != user.id) {
                return Err(CommandError::usage(format!(
                    "{username} is the login name of somebody else"
                )));
            }
            user.username = username;
        }
        let changed = user != before;
        let user: User = if changed {
            save(&*store, &before, user, Vec::new()).await?
        } else {
            before
        };
        if self.json {
            return print_json(&json!({ "user": view::json(&user), "changed": changed }));
        }
        say!(
            "user {} {}",
            user.username,
            if changed { "changed" } else { "is so already" }
        );
        Ok(())
    }
}
