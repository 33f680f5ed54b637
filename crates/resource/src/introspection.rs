//! Asking the authorization server about an opaque token
//! ([RFC 7662](https://www.rfc-editor.org/rfc/rfc7662)).

use std::sync::Arc;

use grantor_fetch::{Clock, Fetch, Request};
use grantor_jose::digest::sha256;
use grantor_types::{AccessTokenScheme, ClientId, Seconds, Secret, Timestamp};
use http::header::{ACCEPT, HeaderValue};
use moka::sync::Cache;
use serde_json::{Map, Value};
use url::Url;

use crate::access_token::{seconds, strings};
use crate::{AccessToken, Cause};

const RETRY: Seconds = Seconds(2);

/// Asks, and remembers the answers for a moment.
pub(crate) struct Introspector {
    pub(crate) endpoint: Url,
    pub(crate) client_id: ClientId,
    pub(crate) secret: Secret,
    pub(crate) fetch: Arc<dyn Fetch>,
    pub(crate) clock: Clock,
    pub(crate) expected: Expected,
    /// By the SHA-256 of the token, so that no token lies about in memory.
    pub(crate) cache: Cache<[u8; 32], Answer>,
    /// How long an answer is good for; 0 for not at all. A revoked token lives on for so long.
    pub(crate) lifetime: Seconds,
}

/// What must stand in the answer.
pub(crate) struct Expected {
    pub(crate) issuer: String,
    pub(crate) audience: String,
    pub(crate) leeway: Seconds,
}

/// An answer and when it was asked for.
#[derive(Clone)]
pub(crate) struct Answer {
    result: Result<AccessToken, Cause>,
    asked_at: Timestamp,
}

impl Introspector {
    pub(crate) async fn check(&self, token: &str) -> Result<AccessToken, Cause> {
        let now = self.clock.now();
        let key = sha256(token.as_bytes());
        let result = match self.remembered(&key, now) {
            Some(result) => result,
            None => {
                let result = self.expected.read(self.ask(token).await?);
                if self.lifetime != Seconds(0) {
                    self.cache.insert(
                        key,
                        Answer {
                            result: result.clone(),
                            asked_at: now,
                        },
                    );
                }
                result
            }
        };
        // Looked at each time, as a remembered token may have expired since.
        result.and_then(|token| self.expected.unexpired(token, self.clock.now()))
    }

    fn remembered(&self, key: &[u8; 32], now: Timestamp) -> Option<Result<AccessToken, Cause>> {
        let answer = self.cache.get(key)?;
        (!answer.asked_at.is_older_than(self.lifetime, now)).then_some(answer.result)
    }

    async fn ask(&self, token: &str) -> Result<Map<String, Value>, Cause> {
        let parameters = [("token", token), ("token_type_hint", "access_token")];
        let request = Request::post_form(self.endpoint.clone(), &parameters)
            .basic(&self.client_id, &self.secret)
            .header(ACCEPT, HeaderValue::from_static("application/json"));
        let answered = match self.fetch.send(request).await {
            Ok(response) => response.json(),
            Err(error) => Err(error.into()),
        };
        answered.map_err(|error| {
            tracing::warn!(%error, "the token cannot be introspected");
            Cause::Unavailable { retry_after: RETRY }
        })
    }
}

impl Expected {
    fn read(&self, answer: Map<String, Value>) -> Result<AccessToken, Cause> {
        if answer.get("active") != Some(&Value::Bool(true)) {
            return Err(Cause::Inactive);
        }
        let text = |name: &str| answer.get(name).and_then(Value::as_str);
        // A refresh token is active too, and has no token_type: it must not pass for an access token.
        let token_type = text("token_type").and_then(AccessTokenScheme::from_name_ignoring_case);
        let is_from_issuer = text("iss").is_none_or(|issuer| issuer == self.issuer);
        let is_for_us = answer
            .get("aud")
            .map(strings)
            .unwrap_or_default()
            .contains(&self.audience);
        if !(token_type.is_some() && is_from_issuer && is_for_us) {
            return Err(Cause::NotForUs);
        }
        if answer.get("exp").and_then(seconds).is_none() {
            return Err(Cause::MissingClaim);
        }
        let token = AccessToken::from_claims(answer)?;
        // Who leaves out the key of a bound token must not turn it into a bearer token.
        if token_type == Some(AccessTokenScheme::Dpop) && token.bound_key().is_none() {
            return Err(Cause::SenderConstrained);
        }
        Ok(token)
    }

    fn unexpired(&self, token: AccessToken, now: Timestamp) -> Result<AccessToken, Cause> {
        if token.expires_at().plus(self.leeway).is_past(now) {
            Err(Cause::Inactive)
        } else {
            Ok(token)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn answers() {
        let expected = Expected {
            issuer: "https://as".into(),
            audience: "api".into(),
            leeway: Seconds(0),
        };
        let answer = |changes: Value| {
            let mut answer = json!({
                "active": true, "token_type": "Bearer", "iss": "https://as", "aud": "api", "exp": 10,
                "sub": "alice", "client_id": "app", "scope": "read",
            });
            for (name, value) in changes.as_object().unwrap() {
                answer[name] = value.clone();
            }
            let Value::Object(answer) = answer else { panic!() };
            expected.read(answer).map(|token| token.subject().to_owned())
        };
        let cases = [
            (json!({}), Ok("alice".to_owned())),
            (
                json!({"token_type": "bearer", "aud": ["x", "api"]}),
                Ok("alice".to_owned()),
            ),
            (json!({"active": false}), Err(Cause::Inactive)),
            (json!({"active": "true"}), Err(Cause::Inactive)),
            (json!({"token_type": null}), Err(Cause::NotForUs)),
            (json!({"token_type": "DPoP"}), Err(Cause::SenderConstrained)),
            (json!({"token_type": "refresh_token"}), Err(Cause::NotForUs)),
            (json!({"iss": "https://other"}), Err(Cause::NotForUs)),
            (json!({"aud": "other"}), Err(Cause::NotForUs)),
            (json!({"aud": null}), Err(Cause::NotForUs)),
            (json!({"exp": null}), Err(Cause::MissingClaim)),
            (json!({"sub": null}), Err(Cause::MissingClaim)),
            (json!({"cnf": {"jkt": "x"}}), Err(Cause::SenderConstrained)),
        ];
        for (changes, result) in cases {
            assert_eq!(answer(changes.clone()), result, "{changes}");
        }
    }
}
