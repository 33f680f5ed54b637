//! `grantor client rotate-secret`.

use clap::Args;
use grantor_server::admin::{Action, Request};
use grantor_types::{ClientAuthMethod, ClientId, Seconds};
use serde_json::Map;

use super::secret::SecretArguments;
use crate::administrator::{AdministratorArguments, member};
use crate::argument::{duration, text};
use crate::output::{CommandError, print_json, say};

/// Give a client a new secret; the old one stays valid for a while.
#[derive(Debug, Args)]
pub(crate) struct RotateSecret {
    /// Its client_id.
    #[arg(value_name = "CLIENT_ID", value_parser = text::<ClientId>)]
    id: ClientId,
    #[command(flatten)]
    secret: SecretArguments,
    /// How long the old secret stays valid; 0 ends it at once.
    #[arg(long, value_name = "DURATION", default_value = "24h", value_parser = duration)]
    overlap: Seconds,
    /// How it authenticates from now on, which client_secret_jwt needs a new secret for. Repeat it for more.
    #[arg(long = "authentication-method", value_name = "METHOD", value_parser = text::<ClientAuthMethod>)]
    authentication_methods: Vec<ClientAuthMethod>,
    #[command(flatten)]
    administrator: AdministratorArguments,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl RotateSecret {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        let id = self.id.as_str();
        let mut wanted = Map::new();
        self.secret.write_to(&mut wanted)?;
        wanted.insert("overlap".to_owned(), self.overlap.0.into());
        if !self.authentication_methods.is_empty() {
            let methods = self.authentication_methods.iter().map(|method| method.as_str());
            wanted.insert("authentication_methods".to_owned(), methods.collect());
        }
        let rotate = Request::new(Action::RotateClientSecret, &[id]).body(wanted.into());
        let body = self.administrator.open_for_secrets()?.send(rotate).await?.body;
        if self.json {
            return print_json(&body);
        }
        say!("client {id} has a new secret");
        if let Some(secret) = member(&body, "secret").as_str() {
            say!("secret {secret}\n\nThe secret is shown this once; only its hash is kept.");
        }
        let old_end = member(&body, "old_secret_valid_until");
        match self.overlap {
            Seconds(0) => say!("The old secret is no longer valid."),
            Seconds(_) => say!(
                "The old secret is valid until {}.",
                old_end.as_str().unwrap_or_default()
            ),
        }
        Ok(())
    }
}
