//! What tokens carry and what the token, introspection and metadata endpoints answer.

use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::{ClientId, GrantId, Scope, Thumbprint, TokenId, TokenType, TokenTypeUri};

/// The claims of an access token ([RFC 9068 §2.2](https://www.rfc-editor.org/rfc/rfc9068#section-2.2)); times in
/// seconds since the epoch. The same claims are sealed into opaque tokens.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AccessTokenClaims {
    /// The issuer.
    pub iss: String,
    /// The user's id, or the client's own when it acts for itself.
    pub sub: String,
    /// The resource servers that the token is for.
    pub aud: Audience,
    /// End of life.
    pub exp: u64,
    /// Time of issue.
    pub iat: u64,
    /// Unique id of the token.
    pub jti: TokenId,
    /// The client that the token was issued to.
    pub client_id: ClientId,
    /// What the token allows.
    pub scope: Scope,
    /// When the user last logged in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth_time: Option<u64>,
    /// How the user logged in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acr: Option<String>,
    /// The grant that the token hangs on, so that revoking the grant ends the token. Absent for client credentials.
    #[serde(default, skip_serializing_if = "Option::is_none", rename = "grant_id")]
    pub grant: Option<GrantId>,
    /// The key that the token is bound to (RFC 7800 3.1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cnf: Option<Confirmation>,
    /// Who acts for the subject (RFC 8693 4.1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub act: Option<Actor>,
    /// Who may act for the subject (RFC 8693 4.4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub may_act: Option<Actor>,
    /// The claims that the authentication request wanted in the userinfo answer one by one (OpenID Connect Core 5.5), so
    /// that the answer needs no query.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub userinfo_claims: Vec<String>,
    /// The languages that claims are wanted in, best first (OpenID Connect Core 5.2), for the userinfo answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims_locales: Vec<String>,
    /// The tokens that this one was exchanged from, so that revoking one of them ends it too.
    #[serde(default, skip_serializing_if = "Vec::is_empty", rename = "exchanged_from")]
    pub ancestors: Vec<TokenId>,
    /// The grants before its own that it was exchanged from, so that revoking one of them ends it too.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        rename = "exchanged_from_grants"
    )]
    pub ancestor_grants: Vec<GrantId>,
}

impl AccessTokenClaims {
    /// How the token is presented.
    pub fn token_type(&self) -> TokenType {
        match self.cnf {
            Some(_) => TokenType::Dpop,
            None => TokenType::Bearer,
        }
    }
}

/// The key that a token is bound to: `cnf` (RFC 7800 3.1, RFC 9449 6.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmation {
    /// The thumbprint of the key that the DPoP proof has to be signed with.
    pub jkt: Thumbprint,
}

/// An actor (RFC 8693 4.1): the current one outside, those before it within.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// Who acts.
    pub sub: String,
    /// The issuer that knows `sub`, when it is not ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iss: Option<String>,
    /// The client that acts, when it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<ClientId>,
    /// Who acted before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub act: Option<Box<Actor>>,
}

/// An `aud` claim: one text, or several (RFC 7519 4.1.3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Audience {
    /// One audience, written as a plain string.
    One(String),
    /// Several audiences.
    Many(Vec<String>),
}

impl<'de> Deserialize<'de> for Audience {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OneOrMany)
    }
}

/// Reads either form as it comes; trying one after the other would buffer every token first.
struct OneOrMany;

impl<'de> Visitor<'de> for OneOrMany {
    type Value = Audience;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an audience or a list of audiences")
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Audience, E> {
        Ok(Audience::One(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Audience, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = sequence.next_element()? {
            values.push(value);
        }
        Ok(Audience::Many(values))
    }
}

impl Audience {
    /// The audience claim of these values.
    pub fn of(mut values: Vec<String>) -> Self {
        match (values.len(), values.pop()) {
            (1, Some(only)) => Self::One(only),
            (_, Some(last)) => {
                values.push(last);
                Self::Many(values)
            }
            (_, None) => Self::Many(values),
        }
    }

    /// The audiences.
    pub fn values(&self) -> &[String] {
        match self {
            Self::One(value) => std::slice::from_ref(value),
            Self::Many(values) => values,
        }
    }

    /// Whether the value is one of the audiences.
    pub fn contains(&self, value: &str) -> bool {
        self.values().iter().any(|own| own == value)
    }
}

/// A successful answer of the token endpoint (RFC 6749 5.1). Optional members are left out, never null.
#[derive(Clone, Debug, Serialize)]
pub struct TokenResponse {
    /// The access token.
    pub access_token: String,
    /// How to present it.
    pub token_type: TokenType,
    /// Seconds until the access token ends.
    pub expires_in: u64,
    /// What was granted, always present.
    pub scope: Scope,
    /// The refresh token, when the grant has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    /// The ID token, when `openid` was granted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token: Option<String>,
    /// What kind of token `access_token` is, after a token exchange (RFC 8693 2.2.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issued_token_type: Option<TokenTypeUri>,
}

/// An answer of the introspection endpoint ([RFC 7662 §2.2](https://www.rfc-editor.org/rfc/rfc7662#section-2.2)).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Introspection {
    /// A live token that the caller may see.
    Active(Box<ActiveToken>),
    /// Anything else: `{"active":false}` and nothing more, so that nothing is revealed.
    Inactive {
        /// Always false.
        active: bool,
    },
}

/// The members of an active token's introspection.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ActiveToken {
    /// Always true.
    pub active: bool,
    /// What the token allows.
    pub scope: Scope,
    /// The client that it was issued to; absent for a personal access token that no client made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<ClientId>,
    /// The user's login name, for a user's token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// How an access token is presented; absent for a refresh token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_type: Option<TokenType>,
    /// End of life in seconds since the epoch.
    pub exp: u64,
    /// Time of issue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iat: Option<u64>,
    /// The user's or client's id.
    pub sub: String,
    /// The resource servers that it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aud: Option<Audience>,
    /// The issuer.
    pub iss: String,
    /// Unique id of the token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jti: Option<TokenId>,
    /// When the user last logged in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth_time: Option<u64>,
    /// How the user logged in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acr: Option<String>,
    /// The key that it is bound to (RFC 9449 6.2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cnf: Option<Confirmation>,
    /// Who acts for the subject (RFC 8693 4.1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub act: Option<Actor>,
    /// Who may act for the subject (RFC 8693 4.4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub may_act: Option<Actor>,
}

impl Introspection {
    /// The answer that says nothing.
    pub const INACTIVE: Introspection = Introspection::Inactive { active: false };
}

#[cfg(test)]
mod tests {
    use super::{Audience, Introspection};

    #[test]
    fn one_audience_is_a_string_and_several_are_a_list() {
        let json = |values: &[&str]| {
            serde_json::to_string(&Audience::of(values.iter().map(|v| (*v).to_owned()).collect())).unwrap()
        };
        assert_eq!(json(&["a"]), r#""a""#);
        assert_eq!(json(&["a", "b"]), r#"["a","b"]"#);
        assert_eq!(
            serde_json::to_string(&Introspection::INACTIVE).unwrap(),
            r#"{"active":false}"#
        );
    }
}
