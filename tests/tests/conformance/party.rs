//! A registered application: asks, redeems, checks what it got.

use grantor_tests::Person;
use jsonwebtoken::Algorithm;
use serde_json::Value;
use url::Url;

use super::answer::{Answer, Callback, text};
use super::key::verified;
use super::provider::Provider;

/// As many characters as the suite sends.
pub(crate) const STATE: &str = concat!(
    "J3bqW0fXk7-Zt_9VrNcYs5LmAeGh1DuQ8oPiTx2yKwMzBvRj6SgFlEnHd4CaUpOI",
    "t0XqZ7kL-vB_5nYwRcJ2mTsFg9HdPeWu1ADoiVxK8zQyNbMjS3rGlEfhU6aCpOI4",
);
pub(crate) const NONCE: &str = "n-0S6_WzA2Mj";

/// The application.
pub(crate) struct Party<'a> {
    provider: &'a Provider,
    /// What the server said to its registration.
    pub(crate) registered: Value,
}

/// An authorization request.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    endpoint: String,
    pub(crate) parameters: Vec<(String, String)>,
}

impl Ask {
    /// Sets a parameter.
    pub(crate) fn with(&self, name: &str, value: &str) -> Self {
        let mut ask = self.without(name);
        ask.parameters.push((name.to_owned(), value.to_owned()));
        ask
    }

    pub(crate) fn without(&self, name: &str) -> Self {
        let mut ask = self.clone();
        ask.parameters.retain(|(own, _)| own != name);
        ask
    }

    pub(crate) fn url(&self) -> String {
        let mut url = Url::parse(&self.endpoint).unwrap();
        url.query_pairs_mut().extend_pairs(&self.parameters);
        url.into()
    }
}

impl<'a> Party<'a> {
    pub(crate) fn new(provider: &'a Provider, registered: Value) -> Self {
        Self { provider, registered }
    }

    pub(crate) fn id(&self) -> &str {
        text(&self.registered["client_id"])
    }

    pub(crate) fn secret(&self) -> &str {
        text(&self.registered["client_secret"])
    }

    pub(crate) fn redirect_uri(&self) -> &str {
        text(&self.registered["redirect_uris"][0])
    }

    /// A request without PKCE, as the plans make them.
    pub(crate) fn ask(&self, scope: &str) -> Ask {
        let ask = Ask {
            endpoint: format!("{}/oauth/authorize", self.provider.issuer()),
            parameters: Vec::new(),
        };
        ask.with("response_type", "code")
            .with("client_id", self.id())
            .with("redirect_uri", self.redirect_uri())
            .with("scope", scope)
            .with("state", STATE)
            .with("nonce", NONCE)
    }

    /// The code for somebody who logs in where asked to and allows everything.
    pub(crate) async fn code(&self, person: &Person, ask: &Ask) -> String {
        callback(person, ask).await.code().to_owned()
    }

    /// Redeems a code with the secret in the header, and what else the request says.
    pub(crate) async fn redeem(&self, code: &str, more: &[(&str, &str)]) -> Answer {
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", self.redirect_uri()),
        ];
        form.extend_from_slice(more);
        self.token(&form).await
    }

    /// The whole flow up to the tokens.
    pub(crate) async fn tokens(&self, person: &Person, ask: &Ask) -> Value {
        let code = self.code(person, ask).await;
        self.redeem(&code, &[]).await.ok()
    }

    pub(crate) async fn refresh(&self, token: &str, more: &[(&str, &str)]) -> Answer {
        let mut form = vec![("grant_type", "refresh_token"), ("refresh_token", token)];
        form.extend_from_slice(more);
        self.token(&form).await
    }

    /// A request of the token endpoint, with the secret in the header.
    pub(crate) async fn token(&self, form: &[(&str, &str)]) -> Answer {
        let endpoint = format!("{}/oauth/token", self.provider.issuer());
        let request = self.provider.http.post(endpoint).form(form);
        Answer::to(request.basic_auth(self.id(), Some(self.secret()))).await
    }

    /// The claims of an ID token, once its signature, issuer, audience and time have been checked.
    pub(crate) async fn id_token(&self, tokens: &Value) -> Value {
        let jwks = self.provider.jwks().await;
        let (issuer, token) = (self.provider.issuer(), text(&tokens["id_token"]));
        verified(token, &jwks, Algorithm::RS256, &issuer, self.id())
    }

    /// A silent request in the browser of somebody.
    pub(crate) async fn silently(&self, person: &Person, ask: &Ask) -> Callback {
        Callback::of(&person.open(&ask.with("prompt", "none").url()).await.unwrap())
    }
}

/// Opens a request, logs in and allows where asked to, and gives what comes back to the application.
pub(crate) async fn callback(person: &Person, ask: &Ask) -> Callback {
    Callback::of(&person.answered(&ask.url(), "approve").await.unwrap())
}
