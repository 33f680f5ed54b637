//! Authentication without a browser, on a device of the user's ([OpenID Connect Client-Initiated Backchannel
//! Authentication 1.0](https://openid.net/specs/openid-client-initiated-backchannel-authentication-core-1_0.html)), in poll
//! mode.

use grantor_jose::SigningKey;
use grantor_types::{Scope, Seconds, Secret, Timestamp};
use serde_json::{Map, Value};

use crate::answer::{Effect, lost, object, text};
use crate::authentication::Form;
use crate::client::Owner;
use crate::token_request::Login;
use crate::{Client, Endpoint, Error, InvalidAnswer, Polling, Tokens};

/// The grant type of §10.1.
const GRANT_TYPE: &str = "urn:openid:params:grant-type:ciba";
/// Which signatures a provider takes on requests (§4). "If omitted, signed authentication requests are not supported by the
/// OP."
const SIGNATURES: &str = "backchannel_authentication_request_signing_alg_values_supported";

/// What the builder writes itself.
const OWN: [&str; 6] = [
    "scope",
    "login_hint",
    "id_token_hint",
    "login_hint_token",
    "request",
    "client_notification_token",
];

/// Who is to be asked. §7.1: "it is REQUIRED that the Client provides one (and only one) of the hints specified above in the
/// authentication request".
///
/// ```
/// use grantor_client::{Secret, UserHint};
///
/// let by_name = UserHint::Login("+49 123 4567");
/// let from_a_card = Secret::new("eyJ…");
/// let by_card = UserHint::LoginToken(&from_a_card);
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum UserHint<'a> {
    /// `login_hint`: a name that the provider knows the user by, such as an e-mail address or a telephone number.
    Login(&'a str),
    /// `id_token_hint`: an ID token that the provider has given to this client.
    IdToken(&'a Secret),
    /// `login_hint_token`: a token about the user in a form that the provider has made known.
    LoginToken(&'a Secret),
}

/// A backchannel authentication request in the making, from [`Client::backchannel_authentication`].
///
/// It is signed where the client has a [`request_object_key`](crate::ClientBuilder::request_object_key) and the provider's
/// metadata list its algorithm (§7.1.1).
///
/// ```no_run
/// # async fn example(client: &grantor_client::Client) -> Result<(), grantor_client::Error> {
/// use grantor_client::{BackchannelAuthentication, BackchannelAuthenticationRequest, Seconds, Secret, UserHint};
///
/// let request: BackchannelAuthenticationRequest = client.backchannel_authentication(UserHint::Login("alice"));
/// let asked: BackchannelAuthentication = request
///     .scope("openid pay")
///     .binding_message("W4SCT")
///     .acr_values("phr")
///     .user_code(&Secret::new("1234"))
///     .requested_expiry(Seconds::minutes(3))
///     .send()
///     .await?;
/// let tokens = client.wait_for_backchannel(&asked).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use = "nothing happens until send()"]
pub struct BackchannelAuthenticationRequest<'a> {
    client: &'a Client,
    scope: String,
    subject: Option<String>,
    hint: Form,
    parameters: Form,
}

/// A user is being asked. From [`BackchannelAuthenticationRequest::send`].
///
/// ```no_run
/// # async fn example(asked: &grantor_client::BackchannelAuthentication) {
/// println!("waiting until {:?}", asked.polling().expires_at());
/// # }
/// ```
#[derive(Clone)]
pub struct BackchannelAuthentication {
    owner: Owner,
    auth_req_id: Secret,
    scope: Scope,
    subject: Option<String>,
    polling: Polling,
}

impl Client {
    /// Begins to ask the provider to ask a user, who need not be here: on a telephone, at a till, at a machine.
    ///
    /// ```no_run
    /// # async fn example(client: &grantor_client::Client) -> Result<(), grantor_client::Error> {
    /// use grantor_client::UserHint;
    ///
    /// let asked = client
    ///     .backchannel_authentication(UserHint::Login("alice@example.com"))
    ///     .scope("openid profile")
    ///     .binding_message("W4SCT")
    ///     .send()
    ///     .await?;
    /// // Show W4SCT here as well: the user compares it with what the device shows.
    /// let tokens = client.wait_for_backchannel(&asked).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn backchannel_authentication(&self, hint: UserHint<'_>) -> BackchannelAuthenticationRequest<'_> {
        let hint = match hint {
            UserHint::Login(hint) => Form::default().with("login_hint", hint),
            UserHint::IdToken(token) => Form::default().with("id_token_hint", token.expose()),
            UserHint::LoginToken(token) => Form::default().with("login_hint_token", token.expose()),
        };
        BackchannelAuthenticationRequest {
            client: self,
            scope: "openid".to_owned(),
            subject: None,
            hint,
            parameters: Form::default(),
        }
    }

    /// Asks once whether the user has agreed. [`wait_for_backchannel`](Self::wait_for_backchannel) does so until there is an
    /// answer; [`Polling`] has the rhythm for programs with a loop of their own.
    ///
    /// ```no_run
    /// # async fn sleep(_: grantor_client::Seconds) {}
    /// # async fn example(client: &grantor_client::Client) -> Result<(), grantor_client::Error> {
    /// use grantor_client::{Polled, UserHint};
    ///
    /// let asked = client.backchannel_authentication(UserHint::Login("alice")).send().await?;
    /// let mut polling = asked.polling();
    /// let mut pause = polling.interval();
    /// let tokens = loop {
    ///     sleep(pause).await;
    ///     match polling.next(client.poll_backchannel(&asked).await, client.now())? {
    ///         Polled::Tokens(tokens) => break tokens,
    ///         Polled::Wait(longer) => pause = longer,
    ///     }
    /// };
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Refused`] with `authorization_pending` or `slow_down` while there is none; otherwise as
    /// [`exchange`](Self::exchange).
    pub async fn poll_backchannel(&self, asked: &BackchannelAuthentication) -> Result<Tokens, Error> {
        asked.owner.check(self)?;
        let form = Form::default()
            .with("grant_type", GRANT_TYPE)
            .with("auth_req_id", asked.auth_req_id.expose());
        // There was no redirect, and so there is no nonce to look for.
        let login = Login {
            subject: asked.subject.as_deref(),
            ..Login::default()
        };
        // A question can be repeated: only the answer with tokens uses the request up.
        self.log_in(form, &asked.scope, Effect::Repeatable, &login).await
    }

    /// Waits until the user has agreed or not, as slowly as the provider wants. Needs a tokio runtime with its timer.
    ///
    /// # Errors
    /// [`Error::UserRequired`] when the user said no (`access_denied`) or did not answer in time (`expired_token`);
    /// otherwise what ended the wait.
    pub async fn wait_for_backchannel(&self, asked: &BackchannelAuthentication) -> Result<Tokens, Error> {
        asked
            .polling
            .wait(self, async || self.poll_backchannel(asked).await)
            .await
    }
}

impl BackchannelAuthenticationRequest<'_> {
    /// The scopes to ask for, separated by spaces; `openid` has to be among them, and is all that is asked for unless it is
    /// said.
    pub fn scope(mut self, scope: &str) -> Self {
        scope.clone_into(&mut self.scope);
        self
    }

    /// Who has to agree, where the program knows that: the ID token has to be about this user.
    pub fn subject(mut self, subject: &str) -> Self {
        self.subject = Some(subject.to_owned());
        self
    }

    /// A short text that both devices show, so that the user knows what is agreed to.
    pub fn binding_message(self, message: &str) -> Self {
        self.parameter("binding_message", message)
    }

    /// The code that the user has told this program, where the provider asks for one so that nobody is asked by strangers.
    pub fn user_code(self, code: &Secret) -> Self {
        self.parameter("user_code", code.expose())
    }

    /// How long the provider is to wait for the user.
    pub fn requested_expiry(self, expiry: Seconds) -> Self {
        self.parameter("requested_expiry", &expiry.0.to_string())
    }

    /// How well the user has to be authenticated: values in the order of preference, separated by spaces.
    pub fn acr_values(self, values: &str) -> Self {
        self.parameter("acr_values", values)
    }

    /// Any other parameter, such as `resource` or one of the provider's own.
    pub fn parameter(mut self, name: &str, value: &str) -> Self {
        self.parameters = self.parameters.with(name, value);
        self
    }

    /// Sends it. The provider asks the user from now on.
    ///
    /// # Errors
    /// [`Error::OutcomeUnknown`] when the answer is lost: somebody may be asked, and would be again. [`Error::Misuse`] when
    /// `openid` is not asked for, or the provider takes no signatures of the client's algorithm. [`Error::Refused`] with
    /// `unknown_user_id`, `missing_user_code` and others of §13.
    pub async fn send(self) -> Result<BackchannelAuthentication, Error> {
        let scope = Scope::parse(&self.scope).map_err(|error| Error::setting("the scope", error))?;
        // §7.1: "CIBA authentication requests MUST therefore contain the openid scope value."
        if !scope.contains("openid") {
            return Err(Error::setting("the scope", "openid has to be in it"));
        }
        self.parameters.without(&OWN)?;
        let client = self.client;
        let mut form = self.hint.scope(&self.scope).and(self.parameters);
        if let Some(key) = signing_key(client)? {
            // §7.1.1: "Authentication request parameters MUST NOT be present outside of the JWT".
            form = Form::default().with("request", &client.request_object(&form, key)?);
        }
        let now = client.now();
        let effect = Effect::Consuming;
        let response = client
            .post(Endpoint::BackchannelAuthentication, form, effect)
            .await?;
        let read = read(&object(&response, effect)?, now);
        let (auth_req_id, polling) = read.map_err(|answer| lost(answer, effect))?;
        Ok(BackchannelAuthentication {
            owner: client.owner(),
            auth_req_id,
            scope,
            subject: self.subject,
            polling,
        })
    }
}

/// The key to sign with, if the provider takes signed requests.
fn signing_key(client: &Client) -> Result<Option<&SigningKey>, Error> {
    let inner = client.inner();
    let (Some(key), Some(taken)) = (&inner.request_object_key, inner.metadata.extra(SIGNATURES)) else {
        return Ok(None);
    };
    let taken = taken.as_array().map(Vec::as_slice).unwrap_or_default();
    if taken.iter().any(|name| name == key.algorithm().as_str()) {
        Ok(Some(key))
    } else {
        let reason = format!("the provider takes no {} of it", key.algorithm());
        Err(Error::setting("request_object_key", reason))
    }
}

/// §7.3.
fn read(members: &Map<String, Value>, now: Timestamp) -> Result<(Secret, Polling), InvalidAnswer> {
    let auth_req_id = text(members, "auth_req_id")?;
    Ok((Secret::new(auth_req_id), Polling::read(members, now)?))
}

impl BackchannelAuthentication {
    /// The rhythm of the questions.
    pub fn polling(&self) -> Polling {
        self.polling
    }
}

impl std::fmt::Debug for BackchannelAuthenticationRequest<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "BackchannelAuthenticationRequest({:?})", self.client)
    }
}

/// Shows neither the request's name, which is as good as the tokens, nor the user.
impl std::fmt::Debug for BackchannelAuthentication {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "BackchannelAuthentication({:?})", self.polling)
    }
}

#[cfg(test)]
mod tests;
