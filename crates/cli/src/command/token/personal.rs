//! `grantor token personal`.

use clap::Args;
use grantor_jose::digest::HmacKey;
use grantor_protocol::personal_access_token::{Maker, NewToken, make};
use grantor_protocol::record::User;
use grantor_protocol::subject::PairwiseKey;
use grantor_protocol::{Catalogue, Cause, Cx, Random};
use grantor_server::admin::PersonalAccessTokenDocument;
use grantor_store::Store;
use grantor_types::{Issuer, Scope, Seconds, SecretBytes, UserId};
use serde_json::json;

use crate::argument::duration;
use crate::change::{self, random_bytes};
use crate::engine::DatabaseArguments;
use crate::output::{CommandError, instant, print_json, say};

/// Make a personal access token for somebody. It is printed this once.
#[derive(Debug, Args)]
pub(crate) struct Personal {
    /// Whose: login name or id.
    #[arg(long)]
    user: String,
    /// What its owner calls it.
    #[arg(long)]
    name: String,
    /// What it allows: scopes separated by commas or spaces.
    #[arg(long)]
    scopes: String,
    /// How long it lives: seconds, or a duration such as 30d. As the server has it when absent.
    #[arg(long, value_name = "DURATION", value_parser = lifetime)]
    expires_in: Option<Seconds>,
    #[command(flatten)]
    database: DatabaseArguments,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Personal {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        let place = self.database.place()?;
        let (store, policy) = (place.open()?, place.policy());
        let owner = owner(&*store, &self.user).await?;
        let scope = Scope::parse(&self.scopes.replace(',', " "))
            .map_err(|error| CommandError::usage(format!("--scopes: {error}")))?;
        let catalogue = Catalogue {
            scopes: store.scopes().await?,
            ..Catalogue::default()
        };
        // The rule asks for an issuer and for a key of identifiers, and does not look at them.
        let pairwise = PairwiseKey::new(HmacKey::from_bytes(&SecretBytes::new([0; 32])));
        let issuer = Issuer::parse("http://localhost")
            .map_err(|error| CommandError::caused_by("the issuer", &error))?;
        let cx = Cx {
            now: change::now(),
            issuer: &issuer,
            policy: &policy,
            catalogue: &catalogue,
            pairwise: &pairwise,
        };
        let random = Random::from_bytes(&random_bytes()?);
        let held = store.personal_access_tokens_of(owner.id).await?.len();
        let wanted = NewToken {
            name: self.name,
            scope,
            lifetime: self.expires_in,
        };
        let decision = make(&cx, &random, Maker::Owner(owner.id), wanted, held);
        let made = decision.outcome.map_err(refused)?;
        change::commit(&*store, decision.changes, "the list of tokens").await?;
        if self.json {
            let shown = PersonalAccessTokenDocument::from(made.record);
            let mut answer =
                serde_json::to_value(shown).map_err(|error| CommandError::caused_by("JSON", &error))?;
            if let Some(members) = answer.as_object_mut() {
                members.insert("access_token".to_owned(), json!(made.token.expose()));
            }
            return print_json(&answer);
        }
        say!("{}", made.token.expose());
        say!(
            "\nThe token of {} is valid until {}. It is shown this once; only its hash is kept.",
            owner.username,
            instant(made.record.expires_at)
        );
        Ok(())
    }
}

/// The token is made beside the database alone: nobody else hands out what acts for a person.
async fn owner(store: &dyn Store, name: &str) -> Result<User, CommandError> {
    let mut found = store.user_by_username(name).await?;
    if let (None, Some(id)) = (&found, UserId::parse(name)) {
        found = store.user(id).await?;
    }
    found.ok_or_else(|| {
        CommandError::usage(format!(
            "there is no user {name}; `grantor user list` shows those there are"
        ))
    })
}

fn refused(cause: Cause) -> CommandError {
    CommandError::usage(cause.description())
}

fn lifetime(text: &str) -> Result<Seconds, String> {
    text.parse()
        .map_or_else(|_| duration(text), |seconds| Ok(Seconds(seconds)))
}
