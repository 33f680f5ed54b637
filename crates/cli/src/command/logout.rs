//! `grantor logout`.

use clap::Args;
use grantor_client::{Endpoint, Error, TokenHint};
use grantor_vault::{Credential, CredentialManager, VaultError};
use serde::Serialize;

use crate::output::{CommandError, print_json, say};
use crate::vault::{
    Account, DEFAULT_NAME, VaultArguments, client_error, command, delete_registration, no_login, vault_error,
};

/// End a login: revoke its tokens at the provider (RFC 7009), then delete it from the vault.
///
/// When the provider cannot be reached or refuses, the login stays, so that it can be ended later; with --force it is deleted
/// all the same, and its tokens are good until they end. A client that `grantor login` registered goes with the last login
/// that it has. The session in the browser is not touched.
#[derive(Debug, Args)]
pub(crate) struct Logout {
    /// What the login is called.
    #[arg(default_value = DEFAULT_NAME, conflicts_with = "all")]
    name: String,
    /// End every login.
    #[arg(long)]
    all: bool,
    /// Delete it even if its tokens cannot be revoked.
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    vault: VaultArguments,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// What became of one login.
#[derive(Debug, Serialize)]
struct Ended {
    name: String,
    issuer: Option<String>,
    revoked: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

impl Logout {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        if self.all {
            return self.every().await;
        }
        let vault = self.vault.open_for(&self.name).await?;
        let ended = self.end(&vault, &self.name).await?;
        match self.json {
            true => print_json(&ended),
            false => {
                tell(&ended);
                Ok(())
            }
        }
    }

    async fn every(&self) -> Result<(), CommandError> {
        let mut done = Vec::new();
        let mut failed = Vec::new();
        if let Some(vault) = self.vault.open().await? {
            let logins = vault.list().await.map_err(|error| vault_error("", &error))?;
            for login in logins {
                match self.end(&vault, &login.id).await {
                    Ok(ended) => done.push(ended),
                    Err(error) => failed.push(error),
                }
            }
        }
        if self.json {
            print_json(&done)?;
        } else if done.is_empty() && failed.is_empty() {
            say!("There are no logins.");
        } else {
            done.iter().for_each(tell);
        }
        match failed.pop() {
            None => Ok(()),
            Some(last) => {
                failed.iter().for_each(|error| eprintln!("grantor: {error}"));
                Err(last)
            }
        }
    }

    async fn end(&self, vault: &CredentialManager, name: &str) -> Result<Ended, CommandError> {
        let credential = match vault.get(name).await {
            Ok(stored) => Some(stored.credential),
            Err(VaultError::NotFound) => return Err(no_login(name)),
            // What does not open cannot be revoked either.
            Err(VaultError::NotAuthentic | VaultError::UnknownKey(_) | VaultError::OtherRelease)
                if self.force =>
            {
                None
            }
            Err(error) => return Err(vault_error(name, &error)),
        };
        let revoked = match &credential {
            Some(credential) => revoke(credential).await,
            None => Ok(Revoked::No("its record does not open")),
        };
        let (revoked, reason) = match revoked {
            Ok(Revoked::Yes) => (true, None),
            Ok(Revoked::No(why)) => (false, Some(why.to_owned())),
            Err(error) if self.force => (false, Some(error.to_string())),
            Err(error) => {
                return Err(error.with(&format!(
                    " The login {name} is still there; `{} --force` deletes it all the same",
                    command("logout", name)
                )));
            }
        };
        if let Some(credential) = &credential {
            unregister(vault, name, credential).await;
        }
        match vault.delete(name).await {
            Ok(()) | Err(VaultError::NotFound) => {}
            Err(error) => return Err(vault_error(name, &error)),
        }
        Ok(Ended {
            name: name.to_owned(),
            issuer: credential.and_then(|credential| credential.issuer().map(str::to_owned)),
            revoked,
            reason,
        })
    }
}

/// Whether the provider has ended the tokens.
enum Revoked {
    Yes,
    /// It cannot be done, ever: to wait for it would keep the login for good.
    No(&'static str),
}

/// Revokes the refresh token, which ends what was granted with it (RFC 7009 2.1), and the access token, for those who end that
/// one by itself.
async fn revoke(credential: &Credential) -> Result<Revoked, CommandError> {
    let Some(account) = Account::of(credential) else {
        return Ok(Revoked::No("something else than `grantor login` stored it"));
    };
    let failed = |error: Error| client_error("revoking the tokens", &error);
    let client = account.discover().await.map_err(failed)?;
    if !client.metadata().has(Endpoint::Revocation) {
        return Ok(Revoked::No("the provider revokes no tokens"));
    }
    if let Some(token) = credential.refresh_token() {
        client
            .revoke(token, TokenHint::RefreshToken)
            .await
            .map_err(failed)?;
    }
    match client
        .revoke(credential.access_token(), TokenHint::AccessToken)
        .await
    {
        Ok(()) => Ok(Revoked::Yes),
        // RFC 7009 2.2.1: a provider may revoke refresh tokens only. The access token ends by itself.
        Err(Error::Refused(refusal)) if refusal.code == "unsupported_token_type" => {
            Ok(match credential.refresh_token() {
                Some(_) => Revoked::Yes,
                None => Revoked::No("the provider revokes no access tokens"),
            })
        }
        Err(error) => Err(failed(error)),
    }
}

/// Deletes the client that was registered for this login, unless another one uses it.
async fn unregister(vault: &CredentialManager, name: &str, credential: &Credential) {
    let Some(account) = Account::of(credential) else {
        return;
    };
    let Some(registration) = &account.registration else {
        return;
    };
    let is_shared = async {
        for login in vault.list().await.unwrap_or_default() {
            if login.id == name {
                continue;
            }
            // One that does not open may use it.
            let Ok(other) = vault.get(&login.id).await else {
                return true;
            };
            let other = other.credential;
            if other.issuer() == credential.issuer() && other.client_id() == credential.client_id() {
                return true;
            }
        }
        false
    };
    if is_shared.await {
        return;
    }
    let is_deleted = match &registration.management {
        Some((uri, token)) => delete_registration(uri, token).await,
        None => false,
    };
    if !is_deleted {
        eprintln!(
            "The client {} that was registered at {} for this login stays there.",
            account.client_id, account.issuer
        );
    }
}

fn tell(ended: &Ended) {
    let Ended { name, reason, .. } = ended;
    match reason {
        None => say!("Signed out: {name} is revoked and deleted."),
        Some(reason) => say!(
            "{name} is deleted. Its tokens were not revoked and are good until they end: {}.",
            reason.trim_end_matches('.')
        ),
    }
}
