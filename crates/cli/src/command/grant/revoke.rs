//! `grantor grant revoke`.

use clap::Args;
use grantor_server::admin::{Action, GrantDocument, MAX_REVOKED, Request};
use grantor_types::{ClientId, GrantId};
use serde_json::json;

use super::of;
use crate::administrator::{Administrator, AdministratorArguments};
use crate::argument::text;
use crate::command::client;
use crate::output::{CommandError, print_json, say};

/// End grants: one by its id, or all of a user, of a client, or of both. Their tokens become inactive.
#[derive(Debug, Args)]
pub(crate) struct Revoke {
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    administrator: AdministratorArguments,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
struct Which {
    /// The grant, as `grantor grant list` shows it.
    #[arg(value_name = "GRANT_ID", value_parser = grant_id, conflicts_with_all = ["user", "client"])]
    id: Option<GrantId>,
    /// Every grant of this user: login name or id.
    #[arg(long)]
    user: Option<String>,
    /// Every grant of this client.
    #[arg(long, value_name = "CLIENT_ID", value_parser = text::<ClientId>)]
    client: Option<ClientId>,
}

impl Revoke {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        let administrator = self.administrator.open()?;
        let grants = self.which.live(&administrator).await?;
        for batch in grants.chunks(MAX_REVOKED) {
            let revoke = Request::new(Action::RevokeGrants, &[]).body(json!({ "grants": batch }));
            administrator.send(revoke).await?;
        }
        if self.json {
            return print_json(&json!({ "revoked": grants }));
        }
        match grants.len() {
            0 => say!("There was no such grant left to revoke."),
            1 => say!("1 grant revoked; its tokens are inactive"),
            several => say!("{several} grants revoked; their tokens are inactive"),
        }
        Ok(())
    }
}

impl Which {
    /// The grants that have not ended.
    async fn live(&self, administrator: &Administrator) -> Result<Vec<GrantId>, CommandError> {
        let grants: Vec<GrantDocument> = match self.id {
            Some(id) => {
                let show = Request::new(Action::ShowGrant, &[&id.to_string()]);
                vec![administrator.read(show).await?.0]
            }
            None => {
                if let Some(id) = &self.client {
                    client::find(administrator, id).await?;
                }
                let request = of(administrator, self.user.as_deref(), self.client.as_ref()).await?;
                administrator.all(request).await?
            }
        };
        let live = grants.into_iter().filter(|grant| grant.revocation.is_none());
        Ok(live.map(|grant| grant.id).collect())
    }
}

fn grant_id(text: &str) -> Result<GrantId, &'static str> {
    GrantId::parse(text).ok_or("is not a grant id; `grantor grant list` shows them")
}
