//! Secrets of clients: generated, or chosen by somebody who knows what a fast hash is.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use grantor_protocol::record::{Client, StoredSecret};
use grantor_protocol::validity;
use grantor_types::{ClientAuthMethod, ClientId, Seconds, Secret, Timestamp};
use serde_json::{Map, Value, json};

use super::administration::{Administration, Output};
use super::clients::{self, ClientDocument};
use super::refusal::Refusal;
use super::request::{Request, read, take_text};
use super::{instant, precondition};
use crate::app::Failure;
use crate::client_secret;

/// How long the old secret stays valid when nothing is said.
const DEFAULT_OVERLAP: Seconds = Seconds::hours(24);
/// The longest time that an old secret stays valid.
const LONGEST_OVERLAP: Seconds = Seconds::days(366);

/// Where a secret comes from.
pub(super) struct NewSecret {
    chosen: Option<Secret>,
    danger_weak: bool,
}

/// A new secret.
pub(super) struct MadeSecret {
    /// The text, when we made it: it is shown once.
    pub(super) generated: Option<String>,
    /// What is kept of it.
    pub(super) stored: StoredSecret,
}

impl NewSecret {
    /// Takes `secret` and `danger_weak_secret` out of a body, so that the text is in no document.
    pub(super) fn take(members: &mut Map<String, Value>) -> Result<Self, Refusal> {
        let chosen = take_text(members, "secret")?.map(Secret::new);
        let danger_weak = match members.remove("danger_weak_secret") {
            None => false,
            Some(Value::Bool(value)) => value,
            Some(Value::Null | Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_)) => {
                return Err(Refusal::member("danger_weak_secret", "has to be true or false"));
            }
        };
        Ok(Self { chosen, danger_weak })
    }

    pub(super) fn is_there(&self) -> bool {
        self.chosen.is_some() || self.danger_weak
    }

    /// The chosen secret, or a new one of 256 random bits; of 512 for a client that signs with it, as HMAC with SHA-512
    /// wants as many bytes as it makes (RFC 7518 3.2). For such a client it is sealed as well.
    pub(super) fn make(
        self,
        admin: &Administration<'_>,
        client: &ClientId,
        methods: &[ClientAuthMethod],
    ) -> Result<MadeSecret, Refusal> {
        let signs = methods.contains(&ClientAuthMethod::ClientSecretJwt);
        let (text, generated) = match self.chosen {
            Some(secret) => {
                validity::secret(secret.expose(), self.danger_weak)
                    .map_err(|invalid| Refusal::invalid("the client", &invalid))?;
                (secret, None)
            }
            None => {
                let text = match signs {
                    true => URL_SAFE_NO_PAD.encode(admin.random::<64>()?),
                    false => URL_SAFE_NO_PAD.encode(admin.random::<32>()?),
                };
                (Secret::new(text.as_str()), Some(text))
            }
        };
        let master = admin.keys.map(|keys| keys.master);
        let stored = client_secret::stored(master, client, methods, &text)
            .map_err(|error| Failure::internal("the secret cannot be sealed", error))?;
        Ok(MadeSecret { generated, stored })
    }
}

/// Gives a client a new secret; the old one stays valid for a while.
pub(super) async fn rotate(admin: &Administration<'_>, mut request: Request) -> Result<Output, Refusal> {
    let before = clients::find(admin, &request).await?;
    precondition::check(request.if_match.as_deref(), &clients::etag(&before))?;
    let mut members = request.object()?;
    let chosen = NewSecret::take(&mut members)?;
    let rotation = rotation(members)?;
    let methods = rotation
        .authentication_methods
        .unwrap_or_else(|| before.authentication_methods.clone());
    let overlap = rotation.overlap.unwrap_or(DEFAULT_OVERLAP);
    let subject = format!("client {}", before.id);
    let without = match methods.iter().any(|method| method.uses_secret()) {
        _ if before.is_public() => Some("is public: it has no secret"),
        true => None,
        false => Some("authenticates by its keys: it has no secret"),
    };
    if let Some(problem) = without {
        return Err(Refusal {
            detail: Some(format!("{subject} {problem}")),
            ..Refusal::member("", problem)
        });
    }
    let made = chosen.make(admin, &before.id, &methods)?;
    let old_end = admin.now.plus(overlap);
    let mut secrets = vec![made.stored];
    secrets.extend(still_valid(&before.secrets, old_end, admin.now));
    let revision = before.revision;
    let changed = Client {
        secrets,
        authentication_methods: methods,
        ..before
    };
    let client = clients::save(admin, revision, changed).await?;
    let etag = clients::etag(&client);
    let body = json!({
        "client": ClientDocument::of(client), "secret": made.generated, "old_secret_valid_until": instant(old_end),
    });
    Ok(Output::body(body).etag(etag))
}

/// What else may be said of a rotation.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Rotation {
    /// How long the old secret stays valid.
    overlap: Option<Seconds>,
    /// How the client authenticates from now on.
    authentication_methods: Option<Vec<ClientAuthMethod>>,
}

fn rotation(members: Map<String, Value>) -> Result<Rotation, Refusal> {
    let rotation: Rotation = read(members.into())?;
    if rotation.overlap.is_some_and(|overlap| overlap > LONGEST_OVERLAP) {
        return Err(Refusal::member(
            "overlap",
            "has to be 366 days at most, in seconds",
        ));
    }
    Ok(rotation)
}

/// The secrets that live on, none of them longer than `end`.
fn still_valid(secrets: &[StoredSecret], end: Timestamp, now: Timestamp) -> Vec<StoredSecret> {
    let shortened = secrets.iter().map(|secret| StoredSecret {
        hash: secret.hash,
        expires_at: Some(secret.expires_at.map_or(end, |own| own.min(end))),
        sealed: secret.sealed.clone(),
    });
    shortened.filter(|secret| secret.is_live(now)).collect()
}
