//! `grantor user update`.

use clap::Args;
use serde_json::json;

use super::claims::ClaimArguments;
use super::{create, find, save};
use crate::administrator::AdministratorArguments;
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
    administrator: AdministratorArguments,
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
        let administrator = self.administrator.open()?;
        let (before, etag) = find(&administrator, &self.user).await?;
        let mut user = before.clone();
        self.claims.write_to(&mut user.claims)?;
        if let Some(username) = self.username {
            user.username = username;
        }
        let changed = user != before;
        let user = if changed {
            save(&administrator, &user, etag).await?
        } else {
            before
        };
        if self.json {
            return print_json(&json!({ "user": user, "changed": changed }));
        }
        say!(
            "user {} {}",
            user.username,
            if changed { "changed" } else { "is so already" }
        );
        Ok(())
    }
}
