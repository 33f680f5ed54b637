//! Devices without a browser ([RFC 8628](https://www.rfc-editor.org/rfc/rfc8628)).

use std::time::Duration;

use grantor_types::{GrantType, Scope, Seconds, Secret, Timestamp};
use serde_json::{Map, Value};
use url::Url;

use crate::answer::{Effect, object, text};
use crate::authentication::Form;
use crate::metadata::is_secure;
use crate::token_request::Login;
use crate::{Client, Endpoint, Error, InvalidAnswer, Tokens};

/// RFC 8628 §3.2: "If no value is provided, clients MUST use 5 as the default." §3.5: "the interval MUST be increased by 5
/// seconds for this and all subsequent requests."
const FIVE: Seconds = Seconds(5);
/// Longest pause that is made between two questions, whatever the provider wants.
const MAX_INTERVAL: Seconds = Seconds::minutes(5);
/// Longest time that is waited for a user, whatever the provider says.
const MAX_LIFETIME: Seconds = Seconds::hours(24);
/// Longest code that a user could be asked to type, in bytes.
const MAX_USER_CODE: usize = 64;

/// What to show to the user, and what to ask with. From [`Client::device_authorization`].
#[derive(Clone, Debug)]
pub struct DeviceAuthorization {
    device_code: Secret,
    scope: Scope,
    interval: Seconds,
    /// What the user types in.
    pub user_code: String,
    /// Where.
    pub verification_uri: String,
    /// The same with the code in it, for a QR code.
    pub verification_uri_complete: Option<String>,
    /// When it is over.
    pub expires_at: Timestamp,
}

/// When to ask again, and how often: pure, so that it can be driven by other clocks than tokio's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Polling {
    interval: Seconds,
    expires_at: Timestamp,
}

/// What comes after a question.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant, reason = "it is taken apart at once")]
pub enum Polled {
    /// Ask again after this pause.
    Wait(Seconds),
    /// The user has agreed.
    Tokens(Tokens),
}

impl Polling {
    /// Takes in what a question brought.
    ///
    /// # Errors
    /// Whatever ends the wait: the user said no, the code is over, or the provider refuses.
    pub fn next(&mut self, asked: Result<Tokens, Error>, now: Timestamp) -> Result<Polled, Error> {
        let error = match asked {
            Ok(tokens) => return Ok(Polled::Tokens(tokens)),
            Err(error) => error,
        };
        match &error {
            Error::Refused(refusal) if refusal.code == "authorization_pending" => {}
            Error::Refused(refusal) if refusal.code == "slow_down" => {
                self.interval = Seconds(self.interval.0.saturating_add(FIVE.0)).min(MAX_INTERVAL);
            }
            // §3.5: "On encountering a connection timeout, clients MUST unilaterally reduce their polling frequency before
            // retrying. The use of an exponential backoff algorithm to achieve this, such as doubling the polling interval
            // on each such connection timeout, is RECOMMENDED."
            Error::NotApplied(trouble) => {
                let doubled = Seconds(self.interval.0.saturating_mul(2)).min(MAX_INTERVAL);
                self.interval = trouble
                    .retry_after
                    .unwrap_or_default()
                    .max(doubled)
                    .min(MAX_INTERVAL);
            }
            Error::Refused(_)
            | Error::UserRequired(_)
            | Error::OutcomeUnknown(_)
            | Error::InvalidAnswer(_)
            | Error::Misuse(_)
            | Error::TimedOut => return Err(error),
        }
        if self.expires_at.is_past(now.plus(self.interval)) {
            return Err(error);
        }
        Ok(Polled::Wait(self.interval))
    }
}

impl DeviceAuthorization {
    /// The rhythm of the questions.
    pub fn polling(&self) -> Polling {
        Polling {
            interval: self.interval,
            expires_at: self.expires_at,
        }
    }
}

impl Client {
    /// Asks for a code that the user types in on another device. `scope` is separated by spaces.
    ///
    /// # Errors
    /// As the variants of [`Error`] say; [`InvalidAnswer::Member`] when the answer lacks what it must have.
    pub async fn device_authorization(&self, scope: &str) -> Result<DeviceAuthorization, Error> {
        let requested = Scope::parse(scope).map_err(|error| Error::setting("the scope", error))?;
        let form = Form::default().scope(scope);
        let now = self.now();
        let response = self
            .post(Endpoint::DeviceAuthorization, form, Effect::Repeatable)
            .await?;
        Ok(read(&object(&response, Effect::Repeatable)?, requested, now)?)
    }

    /// Asks once whether the user has agreed. [`wait_for_device`](Self::wait_for_device) does so until there is an answer.
    ///
    /// # Errors
    /// [`Error::Refused`] with `authorization_pending` or `slow_down` while there is none.
    pub async fn poll_device(&self, device: &DeviceAuthorization) -> Result<Tokens, Error> {
        let form = Form::grant(GrantType::DeviceCode).with("device_code", device.device_code.expose());
        // A question can be repeated: only the answer with tokens uses the code up.
        let effect = Effect::Repeatable;
        // There was no redirect, and so there is no nonce to look for.
        self.log_in(form, &device.scope, effect, &Login::default()).await
    }

    /// Waits until the user has agreed or not, as slowly as the provider wants. Needs a tokio runtime with its timer.
    ///
    /// # Errors
    /// [`Error::UserRequired`] when the user said no (`access_denied`) or the code is over (`expired_token`); otherwise
    /// what ended the wait.
    pub async fn wait_for_device(&self, device: &DeviceAuthorization) -> Result<Tokens, Error> {
        let mut polling = device.polling();
        let mut pause = device.interval;
        loop {
            tokio::time::sleep(Duration::from_secs(pause.0)).await;
            let asked = self.poll_device(device).await;
            match polling.next(asked, self.now())? {
                Polled::Tokens(tokens) => return Ok(tokens),
                Polled::Wait(longer) => pause = longer,
            }
        }
    }
}

fn read(
    members: &Map<String, Value>,
    scope: Scope,
    now: Timestamp,
) -> Result<DeviceAuthorization, InvalidAnswer> {
    // What is shown to the user: no address that a browser would run, nothing that a terminal would obey.
    let address = |name: &'static str| {
        let url = Url::parse(text(members, name)?).map_err(|_| InvalidAnswer::Member(name))?;
        if is_secure(&url) {
            Ok(url.into())
        } else {
            Err(InvalidAnswer::Member(name))
        }
    };
    let user_code = text(members, "user_code")?;
    if user_code.len() > MAX_USER_CODE || user_code.chars().any(char::is_control) {
        return Err(InvalidAnswer::Member("user_code"));
    }
    let seconds = |name: &str| members.get(name).and_then(Value::as_u64).map(Seconds);
    let lifetime = seconds("expires_in").ok_or(InvalidAnswer::Member("expires_in"))?;
    Ok(DeviceAuthorization {
        device_code: Secret::new(text(members, "device_code")?),
        user_code: user_code.to_owned(),
        verification_uri: address("verification_uri")?,
        verification_uri_complete: address("verification_uri_complete").ok(),
        expires_at: now.plus(lifetime.min(MAX_LIFETIME)),
        // At least a second: a provider that says 0 does not mean to be flooded.
        interval: seconds("interval")
            .unwrap_or(FIVE)
            .clamp(Seconds(1), MAX_INTERVAL),
        scope,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Script, response};
    use crate::{FetchError, NotApplied, ProviderMetadata, Refusal, Trouble};
    use std::sync::Arc;

    const NOW: Timestamp = Timestamp::from_seconds(1_000);

    fn refused(code: &str) -> Error {
        let refusal = Refusal {
            status: 400,
            code: code.to_owned(),
            description: None,
            uri: None,
        };
        crate::answer::classified(refusal)
    }

    #[test]
    fn the_rhythm() {
        let mut polling = Polling {
            interval: FIVE,
            expires_at: NOW.plus(Seconds(100)),
        };
        let lost = Error::NotApplied(NotApplied {
            trouble: Trouble::Transport(FetchError::TooSlow),
            retry_after: None,
        });
        let mut wait = |error| match polling.next(Err(error), NOW) {
            Ok(Polled::Wait(Seconds(pause))) => Some(pause),
            Ok(Polled::Tokens(_)) | Err(_) => None,
        };
        assert_eq!(wait(refused("authorization_pending")), Some(5));
        assert_eq!(wait(refused("slow_down")), Some(10));
        assert_eq!(wait(refused("authorization_pending")), Some(10));
        assert_eq!(wait(lost.clone()), Some(20));
        assert_eq!(wait(lost), Some(40));
        for end in [
            "access_denied",
            "expired_token",
            "invalid_client",
            "invalid_grant",
        ] {
            assert_eq!(wait(refused(end)), None, "{end}");
        }
        assert_eq!(wait(refused("slow_down")), Some(45));
        let late = NOW.plus(Seconds(60));
        assert!(polling.next(Err(refused("authorization_pending")), late).is_err());
    }

    #[test]
    fn answers() {
        let good = serde_json::json!({
            "device_code": "d", "user_code": "U", "verification_uri": "https://as.example/device", "expires_in": 600,
        });
        let read = |name: &str, value: Value| {
            let mut members = good.as_object().unwrap().clone();
            members.insert(name.to_owned(), value);
            read(&members, Scope::default(), NOW).map(|device| device.interval.0)
        };
        assert_eq!(read("interval", Value::Null), Ok(5));
        assert_eq!(read("interval", 7.into()), Ok(7));
        assert_eq!(read("interval", 0.into()), Ok(1));
        assert_eq!(read("interval", u64::MAX.into()), Ok(300));
        for uri in ["javascript:alert(1)", "http://as.example/device", "device"] {
            assert!(read("verification_uri", uri.into()).is_err(), "{uri}");
        }
        for code in ["\u{1b}[2J", &"A".repeat(65)] {
            assert!(read("user_code", code.into()).is_err(), "{code:?}");
        }
        for name in ["device_code", "user_code", "verification_uri", "expires_in"] {
            assert_eq!(read(name, Value::Null), Err(InvalidAnswer::Member(name)));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn it_waits_as_long_as_it_is_told() {
        let json = "application/json";
        let device = r#"{"device_code":"d","user_code":"U","verification_uri":"https://x","expires_in":600,"interval":2}"#;
        let script = Script::of(vec![
            response(200, json, device),
            response(400, json, r#"{"error":"authorization_pending"}"#),
            response(400, json, r#"{"error":"slow_down"}"#),
            response(200, json, r#"{"access_token":"at","token_type":"bearer"}"#),
        ]);
        let metadata = ProviderMetadata::new("https://as.example")
            .and_then(|m| m.endpoint(Endpoint::DeviceAuthorization, "https://as.example/device"))
            .and_then(|m| m.endpoint(Endpoint::Token, "https://as.example/token"))
            .unwrap();
        let client = Client::builder("https://as.example", "tv")
            .fetch(Arc::new(script.clone()))
            .build(metadata)
            .unwrap();
        let device = client.device_authorization("read").await.unwrap();
        let begun = tokio::time::Instant::now();
        let tokens = client.wait_for_device(&device).await.unwrap();
        assert_eq!(begun.elapsed().as_secs(), 2 + 2 + 7);
        assert_eq!(tokens.scope.to_string(), "read");
        assert_eq!(script.requests().len(), 4);
    }
}
