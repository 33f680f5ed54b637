//! What is inside a sealed record, and how it is written.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use grantor_types::{Scope, Secret, SecretBytes, Timestamp};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroizing;

use crate::VaultError;
use crate::credential::{Credential, Expiry};
use crate::state::State;

/// The largest content, in bytes. The largest tokens in use have some 10 KiB.
pub const MAX_CREDENTIAL_BYTES: usize = 256 * 1024;

/// Everything about a credential. Nothing of it lies in the storage in clear.
#[derive(Clone, Debug)]
pub(crate) struct Content {
    /// Counts the tokens that were stored under this id, by a login or by a renewal.
    pub(crate) generation: u64,
    pub(crate) state: State,
    pub(crate) stored_at: Timestamp,
    pub(crate) renewed_at: Timestamp,
    pub(crate) credential: Credential,
}

impl Content {
    /// The bytes to seal.
    pub(crate) fn write(&self) -> Result<SecretBytes, VaultError> {
        let bytes = SecretBytes::json(&Written::of(self)).map_err(|_| VaultError::TooLarge)?;
        match bytes.expose().len() {
            0..=MAX_CREDENTIAL_BYTES => Ok(bytes),
            _ => Err(VaultError::TooLarge),
        }
    }

    /// Reads what [`write`](Self::write) wrote. It was authentic, so what cannot be read comes from another release.
    pub(crate) fn read(bytes: &SecretBytes) -> Result<Self, VaultError> {
        // The parser's own message may quote what it stumbled on.
        let read: Read = serde_json::from_slice(bytes.expose()).map_err(|_| VaultError::OtherRelease)?;
        Ok(read.into())
    }
}

#[derive(Serialize)]
struct Written<'a> {
    generation: u64,
    state: &'a State,
    stored_at: Timestamp,
    renewed_at: Timestamp,
    access_token: Exposed<'a>,
    token_type: &'a str,
    expires_at: Option<Timestamp>,
    refresh_token: Option<Exposed<'a>>,
    reacquire: bool,
    scope: &'a Scope,
    issuer: Option<&'a str>,
    client_id: Option<&'a str>,
    client_secret: Option<Exposed<'a>>,
    secrets: BTreeMap<&'a str, Exposed<'a>>,
    attributes: &'a BTreeMap<String, String>,
}

impl<'a> Written<'a> {
    fn of(content: &'a Content) -> Self {
        let credential = &content.credential;
        let secrets = credential.secrets.iter();
        Self {
            generation: content.generation,
            state: &content.state,
            stored_at: content.stored_at,
            renewed_at: content.renewed_at,
            access_token: Exposed(&credential.access_token),
            token_type: &credential.token_type,
            expires_at: credential.expires_at(),
            refresh_token: credential.refresh_token.as_ref().map(Exposed),
            reacquire: credential.reacquire,
            scope: &credential.scope,
            issuer: credential.issuer(),
            client_id: credential.client_id(),
            client_secret: credential.client_secret.as_ref().map(Exposed),
            secrets: secrets
                .map(|(name, secret)| (name.as_str(), Exposed(secret)))
                .collect(),
            attributes: &credential.attributes,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Read {
    generation: u64,
    state: State,
    stored_at: Timestamp,
    renewed_at: Timestamp,
    access_token: Concealed,
    token_type: String,
    expires_at: Option<Timestamp>,
    refresh_token: Option<Concealed>,
    reacquire: bool,
    scope: Scope,
    issuer: Option<String>,
    client_id: Option<String>,
    client_secret: Option<Concealed>,
    secrets: BTreeMap<String, Concealed>,
    attributes: BTreeMap<String, String>,
}

impl From<Read> for Content {
    fn from(read: Read) -> Self {
        let secrets = read.secrets.into_iter();
        Self {
            generation: read.generation,
            state: read.state,
            stored_at: read.stored_at,
            renewed_at: read.renewed_at,
            credential: Credential {
                access_token: read.access_token.0,
                token_type: read.token_type,
                expiry: read.expires_at.map_or(Expiry::Unknown, Expiry::At),
                refresh_token: read.refresh_token.map(|secret| secret.0),
                reacquire: read.reacquire,
                scope: read.scope,
                issuer: read.issuer,
                client_id: read.client_id,
                client_secret: read.client_secret.map(|secret| secret.0),
                secrets: secrets.map(|(name, secret)| (name, secret.0)).collect(),
                attributes: read.attributes,
            },
        }
    }
}

/// A secret on its way into a buffer that is sealed and wiped. It is written as base64url: what has to be escaped in JSON
/// would be read through a buffer of the parser that nobody wipes.
struct Exposed<'a>(&'a Secret);

impl Serialize for Exposed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = Zeroizing::new(URL_SAFE_NO_PAD.encode(self.0.expose()));
        serializer.serialize_str(&text)
    }
}

/// A secret on its way out of such a buffer.
struct Concealed(Secret);

impl<'de> Deserialize<'de> for Concealed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let malformed = || D::Error::custom("a secret is not what was written");
        let text = <&str>::deserialize(deserializer).map_err(|_| malformed())?;
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| malformed())?;
        let bytes = Zeroizing::new(bytes);
        let text = str::from_utf8(&bytes).map_err(|_| malformed())?;
        Ok(Self(Secret::new(text)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::{Backoff, Lease, Reason};

    fn content(state: State) -> Content {
        let at = Timestamp::from_seconds;
        let credential = Credential::builder(Secret::new("at \"quoted\" \\ ü"))
            .token_type("DPoP")
            .expires_at(at(5_000))
            .refresh_token(Secret::new("rt"))
            .scopes(["b", "a"])
            .issuer("https://id.example")
            .client_id("client")
            .client_secret(Secret::new("cs"))
            .secret("id_token", Secret::new("idt"))
            .attribute("account", "alice")
            .build()
            .unwrap();
        Content {
            generation: 7,
            state,
            stored_at: at(1),
            renewed_at: at(2),
            credential,
        }
    }

    #[test]
    fn every_field_survives() {
        let (since, reason) = (Timestamp::from_seconds(3), Reason::new("why"));
        let backoff = Some(Backoff {
            failures: 2,
            until: since,
            reason: reason.clone(),
        });
        let lease = Lease {
            holder: u64::MAX,
            attempt: 9,
            until: since,
        };
        let unknown = State::OutcomeUnknown {
            since,
            reason: reason.clone(),
        };
        let user = State::ReauthorizationRequired { since, reason };
        for state in [
            State::ACTIVE,
            State::Active { backoff },
            State::Refreshing { lease, failures: 3 },
            unknown,
            user,
        ] {
            let before = content(state);
            let bytes = before.write().unwrap();
            let after = Content::read(&bytes).unwrap();
            // `Debug` is redacted; the written form tells all.
            assert_eq!(after.write().unwrap().expose(), bytes.expose());
            assert_eq!(after.state, before.state);
            assert_eq!(after.credential.access_token().expose(), "at \"quoted\" \\ ü");
            assert_eq!(after.credential.secret("id_token").unwrap().expose(), "idt");
            assert_eq!(after.credential.attribute("account"), Some("alice"));
        }
    }

    #[test]
    fn there_is_a_largest_credential() {
        let mut large = content(State::ACTIVE);
        large.credential.access_token = Secret::new("x".repeat(MAX_CREDENTIAL_BYTES));
        assert!(matches!(large.write(), Err(VaultError::TooLarge)));
    }

    #[test]
    fn what_another_release_wrote_is_not_guessed_at() {
        let bytes = content(State::ACTIVE).write().unwrap();
        let text = std::str::from_utf8(bytes.expose()).unwrap();
        let other = text.replacen('{', "{\"new_field\":1,", 1);
        let error = Content::read(&SecretBytes::new(other.into_bytes())).unwrap_err();
        assert!(matches!(error, VaultError::OtherRelease));
    }
}
