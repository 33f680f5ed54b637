//! `grantor resource create`.

use clap::Args;
use grantor_protocol::record::ResourceServer;
use grantor_server::admin::Action;
use grantor_types::{ClientId, Resource, Seconds, SigningAlgorithm, TokenFormat};

use crate::administrator::warnings;
use crate::argument::{duration, text};
use crate::command::catalogue::{EntryActions, EntryArguments};
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
    #[command(flatten)]
    entry: EntryArguments,
}

const ACTIONS: EntryActions = EntryActions {
    create: Action::CreateResource,
    show: Action::ShowResource,
    replace: Action::ReplaceResource,
};

impl Create {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        let resource = ResourceServer {
            id: self.id,
            name: self.name,
            access_token_format: self.access_token_format,
            access_token_algorithm: self.access_token_algorithm,
            access_token_lifetime: self.access_token_lifetime,
            introspectors: self.introspectors,
        };
        let id = resource.id.as_str();
        let done = self.entry.write(&ACTIONS, id, &resource).await?;
        if self.entry.json {
            return print_json(&done.body);
        }
        print_warnings(&warnings(&done.body));
        say!("resource server {id} is known");
        Ok(())
    }
}
