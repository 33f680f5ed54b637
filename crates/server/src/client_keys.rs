//! The public keys of clients: those that are registered in place, and those that clients publish. They check client
//! assertions and request objects, and answers are encrypted to them.

use std::sync::Arc;

use async_trait::async_trait;
use grantor_fetch::{
    DocumentError, Fetch, GuardedFetch, RenewalLimits, Renewed, Source, Unavailable, get_json,
};
use grantor_jose::{EncryptionKey, Expectation, Jwks, KeySet, Verified, VerifyError, verify};
use grantor_protocol::Cause;
use grantor_protocol::record::Client;
use grantor_protocol::token::Encryption;
use grantor_types::{ClientId, Seconds, Timestamp, WebUri};
use quick_cache::sync::Cache;
use serde::de::DeserializeOwned;

use crate::app::Failure;
use crate::outgoing::Outgoing;

/// A key that a client has withdrawn is trusted for so long; a new one is fetched at once, but not more often than the
/// interval allows, whoever sends what.
const LIMITS: RenewalLimits = RenewalLimits {
    max_age: Seconds::minutes(10),
    interval: Seconds(10),
};

/// The keys of a client, parsed once.
#[derive(Debug)]
pub(crate) struct PublicKeys {
    /// Those that check its signatures.
    pub(crate) verifying: KeySet,
    /// All of them, also those that one encrypts to.
    pub(crate) jwks: Jwks,
}

impl PublicKeys {
    fn of(jwks: Jwks) -> Self {
        Self {
            // Nobody demands of clients that they name their keys.
            verifying: KeySet::from_jwks(&jwks).kid_optional(),
            jwks,
        }
    }
}

/// Why a token of a client gave no claims.
#[derive(Debug)]
pub(crate) enum Unverified {
    /// The client has registered no public keys.
    NoKeys,
    /// The token is not good.
    Token(VerifyError),
    /// Nobody could look.
    Failed(Failure),
}

/// The keys of all clients, as many as are kept in memory.
#[derive(Debug)]
pub(crate) struct ClientKeys {
    outgoing: Outgoing,
    registered: Cache<ClientId, Arc<PublicKeys>>,
    /// By address and not by client: whoever registers many clients with one address has it asked no more often.
    published: Cache<WebUri, Renewed<Published>>,
}

/// The keys at an address.
struct Published {
    fetch: GuardedFetch,
    uri: WebUri,
}

#[async_trait]
impl Source for Published {
    type Value = Arc<PublicKeys>;
    type Error = DocumentError;
    const NAME: &'static str = "the keys of a client";

    async fn read(&self) -> Result<Arc<PublicKeys>, DocumentError> {
        let url = self.uri.as_str().parse().map_err(|_| DocumentError::Json)?;
        let jwks: Jwks = get_json(&self.fetch as &dyn Fetch, &url).await?;
        Ok(Arc::new(PublicKeys::of(jwks)))
    }
}

impl ClientKeys {
    /// Keeps the keys of so many clients.
    pub(crate) fn new(outgoing: Outgoing, capacity: usize) -> Self {
        Self {
            outgoing,
            registered: Cache::new(capacity),
            published: Cache::new(capacity),
        }
    }

    /// The keys of a client; `None` when it has registered none.
    ///
    /// # Errors
    /// [`Cause::ClientKeysUnavailable`] when they cannot be fetched.
    async fn key_set(&self, client: &Client, now: Timestamp) -> Result<Option<Arc<PublicKeys>>, Failure> {
        if let Some(registered) = self.registered(client) {
            return Ok(Some(registered));
        }
        let Some(uri) = &client.metadata.jwks_uri else {
            return Ok(None);
        };
        let known = self.published(uri)?.current(now).await.map_err(unavailable)?;
        Ok(Some(Arc::clone(&known.value)))
    }

    /// The key that something is encrypted to, if the client wants that.
    ///
    /// # Errors
    /// [`Cause::ClientEncryptionKeyMissing`] when it has none for the algorithm, [`Cause::ClientKeysUnavailable`] when its
    /// keys cannot be fetched.
    pub(crate) async fn encryption_key(
        &self,
        client: &Client,
        wanted: Option<Encryption>,
        now: Timestamp,
    ) -> Result<Option<EncryptionKey>, Failure> {
        let Some(Encryption { algorithm, .. }) = wanted else {
            return Ok(None);
        };
        let keys = self.key_set(client, now).await?;
        let key = keys.and_then(|keys| EncryptionKey::choose(&keys.jwks, algorithm));
        key.map(Some).ok_or(Cause::ClientEncryptionKeyMissing.into())
    }

    /// The claims of a token that the client has signed. Published keys are fetched anew when none of those that are
    /// known has signed it: the client may have a new one.
    pub(crate) async fn verify<T: DeserializeOwned>(
        &self,
        client: &Client,
        token: &str,
        expectation: &Expectation<'_>,
        now: Timestamp,
    ) -> Result<Verified<T>, Unverified> {
        let with = |keys: &PublicKeys| verify::<T>(token, &keys.verifying, expectation);
        if let Some(registered) = self.registered(client) {
            return with(&registered).map_err(Unverified::Token);
        }
        let uri = client.metadata.jwks_uri.as_ref().ok_or(Unverified::NoKeys)?;
        let published = self.published(uri).map_err(Unverified::Failed)?;
        let failed = |error| Unverified::Failed(unavailable(error));
        let verdict = published.check(now, |keys| with(keys), may_be_a_new_key).await;
        verdict.map_err(failed)?.map_err(Unverified::Token)
    }

    /// Those that are registered in place. What is kept is compared with what is registered now, so that nothing has
    /// to be told of a change.
    fn registered(&self, client: &Client) -> Option<Arc<PublicKeys>> {
        let jwks = client.metadata.jwks.as_ref()?;
        if let Some(kept) = self.registered.get(&client.id).filter(|kept| kept.jwks == *jwks) {
            return Some(kept);
        }
        let keys = Arc::new(PublicKeys::of(jwks.clone()));
        self.registered.insert(client.id.clone(), Arc::clone(&keys));
        Some(keys)
    }

    fn published(&self, uri: &WebUri) -> Result<Renewed<Published>, Failure> {
        let made = || {
            let fetch = self.outgoing.fetch()?;
            let uri = uri.clone();
            Ok(Renewed::new(Published { fetch, uri }, LIMITS))
        };
        self.published.get_or_insert_with(uri, made)
    }
}

/// Whether a key that we do not know yet could have made the difference. A client may give a new key the old name, or
/// no name at all.
fn may_be_a_new_key(error: &VerifyError) -> bool {
    matches!(
        error,
        VerifyError::UnknownKey
            | VerifyError::AmbiguousKey
            | VerifyError::KeyAlgorithmMismatch(_)
            | VerifyError::BadSignature
    )
}

fn unavailable(error: Unavailable) -> Failure {
    Failure {
        detail: Some(error.to_string()),
        ..Cause::ClientKeysUnavailable.into()
    }
}
