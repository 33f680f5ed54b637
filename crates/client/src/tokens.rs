//! What the token endpoint gives ([RFC 6749 §5.1](https://www.rfc-editor.org/rfc/rfc6749#section-5.1)).

use grantor_fetch::Response;
use grantor_types::{Scope, Seconds, Secret, Timestamp, TokenType};
use serde_json::{Map, Value};

use crate::answer::{Effect, lost, object};
use crate::{Error, IdToken, InvalidAnswer};

/// Longest token that is taken, in bytes.
const MAX_TOKEN: usize = 32 * 1024;

/// Tokens, and what came with them.
#[derive(Clone)]
#[non_exhaustive]
pub struct Tokens {
    /// The access token, for [`Client::call`](crate::Client::call).
    pub access_token: Secret,
    /// How it is presented.
    pub token_type: TokenType,
    /// When it ends. A provider need not say.
    pub expires_at: Option<Timestamp>,
    /// What was granted: "identical to the scope requested by the client" unless the provider says otherwise.
    pub scope: Scope,
    /// The refresh token. After a refresh it is the old one if no new one came.
    pub refresh_token: Option<Secret>,
    /// The ID token, checked. After a refresh it is the old one if no new one came.
    pub id_token: Option<IdToken>,
    /// The user, if an ID token has said so.
    pub subject: Option<String>,
    /// What kind of token it is, after a token exchange (RFC 8693 §2.2.1).
    pub issued_token_type: Option<String>,
    /// The other members of the answer.
    pub extra: Map<String, Value>,
}

impl Tokens {
    /// Tokens that were kept somewhere. They have no ID token; give the subject again, so that a refresh and userinfo can
    /// be held against it.
    ///
    /// ```
    /// use grantor_client::{Scope, Seconds, Secret, Timestamp, TokenType, Tokens};
    ///
    /// let mut tokens = Tokens::restored(Secret::new("kept"), TokenType::Bearer, Scope::default());
    /// tokens.expires_at = Some(Timestamp::from_seconds(1_000));
    /// assert!(tokens.expires_within(Seconds(60), Timestamp::from_seconds(950)));
    /// ```
    pub fn restored(access_token: Secret, token_type: TokenType, scope: Scope) -> Self {
        Self {
            access_token,
            token_type,
            expires_at: None,
            scope,
            refresh_token: None,
            id_token: None,
            subject: None,
            issued_token_type: None,
            extra: Map::new(),
        }
    }

    /// Whether the access token ends within `margin`. One without an end never does.
    pub fn expires_within(&self, margin: Seconds, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|end| end.is_past(now.plus(margin)))
    }
}

/// Shows no token, and of the other members the names only.
impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tokens")
            .field("token_type", &self.token_type)
            .field("expires_at", &self.expires_at)
            .field("scope", &self.scope)
            .field("refresh_token", &self.refresh_token.is_some())
            .field("id_token", &self.id_token.is_some())
            .field("extra", &self.extra.keys().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

/// A token answer, its ID token not yet looked at.
#[derive(Clone, Debug)]
pub(crate) struct TokenAnswer {
    pub(crate) tokens: Tokens,
    pub(crate) id_token: Option<Secret>,
}

impl TokenAnswer {
    /// Reads the answer to a request that was made at `sent_at`, so that the tokens end too early rather than too late.
    pub(crate) fn read(
        response: &Response,
        requested: &Scope,
        sent_at: Timestamp,
        effect: Effect,
    ) -> Result<Self, Error> {
        let members = object(response, effect)?;
        read_members(members, requested, sent_at).map_err(|answer| lost(answer, effect))
    }
}

fn read_members(
    mut members: Map<String, Value>,
    requested: &Scope,
    sent_at: Timestamp,
) -> Result<TokenAnswer, InvalidAnswer> {
    let access_token = token(&mut members, "access_token")?.ok_or(InvalidAnswer::Member("access_token"))?;
    let token_type = text(&mut members, "token_type")?.ok_or(InvalidAnswer::Member("token_type"))?;
    // RFC 6749 §5.1: "Value is case insensitive." §7.1: "The client MUST NOT use an access token if it does not
    // understand the token type."
    let token_type = TokenType::from_name_ignoring_case(&token_type);
    // An empty scope is one too: nothing was granted.
    let scope = match members.remove("scope").filter(|scope| !scope.is_null()) {
        Some(Value::String(scope)) => Scope::parse(&scope).map_err(|_| InvalidAnswer::Member("scope"))?,
        Some(_) => return Err(InvalidAnswer::Member("scope")),
        None => requested.clone(),
    };
    let lifetime = lifetime(&mut members)?;
    Ok(TokenAnswer {
        id_token: token(&mut members, "id_token")?,
        tokens: Tokens {
            access_token,
            token_type: token_type.ok_or(InvalidAnswer::Member("token_type"))?,
            expires_at: lifetime.map(|lifetime| sent_at.plus(lifetime)),
            scope,
            refresh_token: token(&mut members, "refresh_token")?,
            id_token: None,
            subject: None,
            issued_token_type: text(&mut members, "issued_token_type")?,
            extra: members,
        },
    })
}

/// A token: visible characters, so that it fits into a header (RFC 6749 A.12).
fn token(members: &mut Map<String, Value>, name: &'static str) -> Result<Option<Secret>, InvalidAnswer> {
    let Some(text) = text(members, name)? else {
        return Ok(None);
    };
    let visible = text.bytes().all(|b| (0x21..=0x7e).contains(&b));
    if visible && text.len() <= MAX_TOKEN {
        Ok(Some(Secret::new(text)))
    } else {
        Err(InvalidAnswer::Member(name))
    }
}

/// Takes a text out. `null` and the empty text are what some providers write for nothing.
pub(crate) fn text(
    members: &mut Map<String, Value>,
    name: &'static str,
) -> Result<Option<String>, InvalidAnswer> {
    match members.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok((!text.is_empty()).then_some(text)),
        Some(_) => Err(InvalidAnswer::Member(name)),
    }
}

/// `expires_in`: a number of seconds. Some providers write it as a text of digits, which leaves no doubt either.
fn lifetime(members: &mut Map<String, Value>) -> Result<Option<Seconds>, InvalidAnswer> {
    let seconds = match members.remove("expires_in") {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Number(number)) => number.as_u64(),
        Some(Value::String(digits)) => digits.parse().ok(),
        Some(_) => None,
    };
    seconds
        .map(|seconds| Some(Seconds(seconds)))
        .ok_or(InvalidAnswer::Member("expires_in"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::response;
    use serde_json::json;

    const SENT: Timestamp = Timestamp::from_seconds(1_000);

    fn read(changes: &Value) -> Result<TokenAnswer, Error> {
        let mut body = json!({"access_token": "at", "token_type": "Bearer"});
        for (name, value) in changes.as_object().unwrap() {
            body[name] = value.clone();
        }
        let response = response(200, "application/json", &body.to_string());
        let requested = Scope::parse("read write").unwrap();
        TokenAnswer::read(&response, &requested, SENT, Effect::Repeatable)
    }

    #[test]
    fn members() {
        let cases = [
            (json!({}), None),
            (json!({"token_type": "bEARER"}), None),
            (json!({"token_type": "DPoP"}), None),
            (json!({"token_type": "mac"}), Some("token_type")),
            (json!({"token_type": null}), Some("token_type")),
            (json!({"token_type": 1}), Some("token_type")),
            (json!({"access_token": null}), Some("access_token")),
            (json!({"access_token": ""}), Some("access_token")),
            (json!({"access_token": "a b"}), Some("access_token")),
            (json!({"access_token": "a\r\nb"}), Some("access_token")),
            (
                json!({"access_token": "a".repeat(MAX_TOKEN + 1)}),
                Some("access_token"),
            ),
            (json!({"expires_in": 60}), None),
            (json!({"expires_in": "60"}), None),
            (json!({"expires_in": -1}), Some("expires_in")),
            (json!({"expires_in": 1.5}), Some("expires_in")),
            (json!({"expires_in": "soon"}), Some("expires_in")),
            (json!({"expires_in": true}), Some("expires_in")),
            (json!({"scope": ["read"]}), Some("scope")),
            (json!({"scope": "a\"b"}), Some("scope")),
            (json!({"refresh_token": 7}), Some("refresh_token")),
            (
                json!({"refresh_token": null, "scope": null, "id_token": ""}),
                None,
            ),
        ];
        for (changes, wrong) in cases {
            let expected = wrong.map(|name| Error::InvalidAnswer(InvalidAnswer::Member(name)));
            assert_eq!(read(&changes).err(), expected, "{changes}");
        }
    }

    #[test]
    fn what_is_left_out() {
        let tokens = read(&json!({})).unwrap().tokens;
        assert_eq!(tokens.scope.to_string(), "read write");
        assert!(!tokens.expires_within(Seconds::days(999), SENT));
        assert!(read(&json!({"scope": ""})).unwrap().tokens.scope.is_empty());
        let answer =
            read(&json!({"expires_in": 60, "scope": "read", "team": "x", "refresh_token": "r"})).unwrap();
        let tokens = answer.tokens;
        assert_eq!(tokens.scope.to_string(), "read");
        assert!(tokens.expires_within(Seconds(60), SENT) && !tokens.expires_within(Seconds(59), SENT));
        assert_eq!(tokens.extra, *json!({"team": "x"}).as_object().unwrap());
        let shown = format!("{tokens:?}");
        assert!(
            !shown.contains("\"at\"") && !shown.contains("\"r\"") && !shown.contains("\"x\""),
            "{shown}"
        );
    }
}
