//! `grantor token NAME`: an access token that is good.

use clap::Args;
use grantor_client::{Error, Request, Tokens};
use grantor_types::{AccessTokenScheme, TokenType};
use grantor_vault::{AccessToken, Credential};
use http::header::AUTHORIZATION;
use http::{HeaderName, Method};
use serde_json::json;
use url::Url;

use crate::output::{CommandError, instant, print_json, say};
use crate::vault::{Account, DEFAULT_NAME, VaultArguments, client_error, vault_error};

/// RFC 9449 4.1.
const DPOP: HeaderName = HeaderName::from_static("dpop");

/// An access token of a login.
#[derive(Debug, Args)]
pub(super) struct Access {
    /// What the login is called.
    #[arg(default_value = DEFAULT_NAME)]
    name: String,
    /// Print the whole header, for `curl -H @-`: the token then stands in no list of processes.
    #[arg(long, conflicts_with = "json")]
    header: bool,
    /// Print the headers for this request, with the proof that a token of `grantor login --dpop` needs. For `curl -H @-` too.
    #[arg(long, num_args = 2, value_names = ["METHOD", "URL"], conflicts_with_all = ["header", "json"])]
    proof: Vec<String>,
    /// Get another token in place of one that an API refuses although it should be good.
    #[arg(long)]
    renew: bool,
    /// Send the refresh token again although nobody knows what became of it. Some providers take that for theft.
    #[arg(long, conflicts_with = "renew")]
    retry: bool,
    #[command(flatten)]
    vault: VaultArguments,
    /// Print JSON: the token, its type and its end.
    #[arg(long)]
    json: bool,
}

impl Access {
    pub(super) async fn run(self) -> Result<(), CommandError> {
        let name = &self.name;
        let vault = self.vault.open_for(name).await?;
        let token = match self.retry {
            true => vault.retry(name).await,
            false => vault.valid_access_token(name).await,
        };
        let token = match token {
            Ok(token) if self.renew => vault.renew_rejected(name, &token).await,
            token => token,
        };
        let token = token.map_err(|error| vault_error(name, &error))?;
        if let [method, url] = self.proof.as_slice() {
            let stored = vault.get(name).await;
            let stored = stored.map_err(|error| vault_error(name, &error))?;
            return print_proven(&stored.credential, request(method, url)?);
        }
        self.print(&token)
    }

    fn print(&self, token: &AccessToken) -> Result<(), CommandError> {
        if self.json {
            return print_json(&json!({
                "name": self.name, "access_token": token.expose(), "token_type": token.token_type(),
                "expires_at": token.expires_at().map(instant),
            }));
        }
        if token
            .token_type()
            .eq_ignore_ascii_case(AccessTokenScheme::Dpop.as_str())
        {
            eprintln!(
                "This token is bound to a key: each request needs a proof, which --proof METHOD URL prints."
            );
        }
        match self.header {
            true => say!("Authorization: {} {}", token.token_type(), token.expose()),
            false => say!("{}", token.expose()),
        }
        Ok(())
    }
}

fn request(method: &str, url: &str) -> Result<Request, CommandError> {
    let wrong =
        |error: &dyn std::error::Error| CommandError::usage(format!("--proof {method} {url}: {error}"));
    let method = Method::from_bytes(method.as_bytes()).map_err(|error| wrong(&error))?;
    let url = Url::parse(url).map_err(|error| wrong(&error))?;
    Ok(Request::new(method, url, Vec::new()))
}

/// The headers that present the token in this request. It was found good a moment ago.
fn print_proven(credential: &Credential, request: Request) -> Result<(), CommandError> {
    let failed = |error: &Error| client_error("the headers", error);
    let account = Account::of(credential)
        .ok_or_else(|| CommandError::new("something else than `grantor login` stored this login"))?;
    let client = account.offline().map_err(|error| failed(&error))?;
    let token_type = TokenType::from_name_ignoring_case(credential.token_type()).unwrap_or(TokenType::Bearer);
    let token = credential.access_token().clone();
    let tokens = Tokens::restored(token, token_type, credential.scope().clone());
    let request = client.present(&tokens, request).map_err(|error| failed(&error))?;
    for (name, shown) in [(AUTHORIZATION, "Authorization"), (DPOP, "DPoP")] {
        let value = request.headers().get(name).and_then(|value| value.to_str().ok());
        if let Some(value) = value {
            say!("{shown}: {value}");
        }
    }
    Ok(())
}
