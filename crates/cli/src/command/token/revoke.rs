//! `grantor token revoke`.

use clap::Args;
use grantor_server::admin::{Action, Request, UserDocument};
use grantor_types::PersonalAccessTokenId;
use serde_json::json;

use crate::administrator::AdministratorArguments;
use crate::command::user;
use crate::output::{CommandError, list, print_json, say};

/// End one personal access token.
#[derive(Debug, Args)]
pub(crate) struct Revoke {
    /// The token's id, as `grantor token list` shows it.
    #[arg(value_name = "TOKEN_ID", value_parser = token_id)]
    id: PersonalAccessTokenId,
    /// Whose: login name or id. Without it everybody's are looked through.
    #[arg(long)]
    user: Option<String>,
    #[command(flatten)]
    administrator: AdministratorArguments,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Revoke {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        let administrator = self.administrator.open()?;
        let id = self.id.to_string();
        let people: Vec<UserDocument> = match &self.user {
            Some(name) => vec![user::find(&administrator, name).await?.0],
            None => administrator.all(Request::new(Action::ListUsers, &[])).await?,
        };
        for owner in people {
            let revoke = Request::new(Action::RevokePersonalAccessToken, &[&list(owner.id), &id]);
            if administrator.find(revoke).await?.is_some() {
                if self.json {
                    return print_json(&json!({ "revoked": [id] }));
                }
                say!("token {id} revoked");
                return Ok(());
            }
        }
        Err(CommandError::usage(format!(
            "there is no token {id}; `grantor token list --user USER` shows those there are"
        )))
    }
}

fn token_id(text: &str) -> Result<PersonalAccessTokenId, &'static str> {
    PersonalAccessTokenId::parse(text).ok_or("is not a token id; `grantor token list` shows them")
}
