//! `grantor token revoke`.

use clap::Args;
use grantor_protocol::Change;
use grantor_types::PersonalAccessTokenId;
use serde_json::json;

use crate::change;
use crate::command::user;
use crate::engine::{DatabaseArguments, PAGE};
use crate::output::{CommandError, print_json, say};

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
    database: DatabaseArguments,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Revoke {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        let store = self.database.open()?;
        let mut people = match &self.user {
            Some(name) => vec![user::find(&*store, name).await?.id],
            None => Vec::new(),
        };
        let mut after = None;
        while self.user.is_none() {
            let page = store.users(after, PAGE).await?;
            after = page.items.last().map(|user| user.id);
            people.extend(page.items.iter().map(|user| user.id));
            if !page.more {
                break;
            }
        }
        for user in people {
            let tokens = store.personal_access_tokens_of(user).await?;
            if tokens.iter().any(|token| token.id == self.id) {
                let delete = Change::DeletePersonalAccessToken { user, token: self.id };
                change::commit(&*store, vec![delete], "the token").await?;
                if self.json {
                    return print_json(&json!({ "revoked": [self.id] }));
                }
                say!("token {} revoked", self.id);
                return Ok(());
            }
        }
        Err(CommandError::usage(format!(
            "there is no token {}; `grantor token list --user USER` shows those there are",
            self.id
        )))
    }
}

fn token_id(text: &str) -> Result<PersonalAccessTokenId, &'static str> {
    PersonalAccessTokenId::parse(text).ok_or("is not a token id; `grantor token list` shows them")
}
