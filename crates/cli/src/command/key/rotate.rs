//! `grantor key rotate`.

use clap::Args;
use grantor_protocol::Change;
use grantor_protocol::record::KeyPurpose;
use grantor_server::keyring::{self, KeyringError, RotationTimes};
use grantor_types::SigningAlgorithm;
use serde_json::json;

use crate::argument::text;
use crate::change;
use crate::engine::{DatabaseArguments, Keys};
use crate::output::{CommandError, instant, print_json, print_warnings, say};

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
    database: DatabaseArguments,
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
        let store = self.database.open()?;
        let Keys {
            master,
            policy,
            settings,
        } = self.database.keys()?;
        let stored = store.keys().await?;
        let purposes: Vec<KeyPurpose> = keyring::purposes(&settings)
            .into_iter()
            .filter(|purpose| self.which.names(*purpose))
            .collect();
        for algorithm in &self.which.algorithms {
            if !settings.algorithms.contains(algorithm) {
                return Err(CommandError::usage(format!(
                    "{algorithm} is not in keys.algorithms of the server"
                )));
            }
        }
        let now = change::now();
        let use_from = if self.now {
            now
        } else {
            now.plus(settings.publish_before)
        };
        let times = RotationTimes { now, use_from };
        let broken = |error: KeyringError| CommandError::caused_by("the keys cannot be replaced", &error);
        // Opened first: a wrong master key must not wrap a key that the server then cannot open.
        keyring::Keyring::open(&master, stored.clone(), now).map_err(broken)?;
        let changes = keyring::rotate(&master, &policy, &stored, &purposes, times).map_err(broken)?;
        let made = made(&changes);
        change::commit(&*store, changes, "the set of keys").await?;
        self.print(&made, &instant(use_from), settings.cache_for.0)
    }

    fn print(
        &self,
        made: &[(String, &'static str)],
        use_from: &str,
        cache_for: u64,
    ) -> Result<(), CommandError> {
        if self.json {
            let made = made
                .iter()
                .map(|(id, purpose)| json!({ "id": id, "purpose": purpose }));
            return print_json(&json!({ "created": made.collect::<Vec<_>>(), "use_from": use_from }));
        }
        for (id, purpose) in made {
            say!("{purpose} key {id}, used from {use_from}");
        }
        if self.now {
            print_warnings(&[format!(
                "whoever cached the key set refuses new tokens until it reads it again, {cache_for} seconds at most"
            )]);
        }
        Ok(())
    }
}

impl Which {
    fn names(&self, purpose: KeyPurpose) -> bool {
        match purpose {
            // Every user would become somebody else to every pairwise client.
            KeyPurpose::Pairwise => false,
            _ if self.all => true,
            KeyPurpose::Signing(algorithm) => self.algorithms.contains(&algorithm),
            KeyPurpose::Decryption(_) => self.decryption,
            KeyPurpose::Sealing => self.sealing,
            KeyPurpose::Derivation => self.derivation,
        }
    }
}

/// The keys that are new among the changes: the old ones have an end.
fn made(changes: &[Change]) -> Vec<(String, &'static str)> {
    let new = |change: &Change| {
        let Change::PutKey(key) = change else { return None };
        key.retire_at
            .is_none()
            .then(|| (key.id.clone(), key.purpose.as_str()))
    };
    changes.iter().filter_map(new).collect()
}
