//! `grantor resource create`.

use clap::Args;
use grantor_protocol::Change;
use grantor_protocol::record::ResourceServer;
use grantor_server::keyring::MAX_ACCESS_TOKEN_LIFETIME;
use grantor_store::Store;
use grantor_types::{ClientId, Resource, Seconds, SigningAlgorithm, TokenFormat};
use serde_json::json;

use crate::argument::{duration, text};
use crate::change;
use crate::engine::DatabaseArguments;
use crate::output::{CommandError, print_json, print_warnings, say};

/// Declare a resource server and what its tokens look like.
#[derive(Debug, Args)]
pub(crate) struct Create {
    /// The resource indicator; it becomes the `aud` of its tokens.
    #[arg(value_name = "RESOURCE", value_parser = text::<Resource>)]
    id: Resource,
    /// What people call it.
    #[arg(long, default_value = "")]
    name: String,
    /// Form of its access tokens: jwt or opaque.
    #[arg(long, value_name = "FORMAT", value_parser = text::<TokenFormat>)]
    access_token_format: Option<TokenFormat>,
    /// Signature of its access tokens: ES256, EdDSA, PS256 or RS256.
    #[arg(long, value_name = "ALGORITHM", value_parser = text::<SigningAlgorithm>)]
    access_token_algorithm: Option<SigningAlgorithm>,
    /// Life of its access tokens, such as 5m.
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    access_token_lifetime: Option<Seconds>,
    /// A client that speaks for it at the introspection endpoint. Repeat it for more.
    #[arg(long = "introspector", value_name = "CLIENT_ID", value_parser = text::<ClientId>)]
    introspectors: Vec<ClientId>,
    /// Replace the resource server of this id when there is one.
    #[arg(long)]
    replace: bool,
    #[command(flatten)]
    database: DatabaseArguments,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Create {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        let store = self.database.open()?;
        let resource = ResourceServer {
            id: self.id,
            name: self.name,
            access_token_format: self.access_token_format,
            access_token_algorithm: self.access_token_algorithm,
            access_token_lifetime: self.access_token_lifetime,
            introspectors: self.introspectors,
        };
        let id = resource.id.to_string();
        if resource
            .access_token_lifetime
            .is_some_and(|lifetime| lifetime > MAX_ACCESS_TOKEN_LIFETIME)
        {
            return Err(CommandError::usage("an access token lives for a day at most"));
        }
        let resources = store.resources().await?;
        if !self.replace && resources.iter().any(|known| known.id == resource.id) {
            return Err(CommandError::usage(format!(
                "there is a resource server {id} already; --replace replaces it"
            )));
        }
        let warnings = unknown_introspectors(&*store, &resource).await?;
        let put = Change::PutResource(resource.clone());
        change::commit(&*store, vec![put], &format!("resource server {id}")).await?;
        if self.json {
            return print_json(&json!({ "resource": resource, "warnings": warnings }));
        }
        print_warnings(&warnings);
        say!("resource server {id} is known");
        Ok(())
    }
}

async fn unknown_introspectors(
    store: &dyn Store,
    resource: &ResourceServer,
) -> Result<Vec<String>, CommandError> {
    let mut warnings = Vec::new();
    for id in &resource.introspectors {
        let found = store.client(id).await?;
        if found.is_none() {
            warnings.push(format!(
                "there is no client {id}; `grantor client create --id {id}` registers it"
            ));
        }
    }
    Ok(warnings)
}
