//! `grantor client update`.

use clap::Args;
use grantor_protocol::record::Revision;
use grantor_server::admin::{Action, ClientDocument, Request};
use grantor_types::ClientId;
use serde_json::json;

use super::registration::{Clearable, Registration};
use super::{find, members};
use crate::administrator::{AdministratorArguments, member, warnings};
use crate::argument::text;
use crate::output::{CommandError, print_json, print_warnings, say};

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
    administrator: AdministratorArguments,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Update {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        let administrator = self.administrator.open()?;
        let (before, etag) = find(&administrator, &self.id).await?;
        let id = self.id.as_str();
        let revision = before.revision.unwrap_or_default();
        if let Some(wanted) = self.revision.filter(|wanted| Revision(*wanted) != revision) {
            return Err(CommandError::new(format!(
                "client {id} is at revision {} and no longer at {wanted}; look at it with `grantor client show {id}`",
                revision.0
            )));
        }
        let client = self.updated(&before);
        let changed = client != before;
        let (client, warnings) = if changed {
            let replace = Request::new(Action::ReplaceClient, &[id])
                .if_match(etag)
                .body(members(&client)?.into());
            let body = administrator.send(replace).await?.body;
            (member(&body, "client"), warnings(&body))
        } else {
            (members(&before)?.into(), Vec::new())
        };
        if self.json {
            return print_json(&json!({ "client": client, "changed": changed, "warnings": warnings }));
        }
        print_warnings(&warnings);
        say!(
            "client {id} {}",
            if changed { "changed" } else { "is so already" }
        );
        Ok(())
    }

    fn updated(&self, before: &ClientDocument) -> ClientDocument {
        let mut client = before.clone();
        for member in &self.clear {
            member.clear(&mut client);
        }
        self.registration.write_to(&mut client);
        if self.disable || self.enable {
            client.disabled = self.disable;
        }
        client
    }
}
