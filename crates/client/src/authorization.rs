//! Sending the user's browser to the provider ([RFC 6749 §4.1](https://www.rfc-editor.org/rfc/rfc6749#section-4.1)).

use grantor_jose::digest::sha256_text;
use grantor_jose::{SigningKey, random};
use grantor_types::{ClaimsRequest, Prompt, RedirectUri, ResponseMode, Scope, Seconds, Secret};
use url::Url;

use crate::answer::{Effect, object, text};
use crate::authentication::Form;
use crate::pending::{Pending, PendingAuthorization};
use crate::{Client, Endpoint, Error, StepUp};

/// What the builder writes itself.
const OWN: [&str; 12] = [
    "response_type",
    "client_id",
    "redirect_uri",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "dpop_jkt",
    "request",
    "request_uri",
    "client_secret",
    "max_age",
];

/// An authorization request in the making, from [`Client::authorization`].
///
/// PKCE (S256), `state`, and with `openid` a `nonce` are there unasked. It is pushed to the provider in advance where that
/// is possible (RFC 9126), and signed where the client has a key for that (RFC 9101).
///
/// ```no_run
/// # async fn example(client: &grantor_client::Client) -> Result<(), grantor_client::Error> {
/// use grantor_client::{Prompt, ResponseMode, Seconds};
///
/// let login = client
///     .authorization()
///     .scope("openid profile")
///     .resource("https://api.example")
///     .prompt(Prompt::Login)
///     .max_age(Seconds::minutes(5))
///     .login_hint("alice@example.com")
///     .response_mode(ResponseMode::FormPost)
///     .parameter("ui_locales", "de")
///     .through_the_browser()
///     .start()
///     .await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use = "nothing happens until start()"]
pub struct AuthorizationRequest<'a> {
    client: &'a Client,
    redirect_uri: Option<String>,
    scope: String,
    parameters: Form,
    max_age: Option<Seconds>,
    front_channel: bool,
    pkce: bool,
    nonce: bool,
    missing_iss_accepted: bool,
}

/// Where to send the browser, and what to keep until it is back.
pub struct Authorization {
    /// Redirect the browser here.
    pub url: Url,
    /// Keep this for the browser's session.
    pub pending: PendingAuthorization,
}

impl Client {
    /// Begins an authorization request.
    ///
    /// ```no_run
    /// # async fn example(client: &grantor_client::Client, query_of_the_callback: &str) -> Result<(), grantor_client::Error> {
    /// let login = client.authorization().scope("openid profile").start().await?;
    /// // Redirect the browser to login.url, and keep login.pending in its session. When it is back:
    /// let callback = login.pending.validate(query_of_the_callback)?;
    /// let tokens = client.exchange(callback).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn authorization(&self) -> AuthorizationRequest<'_> {
        AuthorizationRequest {
            client: self,
            redirect_uri: self.inner().redirect_uri.clone(),
            scope: String::new(),
            parameters: Form::default(),
            max_age: None,
            front_channel: false,
            pkce: true,
            nonce: true,
            missing_iss_accepted: false,
        }
    }
}

impl AuthorizationRequest<'_> {
    /// The scopes to ask for, separated by spaces. `openid` asks for an ID token.
    pub fn scope(mut self, scope: &str) -> Self {
        scope.clone_into(&mut self.scope);
        self
    }

    /// Where the browser has to come back to for this request, in place of the client's own redirect URI: the address of a
    /// [`LoopbackReceiver`](crate::LoopbackReceiver).
    pub fn redirect_uri(mut self, uri: &str) -> Self {
        self.redirect_uri = Some(uri.to_owned());
        self
    }

    /// A resource that the access token is to be for (RFC 8707); may be called several times.
    pub fn resource(self, resource: &str) -> Self {
        self.parameter("resource", resource)
    }

    /// What the user is to be asked, whatever the provider remembers.
    pub fn prompt(self, prompt: Prompt) -> Self {
        self.parameter("prompt", prompt.as_str())
    }

    /// How long ago the user may have logged in; the ID token is held to it.
    pub fn max_age(mut self, max_age: Seconds) -> Self {
        self.max_age = Some(max_age);
        self
    }

    /// What an API wants that turned the token away: asks for that class of authentication, that recent, and for its scopes
    /// beside those of this request. Say [`scope`](Self::scope) first.
    ///
    /// RFC 9470 §4: the client "constructs an authorization request [...] including the acr_values or max_age parameters".
    pub fn step_up(mut self, wanted: &StepUp) -> Self {
        for scope in wanted.scope.iter().map(|scope| scope.as_str()) {
            if !self.scope.split(' ').any(|own| own == scope) {
                self.scope = format!("{} {scope}", self.scope).trim_start().to_owned();
            }
        }
        self.max_age = wanted.max_age.or(self.max_age);
        match &wanted.acr_values {
            Some(values) => self.parameter("acr_values", values),
            None => self,
        }
    }

    /// Who is probably going to log in.
    pub fn login_hint(self, hint: &str) -> Self {
        self.parameter("login_hint", hint)
    }

    /// Claims one by one (OpenID Connect Core §5.5).
    pub fn claims(self, claims: &ClaimsRequest) -> Self {
        // A map of texts always becomes JSON.
        self.parameter("claims", &serde_json::to_string(claims).unwrap_or_default())
    }

    /// How the answer comes back, if not in the query.
    pub fn response_mode(self, mode: ResponseMode) -> Self {
        self.parameter("response_mode", mode.as_str())
    }

    /// Any other parameter, such as `ui_locales` or one of the provider's own.
    pub fn parameter(mut self, name: &str, value: &str) -> Self {
        self.parameters = self.parameters.with(name, value);
        self
    }

    /// Sends the request through the browser even if the provider takes pushed ones, unless it demands them.
    pub fn through_the_browser(mut self) -> Self {
        self.front_channel = true;
        self
    }

    /// Leaves PKCE away, for a provider that breaks on it. A code that leaks is then good for whoever has it. RFC 9700
    /// §2.1.1 allows that for confidential clients of OpenID Connect at most.
    ///
    /// ```no_run
    /// # async fn example(client: &grantor_client::Client) -> Result<(), grantor_client::Error> {
    /// let login = client.authorization().scope("openid").danger_without_pkce().start().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn danger_without_pkce(mut self) -> Self {
        self.pkce = false;
        self
    }

    /// Leaves `nonce` away, for a provider that loses it. An ID token of another login is then not told apart.
    ///
    /// ```no_run
    /// # async fn example(client: &grantor_client::Client) -> Result<(), grantor_client::Error> {
    /// let login = client.authorization().scope("openid").danger_without_nonce().start().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn danger_without_nonce(mut self) -> Self {
        self.nonce = false;
        self
    }

    /// Accepts an answer without `iss` of a provider that promises it. A client of several providers can then be made to
    /// send one's code to another (RFC 9207 §1).
    ///
    /// ```no_run
    /// # async fn example(client: &grantor_client::Client) -> Result<(), grantor_client::Error> {
    /// let login = client.authorization().scope("openid").danger_accept_missing_iss().start().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn danger_accept_missing_iss(mut self) -> Self {
        self.missing_iss_accepted = true;
        self
    }

    /// Makes the secrets of this request, pushes it if that is the way, and says where to send the browser.
    ///
    /// # Errors
    /// [`Error::Misuse`] when a setting is missing or a parameter is one that is written unasked; the provider's refusal
    /// or absence when the request is pushed.
    pub async fn start(mut self) -> Result<Authorization, Error> {
        let inner = self.client.inner();
        let (scope, parameters) = inner.deviations.scope(&self.scope);
        self.scope = scope.into_owned();
        for (name, value) in parameters {
            self.parameters = self.parameters.or(name, value);
        }
        let (pending, form) = self.prepare(random::text()?, random::text()?, random::text()?)?;
        let mut form = match &inner.request_object_key {
            Some(key) => self.signed(&form, &pending.scope, key)?,
            None if inner.metadata.says("require_signed_request_object") => {
                return Err(Error::setting(
                    "request_object_key",
                    "the provider demands signed requests",
                ));
            }
            None => form,
        };
        let must_push = inner.metadata.says("require_pushed_authorization_requests");
        let can_push = inner.metadata.has(Endpoint::PushedAuthorizationRequest);
        if must_push || can_push && !self.front_channel {
            let reference = self.client.push(form).await?;
            form = Form::default()
                .with("client_id", self.client.client_id())
                .with("request_uri", &reference);
        }
        Ok(Authorization {
            url: with_parameters(inner.metadata.url(Endpoint::Authorization)?, &form),
            pending: PendingAuthorization(pending),
        })
    }

    /// The parameters, and what has to be remembered of them.
    fn prepare(&self, state: String, nonce: String, verifier: String) -> Result<(Pending, Form), Error> {
        self.parameters.without(&OWN)?;
        let inner = self.client.inner();
        let scope = Scope::parse(&self.scope).map_err(|error| Error::setting("the scope", error))?;
        let redirect_uri = self.redirect_uri.clone();
        let redirect_uri = redirect_uri.ok_or(Error::setting("redirect_uri", "the client has none"))?;
        RedirectUri::parse(&redirect_uri).map_err(|error| Error::setting("the redirect URI", error))?;
        let promised = inner
            .metadata
            .says("authorization_response_iss_parameter_supported");
        let pending = Pending {
            issuer: inner.metadata.issuer().to_owned(),
            client_id: self.client.client_id().to_owned(),
            redirect_uri,
            state,
            nonce: (self.nonce && scope.contains("openid")).then_some(nonce),
            verifier: self.pkce.then_some(verifier),
            scope,
            max_age: self.max_age,
            iss_required: promised && !self.missing_iss_accepted,
        };
        let mut form = Form::default()
            .with("response_type", "code")
            .with("client_id", &pending.client_id)
            .with("redirect_uri", &pending.redirect_uri)
            .with("state", &pending.state)
            .scope(&self.scope)
            .with_some("nonce", pending.nonce.as_deref());
        if let Some(verifier) = &pending.verifier {
            // RFC 7636 §4.2: "If the client is capable of using "S256", it MUST use "S256"".
            form = form
                .with("code_challenge", &sha256_text(verifier))
                .with("code_challenge_method", "S256");
        }
        if let Some(prover) = &inner.prover {
            form = form.with("dpop_jkt", &prover.thumbprint()?.to_string());
        }
        if let Some(max_age) = self.max_age {
            form = form.with("max_age", &max_age.0.to_string());
        }
        Ok((pending, form.and(self.parameters.clone())))
    }

    /// The request as a signed object (RFC 9101). OpenID Connect Core §6.1 wants `response_type` and `scope` outside too.
    fn signed(&self, form: &Form, scope: &Scope, key: &SigningKey) -> Result<Form, Error> {
        let object = self.client.request_object(form, key)?;
        let outside = Form::default()
            .with("client_id", self.client.client_id())
            .with("request", &object);
        Ok(if scope.contains("openid") {
            outside.with("response_type", "code").with("scope", &self.scope)
        } else {
            outside
        })
    }
}

/// Leaves out the query of the URL: whoever knows its `state` and `nonce` can take a hand in the login.
impl std::fmt::Debug for Authorization {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let origin = self.url.origin().ascii_serialization();
        write!(
            f,
            "Authorization(by {origin}{}, {:?})",
            self.url.path(),
            self.pending
        )
    }
}

impl std::fmt::Debug for AuthorizationRequest<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "AuthorizationRequest({:?}, {})", self.client, self.scope)
    }
}

impl Client {
    /// Pushes a request and gives the reference to it (RFC 9126 §2). Nothing is used up by that: it can be repeated.
    async fn push(&self, form: Form) -> Result<String, Error> {
        // RFC 9126 §2.1: "The request_uri authorization request parameter is one exception, and it MUST NOT be provided."
        let response = self
            .post(Endpoint::PushedAuthorizationRequest, form, Effect::Repeatable)
            .await?;
        let members = object(&response, Effect::Repeatable)?;
        Ok(text(&members, "request_uri")?.to_owned())
    }
}

/// Ending the session at the provider.
impl Client {
    /// Where to send the browser to sign out (OpenID Connect RP-Initiated Logout §2). `back_to` has to be registered as a
    /// `post_logout_redirect_uri`; `state` comes back there.
    ///
    /// ```no_run
    /// # fn example(client: &grantor_client::Client, tokens: &grantor_client::Tokens) -> Result<(), grantor_client::Error> {
    /// let id_token = tokens.id_token.as_ref().map(|token| token.raw());
    /// let url = client.logout_url(id_token, Some("https://app.example/"), Some("state"))?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Misuse::NoEndpoint`](crate::Misuse::NoEndpoint) when the provider has no such endpoint.
    pub fn logout_url(
        &self,
        id_token: Option<&Secret>,
        back_to: Option<&str>,
        state: Option<&str>,
    ) -> Result<Url, Error> {
        let endpoint = self.metadata().url(Endpoint::EndSession)?;
        let form = Form::default()
            .with_some("id_token_hint", id_token.map(Secret::expose))
            .with("client_id", self.client_id())
            .with_some("post_logout_redirect_uri", back_to)
            .with_some("state", state);
        Ok(with_parameters(endpoint, &form))
    }
}

/// The endpoint with the parameters after those that it has.
fn with_parameters(endpoint: &Url, form: &Form) -> Url {
    let mut url = endpoint.clone();
    url.query_pairs_mut().extend_pairs(form.pairs());
    url
}

#[cfg(test)]
mod tests;
