//! `grantor vault show`.

use clap::Args;
use grantor_types::Secret;
use grantor_vault::{Renewal, StoredCredential};
use serde_json::json;

use super::list::summary_document;
use super::standing;
use crate::change::now;
use crate::command::login::USER;
use crate::output::{CommandError, instant, print_json, print_members};
use crate::vault::{Account, DEFAULT_NAME, VaultArguments, vault_error};

/// Show everything about a login: whose it is, how it stands, how it is renewed. Its secrets with --reveal only.
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// What the login is called.
    #[arg(default_value = DEFAULT_NAME)]
    name: String,
    /// Show its tokens and the client's secret too. They are as they lie there, which may be expired: for a token to use there
    /// is `grantor token`.
    #[arg(long)]
    reveal: bool,
    #[command(flatten)]
    vault: VaultArguments,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Show {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        let vault = self.vault.open_for(&self.name).await?;
        let stored = vault.get(&self.name).await;
        let stored = stored.map_err(|error| vault_error(&self.name, &error))?;
        let members = self.members(&stored);
        if !self.json {
            print_members(&members);
            return Ok(());
        }
        let mut document = summary_document(&stored.summary);
        if let Some(document) = document.as_object_mut() {
            for (name, value) in members {
                // The times and the state are there already, for programs.
                let name = name.replace(' ', "_");
                if !value.is_empty() {
                    document.entry(name).or_insert_with(|| json!(value));
                }
            }
        }
        print_json(&document)
    }

    fn members(&self, stored: &StoredCredential) -> Vec<(&'static str, String)> {
        let StoredCredential { credential, summary } = stored;
        let account = Account::of(credential);
        let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
        let registered = account
            .as_ref()
            .is_some_and(|account| account.registration.is_some());
        let mut members = vec![
            ("name", self.name.clone()),
            ("issuer", text(credential.issuer())),
            ("user", text(credential.attribute(USER))),
            ("subject", text(credential.attribute("subject"))),
            ("client id", text(credential.client_id())),
            (
                "registered",
                if registered { "by grantor login" } else { "" }.to_owned(),
            ),
            ("way", text(account.as_ref().map(|account| account.way.as_str()))),
            ("scope", credential.scope().to_string()),
            ("token type", credential.token_type().to_owned()),
            (
                "state",
                standing::sentence(&summary.state, summary.expires_at, now()),
            ),
            (
                "expires at",
                summary.expires_at.map_or_else(|| "not said".to_owned(), instant),
            ),
            ("renewal", renewal(credential.renewal()).to_owned()),
            ("stored at", instant(summary.stored_at)),
            ("renewed at", instant(summary.renewed_at)),
        ];
        if let Some(account) = &account {
            members.push(("resources", account.asked.resources.join(" ")));
            members.push(("audiences", account.asked.audiences.join(", ")));
        }
        if self.reveal {
            let secret = |value: Option<&Secret>| text(value.map(Secret::expose));
            members.extend([
                ("access token", secret(Some(credential.access_token()))),
                ("refresh token", secret(credential.refresh_token())),
                ("client secret", secret(credential.client_secret())),
            ]);
        }
        members
    }
}

fn renewal(renewal: Renewal) -> &'static str {
    match renewal {
        Renewal::RefreshToken => "by refresh token",
        Renewal::Reacquire => "by the client's own credentials",
        Renewal::Never => "not possible",
    }
}
