//! `grantor registration token create`.

use clap::Args;
use grantor_protocol::register::{NewInitialToken, make_initial};
use grantor_protocol::{Change, Random};
use grantor_types::Seconds;
use serde_json::json;

use super::view;
use crate::argument::duration;
use crate::change::{self, random_bytes};
use crate::engine::DatabaseArguments;
use crate::output::{CommandError, instant, print_json, say};

/// Make an initial access token. It is printed this once.
#[derive(Debug, Args)]
pub(crate) struct Create {
    /// What you call it.
    #[arg(long, default_value = "")]
    name: String,
    /// How many clients can be registered with it; any number when absent.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    uses: Option<u32>,
    /// How long it lives, such as 30d.
    #[arg(long, value_name = "DURATION", value_parser = duration, default_value = "30d")]
    expires_in: Seconds,
    #[command(flatten)]
    database: DatabaseArguments,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Create {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        if self.expires_in == Seconds(0) {
            return Err(CommandError::usage("--expires-in has to be longer than nothing"));
        }
        let store = self.database.open()?;
        let random = Random::from_bytes(&random_bytes()?);
        let wanted = NewInitialToken {
            name: self.name,
            uses: self.uses,
            lifetime: self.expires_in,
        };
        let (text, token) = make_initial(change::now(), &random, wanted);
        let created = Change::CreateInitialAccessToken(Box::new(token.clone()));
        change::commit(&*store, vec![created], "the list of initial access tokens").await?;
        if self.json {
            let mut answer = view(&token);
            if let Some(members) = answer.as_object_mut() {
                members.insert("token".to_owned(), json!(text.expose()));
            }
            return print_json(&answer);
        }
        say!("{}", text.expose());
        say!(
            "\nThe token is valid until {}. It is shown this once; only its hash is kept.",
            instant(token.expires_at)
        );
        Ok(())
    }
}
