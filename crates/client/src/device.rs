//! Devices without a browser ([RFC 8628](https://www.rfc-editor.org/rfc/rfc8628)).

use grantor_types::{GrantType, Scope, Secret, Timestamp};
use serde_json::{Map, Value};
use url::Url;

use crate::answer::{Effect, object, text};
use crate::authentication::Form;
use crate::client::Owner;
use crate::metadata::is_secure;
use crate::token_request::Login;
use crate::{Client, Endpoint, Error, InvalidAnswer, Polling, Tokens};

/// Longest code that a user could be asked to type, in bytes.
const MAX_USER_CODE: usize = 64;

/// A device authorization request in the making, from [`Client::device_authorization`].
///
/// ```no_run
/// # async fn example(client: &grantor_client::Client) -> Result<(), grantor_client::Error> {
/// use grantor_client::DeviceAuthorizationRequest;
///
/// let request: DeviceAuthorizationRequest = client.device_authorization();
/// let request = request.scope("read").resource("https://api.example").parameter("ui_locales", "de");
/// let device = request.send().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use = "nothing happens until send()"]
pub struct DeviceAuthorizationRequest<'a> {
    client: &'a Client,
    scope: String,
    parameters: Form,
}

/// What to show to the user, and what to ask with. From [`DeviceAuthorizationRequest::send`].
#[derive(Clone, Debug)]
pub struct DeviceAuthorization {
    owner: Owner,
    device_code: Secret,
    scope: Scope,
    polling: Polling,
    /// What the user types in.
    pub user_code: String,
    /// Where.
    pub verification_uri: String,
    /// The same with the code in it, for a QR code.
    pub verification_uri_complete: Option<String>,
    /// When it is over.
    pub expires_at: Timestamp,
}

impl DeviceAuthorization {
    /// The rhythm of the questions.
    pub fn polling(&self) -> Polling {
        self.polling
    }
}

impl Client {
    /// Begins to ask for a code that the user types in on another device.
    ///
    /// ```no_run
    /// # async fn example(client: &grantor_client::Client) -> Result<(), grantor_client::Error> {
    /// let device = client.device_authorization().scope("openid profile").send().await?;
    /// println!("Open {} and type {}", device.verification_uri, device.user_code);
    /// let tokens = client.wait_for_device(&device).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn device_authorization(&self) -> DeviceAuthorizationRequest<'_> {
        DeviceAuthorizationRequest {
            client: self,
            scope: String::new(),
            parameters: Form::default(),
        }
    }

    /// Asks once whether the user has agreed. [`wait_for_device`](Self::wait_for_device) does so until there is an answer.
    ///
    /// ```no_run
    /// # async fn example(client: &grantor_client::Client) -> Result<(), grantor_client::Error> {
    /// use grantor_client::{Polled, Polling};
    ///
    /// let device = client.device_authorization().scope("openid").send().await?;
    /// let mut polling: Polling = device.polling();
    /// let asked = client.poll_device(&device).await;
    /// match polling.next(asked, client.now())? {
    ///     Polled::Wait(pause) => println!("again in {} s", pause.0),
    ///     Polled::Tokens(tokens) => println!("{}", tokens.scope),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Refused`] with `authorization_pending` or `slow_down` while there is none;
    /// [`Misuse::ForeignState`](crate::Misuse::ForeignState) when another client has asked for the code.
    pub async fn poll_device(&self, device: &DeviceAuthorization) -> Result<Tokens, Error> {
        device.owner.check(self)?;
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
        device
            .polling
            .wait(self, async || self.poll_device(device).await)
            .await
    }
}

impl DeviceAuthorizationRequest<'_> {
    /// The scopes to ask for, separated by spaces.
    pub fn scope(mut self, scope: &str) -> Self {
        scope.clone_into(&mut self.scope);
        self
    }

    /// A resource that the access token is to be for (RFC 8707); may be called several times.
    pub fn resource(self, resource: &str) -> Self {
        self.parameter("resource", resource)
    }

    /// Any other parameter, such as `audience` or one of the provider's own.
    pub fn parameter(mut self, name: &str, value: &str) -> Self {
        self.parameters = self.parameters.with(name, value);
        self
    }

    /// Sends it.
    ///
    /// # Errors
    /// As the variants of [`Error`] say; [`InvalidAnswer::Member`] when the answer lacks what it must have.
    pub async fn send(self) -> Result<DeviceAuthorization, Error> {
        let client = self.client;
        let (scope, _) = client.inner().deviations.scope(&self.scope);
        let requested = Scope::parse(&scope).map_err(|error| Error::setting("the scope", error))?;
        let form = self.parameters.scope(&scope);
        let now = client.now();
        let response = client
            .post(Endpoint::DeviceAuthorization, form, Effect::Repeatable)
            .await?;
        let members = object(&response, Effect::Repeatable)?;
        Ok(read(&members, requested, client.owner(), now)?)
    }
}

impl std::fmt::Debug for DeviceAuthorizationRequest<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DeviceAuthorizationRequest({:?})", self.client)
    }
}

fn read(
    members: &Map<String, Value>,
    scope: Scope,
    owner: Owner,
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
    let polling = Polling::read(members, now)?;
    Ok(DeviceAuthorization {
        owner,
        device_code: Secret::new(text(members, "device_code")?),
        user_code: user_code.to_owned(),
        verification_uri: address("verification_uri")?,
        verification_uri_complete: address("verification_uri_complete").ok(),
        expires_at: polling.expires_at(),
        polling,
        scope,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ProviderMetadata;
    use crate::fixture::{Script, response};
    use std::sync::Arc;

    const NOW: Timestamp = Timestamp::from_seconds(1_000);

    #[test]
    fn answers() {
        let good = serde_json::json!({
            "device_code": "d", "user_code": "U", "verification_uri": "https://as.example/device", "expires_in": 600,
        });
        let read = |name: &str, value: Value| {
            let mut members = good.as_object().unwrap().clone();
            members.insert(name.to_owned(), value);
            read(&members, Scope::default(), Owner::default(), NOW).map(|device| device.polling.interval().0)
        };
        assert_eq!(read("interval", 7.into()), Ok(7));
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
        let device = client.device_authorization().scope("read").send().await.unwrap();
        let begun = tokio::time::Instant::now();
        let tokens = client.wait_for_device(&device).await.unwrap();
        assert_eq!(begun.elapsed().as_secs(), 2 + 2 + 7);
        assert_eq!(tokens.scope.to_string(), "read");
        assert_eq!(script.requests().len(), 4);
    }
}
