//! `grantor login`.

mod candidate;
mod provider;
mod sign_in;

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use grantor_client::{Client, Tokens};
use grantor_types::{Resource, Scope, Seconds, Secret, is_loopback};
use grantor_vault::{CredentialManager, VaultError};
use serde_json::json;
use url::Url;

use crate::argument::{duration, text};
use crate::output::{CommandError, instant, print_json, say};
use crate::vault::{Account, Asked, DEFAULT_NAME, VaultArguments, Way, command, vault_error};
use provider::Provider;
use sign_in::SignedIn;

/// Where a development server is when nobody says otherwise.
pub(super) const DEFAULT_ISSUER: &str = "http://localhost:8080";

/// Sign in at any issuer of OAuth 2.1 or OpenID Connect, and keep what comes of it in the vault.
///
/// `grantor token NAME` prints an access token that is good; it is renewed for as long as the provider allows. Where there is
/// a browser, that is where you sign in; elsewhere a code is shown that is typed into a browser on another machine. Signing
/// in again under the same name asks for what was asked for before.
#[derive(Debug, Args)]
pub(crate) struct Login {
    /// What the login is called.
    #[arg(default_value = DEFAULT_NAME, value_parser = name)]
    name: String,
    /// The provider, exactly as it calls itself; github, gitlab, google and microsoft will do. That of the login before, or a
    /// development server on this machine, when absent.
    #[arg(long, value_name = "URL", value_parser = provider::named)]
    issuer: Option<String>,
    /// The client to be. When absent the command registers itself where the provider lets everybody do that.
    #[arg(long)]
    client_id: Option<String>,
    /// The file with the client's secret.
    #[arg(long, value_name = "FILE", requires = "client_id")]
    client_secret_file: Option<PathBuf>,
    /// The environment variable with the client's secret.
    #[arg(
        long,
        value_name = "NAME",
        requires = "client_id",
        conflicts_with = "client_secret_file"
    )]
    client_secret_env: Option<String>,
    /// What to ask for, separated by spaces. An identity and a refresh token when absent, as far as the provider has them.
    #[arg(long, value_parser = text::<Scope>)]
    scope: Option<Scope>,
    /// An API that the token is to be for (RFC 8707). Repeat it for more.
    #[arg(long = "resource", value_name = "URI", value_parser = text::<Resource>)]
    resources: Vec<Resource>,
    /// The name of a service that the token is to be for, where the provider has that in place of resources. Repeat it for more.
    #[arg(long = "audience", value_name = "NAME")]
    audiences: Vec<String>,
    /// Another parameter of the authorization request, such as access_type=offline. Repeat it for more.
    #[arg(long = "parameter", value_name = "NAME=VALUE", value_parser = parameter)]
    parameters: Vec<(String, String)>,
    /// Bind the tokens to a key that stays in the vault (DPoP, RFC 9449).
    #[arg(long)]
    dpop: bool,
    #[command(flatten)]
    way: WayArguments,
    #[command(flatten)]
    vault: VaultArguments,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// How to sign in.
#[derive(Debug, Args)]
struct WayArguments {
    /// Show a code to type into a browser on another machine, also where there is a browser (RFC 8628).
    #[arg(long, conflicts_with_all = ["no_browser", "client_credentials"])]
    device: bool,
    /// Open no browser: print the address, to be opened by hand on this machine.
    #[arg(long, conflicts_with = "client_credentials")]
    no_browser: bool,
    /// Nobody signs in: the client gets tokens for itself, with its secret.
    #[arg(long, requires = "client_id")]
    client_credentials: bool,
    /// Where the browser comes back to, on this machine, if the provider wants it exactly, with its port.
    #[arg(long, value_name = "URI", value_parser = loopback, conflicts_with_all = ["device", "client_credentials"])]
    redirect_uri: Option<String>,
    /// How long to wait for the browser.
    #[arg(long, value_name = "DURATION", default_value = "5m", value_parser = duration)]
    timeout: Seconds,
}

impl Login {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        let secret = self.client_secret()?;
        // The vault first: who has no key to it need not sign in.
        let vault = self.vault.open_or_make().await?;
        let before = self.before(&vault).await?;
        let issuer = match (&self.issuer, &before) {
            (Some(issuer), _) => issuer.clone(),
            (None, Some(before)) => before.issuer.clone(),
            (None, None) => DEFAULT_ISSUER.to_owned(),
        };
        let provider = Provider::find(&issuer).await?;
        let issuer = &provider.address;
        let is_same = |before: &Account| {
            let client = self.client_id.as_ref();
            before.issuer == *issuer && client.is_none_or(|client| *client == before.client_id)
        };
        let before = before.filter(is_same);
        let signed_in = self.sign_in(&vault, provider, before.as_ref(), secret).await?;
        self.keep(&vault, signed_in).await
    }

    /// The login of this name, to be repeated.
    async fn before(&self, vault: &CredentialManager) -> Result<Option<Account>, CommandError> {
        match vault.get(&self.name).await {
            Ok(stored) => Ok(Account::of(&stored.credential)),
            // One that does not open is replaced.
            Err(VaultError::NotFound | VaultError::NotAuthentic | VaultError::UnknownKey(_)) => Ok(None),
            Err(error) => Err(vault_error(&self.name, &error)),
        }
    }

    fn client_secret(&self) -> Result<Option<Secret>, CommandError> {
        let text = match (&self.client_secret_file, &self.client_secret_env) {
            (Some(path), _) => {
                let context = format!("{} cannot be read", path.display());
                std::fs::read_to_string(path).map_err(|error| CommandError::caused_by(&context, &error))?
            }
            (None, Some(name)) => std::env::var(name)
                .map_err(|_| CommandError::usage(format!("the environment variable {name} is not set")))?,
            (None, None) => return Ok(None),
        };
        let secret = Secret::new(text.trim());
        if secret.is_empty() {
            return Err(CommandError::usage("the client's secret is empty"));
        }
        Ok(Some(secret))
    }

    /// What to ask for: as it was said, otherwise as before.
    fn asked(&self, before: Option<&Account>) -> Asked {
        let before = before.map(|before| before.asked.clone()).unwrap_or_default();
        let resources: Vec<String> = self.resources.iter().map(ToString::to_string).collect();
        let or_before = |said: Vec<String>, before| if said.is_empty() { before } else { said };
        Asked {
            scope: self.scope.as_ref().map(ToString::to_string).or(before.scope),
            resources: or_before(resources, before.resources),
            audiences: or_before(self.audiences.clone(), before.audiences),
        }
    }

    /// Puts the tokens into the vault, and says so.
    async fn keep(&self, vault: &CredentialManager, signed_in: SignedIn) -> Result<(), CommandError> {
        let SignedIn {
            account,
            client,
            tokens,
        } = signed_in;
        let user = user(&client, &tokens).await;
        let (subject, scope, expires_at) = (
            tokens.subject.clone(),
            tokens.scope.to_string(),
            tokens.expires_at.map(instant),
        );
        let is_renewed = tokens.refresh_token.is_some() || account.way == Way::ClientCredentials;
        let mut credential = account.write_to(tokens.into_credential(&client));
        if account.way == Way::ClientCredentials {
            credential = credential.reacquired();
        }
        if let Some(user) = &user {
            credential = credential.attribute(USER, user);
        }
        let credential = credential
            .build()
            .map_err(|error| CommandError::caused_by("the tokens", &error))?;
        let stored = vault.store(&self.name, credential).await;
        stored.map_err(|error| vault_error(&self.name, &error))?;
        let (name, issuer, path) = (&self.name, &account.issuer, self.vault.path()?);
        if self.json {
            return print_json(&json!({
                "name": name, "issuer": issuer, "client_id": account.client_id, "user": user, "subject": subject,
                "scope": scope, "expires_at": expires_at, "renewed": is_renewed, "vault": path.display().to_string(),
            }));
        }
        let whom = match (user.or(subject), account.way) {
            (Some(user), _) => format!(" as {user}"),
            (None, Way::ClientCredentials) => format!(" as the client {}", account.client_id),
            (None, Way::Browser | Way::Device) => String::new(),
        };
        say!("Signed in at {issuer}{whom}.");
        let print = command("token", name);
        match (&expires_at, is_renewed) {
            (_, true) => say!("`{print}` prints an access token, which is renewed by itself."),
            (Some(end), false) => say!(
                "`{print}` prints the access token until {end}; the provider gave nothing to renew it with."
            ),
            (None, false) => say!("`{print}` prints the access token."),
        }
        let end = command("logout", name);
        say!("It lies sealed in {}; `{end}` ends it.", path.display());
        Ok(())
    }

    fn timeout(&self) -> Duration {
        Duration::from_secs(self.way.timeout.0)
    }
}

/// The attribute that holds what a person calls themselves.
pub(super) const USER: &str = "user";

/// What the person is called: the provider's word for it, for eyes alone. Nothing depends on it.
async fn user(client: &Client, tokens: &Tokens) -> Option<String> {
    const NAMES: [&str; 3] = ["preferred_username", "email", "name"];
    let named = |claims: &serde_json::Map<String, serde_json::Value>| {
        let mut values = NAMES.iter().filter_map(|name| claims.get(*name)?.as_str());
        let printable = |value: &&str| !value.is_empty() && !value.chars().any(char::is_control);
        values.find(printable).map(str::to_owned)
    };
    let id_token = tokens.id_token.as_ref()?;
    match named(&id_token.claims().extra) {
        Some(user) => Some(user),
        None => named(client.userinfo(tokens).await.ok()?.claims()),
    }
}

/// A name that `grantor token NAME` finds.
fn name(text: &str) -> Result<String, String> {
    if super::token::is_command(text) {
        return Err(format!("`grantor token {text}` is a command: take another name"));
    }
    grantor_vault::RecordKey::new(grantor_vault::Compartment::default(), text)
        .map(|_| text.to_owned())
        .map_err(|error| error.to_string())
}

fn parameter(text: &str) -> Result<(String, String), &'static str> {
    let (name, value) = text.split_once('=').ok_or("is not NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

fn loopback(text: &str) -> Result<String, &'static str> {
    let is_ours = Url::parse(text).is_ok_and(|url| {
        url.scheme() == "http" && is_loopback(&url) && url.query().is_none() && url.fragment().is_none()
    });
    is_ours
        .then(|| text.to_owned())
        .ok_or("has to be http on this machine, such as http://127.0.0.1:8400/callback")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_none_of_the_commands() {
        for command in ["device", "personal", "list", "revoke", "revoke-all", "help"] {
            assert!(
                name(command).unwrap_err().contains("take another name"),
                "{command}"
            );
        }
        assert!(name("").is_err() && name("a\nb").is_err());
        assert_eq!(name("work").as_deref(), Ok("work"));
    }

    #[test]
    fn browsers_come_back_to_this_machine() {
        for good in [
            "http://127.0.0.1/cb",
            "http://localhost:8400/",
            "http://[::1]:1/x",
        ] {
            assert!(loopback(good).is_ok(), "{good}");
        }
        for bad in [
            "https://127.0.0.1/cb",
            "http://app.example/cb",
            "http://127.0.0.1/cb?a=b",
            "cb",
        ] {
            assert!(loopback(bad).is_err(), "{bad}");
        }
    }
}
