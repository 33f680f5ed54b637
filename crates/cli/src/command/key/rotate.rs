//! `grantor key rotate`.

use clap::Args;
use grantor_server::admin::{Action, Request};
use grantor_types::SigningAlgorithm;
use serde::Deserialize;
use serde_json::json;

use crate::administrator::{AdministratorArguments, document, member, warnings};
use crate::argument::text;
use crate::output::{CommandError, print_json, print_warnings, say};

/// Replace keys. The new key is published at once and used after `keys.publish_before`; what the old one signed stays
/// valid until it ends by itself.
#[derive(Debug, Args)]
pub(crate) struct Rotate {
    #[command(flatten)]
    which: Which,
    /// Use the new key at once, as after a theft. Whoever holds a cached key set refuses tokens until it reads it again.
    #[arg(long)]
    now: bool,
    #[command(flatten)]
    administrator: AdministratorArguments,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
struct Which {
    /// The signing key of this algorithm: ES256, EdDSA, PS256 or RS256. Repeat it for more.
    #[arg(long = "algorithm", value_name = "ALGORITHM", value_parser = text::<SigningAlgorithm>)]
    algorithms: Vec<SigningAlgorithm>,
    /// The key that seals opaque access tokens and what pages carry.
    #[arg(long)]
    sealing: bool,
    /// The keys that clients encrypt request objects to.
    #[arg(long)]
    decryption: bool,
    /// The key that derives refresh tokens.
    #[arg(long)]
    derivation: bool,
    /// Every key.
    #[arg(long)]
    all: bool,
}

impl Rotate {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        let wanted = json!({
            "algorithms": self.which.algorithms, "sealing": self.which.sealing, "derivation": self.which.derivation,
            "decryption": self.which.decryption,
            "all": self.which.all, "now": self.now,
        });
        let administrator = self.administrator.open_with_keys()?;
        let rotate = Request::new(Action::RotateKeys, &[]).body(wanted);
        let body = administrator.send(rotate).await?.body;
        if self.json {
            return print_json(&body);
        }
        let made: Vec<Made> = document(member(&body, "created"))?;
        let use_from: String = document(member(&body, "use_from"))?;
        for Made { id, purpose } in made {
            say!("{purpose} key {id}, used from {use_from}");
        }
        print_warnings(&warnings(&body));
        Ok(())
    }
}

/// A key that was made.
#[derive(Deserialize)]
struct Made {
    id: String,
    purpose: String,
}
