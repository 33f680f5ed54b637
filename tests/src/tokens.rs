//! A client of ours, for tests that need many requests at once and a close look at each answer.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::Error;
use serde_json::Value;

use crate::VERIFIER;

/// A client with its secret.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    issuer: String,
    id: String,
}

/// What an endpoint answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenAnswer {
    /// The status.
    pub status: u16,
    /// The body; null when it is empty.
    pub body: Value,
}

impl TokenAnswer {
    /// A member of the body that is text.
    pub fn text(&self, name: &str) -> &str {
        self.body[name]
            .as_str()
            .unwrap_or_else(|| panic!("no {name} in {self:?}"))
    }

    /// Whether it is `invalid_grant`.
    pub fn is_invalid_grant(&self) -> bool {
        self.status == 400 && self.body["error"] == "invalid_grant"
    }

    /// Whether the token that was asked about can be used.
    pub fn is_active(&self) -> bool {
        assert_eq!(self.status, 200, "{self:?}");
        self.body["active"]
            .as_bool()
            .unwrap_or_else(|| panic!("no active in {self:?}"))
    }
}

impl Client {
    /// A fixture client of `grantor dev`; its secret is made of its id.
    pub fn new(issuer: &str, id: &str) -> Self {
        Self {
            http: reqwest::Client::new(),
            issuer: issuer.to_owned(),
            id: id.to_owned(),
        }
    }

    /// Redeems a code of an authorization request with [`VERIFIER`].
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn redeem(&self, code: &str, redirect_uri: &str) -> Result<TokenAnswer, Error> {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", redirect_uri),
            ("code_verifier", VERIFIER),
        ];
        self.post("token", &form).await
    }

    /// Refreshes.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn refresh(&self, token: &str) -> Result<TokenAnswer, Error> {
        self.post(
            "token",
            &[("grant_type", "refresh_token"), ("refresh_token", token)],
        )
        .await
    }

    /// Revokes.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn revoke(&self, token: &str) -> Result<TokenAnswer, Error> {
        self.post("revoke", &[("token", token)]).await
    }

    /// Introspects.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn introspect(&self, token: &str) -> Result<TokenAnswer, Error> {
        self.post("introspect", &[("token", token)]).await
    }

    async fn post(&self, endpoint: &str, form: &[(&str, &str)]) -> Result<TokenAnswer, Error> {
        let request = self.http.post(format!("{}/oauth/{endpoint}", self.issuer));
        let secret = format!("{}-secret", self.id);
        let response = request
            .basic_auth(&self.id, Some(secret))
            .form(form)
            .send()
            .await?;
        let status = response.status().as_u16();
        let body = response.bytes().await?;
        Ok(TokenAnswer {
            status,
            body: serde_json::from_slice(&body).unwrap_or_default(),
        })
    }
}

/// The header and the claims of a JWT, of whoever may have signed it.
///
/// # Panics
/// When it is none.
pub fn unverified(token: &str) -> (Value, Value) {
    let part = |index| {
        let part = token.split('.').nth(index).expect("a JWT has three parts");
        let part = URL_SAFE_NO_PAD.decode(part).expect("each is base64url");
        serde_json::from_slice(&part).expect("the first two are JSON")
    };
    (part(0), part(1))
}
