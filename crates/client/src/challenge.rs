//! What an API wants that turned a request away ([RFC 9110 §11.6.1](https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1)).

use grantor_types::{Scope, Seconds};
use http::header::WWW_AUTHENTICATE;
use http::{HeaderMap, StatusCode};

/// Most challenges of one answer that are looked at.
const MAX_CHALLENGES: usize = 16;
/// Longest header of challenges that is looked at, in bytes.
const MAX_HEADER: usize = 8 * 1024;

/// One challenge of a `WWW-Authenticate` header, such as `Bearer error="invalid_token"`.
///
/// ```
/// use grantor_client::Challenge;
/// use http::HeaderMap;
/// use http::header::{HeaderValue, WWW_AUTHENTICATE};
///
/// let mut headers = HeaderMap::new();
/// let value = HeaderValue::from_static(r#"Bearer realm="api", error="invalid_token""#);
/// headers.insert(WWW_AUTHENTICATE, value);
///
/// let challenges = Challenge::all(&headers);
/// assert!(challenges[0].is("bearer"));
/// assert_eq!(challenges[0].parameter("error"), Some("invalid_token"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    scheme: String,
    parameters: Vec<(String, String)>,
}

impl Challenge {
    /// Those in the headers of an answer, in their order. A header that cannot be read is passed over.
    pub fn all(headers: &HeaderMap) -> Vec<Self> {
        let values = headers.get_all(WWW_AUTHENTICATE).iter();
        let texts = values.filter_map(|value| value.to_str().ok());
        texts
            .filter(|text| text.len() <= MAX_HEADER)
            .filter_map(|text| http_auth::parse_challenges(text).ok())
            .flatten()
            .take(MAX_CHALLENGES)
            .map(|challenge| Self {
                scheme: challenge.scheme.to_owned(),
                parameters: challenge
                    .params
                    .iter()
                    .map(|(name, value)| (name.to_ascii_lowercase(), value.to_unescaped()))
                    .collect(),
            })
            .collect()
    }

    /// Whether it is of this scheme: `Bearer`, `DPoP`. Schemes are compared without regard to case.
    pub fn is(&self, scheme: &str) -> bool {
        self.scheme.eq_ignore_ascii_case(scheme)
    }

    /// A parameter, by its name in lower case. RFC 6750 §3: such attributes "MUST NOT appear more than once"; of one that does,
    /// the first counts.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|(own, _)| own == name);
        found.map(|(_, value)| value.as_str())
    }

    pub(crate) fn has_error(&self, code: &str) -> bool {
        self.parameter("error") == Some(code)
    }
}

/// A token that is good and not good enough: the API wants the user to authenticate again, more strongly or more recently
/// ([RFC 9470](https://www.rfc-editor.org/rfc/rfc9470)), or to grant more
/// ([RFC 6750 §3.1](https://www.rfc-editor.org/rfc/rfc6750#section-3.1)). A refresh helps in neither case.
///
/// Give it to [`AuthorizationRequest::step_up`](crate::AuthorizationRequest::step_up).
///
/// ```
/// use grantor_client::{Seconds, StepUp};
/// use http::header::{HeaderValue, WWW_AUTHENTICATE};
/// use http::{HeaderMap, StatusCode};
///
/// let mut headers = HeaderMap::new();
/// let value = HeaderValue::from_static(r#"Bearer error="insufficient_user_authentication", max_age=300"#);
/// headers.insert(WWW_AUTHENTICATE, value);
/// let wanted = StepUp::wanted(StatusCode::UNAUTHORIZED, &headers).expect("it is one");
/// assert_eq!(wanted.max_age, Some(Seconds(300)));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StepUp {
    /// The authentication context class references that would do, in order of preference, separated by spaces.
    pub acr_values: Option<String>,
    /// How long ago the user may have authenticated.
    pub max_age: Option<Seconds>,
    /// The scopes that it takes.
    pub scope: Scope,
    /// What the API says about it.
    pub description: Option<String>,
}

impl StepUp {
    /// What an API wants, by the status and the headers of its answer; `None` when that is no such demand.
    pub fn wanted(status: StatusCode, headers: &HeaderMap) -> Option<Self> {
        // RFC 9470 §3 has it in a 401, RFC 6750 §3.1 in a 403.
        let code = match status {
            StatusCode::UNAUTHORIZED => "insufficient_user_authentication",
            StatusCode::FORBIDDEN => "insufficient_scope",
            _ => return None,
        };
        let challenges = Challenge::all(headers);
        let challenge = challenges.iter().find(|challenge| challenge.has_error(code))?;
        let text = |name| challenge.parameter(name).map(str::to_owned);
        Some(Self {
            acr_values: text("acr_values").filter(|values| !values.trim().is_empty()),
            max_age: challenge
                .parameter("max_age")
                .and_then(|age| age.parse().ok().map(Seconds)),
            scope: challenge
                .parameter("scope")
                .and_then(|scope| Scope::parse(scope).ok())
                .unwrap_or_default(),
            description: text("error_description"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(values: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(WWW_AUTHENTICATE, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn several_in_one_header_and_in_several() {
        let found = Challenge::all(&headers(&[
            r#"DPoP algs="ES256 EdDSA", Bearer Realm="a \"quoted\" word", error=invalid_token"#,
            "Negotiate",
        ]));
        let schemes: Vec<_> = found.iter().map(|challenge| challenge.scheme.as_str()).collect();
        assert_eq!(schemes, ["DPoP", "Bearer", "Negotiate"]);
        assert!(found[0].is("dpop") && found[1].is("BEARER") && !found[1].is("Bear"));
        assert_eq!(found[0].parameter("algs"), Some("ES256 EdDSA"));
        assert_eq!(found[1].parameter("realm"), Some(r#"a "quoted" word"#));
        assert!(found[1].has_error("invalid_token"));
        assert_eq!(found[2].parameter("error"), None);
    }

    #[test]
    fn what_cannot_be_read_is_passed_over() {
        let long = format!(r#"Bearer error="{}""#, "a".repeat(MAX_HEADER));
        let good = r#"Bearer error="invalid_token""#;
        for broken in [
            "",
            r#"Bearer error="unfinished"#,
            "=",
            "Bearer error=",
            "\u{e9}",
            &long,
        ] {
            let found = Challenge::all(&headers(&[broken, good]));
            assert!(found.last().unwrap().has_error("invalid_token"), "{broken}");
        }
        let many = vec![good; MAX_CHALLENGES + 4];
        assert_eq!(Challenge::all(&headers(&many)).len(), MAX_CHALLENGES);
    }

    #[test]
    fn demands() {
        let insufficient = r#"error="insufficient_user_authentication""#;
        let step_up = |acr: Option<&str>, age: Option<u64>, scope: &str| {
            Some(StepUp {
                acr_values: acr.map(str::to_owned),
                max_age: age.map(Seconds),
                scope: Scope::parse(scope).unwrap(),
                description: None,
            })
        };
        let cases = [
            (
                401,
                format!(r#"Bearer {insufficient}, acr_values="a b", max_age="5""#),
                step_up(Some("a b"), Some(5), ""),
            ),
            (
                401,
                format!("DPoP {insufficient}, max_age=0"),
                step_up(None, Some(0), ""),
            ),
            (
                401,
                format!(r#"Bearer {insufficient}, max_age="soon", acr_values=" ""#),
                step_up(None, None, ""),
            ),
            (
                401,
                format!(r#"DPoP algs="ES256", Bearer {insufficient}, scope="a b""#),
                step_up(None, None, "a b"),
            ),
            (
                403,
                r#"Bearer error="insufficient_scope", scope="write""#.to_owned(),
                step_up(None, None, "write"),
            ),
            (
                403,
                r#"Bearer error="insufficient_scope""#.to_owned(),
                step_up(None, None, ""),
            ),
            // The demand of the one status is none in the other.
            (403, format!("Bearer {insufficient}"), None),
            (
                401,
                r#"Bearer error="insufficient_scope", scope="write""#.to_owned(),
                None,
            ),
            (200, format!("Bearer {insufficient}"), None),
            (401, r#"Bearer error="invalid_token""#.to_owned(), None),
        ];
        for (status, challenge, expected) in cases {
            let status = StatusCode::from_u16(status).unwrap();
            assert_eq!(
                StepUp::wanted(status, &headers(&[&challenge])),
                expected,
                "{challenge}"
            );
        }
    }
}
