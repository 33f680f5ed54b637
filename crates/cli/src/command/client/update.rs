//! `grantor client update`.

use clap::Args;
use grantor_protocol::record::{Client, Revision};
use grantor_protocol::{Change, Expect};
use grantor_server::client_secret;
use grantor_types::ClientId;
use serde_json::json;

use super::registration::{Clearable, Registration, unknown_scopes};
use super::{find, view};
use crate::argument::text;
use crate::engine::DatabaseArguments;
use crate::output::{CommandError, print_json, print_warnings, say};
use crate::{change, declaration};

/// Change what is named and nothing else. A list that is named replaces the one that was there.
#[derive(Debug, Args)]
pub(crate) struct Update {
    /// Its client_id.
    #[arg(value_name = "CLIENT_ID", value_parser = text::<ClientId>)]
    id: ClientId,
    #[command(flatten)]
    registration: Registration,
    /// Empty a member, so that policy holds again or the list has nothing. Repeat it for more.
    #[arg(long, value_enum, value_name = "MEMBER")]
    clear: Vec<Clearable>,
    /// Switch the client off: its tokens become inactive, and nothing is forgotten.
    #[arg(long, conflicts_with = "enable")]
    disable: bool,
    /// Switch the client on again.
    #[arg(long)]
    enable: bool,
    /// Change it only when it is still at this revision, as `show` printed it.
    #[arg(long, value_name = "NUMBER")]
    revision: Option<u64>,
    #[command(flatten)]
    database: DatabaseArguments,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Update {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        let store = self.database.open()?;
        let before = find(&*store, &self.id).await?;
        let id = &self.id;
        if let Some(wanted) = self
            .revision
            .filter(|wanted| Revision(*wanted) != before.revision)
        {
            return Err(CommandError::new(format!(
                "client {id} is at revision {} and no longer at {wanted}; look at it with `grantor client show {id}`",
                before.revision.0
            )));
        }
        let client = self.updated(&before)?;
        let warnings = unknown_scopes(&*store, &client).await?;
        let changed = client != before;
        let view = if changed {
            let client = Client {
                updated_at: change::now(),
                revision: before.revision.next(),
                ..client
            };
            let view = view::json(&client)?;
            let expect = Expect::Revision(before.revision);
            let update = Change::PutClient {
                client: Box::new(client),
                expect,
            };
            change::commit(&*store, vec![update], &format!("client {id}")).await?;
            view
        } else {
            view::json(&before)?
        };
        if self.json {
            return print_json(&json!({ "client": view, "changed": changed, "warnings": warnings }));
        }
        print_warnings(&warnings);
        say!(
            "client {id} {}",
            if changed { "changed" } else { "is so already" }
        );
        Ok(())
    }

    fn updated(&self, before: &Client) -> Result<Client, CommandError> {
        let wrong = |problem: &str| CommandError::usage(format!("client {} {problem}", self.id));
        let mut client = before.clone();
        for member in &self.clear {
            member.clear(&mut client);
        }
        self.registration.write_to(&mut client);
        if self.registration.names_authentication_methods() && client.is_public() != before.is_public() {
            return Err(wrong(
                "cannot become public or confidential afterwards; create another one",
            ));
        }
        if self.disable || self.enable {
            client.disabled = self.disable;
        }
        // None stays sealed that need not be; what is missing, the check says.
        if let Some(secrets) = client_secret::resealed(&client.authentication_methods, &client.secrets) {
            client.secrets = secrets;
        }
        declaration::check(&client).map_err(|problem| wrong(&problem))?;
        Ok(client)
    }
}
