//! `grantor client create`.

use clap::Args;
use grantor_protocol::record::Client;
use grantor_protocol::{Change, Expect};
use grantor_types::ClientId;
use serde_json::json;

use super::registration::{Registration, unknown_scopes};
use super::secret::SecretArguments;
use super::view;
use crate::argument::text;
use crate::change::{self, random_bytes};
use crate::declaration;
use crate::engine::DatabaseArguments;
use crate::output::{CommandError, print_json, print_warnings, say};

/// Register a client.
#[derive(Debug, Args)]
pub(crate) struct Create {
    /// Its client_id; generated when absent.
    #[arg(long, value_name = "CLIENT_ID", value_parser = text::<ClientId>)]
    id: Option<ClientId>,
    /// It cannot keep a secret: an app, or a page without a server of its own.
    #[arg(long, conflicts_with_all = ["secret", "danger_weak_secret", "authentication_methods"])]
    public: bool,
    #[command(flatten)]
    secret: SecretArguments,
    #[command(flatten)]
    registration: Registration,
    #[command(flatten)]
    database: DatabaseArguments,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Create {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        let store = self.database.open()?;
        let id = self.id.map_or_else(generated_id, Ok)?;
        let mut client = Client::new(id, change::now());
        let mut secret = None;
        if !self.public {
            client.authentication_methods = declaration::SECRET_METHODS.to_vec();
        }
        self.registration.write_to(&mut client);
        let mut methods = client.authentication_methods.iter().copied();
        if methods.any(declaration::uses_secret) {
            let made = self.secret.make(&client)?;
            client.secrets = vec![made.stored(&client, &self.database)?];
            secret = made.generated;
        }
        let id = client.id.clone();
        declaration::check(&client)
            .map_err(|problem| CommandError::usage(format!("client {id} {problem}")))?;
        let found = store.client(&id).await?;
        if found.is_some() {
            return Err(CommandError::usage(format!(
                "there is a client {id} already; `grantor client update {id}` changes it"
            )));
        }
        let warnings = unknown_scopes(&*store, &client).await?;
        let view = view::json(&client)?;
        let created = Change::PutClient {
            client: Box::new(client),
            expect: Expect::Absent,
        };
        change::commit(&*store, vec![created], &format!("client {id}")).await?;
        if self.json {
            return print_json(&json!({ "client": view, "secret": secret, "warnings": warnings }));
        }
        print_warnings(&warnings);
        say!("client {id} created");
        if let Some(secret) = secret {
            say!("secret {secret}\n\nThe secret is shown this once; only its hash is kept.");
        }
        Ok(())
    }
}

/// Sixteen random bytes in hex: nothing that a shell or a flag would take for its own.
fn generated_id() -> Result<ClientId, CommandError> {
    let id = format!("{:032x}", u128::from_be_bytes(random_bytes::<16>()?));
    ClientId::parse(&id).map_err(|error| CommandError::caused_by("the generated id", &error))
}
