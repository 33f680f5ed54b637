//! `grantor client create`.

use clap::Args;
use grantor_server::admin::{Action, ClientDocument, Problem, Request};
use grantor_types::{ClientAuthMethod, ClientId};

use super::members;
use super::registration::Registration;
use super::secret::SecretArguments;
use crate::administrator::{AdministratorArguments, document, member, warnings};
use crate::argument::text;
use crate::output::{CommandError, list, print_json, print_warnings, say};

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
    administrator: AdministratorArguments,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Create {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        let mut client = ClientDocument::new(self.id);
        if self.public {
            client.authentication_methods = vec![ClientAuthMethod::None];
        }
        self.registration.write_to(&mut client);
        let mut body = members(&client)?;
        self.secret.write_to(&mut body)?;
        let create = Request::new(Action::CreateClient, &[]).body(body.into());
        let created = self.administrator.open_for_secrets()?.ask(create).await?;
        let body = created.map_err(|problem| already_there(&client, &problem))?.body;
        if self.json {
            return print_json(&body);
        }
        print_warnings(&warnings(&body));
        let client: ClientDocument = document(member(&body, "client"))?;
        say!("client {} created", list(&client.id));
        if let Some(secret) = member(&body, "secret").as_str() {
            say!("secret {secret}\n\nThe secret is shown this once; only its hash is kept.");
        }
        Ok(())
    }
}

fn already_there(client: &ClientDocument, problem: &Problem) -> CommandError {
    let (id, sentence) = (list(&client.id), problem.sentence());
    match problem.status {
        409 => CommandError::usage(format!("{sentence}; `grantor client update {id}` changes it")),
        _ => CommandError::usage(sentence),
    }
}
