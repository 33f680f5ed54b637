//! `grantor grant revoke`.

use clap::Args;
use grantor_protocol::Change;
use grantor_protocol::record::{GrantState, RevocationReason};
use grantor_store::{GrantFilter, Store};
use grantor_types::{ClientId, GrantId};
use serde_json::json;

use super::all;
use crate::argument::text;
use crate::change;
use crate::command::{client, user};
use crate::engine::DatabaseArguments;
use crate::output::{CommandError, print_json, say};

/// Grants that one commit ends at most, so that no transaction is long.
const BATCH: usize = 500;

/// End grants: one by its id, or all of a user, of a client, or of both. Their tokens become inactive.
#[derive(Debug, Args)]
pub(crate) struct Revoke {
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    database: DatabaseArguments,
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
        let store = self.database.open()?;
        let grants = self.which.live(&*store).await?;
        let at = change::now();
        for batch in grants.chunks(BATCH) {
            let revoke = |grant: &GrantId| Change::RevokeGrant {
                grant: *grant,
                at,
                reason: RevocationReason::Administrator,
            };
            change::commit(&*store, batch.iter().map(revoke).collect(), "a grant").await?;
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
    async fn live(&self, store: &dyn Store) -> Result<Vec<GrantId>, CommandError> {
        let grants = match self.id {
            Some(id) => {
                let found = store.grant(id).await?;
                let unknown = || {
                    CommandError::usage(format!(
                        "there is no grant {id}; `grantor grant list` shows those there are"
                    ))
                };
                vec![found.ok_or_else(unknown)?]
            }
            None => {
                let user = match &self.user {
                    Some(name) => Some(user::find(store, name).await?.id),
                    None => None,
                };
                if let Some(id) = &self.client {
                    client::find(store, id).await?;
                }
                all(
                    store,
                    GrantFilter {
                        user,
                        client: self.client.clone(),
                        after: None,
                    },
                )
                .await?
            }
        };
        let live = grants
            .into_iter()
            .filter(|grant| !matches!(grant.state, GrantState::Revoked { .. }));
        Ok(live.map(|grant| grant.id).collect())
    }
}

fn grant_id(text: &str) -> Result<GrantId, &'static str> {
    GrantId::parse(text).ok_or("is not a grant id; `grantor grant list` shows them")
}
