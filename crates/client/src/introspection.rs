//! Asking and telling the provider about a token: introspection (RFC 7662) and revocation (RFC 7009).

use grantor_types::{Scope, Secret};
use serde_json::{Map, Value};

use crate::answer::{Effect, object, success};
use crate::authentication::Form;
use crate::{Client, Endpoint, Error, InvalidAnswer};

/// What kind of token it is, to help the provider find it (RFC 7009 §2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenHint {
    /// An access token.
    AccessToken,
    /// A refresh token.
    RefreshToken,
}

impl TokenHint {
    /// Its name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccessToken => "access_token",
            Self::RefreshToken => "refresh_token",
        }
    }
}

/// What the provider says about a token that is good (RFC 7662 §2.2).
#[derive(Clone, PartialEq)]
pub struct ActiveToken(Map<String, Value>);

impl ActiveToken {
    /// Whom it stands for.
    pub fn subject(&self) -> Option<&str> {
        self.0.get("sub")?.as_str()
    }

    /// The client that it was issued to.
    pub fn client_id(&self) -> Option<&str> {
        self.0.get("client_id")?.as_str()
    }

    /// What it allows. Empty when the provider does not say.
    pub fn scope(&self) -> Scope {
        let text = self.0.get("scope").and_then(Value::as_str).unwrap_or_default();
        Scope::parse(text).unwrap_or_default()
    }

    /// Whether it is for this audience.
    pub fn is_for(&self, audience: &str) -> bool {
        match self.0.get("aud") {
            Some(Value::String(one)) => one == audience,
            Some(Value::Array(many)) => many.iter().any(|one| one == audience),
            Some(_) | None => false,
        }
    }

    /// Everything that was said.
    pub fn members(&self) -> &Map<String, Value> {
        &self.0
    }
}

/// Names only: the values are personal.
impl std::fmt::Debug for ActiveToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Client {
    /// Asks what a token is good for. `None` when it is not active, or not for this client to know of.
    ///
    /// ```no_run
    /// # async fn example(client: &grantor_client::Client, token: &grantor_client::Secret) -> Result<(), grantor_client::Error> {
    /// use grantor_client::ActiveToken;
    ///
    /// let found: Option<ActiveToken> = client.introspect(token).await?;
    /// if let Some(token) = found.filter(|token| token.is_for("my-api")) {
    ///     println!("{:?} by {:?}, {} members", token.subject(), token.client_id(), token.members().len());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As the variants of [`Error`] say; [`InvalidAnswer::Member`] when `active` is missing.
    pub async fn introspect(&self, token: &Secret) -> Result<Option<ActiveToken>, Error> {
        let form = Form::default().with("token", token.expose());
        let response = self
            .post(Endpoint::Introspection, form, Effect::Repeatable)
            .await?;
        let members = object(&response, Effect::Repeatable)?;
        match members.get("active") {
            Some(Value::Bool(true)) => Ok(Some(ActiveToken(members))),
            Some(Value::Bool(false)) => Ok(None),
            Some(_) | None => Err(InvalidAnswer::Member("active").into()),
        }
    }

    /// Ends a token. A token that the provider does not know is ended already; this can be repeated.
    ///
    /// ```no_run
    /// # async fn example(client: &grantor_client::Client, token: &grantor_client::Secret) -> Result<(), grantor_client::Error> {
    /// use grantor_client::TokenHint;
    ///
    /// client.revoke(token, TokenHint::RefreshToken).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As the variants of [`Error`] say.
    pub async fn revoke(&self, token: &Secret, hint: TokenHint) -> Result<(), Error> {
        let form = Form::default()
            .with("token", token.expose())
            .with("token_type_hint", hint.as_str());
        let response = self.post(Endpoint::Revocation, form, Effect::Repeatable).await?;
        success(&response, Effect::Repeatable)
    }
}
