//! `grantor grant list`.

use std::collections::HashMap;

use clap::Args;
use grantor_protocol::record::{Grant, GrantState};
use grantor_store::{GrantFilter, Store};
use grantor_types::{ClientId, UserId};
use serde_json::{Value, json};

use super::all;
use crate::argument::text;
use crate::command::user;
use crate::engine::DatabaseArguments;
use crate::output::{CommandError, instant, list, print_json, print_table};

/// List grants: what users gave to clients.
#[derive(Debug, Args)]
pub(crate) struct List {
    /// Of this user: login name or id.
    #[arg(long)]
    user: Option<String>,
    /// Of this client.
    #[arg(long, value_name = "CLIENT_ID", value_parser = text::<ClientId>)]
    client: Option<ClientId>,
    #[command(flatten)]
    database: DatabaseArguments,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl List {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        let store = self.database.open()?;
        let user = match &self.user {
            Some(name) => Some(user::find(&*store, name).await?.id),
            None => None,
        };
        let filter = GrantFilter {
            user,
            client: self.client,
            after: None,
        };
        let grants = all(&*store, filter).await?;
        let names = usernames(&*store, &grants).await?;
        let name = |grant: &Grant| names.get(&grant.user).cloned().unwrap_or_default();
        if self.json {
            return print_json(
                &grants
                    .iter()
                    .map(|grant| view(grant, &name(grant)))
                    .collect::<Vec<_>>(),
            );
        }
        let rows = grants.iter().map(|grant| {
            vec![
                grant.id.to_string(),
                name(grant),
                grant.client.to_string(),
                grant.scope.to_string(),
                list(&grant.resources),
                state(grant),
                instant(grant.created_at),
                instant(grant.expires_at),
            ]
        });
        print_table(
            &[
                "ID",
                "USER",
                "CLIENT",
                "SCOPE",
                "RESOURCES",
                "STATE",
                "GIVEN",
                "ENDS",
            ],
            rows.collect(),
            "There are no such grants.",
        );
        Ok(())
    }
}

async fn usernames(store: &dyn Store, grants: &[Grant]) -> Result<HashMap<UserId, String>, CommandError> {
    let mut names = HashMap::new();
    for grant in grants {
        if names.contains_key(&grant.user) {
            continue;
        }
        let user = store.user(grant.user).await?;
        names.insert(grant.user, user.map(|user| user.username).unwrap_or_default());
    }
    Ok(names)
}

fn state(grant: &Grant) -> String {
    match &grant.state {
        GrantState::Pending(_) => "pending".to_owned(),
        GrantState::Active(active) if active.refresh.is_some() => "active, with refresh".to_owned(),
        GrantState::Active(_) => "active".to_owned(),
        GrantState::Revoked { at, reason } => format!("revoked {} ({})", instant(*at), reason.as_str()),
    }
}

fn view(grant: &Grant, username: &str) -> Value {
    let (state, refresh, revocation) = match &grant.state {
        GrantState::Pending(_) => ("pending", false, None),
        GrantState::Active(active) => ("active", active.refresh.is_some(), None),
        GrantState::Revoked { at, reason } => (
            "revoked",
            false,
            Some(json!({ "at": instant(*at), "reason": reason.as_str() })),
        ),
    };
    json!({
        "id": grant.id,
        "user": grant.user,
        "username": username,
        "client": grant.client,
        "scope": grant.scope,
        "resources": grant.resources,
        "state": state,
        "has_refresh_token": refresh,
        "revocation": revocation,
        "created_at": instant(grant.created_at),
        "expires_at": instant(grant.expires_at),
    })
}
