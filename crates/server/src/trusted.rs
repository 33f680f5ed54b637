//! The keys of trusted issuers: those that are declared in place, and those that the issuers publish.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use grantor_fetch::{DocumentError, Fetch, GuardedFetch, RenewalLimits, Renewed, Source, get_json};
use grantor_jose::{Expectation, Jwks, KeySet, VerifyError, verify};
use grantor_protocol::record::TrustedIssuer;
use grantor_protocol::{Catalogue, Cause};
use grantor_types::{Seconds, Timestamp, WebUri};
use serde::de::DeserializeOwned;

use crate::app::Failure;
use crate::outgoing::Outgoing;

/// A key that an issuer has withdrawn is trusted for so long; a new one is fetched at once, but not more often than the
/// interval allows.
const LIMITS: RenewalLimits = RenewalLimits {
    max_age: Seconds::minutes(10),
    interval: Seconds(10),
};

/// The published keys, fetched when they are needed first.
#[derive(Debug)]
pub(crate) struct TrustedKeys {
    outgoing: Outgoing,
    published: Mutex<HashMap<WebUri, Renewed<Published>>>,
}

/// The keys at an address.
struct Published {
    fetch: GuardedFetch,
    uri: WebUri,
}

#[async_trait]
impl Source for Published {
    type Value = KeySet;
    type Error = DocumentError;
    const NAME: &'static str = "the keys of a trusted issuer";

    async fn read(&self) -> Result<KeySet, DocumentError> {
        let url = self.uri.as_str().parse().map_err(|_| DocumentError::Json)?;
        let jwks: Jwks = get_json(&self.fetch as &dyn Fetch, &url).await?;
        Ok(KeySet::from_jwks(&jwks))
    }
}

impl TrustedKeys {
    pub(crate) fn new(outgoing: Outgoing) -> Self {
        Self {
            outgoing,
            published: Mutex::default(),
        }
    }

    /// The claims of a JWT of this issuer; `None` when it has not signed it, or not for us.
    pub(crate) async fn verify<C: DeserializeOwned>(
        &self,
        catalogue: &Catalogue,
        issuer: &TrustedIssuer,
        token: &str,
        expectation: &Expectation<'_>,
        now: Timestamp,
    ) -> Result<Option<C>, Failure> {
        let with = |keys: &KeySet| verify::<C>(token, keys, expectation);
        let checked = match (&issuer.jwks, &issuer.jwks_uri) {
            (Some(jwks), _) => with(&KeySet::from_jwks(jwks)),
            (None, None) => return Ok(None),
            (None, Some(uri)) => {
                let keys = self.published(catalogue, uri)?;
                let unavailable = |_| Failure::from(Cause::AssertionKeysUnavailable);
                // The issuer may have a new key.
                let may_be_new = |error: &VerifyError| *error == VerifyError::UnknownKey;
                keys.check(now, with, may_be_new).await.map_err(unavailable)?
            }
        };
        Ok(checked.ok().map(grantor_jose::Verified::into_claims))
    }

    /// What is kept is what is declared now: an issuer that is deleted takes its keys along.
    fn published(&self, catalogue: &Catalogue, uri: &WebUri) -> Result<Renewed<Published>, Failure> {
        let fetch = self.outgoing.fetch()?;
        let mut published = self.published.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(keys) = published.get(uri) {
            return Ok(keys.clone());
        }
        let declared = |uri: &WebUri| {
            let mut issuers = catalogue.trusted_issuers.iter();
            issuers.any(|issuer| issuer.jwks_uri.as_ref() == Some(uri))
        };
        published.retain(|uri, _| declared(uri));
        let source = Published {
            fetch,
            uri: uri.clone(),
        };
        let keys = Renewed::new(source, LIMITS);
        published.insert(uri.clone(), keys.clone());
        Ok(keys)
    }
}
