//! Asking for tokens: every grant goes through here.

use grantor_types::{GrantType, Scope, Seconds, Secret, TokenType, TokenTypeUri};

use crate::answer::Effect;
use crate::authentication::Form;
use crate::decryption::signed_jwt;
use crate::id_token::{IdToken, IdTokenError, IdTokenExpectation};
use crate::id_token_issuer::ExpectedIssuer;
use crate::tokens::TokenAnswer;
use crate::{Client, Endpoint, Error, InvalidAnswer, Misuse, Tokens, ValidatedCallback};

/// A request for tokens in the making. Nothing is sent before [`send`](Self::send).
///
/// ```no_run
/// # async fn example(
/// #     client: &grantor_client::Client,
/// #     users: &grantor_client::Secret,
/// #     own: &grantor_client::Secret,
/// #     statement: &grantor_client::Secret,
/// # ) -> Result<(), grantor_client::Error> {
/// use grantor_client::{TokenRequest, TokenTypeUri};
///
/// let request: TokenRequest = client.token_exchange(users, TokenTypeUri::AccessToken);
/// let for_another_service = request
///     .audience("downstream-service")
///     .actor(own, TokenTypeUri::AccessToken)
///     .requested_token_type(TokenTypeUri::AccessToken)
///     .send()
///     .await?;
/// let for_a_statement = client.jwt_bearer(statement).resource("https://api.example").send().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use = "nothing happens until send()"]
pub struct TokenRequest<'a> {
    client: &'a Client,
    form: Form,
    scope: String,
    effect: Effect,
    before: Option<Tokens>,
}

impl Client {
    /// Exchanges the code of a validated callback for tokens, and checks the ID token in full.
    ///
    /// The provider's keys are read first, so that a code is not spent on an ID token that nobody could check.
    ///
    /// # Errors
    /// [`Error::OutcomeUnknown`] when the answer is lost: start a new authorization. [`Error::InvalidAnswer`] when an ID
    /// token is not acceptable; the tokens beside it are thrown away. All others as the variants say.
    pub async fn exchange(&self, callback: ValidatedCallback) -> Result<Tokens, Error> {
        let ValidatedCallback { code, pending } = callback;
        self.check_owner(&pending.issuer, &pending.client_id)?;
        let form = Form::grant(GrantType::AuthorizationCode)
            .with("code", code.expose())
            .with("redirect_uri", &pending.redirect_uri)
            .with_some("code_verifier", pending.verifier.as_deref());
        let login = Login {
            nonce: pending.nonce.as_deref(),
            code: Some(&code),
            max_age: pending.max_age,
            ..Login::default()
        };
        self.log_in(form, &pending.scope, Effect::Consuming, &login).await
    }

    /// Tokens for the client itself (RFC 6749 §4.4).
    pub fn client_credentials(&self) -> TokenRequest<'_> {
        self.request(Form::grant(GrantType::ClientCredentials), Effect::Repeatable)
    }

    /// New tokens for old ones (RFC 6749 §6). **Store the new refresh token before you use the new access token**: a
    /// provider that rotates takes the old one for stolen when it comes again.
    ///
    /// The new ID token, if one comes, has to be about the same user. The provider's keys are read first where one may come,
    /// so that a refresh token is not spent on an ID token that nobody could check.
    ///
    /// # Errors
    /// [`Misuse::NoRefreshToken`] when there is none.
    pub fn refresh(&self, tokens: &Tokens) -> Result<TokenRequest<'_>, Error> {
        let refresh_token = tokens.refresh_token.as_ref().ok_or(Misuse::NoRefreshToken)?;
        let form = Form::grant(GrantType::RefreshToken).with("refresh_token", refresh_token.expose());
        let mut request = self.request(form, Effect::Consuming);
        request.before = Some(tokens.clone());
        Ok(request)
    }

    /// A token for another one (RFC 8693): for another service, with fewer rights, or on behalf of its user.
    pub fn token_exchange(&self, subject: &Secret, subject_type: TokenTypeUri) -> TokenRequest<'_> {
        let form = Form::grant(GrantType::TokenExchange)
            .with("subject_token", subject.expose())
            .with("subject_token_type", subject_type.as_str());
        self.request(form, Effect::Repeatable)
    }

    /// A token for a signed statement of an issuer that the provider trusts (RFC 7523 §2.1).
    pub fn jwt_bearer(&self, assertion: &Secret) -> TokenRequest<'_> {
        let form = Form::grant(GrantType::JwtBearer).with("assertion", assertion.expose());
        // The provider may take an assertion once.
        self.request(form, Effect::Consuming)
    }

    fn request(&self, form: Form, effect: Effect) -> TokenRequest<'_> {
        TokenRequest {
            client: self,
            form,
            scope: String::new(),
            effect,
            before: None,
        }
    }
}

impl TokenRequest<'_> {
    /// The scopes to ask for, separated by spaces. Left out or empty, the provider decides; in a refresh it is what was
    /// granted.
    pub fn scope(mut self, scope: &str) -> Self {
        scope.clone_into(&mut self.scope);
        self
    }

    /// A resource that the token is to be for (RFC 8707); may be called several times.
    pub fn resource(self, resource: &str) -> Self {
        self.parameter("resource", resource)
    }

    /// The name of a service that the token is to be for (RFC 8693 §2.1); may be called several times.
    pub fn audience(self, audience: &str) -> Self {
        self.parameter("audience", audience)
    }

    /// Who acts for the subject, in a token exchange (RFC 8693 §2.1).
    pub fn actor(self, actor: &Secret, actor_type: TokenTypeUri) -> Self {
        self.parameter("actor_token", actor.expose())
            .parameter("actor_token_type", actor_type.as_str())
    }

    /// What kind of token is wanted of a token exchange (RFC 8693 §2.1).
    pub fn requested_token_type(self, kind: TokenTypeUri) -> Self {
        self.parameter("requested_token_type", kind.as_str())
    }

    /// Any other parameter.
    pub fn parameter(mut self, name: &str, value: &str) -> Self {
        self.form = self.form.with(name, value);
        self
    }

    /// Sends it.
    ///
    /// # Errors
    /// As the variants of [`Error`] say. A refresh whose answer is lost is [`Error::OutcomeUnknown`].
    pub async fn send(self) -> Result<Tokens, Error> {
        let (scope, _) = self.client.inner().deviations.scope(&self.scope);
        let requested = match &self.before {
            Some(before) if scope.is_empty() => before.scope.clone(),
            Some(_) | None => Scope::parse(&scope).map_err(|error| Error::setting("the scope", error))?,
        };
        if let Some(before) = &self.before {
            self.client.ready_to_renew(before).await?;
        }
        let form = self.form.scope(&scope);
        let answer = self.client.ask(form, &requested, self.effect).await?;
        match self.before {
            Some(before) => self.client.renewed(answer, before).await,
            None => Ok(answer.tokens),
        }
    }
}

/// What is known about the login that an ID token has to be of. Nothing, when the user logged in elsewhere.
#[derive(Default)]
pub(crate) struct Login<'a> {
    pub(crate) nonce: Option<&'a str>,
    pub(crate) code: Option<&'a Secret>,
    pub(crate) subject: Option<&'a str>,
    pub(crate) max_age: Option<Seconds>,
}

impl Client {
    /// Asks the token endpoint.
    async fn ask(&self, form: Form, requested: &Scope, effect: Effect) -> Result<TokenAnswer, Error> {
        let sent_at = self.now();
        let response = self.post(Endpoint::Token, form, effect).await?;
        let answer = TokenAnswer::read(&response, requested, sent_at, effect)?;
        // RFC 9449 §5 leaves it to the client what it makes of a bearer token. One that anybody can use is not what was
        // asked for.
        if self.inner().prover.is_some() && answer.tokens.token_type == TokenType::Bearer {
            return Err(InvalidAnswer::NotBound.into());
        }
        Ok(answer)
    }

    /// Asks for the tokens of a login. With `openid` the keys are read first, and the ID token is checked.
    pub(crate) async fn log_in(
        &self,
        form: Form,
        scope: &Scope,
        effect: Effect,
        login: &Login<'_>,
    ) -> Result<Tokens, Error> {
        if !scope.contains("openid") {
            return Ok(self.ask(form, scope, effect).await?.tokens);
        }
        self.keys()?.current(self.now()).await?;
        let answer = self.ask(form, scope, effect).await?;
        self.with_id_token(answer, login).await
    }

    /// The keys for the ID token that may come with a refresh are read first, so that a refresh token is not spent on one
    /// that nobody could check.
    async fn ready_to_renew(&self, before: &Tokens) -> Result<(), Error> {
        let is_login = before.subject.is_some() && before.scope.contains("openid");
        match &self.inner().keys {
            Some(keys) if is_login => keys.current(self.now()).await.map(drop),
            Some(_) | None => Ok(()),
        }
    }

    /// What a refresh leaves out stays as it was. Its ID token counts if it is known whose it must be.
    async fn renewed(&self, answer: TokenAnswer, before: Tokens) -> Result<Tokens, Error> {
        let mut tokens = match &before.subject {
            Some(subject) if answer.id_token.is_some() => {
                let login = Login {
                    subject: Some(subject),
                    ..Login::default()
                };
                self.with_id_token(answer, &login).await?
            }
            Some(_) | None => answer.tokens,
        };
        tokens.refresh_token = tokens.refresh_token.or(before.refresh_token);
        tokens.id_token = tokens.id_token.or(before.id_token);
        tokens.subject = tokens.subject.or(before.subject);
        Ok(tokens)
    }

    async fn with_id_token(&self, answer: TokenAnswer, login: &Login<'_>) -> Result<Tokens, Error> {
        let TokenAnswer { mut tokens, id_token } = answer;
        let Some(raw) = id_token else {
            // OpenID Connect Core §3.1.3.3 has an ID token in every answer to an authentication request.
            return if tokens.scope.contains("openid") {
                Err(InvalidAnswer::MissingIdToken.into())
            } else {
                Ok(tokens)
            };
        };
        let inner = self.inner();
        let raw = signed_jwt(raw.expose(), inner.id_token_decryption.as_ref());
        let raw = raw.map_err(InvalidAnswer::IdToken)?;
        let known = inner.deviations.id_token_issuers;
        let issuer = ExpectedIssuer::of(&raw, known, inner.metadata.issuer());
        let expected = IdTokenExpectation {
            issuer: &issuer.text,
            client_id: self.client_id(),
            trusted_audiences: &inner.trusted_audiences,
            algorithm: inner.id_token_algorithm,
            nonce: login.nonce,
            access_token: Some(&tokens.access_token),
            code: login.code,
            max_age: login.max_age,
            subject: login.subject,
            now: self.now(),
            leeway: inner.leeway,
        };
        let checked = self
            .with_keys(|published| {
                let verified = IdToken::verify(&raw, &published.keys, &expected);
                match verified.and_then(|token| issuer.check(token, published)) {
                    // Only a key that is not known asks for newer ones; every other verdict stands.
                    Err(IdTokenError::Token(error)) => Err(error),
                    verdict => Ok(verdict),
                }
            })
            .await
            // What was sent for these tokens is used up by now, whatever the keys are.
            .map_err(Error::no_longer_repeatable)?;
        let id_token = checked.map_err(IdTokenError::Token).and_then(|verdict| verdict);
        let id_token = id_token.map_err(InvalidAnswer::IdToken)?;
        tokens.subject = Some(id_token.subject().to_owned());
        tokens.id_token = Some(id_token);
        Ok(tokens)
    }
}

impl std::fmt::Debug for TokenRequest<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TokenRequest({:?})", self.client)
    }
}
