//! `grantor admin token`.

use clap::Args;
use grantor_jose::Type;
use grantor_protocol::administration::{self, READ_SCOPE, WRITE_SCOPE};
use grantor_protocol::record::Client;
use grantor_protocol::token::MAX_ACCESS_TOKEN_LIFETIME;
use grantor_protocol::{Change, Expect};
use grantor_server::keyring::Keyring;
use grantor_store::Store;
use grantor_types::{AccessTokenClaims, Audience, ClientId, GrantType, Resource, Scope, Seconds, TokenId};
use serde_json::json;

use crate::argument::{duration, text};
use crate::change::{self, random_bytes};
use crate::engine::DatabaseArguments;
use crate::output::{CommandError, instant, print_json, say};

/// The client that these tokens are issued to. It can do nothing by itself; switched off or deleted, it takes its tokens
/// along.
const CLIENT: &str = "grantor-cli";

/// Print an access token for the administration API, this once.
///
/// The token is signed beside the database, with the server's own keys, and issued to the client grantor-cli, which is
/// registered when it is not there. Revoked at the revocation endpoint it ends at once; `grantor client update grantor-cli
/// --disable` ends them all.
#[derive(Debug, Args)]
pub(crate) struct Token {
    /// How long it lives, such as 15m; a day at most.
    #[arg(long, value_name = "DURATION", default_value = "1h", value_parser = duration)]
    expires_in: Seconds,
    /// What it allows: admin:read, admin:write, or both.
    #[arg(long, default_value = "admin:read admin:write", value_parser = text::<Scope>)]
    scope: Scope,
    #[command(flatten)]
    database: DatabaseArguments,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Token {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        self.check()?;
        let place = self.database.place()?;
        let store = place.open()?;
        let issuer = place.issuer()?;
        let master = place.keys()?.master;
        let resource = administration::resource(&issuer).ok_or_else(|| {
            CommandError::usage("the issuer is too long to be the beginning of an audience")
        })?;
        let now = change::now();
        let broken =
            |error: &dyn std::error::Error| CommandError::caused_by("the token cannot be signed", error);
        let keys = Keyring::open(&master, store.keys().await?, now).map_err(|error| broken(&error))?;
        let key = keys
            .signing(place.policy().access_token_algorithm)
            .ok_or_else(|| {
                CommandError::new("there is no key to sign with; the server makes one when it starts")
            })?;
        let client = ensure_client(&*store, &resource).await?;
        let expires_at = now.plus(self.expires_in);
        let claims = AccessTokenClaims {
            iss: issuer.as_str().to_owned(),
            sub: client.to_string(),
            aud: Audience::One(resource.to_string()),
            exp: expires_at.as_seconds(),
            iat: now.as_seconds(),
            jti: TokenId::new(now, random_bytes()?),
            client_id: client,
            scope: self.scope.clone(),
            auth_time: None,
            acr: None,
            grant: None,
            cnf: None,
            act: None,
            may_act: None,
            ancestors: Vec::new(),
            ancestor_grants: Vec::new(),
            userinfo_claims: Default::default(),
            claims_locales: Default::default(),
        };
        let token = key
            .sign(Type::AccessToken, &claims)
            .map_err(|error| broken(&error))?;
        if self.json {
            return print_json(&json!({
                "access_token": token, "expires_at": instant(expires_at), "scope": self.scope, "server": issuer,
            }));
        }
        say!("{token}");
        eprintln!(
            "For {issuer}, until {}: set GRANTOR_ADMIN_TOKEN to it and add --server {issuer} to a command.",
            instant(expires_at)
        );
        Ok(())
    }

    /// What can be said without looking into the database.
    fn check(&self) -> Result<(), CommandError> {
        if self.scope.is_empty() || !self.scope.iter().all(administration::is_scope) {
            return Err(CommandError::usage(format!(
                "--scope is {READ_SCOPE}, {WRITE_SCOPE}, or both"
            )));
        }
        if self.expires_in == Seconds(0) || self.expires_in > MAX_ACCESS_TOKEN_LIFETIME {
            return Err(CommandError::usage("an access token lives for a day at most"));
        }
        Ok(())
    }
}

/// Registers the client when it is not there: it has the scopes and the audience, and a grant type that is of no use to it,
/// since nothing gives it a refresh token.
async fn ensure_client(store: &dyn Store, resource: &Resource) -> Result<ClientId, CommandError> {
    let wrong =
        |error: &dyn std::error::Error| CommandError::caused_by("the client of the command line", error);
    let id = ClientId::parse(CLIENT).map_err(|error| wrong(&error))?;
    let scope = Scope::parse(&format!("{READ_SCOPE} {WRITE_SCOPE}")).map_err(|error| wrong(&error))?;
    if let Some(client) = store.client(&id).await? {
        let is_right =
            !client.disabled && client.audiences.contains(resource) && scope.is_subset(&client.scope);
        return match is_right {
            true => Ok(id),
            false => Err(CommandError::usage(format!(
                "the client {id} is switched off or not registered for {resource} and {scope}; `grantor client delete {id}` \
                 lets it be made anew"
            ))),
        };
    }
    let client = Client {
        name: "Grantor command line".to_owned(),
        grant_types: vec![GrantType::RefreshToken],
        audiences: vec![resource.clone()],
        scope,
        ..Client::new(id.clone(), change::now())
    };
    let put = Change::PutClient {
        client: Box::new(client),
        expect: Expect::Absent,
    };
    change::commit(store, vec![put], &format!("client {id}")).await?;
    Ok(id)
}
