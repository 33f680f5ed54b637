//! The keys of the provider, fetched once, renewed with age and for a key that nobody knows.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use grantor_fetch::{
    Current, DocumentError, Fetch, Limits, RenewalLimits, Renewed, Request, Response, Source, Unavailable,
};
use grantor_jose::{Jwks, KeySet, VerifyError};
use grantor_types::{Seconds, Timestamp};
use http::header::{ACCEPT, HeaderValue};
use serde_json::Value;
use url::Url;

use crate::answer::not_applied;
use crate::{Error, Trouble};

/// Renewed beside the requests from this age on.
const MAX_AGE: Seconds = Seconds::minutes(10);
/// The shortest time between two fetches, whatever `kid` a token invents.
const INTERVAL: Seconds = Seconds(30);

/// The keys.
#[derive(Clone, Debug)]
pub(crate) struct Keys(Renewed<KeySource>);

pub(crate) struct KeySource {
    fetch: Arc<dyn Fetch>,
    url: Url,
    limits: Limits,
}

/// What was published.
#[derive(Debug)]
pub(crate) struct Published {
    pub(crate) keys: KeySet,
    /// For whom a key signs, by its name, where it says so.
    issuers: BTreeMap<String, String>,
}

impl Published {
    pub(crate) fn read(response: &Response) -> Result<Self, DocumentError> {
        let jwks: Jwks = response.json()?;
        // Again, for what a JWK has not: a set that stands there twice is refused by the first.
        let all: Value = response.json()?;
        let text = |key: &Value, name: &str| key.get(name).and_then(Value::as_str).map(str::to_owned);
        let all = all.get("keys").and_then(Value::as_array);
        let all = all.map(Vec::as_slice).unwrap_or_default().iter();
        Ok(Self {
            keys: KeySet::from_jwks(&jwks),
            issuers: all
                .filter_map(|key| text(key, "kid").zip(text(key, "issuer")))
                .collect(),
        })
    }

    /// For whom the key of this name signs, if it says so.
    pub(crate) fn issuer(&self, kid: Option<&str>) -> Option<&str> {
        self.issuers.get(kid?).map(String::as_str)
    }
}

#[async_trait]
impl Source for KeySource {
    type Value = Published;
    type Error = DocumentError;
    const NAME: &'static str = "the provider's keys";

    async fn read(&self) -> Result<Published, DocumentError> {
        let accept = HeaderValue::from_static("application/jwk-set+json, application/json");
        let request = Request::get(self.url.clone())
            .header(ACCEPT, accept)
            .limits(self.limits);
        Published::read(&self.fetch.send(request).await?)
    }
}

impl Keys {
    pub(crate) fn new(fetch: Arc<dyn Fetch>, url: Url, limits: Limits) -> Self {
        let renewal = RenewalLimits {
            max_age: MAX_AGE,
            interval: INTERVAL,
        };
        Self(Renewed::new(KeySource { fetch, url, limits }, renewal))
    }

    /// The keys as they are known, so that a code is not spent while they cannot be read.
    pub(crate) async fn current(&self, now: Timestamp) -> Result<Arc<Current<Published>>, Error> {
        self.0.current(now).await.map_err(unavailable)
    }

    /// Checks with the known keys, and once more with newer ones when the key is not among them.
    pub(crate) async fn check<T>(
        &self,
        now: Timestamp,
        check: impl Fn(&Published) -> Result<T, VerifyError>,
    ) -> Result<Result<T, VerifyError>, Error> {
        let may_be_new = |error: &VerifyError| *error == VerifyError::UnknownKey;
        let checked = self.0.check(now, check, may_be_new).await;
        checked.map_err(unavailable)
    }
}

fn unavailable(unavailable: Unavailable) -> Error {
    not_applied(Trouble::KeysUnavailable, Some(unavailable.retry_after))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Script, response};
    use grantor_jose::{Expectation, SigningKey, Type, verify};
    use grantor_types::SigningAlgorithm;

    fn set(keys: &[&SigningKey]) -> Response {
        let keys: Vec<_> = keys.iter().map(|key| key.public_jwk()).collect();
        let body = serde_json::json!({ "keys": keys }).to_string();
        response(200, "application/json", &body)
    }

    fn key() -> SigningKey {
        SigningKey::generate(SigningAlgorithm::Es256).unwrap().0
    }

    #[tokio::test]
    async fn an_unknown_key_renews_the_set_but_not_faster_than_allowed() {
        let (old, new, stranger) = (key(), key(), key());
        let script = Script::of(vec![set(&[&old]), set(&[&old, &new]), set(&[&old, &new])]);
        let fetch: Arc<dyn Fetch> = Arc::new(script.clone());
        let keys = Keys::new(
            fetch,
            "https://as.example/jwks".parse().unwrap(),
            Limits::default(),
        );
        let check = |key: &SigningKey, now: u64| {
            let claims = serde_json::json!({ "iss": "as", "aud": "app", "exp": 9_999_999 });
            let token = key.sign(Type::IdToken, &claims).unwrap();
            let keys = keys.clone();
            async move {
                let expectation = Expectation::new(Type::IdToken, "as", "app", now);
                let now = Timestamp::from_seconds(now);
                let check = |set: &Published| verify::<Value>(&token, &set.keys, &expectation);
                keys.check(now, check).await.unwrap().err()
            }
        };
        assert_eq!(check(&old, 1_000).await, None);
        // The set was read a moment ago.
        assert_eq!(check(&new, 1_001).await, Some(VerifyError::UnknownKey));
        assert_eq!(script.requests().len(), 1);
        assert_eq!(check(&new, 1_031).await, None);
        assert_eq!(check(&stranger, 1_032).await, Some(VerifyError::UnknownKey));
        assert_eq!(script.requests().len(), 2);
    }

    #[tokio::test]
    async fn keys_that_cannot_be_read_are_no_verdict_on_the_token() {
        let script = Script::of(vec![response(500, "text/html", "<html>")]);
        let keys = Keys::new(
            Arc::new(script),
            "https://as.example/jwks".parse().unwrap(),
            Limits::default(),
        );
        let refused = keys.current(Timestamp::from_seconds(1)).await.err().unwrap();
        assert!(refused.is_safe_to_repeat(), "{refused}");
    }
}
