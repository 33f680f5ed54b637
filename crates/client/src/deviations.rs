//! Where a provider leaves the specifications, as data that the client understands.

use std::borrow::Cow;

use grantor_fetch::Response;
use http::StatusCode;
use serde_json::{Map, Value};

use crate::answer::json_object;
use crate::{Endpoint, IdTokenIssuer};

/// The scope that asks for a refresh token (OpenID Connect Core §11).
const OFFLINE_ACCESS: &str = "offline_access";

/// Where a provider leaves the specifications: what it does in place of what it should, as far as a client can live with it.
/// Nothing, unless it is said. [Presets](crate::Preset) bring those of well-known providers.
///
/// ```
/// use grantor_client::{Client, Deviations};
///
/// let deviations = Deviations {
///     scope_separator: Some(','),
///     errors_with_success: true,
///     ..Deviations::default()
/// };
/// let builder = Client::builder("https://as.example", "my-app").deviations(deviations);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Deviations {
    /// The scope `offline_access` is not known: a refresh token is asked for by these parameters of the authorization request,
    /// or comes unasked where there are none.
    pub offline_access: Option<&'static [(&'static str, &'static str)]>,
    /// What stands between the scopes of token answers. RFC 6749 §3.3 has a space there.
    pub scope_separator: Option<char>,
    /// Refusals come with a status of success. RFC 6749 §5.2 has 400.
    pub errors_with_success: bool,
    /// The provider's names of errors, and those of the specifications.
    pub error_names: &'static [(&'static str, &'static str)],
    /// The provider's names of members of its answers.
    pub member_names: &'static [MemberName],
    /// Issuers that ID tokens name beside that of the metadata.
    pub id_token_issuers: &'static [IdTokenIssuer],
}

/// A member of an answer that a provider calls otherwise. A number becomes a text by it, as identifiers have to be.
///
/// ```
/// use grantor_client::{Endpoint, MemberName};
///
/// const SUBJECT: MemberName = MemberName { endpoint: Endpoint::Userinfo, own: "id", standard: "sub" };
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemberName {
    /// Whose answers.
    pub endpoint: Endpoint,
    /// The provider's name.
    pub own: &'static str,
    /// The name in the specification. A member that has it already is left alone.
    pub standard: &'static str,
}

impl Deviations {
    /// An answer as it would be of a provider that does none of this. Pure.
    ///
    /// ```
    /// use grantor_client::{Endpoint, Preset, Response};
    /// use http::{HeaderMap, StatusCode, header};
    ///
    /// let mut headers = HeaderMap::new();
    /// headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/json"));
    /// let body = br#"{"error":"bad_verification_code"}"#.to_vec().into();
    /// let answer = Response { status: StatusCode::OK, headers, body };
    /// let mended = Preset::github().deviations.mend(Endpoint::Token, answer);
    /// assert_eq!(mended.status, StatusCode::BAD_REQUEST);
    /// assert!(mended.body.starts_with(br#"{"error":"invalid_grant""#));
    /// ```
    pub fn mend(&self, endpoint: Endpoint, mut response: Response) -> Response {
        if *self == Self::default() {
            return response;
        }
        let Ok(mut members) = json_object(&response) else {
            return response;
        };
        for name in self.member_names.iter().filter(|name| name.endpoint == endpoint) {
            rename(&mut members, name);
        }
        let is_refusal = members.contains_key("error") && !members.contains_key("access_token");
        if self.errors_with_success && is_refusal && response.status.is_success() {
            response.status = StatusCode::BAD_REQUEST;
        }
        self.rename_error(&mut members);
        if endpoint == Endpoint::Token {
            self.separate_scopes(&mut members);
        }
        // What was JSON becomes JSON.
        if let Ok(body) = serde_json::to_vec(&members) {
            response.body = body.into();
        }
        response
    }

    /// The provider's own name stays in the description, for the log.
    fn rename_error(&self, members: &mut Map<String, Value>) {
        let Some(Value::String(code)) = members.get_mut("error") else {
            return;
        };
        let Some((own, standard)) = self.error_names.iter().find(|(own, _)| own == code) else {
            return;
        };
        (*standard).clone_into(code);
        let described = members.get("error_description").and_then(Value::as_str);
        let described = described.map_or_else(|| (*own).to_owned(), |text| format!("{own}: {text}"));
        members.insert("error_description".to_owned(), described.into());
    }

    fn separate_scopes(&self, members: &mut Map<String, Value>) {
        let (Some(separator), Some(Value::String(scope))) = (self.scope_separator, members.get_mut("scope"))
        else {
            return;
        };
        let scopes = scope.split([separator, ' ']).filter(|one| !one.is_empty());
        *scope = scopes.collect::<Vec<_>>().join(" ");
    }

    /// The scopes as this provider wants them, and the parameters that ask for what is not a scope there.
    pub(crate) fn scope<'a>(
        &self,
        scope: &'a str,
    ) -> (Cow<'a, str>, &'static [(&'static str, &'static str)]) {
        match self.offline_access {
            Some(parameters) if scope.split(' ').any(|one| one == OFFLINE_ACCESS) => {
                let others: Vec<&str> = scope.split(' ').filter(|one| *one != OFFLINE_ACCESS).collect();
                (others.join(" ").into(), parameters)
            }
            Some(_) | None => (scope.into(), &[]),
        }
    }
}

fn rename(members: &mut Map<String, Value>, name: &MemberName) {
    if members.contains_key(name.standard) {
        return;
    }
    let value = match members.get(name.own) {
        None | Some(Value::Null) => return,
        Some(Value::Number(number)) => Value::String(number.to_string()),
        Some(value) => value.clone(),
    };
    members.insert(name.standard.to_owned(), value);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::response;
    use serde_json::json;

    const ALL: Deviations = Deviations {
        offline_access: Some(&[("access", "offline")]),
        scope_separator: Some(','),
        errors_with_success: true,
        error_names: &[("bad_code", "invalid_grant")],
        member_names: &[MemberName {
            endpoint: Endpoint::Userinfo,
            own: "id",
            standard: "sub",
        }],
        id_token_issuers: &[],
    };

    /// The same answer mended, and mended by nobody.
    fn mended(endpoint: Endpoint, status: u16, body: &Value) -> (u16, Value) {
        let by = |deviations: &Deviations| {
            let answer = response(status, "application/json", &body.to_string());
            let mended = deviations.mend(endpoint, answer);
            let body: Value = serde_json::from_slice(&mended.body).unwrap();
            (mended.status.as_u16(), body)
        };
        assert_eq!(by(&Deviations::default()), (status, body.clone()));
        by(&ALL)
    }

    #[test]
    fn refusals() {
        use Endpoint::{Revocation, Token};
        let over = json!({"error": "bad_code", "error_description": "it is over"});
        let renamed = json!({"error": "invalid_grant", "error_description": "bad_code: it is over"});
        let bare = json!({"error": "bad_code"});
        let bare_renamed = json!({"error": "invalid_grant", "error_description": "bad_code"});
        let slow = json!({"error": "slow_down"});
        let both = json!({"access_token": "at", "error": "x"});
        let nothing = json!({});
        for (endpoint, status, body, expected_status, expected) in [
            (Token, 200, &over, 400, &renamed),
            (Token, 401, &over, 401, &renamed),
            (Token, 200, &bare, 400, &bare_renamed),
            (Token, 200, &slow, 400, &slow),
            (Token, 200, &both, 200, &both),
            (Revocation, 200, &over, 400, &renamed),
            (Revocation, 503, &nothing, 503, &nothing),
        ] {
            let found = mended(endpoint, status, body);
            assert_eq!(found, (expected_status, expected.clone()), "{body}");
        }
        let html = ALL.mend(Token, response(200, "text/html", "<html>"));
        assert_eq!((html.status.as_u16(), &*html.body), (200, &b"<html>"[..]));
    }

    #[test]
    fn members() {
        use Endpoint::{Token, Userinfo};
        for (endpoint, body, expected) in [
            (Token, json!({"scope": "a,b, c"}), json!({"scope": "a b c"})),
            (Token, json!({"scope": ["a,b"]}), json!({"scope": ["a,b"]})),
            (Token, json!({"id": 7}), json!({"id": 7})),
            (
                Userinfo,
                json!({"id": 7, "scope": "a,b"}),
                json!({"id": 7, "sub": "7", "scope": "a,b"}),
            ),
            (Userinfo, json!({"id": "x"}), json!({"id": "x", "sub": "x"})),
            (
                Userinfo,
                json!({"id": 7, "sub": "8"}),
                json!({"id": 7, "sub": "8"}),
            ),
            (Userinfo, json!({"id": null}), json!({"id": null})),
        ] {
            assert_eq!(mended(endpoint, 200, &body), (200, expected), "{body}");
        }
    }

    #[test]
    fn scopes() {
        let parameters: &[_] = &[("access", "offline")];
        for (scope, expected) in [
            ("openid offline_access", ("openid", parameters)),
            ("offline_access", ("", parameters)),
            ("openid", ("openid", &[])),
            ("offline_access_not", ("offline_access_not", &[])),
        ] {
            let (found, parameters) = ALL.scope(scope);
            assert_eq!((&*found, parameters), expected);
            let (found, parameters) = Deviations::default().scope(scope);
            assert_eq!((&*found, parameters), (scope, &[][..]));
        }
    }
}
