//! Keys. Their material is not shown.

use grantor_protocol::Change;
use grantor_protocol::record::{KeyPurpose, StoredKey};
use grantor_types::{SigningAlgorithm, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::administration::{Administration, KeyAdministration, Output};
use super::refusal::Refusal;
use super::request::Request;
use super::{cursor, instant};
use crate::app::Failure;
use crate::keyring::{self, Keyring, KeyringError, RotationTimes};

/// A key as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyDocument {
    /// The `kid` of a signing key, a random id for the others.
    pub id: String,
    /// The algorithm of a signing key, `sealing`, or `derivation`.
    pub purpose: String,
    /// `waiting`, `current`, `retiring` or `ended`.
    pub state: String,
    /// When it was made; it is published from then on.
    pub created_at: String,
    /// From when on it is used.
    pub use_from: String,
    /// When its last signature or seal will have ended; null while it is current.
    pub retire_at: Option<String>,
}

impl KeyDocument {
    fn of(key: StoredKey, now: Timestamp) -> Self {
        Self {
            purpose: key.purpose.as_str().to_owned(),
            state: state(&key, now).to_owned(),
            id: key.id,
            created_at: instant(key.created_at),
            use_from: instant(key.use_from),
            retire_at: key.retire_at.map(instant),
        }
    }
}

/// Where a key stands at a moment.
fn state(key: &StoredKey, now: Timestamp) -> &'static str {
    match key.retire_at {
        Some(end) if end.is_past(now) => "ended",
        Some(_) => "retiring",
        None if key.use_from.is_past(now) => "current",
        None => "waiting",
    }
}

/// Which keys to replace, and when the new ones are used.
#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
#[derive(Default)]
struct Rotation {
    algorithms: Vec<SigningAlgorithm>,
    sealing: bool,
    derivation: bool,
    decryption: bool,
    all: bool,
    now: bool,
}

impl Rotation {
    fn names(&self, purpose: KeyPurpose) -> bool {
        match purpose {
            // Every user would become somebody else to every pairwise client.
            KeyPurpose::Pairwise => false,
            KeyPurpose::Signing(algorithm) => self.all || self.algorithms.contains(&algorithm),
            KeyPurpose::Decryption(_) => self.all || self.decryption,
            KeyPurpose::Sealing => self.all || self.sealing,
            KeyPurpose::Derivation => self.all || self.derivation,
        }
    }
}

/// There are few enough for one page.
pub(super) async fn list(admin: &Administration<'_>) -> Result<Output, Refusal> {
    let keys = admin.store.keys().await?;
    cursor::whole(keys, |key| KeyDocument::of(key, admin.now))
}

pub(super) async fn rotate(admin: &Administration<'_>, mut request: Request) -> Result<Output, Refusal> {
    let rotation: Rotation = request.document()?;
    let missing = || Failure::internal("the keys cannot be replaced", "the master key is not at hand");
    let KeyAdministration { master, settings } = admin.keys.ok_or_else(missing)?;
    if let Some(unknown) = rotation
        .algorithms
        .iter()
        .find(|algorithm| !settings.algorithms.contains(algorithm))
    {
        let problem = format!("{unknown} is not in keys.algorithms of the server");
        return Err(Refusal::member("algorithms", problem));
    }
    let purposes: Vec<KeyPurpose> = keyring::purposes(settings)
        .into_iter()
        .filter(|purpose| rotation.names(*purpose))
        .collect();
    if purposes.is_empty() {
        let problem = "names no key; name algorithms, decryption, sealing, derivation, or all";
        return Err(Refusal::member("", problem));
    }
    let now = admin.now;
    let use_from = if rotation.now {
        now
    } else {
        now.plus(settings.publish_before)
    };
    let stored = admin.store.keys().await?;
    let broken = |error: KeyringError| Failure::internal("the keys cannot be replaced", error);
    // Opened first: a wrong master key must not wrap a key that the server then cannot open.
    Keyring::open(master, stored.clone(), now).map_err(broken)?;
    let times = RotationTimes { now, use_from };
    let changes = keyring::rotate(master, admin.policy, &stored, &purposes, times).map_err(broken)?;
    let created: Vec<_> = changes.iter().filter_map(made).collect();
    admin.commit(changes).await?;
    let warning = format!(
        "whoever cached the key set refuses new tokens until it reads it again, {} seconds at most",
        settings.cache_for.0
    );
    let warnings: Vec<String> = rotation.now.then_some(warning).into_iter().collect();
    Ok(Output::body(json!({
        "created": created, "use_from": instant(use_from), "warnings": warnings,
    })))
}

/// A key that is new: the old ones have an end.
fn made(change: &Change) -> Option<serde_json::Value> {
    let Change::PutKey(key) = change else { return None };
    let is_new = key.retire_at.is_none();
    is_new.then(|| json!({ "id": key.id, "purpose": key.purpose.as_str() }))
}
