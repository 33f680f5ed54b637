//! What a checked access token says.

use std::sync::Arc;

use grantor_types::{Actor, ClientId, Confirmation, Scope, Thumbprint, Timestamp};
use serde::Deserialize as _;
use serde_json::{Map, Value};

use crate::Cause;

/// An access token that has been checked: who may do what here, and until when. Cheap to clone.
///
/// The layer puts it into the request's extensions; with the feature `axum` it is an extractor.
#[derive(Clone)]
pub struct AccessToken(Arc<Inner>);

struct Inner {
    subject: String,
    client_id: Option<ClientId>,
    actor: Option<Actor>,
    bound_key: Option<Thumbprint>,
    scope: Scope,
    audience: Vec<String>,
    expires_at: Timestamp,
    claims: Map<String, Value>,
}

impl AccessToken {
    /// `sub`: the user's id, or the client's own when the token is its own.
    pub fn subject(&self) -> &str {
        &self.0.subject
    }

    /// `client_id`: the client that the token was issued to. Absent for a personal access token that its owner made by
    /// hand.
    pub fn client_id(&self) -> Option<&ClientId> {
        self.0.client_id.as_ref()
    }

    /// `act`: who acts for the subject, after a token exchange that said so ([RFC 8693 §4.1]). Those who acted before are
    /// within; only the outermost counts for decisions.
    ///
    /// [RFC 8693 §4.1]: https://www.rfc-editor.org/rfc/rfc8693#section-4.1
    pub fn actor(&self) -> Option<&Actor> {
        self.0.actor.as_ref()
    }

    /// `cnf.jkt`: the key that the token is bound to ([RFC 9449 §6]).
    ///
    /// [RFC 9449 §6]: https://www.rfc-editor.org/rfc/rfc9449#section-6
    pub fn bound_key(&self) -> Option<Thumbprint> {
        self.0.bound_key
    }

    /// `scope`: what the token allows.
    pub fn scope(&self) -> &Scope {
        &self.0.scope
    }

    /// Whether the token allows this one thing.
    pub fn has_scope(&self, token: &str) -> bool {
        self.0.scope.contains(token)
    }

    /// `aud`: the resource servers that the token is for, us among them.
    pub fn audience(&self) -> &[String] {
        &self.0.audience
    }

    /// `exp`: when the token ends.
    pub fn expires_at(&self) -> Timestamp {
        self.0.expires_at
    }

    /// `jti`: the token's own id.
    pub fn token_id(&self) -> Option<&str> {
        self.text("jti")
    }

    /// `auth_time`: when the user last logged in. For step-up ([RFC 9470]).
    ///
    /// [RFC 9470]: https://www.rfc-editor.org/rfc/rfc9470
    pub fn auth_time(&self) -> Option<Timestamp> {
        self.0
            .claims
            .get("auth_time")
            .and_then(seconds)
            .map(Timestamp::from_seconds)
    }

    /// `acr`: how the user logged in.
    pub fn acr(&self) -> Option<&str> {
        self.text("acr")
    }

    /// Whether the client acts for itself. RFC 9068 §2.2: "In cases of access tokens obtained through grants where
    /// no resource owner is involved, such as the client credentials grant, the value of 'sub' SHOULD correspond to
    /// an identifier the authorization server uses to indicate the client application."
    pub fn is_client(&self) -> bool {
        self.0
            .client_id
            .as_ref()
            .is_some_and(|client| client.as_str() == self.0.subject)
    }

    /// Whether the client acts for a user.
    pub fn is_user(&self) -> bool {
        !self.is_client()
    }

    /// All claims, or all members of the introspection response.
    pub fn claims(&self) -> &Map<String, Value> {
        &self.0.claims
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.0.claims.get(name).and_then(Value::as_str)
    }

    /// Takes claims whose issuer, audience and times have been checked.
    pub(crate) fn from_claims(claims: Map<String, Value>) -> Result<Self, Cause> {
        // A binding that we cannot prove, such as that to a certificate (RFC 8705 §3), is one that we must not overlook.
        let bound_key = claims
            .get("cnf")
            .map(|cnf| Confirmation::deserialize(cnf).map_err(|_| Cause::SenderConstrained))
            .transpose()?
            .map(|cnf| cnf.jkt);
        let actor = claims
            .get("act")
            .map(|act| Actor::deserialize(act).map_err(|_| Cause::MissingClaim))
            .transpose()?;
        let text = |name: &str| claims.get(name).and_then(Value::as_str);
        let subject = text("sub").ok_or(Cause::MissingClaim)?.to_owned();
        let client_id = claims
            .get("client_id")
            .map(|id| {
                id.as_str()
                    .and_then(|id| ClientId::parse(id).ok())
                    .ok_or(Cause::MissingClaim)
            })
            .transpose()?;
        let scope = match claims.get("scope") {
            None => Scope::default(),
            Some(scope) => scope
                .as_str()
                .and_then(|text| Scope::parse(text).ok())
                .ok_or(Cause::MissingClaim)?,
        };
        let expires_at = claims.get("exp").and_then(seconds).ok_or(Cause::MissingClaim)?;
        let audience = claims.get("aud").map(strings).unwrap_or_default();
        let expires_at = Timestamp::from_seconds(expires_at);
        Ok(Self(Arc::new(Inner {
            subject,
            client_id,
            actor,
            bound_key,
            scope,
            audience,
            expires_at,
            claims,
        })))
    }
}

/// Shows the client and the scope. Who the user is and what else the token says is not for logs.
impl std::fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AccessToken")
            .field("client_id", &self.0.client_id.as_ref().map(ClientId::as_str))
            .field("scope", &self.0.scope.to_string())
            .finish_non_exhaustive()
    }
}

/// A `NumericDate`, its fraction cut off.
pub(crate) fn seconds(value: &Value) -> Option<u64> {
    // `as` saturates at both ends.
    value
        .as_u64()
        .or_else(|| value.as_f64().map(|seconds| seconds as u64))
}

/// One text or several.
pub(crate) fn strings(value: &Value) -> Vec<String> {
    match value {
        Value::String(one) => vec![one.clone()],
        Value::Array(several) => several
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(claims: Value) -> Result<AccessToken, Cause> {
        let Value::Object(claims) = claims else { panic!() };
        AccessToken::from_claims(claims)
    }

    #[test]
    fn a_users_token() {
        let token = read(json!({
            "sub": "alice", "client_id": "app", "scope": "write read", "aud": ["api", "other"], "exp": 1060.5,
            "jti": "1", "auth_time": 900, "acr": "2", "tenant": "x",
        }))
        .unwrap();
        assert_eq!(
            (token.subject(), token.client_id().map(ClientId::as_str)),
            ("alice", Some("app"))
        );
        assert!(token.is_user() && !token.is_client());
        assert!(token.has_scope("read") && !token.has_scope("rea"));
        assert_eq!(token.audience(), ["api", "other"]);
        assert_eq!(token.expires_at(), Timestamp::from_seconds(1060));
        assert_eq!((token.token_id(), token.acr()), (Some("1"), Some("2")));
        assert_eq!(token.auth_time(), Some(Timestamp::from_seconds(900)));
        assert_eq!(token.claims()["tenant"], "x");
        let shown = format!("{token:?}");
        assert_eq!(
            shown,
            r#"AccessToken { client_id: Some("app"), scope: "read write", .. }"#
        );
    }

    #[test]
    fn a_clients_own_token() {
        let token = read(json!({"sub": "job", "client_id": "job", "aud": "api", "exp": 1})).unwrap();
        assert!(token.is_client() && !token.is_user());
        assert!(token.scope().is_empty());
        assert_eq!(token.audience(), ["api"]);
        assert_eq!(
            (token.token_id(), token.acr(), token.auth_time()),
            (None, None, None)
        );
    }

    #[test]
    fn a_delegated_and_bound_token_and_a_personal_one() {
        let jkt = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";
        let token = read(json!({
            "sub": "alice", "client_id": "app", "exp": 1, "cnf": {"jkt": jkt},
            "act": {"sub": "service", "client_id": "service", "act": {"sub": "gateway"}},
        }))
        .unwrap();
        assert_eq!(token.bound_key().map(|key| key.to_string()).as_deref(), Some(jkt));
        let actor = token.actor().unwrap();
        assert_eq!(actor.sub, "service");
        assert_eq!(
            actor.act.as_ref().map(|before| before.sub.as_str()),
            Some("gateway")
        );
        let personal = read(json!({"sub": "alice", "exp": 1})).unwrap();
        assert!(personal.client_id().is_none() && personal.is_user());
    }

    #[test]
    fn what_must_be_there() {
        let cases = [
            (json!({"client_id": "a", "exp": 1}), Cause::MissingClaim),
            (json!({"sub": 7, "client_id": "a", "exp": 1}), Cause::MissingClaim),
            (
                json!({"sub": "a", "client_id": "", "exp": 1}),
                Cause::MissingClaim,
            ),
            (json!({"sub": "a", "client_id": "a"}), Cause::MissingClaim),
            (
                json!({"sub": "a", "client_id": "a", "exp": "1"}),
                Cause::MissingClaim,
            ),
            (
                json!({"sub": "a", "client_id": "a", "exp": 1, "scope": ["x"]}),
                Cause::MissingClaim,
            ),
            (
                json!({"sub": "a", "client_id": "a", "exp": 1, "scope": "\""}),
                Cause::MissingClaim,
            ),
            (
                json!({"sub": "a", "client_id": "a", "exp": 1, "cnf": {"jkt": "x"}}),
                Cause::SenderConstrained,
            ),
            (
                json!({"sub": "a", "client_id": "a", "exp": 1, "cnf": {"x5t#S256": "x"}}),
                Cause::SenderConstrained,
            ),
            (
                json!({"sub": "a", "client_id": "a", "exp": 1, "act": "bob"}),
                Cause::MissingClaim,
            ),
        ];
        for (claims, expected) in cases {
            assert_eq!(read(claims.clone()).unwrap_err(), expected, "{claims}");
        }
    }
}
