//! `grantor vault list`.

use clap::Args;
use grantor_vault::{Listed, Summary};
use serde_json::{Value, json};

use super::standing;
use crate::change::now;
use crate::output::{CommandError, instant, print_json, print_table};
use crate::vault::{VaultArguments, vault_error};

/// List the logins in the vault, how they stand, and when their access tokens end. No secrets.
#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    vault: VaultArguments,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

const TITLES: [&str; 5] = ["NAME", "ISSUER", "SCOPE", "STATE", "ENDS"];

impl List {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        let logins = match self.vault.open().await? {
            Some(vault) => vault.list().await.map_err(|error| vault_error("", &error))?,
            None => Vec::new(),
        };
        if self.json {
            let documents: Vec<Value> = logins.iter().map(document).collect();
            return print_json(&documents);
        }
        let rows = logins.iter().map(row).collect();
        print_table(&TITLES, rows, "There are no logins; `grantor login` makes one.");
        Ok(())
    }
}

fn row(login: &Listed) -> Vec<String> {
    let name = login.id.clone();
    match &login.summary {
        Ok(summary) => vec![
            name,
            summary.issuer.clone().unwrap_or_default(),
            summary.scope.to_string(),
            standing::word(&summary.state, summary.expires_at, now()).to_owned(),
            summary.expires_at.map_or_else(|| "not said".to_owned(), instant),
        ],
        Err(_) => vec![
            name,
            String::new(),
            String::new(),
            "does not open".to_owned(),
            String::new(),
        ],
    }
}

fn document(login: &Listed) -> Value {
    match &login.summary {
        Ok(summary) => {
            let mut document = summary_document(summary);
            if let Some(members) = document.as_object_mut() {
                members.insert("name".to_owned(), json!(login.id));
            }
            document
        }
        Err(error) => {
            json!({ "name": login.id, "state": { "is": "does_not_open", "reason": error.to_string() } })
        }
    }
}

/// What is known of a login, for programs.
pub(super) fn summary_document(summary: &Summary) -> Value {
    json!({
        "issuer": summary.issuer, "scope": summary.scope, "state": standing::document(&summary.state),
        "expires_at": summary.expires_at.map(instant), "stored_at": instant(summary.stored_at),
        "renewed_at": instant(summary.renewed_at), "generation": summary.generation,
    })
}
