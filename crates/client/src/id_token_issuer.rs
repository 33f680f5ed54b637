//! Which issuers the ID tokens of a provider may name, where that is not the one of its metadata.

use std::borrow::Cow;

use grantor_jose::{VerifyError, unverified_issuer};
use grantor_types::Secret;
use serde_json::Value;

use crate::keys::Published;
use crate::{IdToken, IdTokenError};

/// Longest value of a claim that an issuer is made of, in bytes.
const MAX_PART: usize = 64;

/// What an ID token may have as its issuer.
///
/// ```
/// use grantor_client::IdTokenIssuer;
///
/// // https://as.example/acme, in a token whose claim org is acme.
/// const OF_AN_ORGANIZATION: IdTokenIssuer = IdTokenIssuer::OfClaim {
///     before: "https://as.example/",
///     claim: "org",
///     after: "",
///     placeholder: None,
/// };
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdTokenIssuer {
    /// This text.
    Text(&'static str),
    /// A text with the value of another claim of the same token in it: letters, digits and hyphens.
    OfClaim {
        /// What stands before the value.
        before: &'static str,
        /// The claim.
        claim: &'static str,
        /// What stands after it.
        after: &'static str,
        /// What stands for the value in the member `issuer` of the provider's keys, if they say by that whose tokens they sign.
        /// A key that does is good for no others.
        placeholder: Option<&'static str>,
    },
}

/// The issuer that an ID token is held to.
pub(crate) struct ExpectedIssuer<'a> {
    pub(crate) text: Cow<'a, str>,
    part: Option<Part>,
}

/// The value of a claim that stands in the issuer.
struct Part {
    claim: &'static str,
    value: String,
    placeholder: Option<&'static str>,
}

impl<'a> ExpectedIssuer<'a> {
    /// The issuer that a token has to be of: the one that it names, if that is one of those it may name, and otherwise
    /// that of the metadata. Whether it is the provider's is for its signature to say.
    pub(crate) fn of(raw: &Secret, known: &[IdTokenIssuer], issuer: &'a str) -> Self {
        let named = match known {
            [] => None,
            [_, ..] => unverified_issuer(raw.expose()).ok().flatten(),
        };
        let found = named.and_then(|named| known.iter().find_map(|known| known.fits(&named)));
        found.unwrap_or(Self {
            text: issuer.into(),
            part: None,
        })
    }

    /// Whether the claims of the token, now that it is verified, agree with its issuer, and the key with both.
    pub(crate) fn check(&self, token: IdToken, published: &Published) -> Result<IdToken, IdTokenError> {
        let Some(part) = &self.part else {
            return Ok(token);
        };
        let value = token.claims().extra.get(part.claim).and_then(Value::as_str);
        let signs_for = part.placeholder.zip(published.issuer(token.key_id()));
        let signs_it = signs_for
            .is_none_or(|(placeholder, template)| template.replace(placeholder, &part.value) == self.text);
        if value == Some(&part.value) && signs_it {
            Ok(token)
        } else {
            Err(VerifyError::WrongIssuer.into())
        }
    }
}

impl IdTokenIssuer {
    fn fits(&self, named: &str) -> Option<ExpectedIssuer<'static>> {
        let part = match *self {
            Self::Text(text) => (text == named).then_some(None)?,
            Self::OfClaim {
                before,
                claim,
                after,
                placeholder,
            } => {
                let value = named.strip_prefix(before)?.strip_suffix(after)?;
                let is_part = value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
                let fits = is_part && (1..=MAX_PART).contains(&value.len());
                let value = fits.then(|| value.to_owned())?;
                Some(Part {
                    claim,
                    value,
                    placeholder,
                })
            }
        };
        let text = named.to_owned().into();
        Some(ExpectedIssuer { text, part })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::IdTokenExpectation;
    use crate::fixture::response;
    use grantor_jose::{SigningKey, Type};
    use grantor_types::{Seconds, SigningAlgorithm, Timestamp};
    use serde_json::json;

    const KNOWN: &[IdTokenIssuer] = &[
        IdTokenIssuer::Text("as.example"),
        IdTokenIssuer::OfClaim {
            before: "https://as.example/",
            claim: "org",
            after: "/v2",
            placeholder: Some("{org}"),
        },
    ];

    /// Whether a token of this issuer is taken, whose key says that it signs for `key_issuer`.
    fn is_taken(
        key: &SigningKey,
        known: &[IdTokenIssuer],
        issuer: &str,
        org: Value,
        key_issuer: Value,
    ) -> bool {
        let claims = json!({"iss": issuer, "sub": "a", "aud": "app", "exp": 1_060, "iat": 1_000, "org": org});
        let raw = Secret::new(key.sign(Type::IdToken, &claims).unwrap());
        let mut jwk = serde_json::to_value(key.public_jwk()).unwrap();
        jwk["issuer"] = key_issuer;
        let published = Published::read(&response(
            200,
            "application/json",
            &json!({ "keys": [jwk] }).to_string(),
        ))
        .unwrap();
        let issuer = ExpectedIssuer::of(&raw, known, "https://as.example/v2");
        let expected = IdTokenExpectation {
            issuer: &issuer.text,
            client_id: "app",
            trusted_audiences: &[],
            algorithm: SigningAlgorithm::Es256,
            nonce: None,
            access_token: None,
            code: None,
            max_age: None,
            subject: None,
            now: Timestamp::from_seconds(1_000),
            leeway: Seconds(0),
        };
        let token = IdToken::verify(&raw, &published.keys, &expected);
        token.and_then(|token| issuer.check(token, &published)).is_ok()
    }

    #[test]
    fn issuers() {
        let (key, _) = SigningKey::generate(SigningAlgorithm::Es256).unwrap();
        for (issuer, org, expected) in [
            ("https://as.example/acme/v2", json!("acme"), true),
            ("https://as.example/acme/v2", json!("other"), false),
            ("https://as.example/acme/v2", Value::Null, false),
            ("https://as.example/acme/v2", json!(["acme"]), false),
            ("as.example", Value::Null, true),
            // These are held to the issuer of the metadata.
            ("https://as.example/v2", Value::Null, true),
            ("https://as.example//v2", json!(""), false),
            ("https://as.example/a/b/v2", json!("a/b"), false),
            ("https://as.example/acme", json!("acme"), false),
            ("https://evil.example/acme/v2", json!("acme"), false),
            ("evil.example", Value::Null, false),
        ] {
            let taken = |known| is_taken(&key, known, issuer, org.clone(), Value::Null);
            assert_eq!(taken(KNOWN), expected, "{issuer}");
            assert_eq!(taken(&[]), issuer == "https://as.example/v2", "{issuer}");
        }
    }

    #[test]
    fn keys_that_say_whose_tokens_they_sign() {
        let (key, _) = SigningKey::generate(SigningAlgorithm::Es256).unwrap();
        let acme = "https://as.example/acme/v2";
        for (key_issuer, expected) in [
            (Value::Null, true),
            (json!("https://as.example/{org}/v2"), true),
            (json!(acme), true),
            (json!("https://as.example/other/v2"), false),
            (json!("https://as.example/{org}"), false),
            (json!(""), false),
        ] {
            let taken = is_taken(&key, KNOWN, acme, json!("acme"), key_issuer.clone());
            assert_eq!(taken, expected, "{key_issuer}");
        }
    }
}
