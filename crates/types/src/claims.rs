//! Claims about a user ([OpenID Connect Core 5.1](https://openid.net/specs/openid-connect-core-1_0.html#StandardClaims)).

mod field;
mod tagged;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use self::field::{AddressMember, ClaimField, TextClaim, TextField};
pub use self::tagged::TaggedClaims;
use crate::{Scope, lookup};

/// The standard claims. A claim the user does not have is absent, never null or empty. What is no claim, nor one with a
/// language tag, is refused when they are read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[allow(
    missing_docs,
    reason = "the fields are the claims of OpenID Connect Core 5.1, word for word"
)]
pub struct StandardClaims {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub middle_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nickname: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preferred_username: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub website: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gender: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birthdate: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zoneinfo: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email_verified: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_number_verified: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
    #[serde(flatten, skip_serializing_if = "TaggedClaims::is_empty")]
    pub tagged: TaggedClaims,
}

/// The address claim (OpenID Connect Core 5.1.1).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(
    missing_docs,
    reason = "the fields are the members of OpenID Connect Core 5.1.1, word for word"
)]
pub struct Address {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub formatted: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street_address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locality: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
}

/// Which claims each scope asks for (OpenID Connect Core 5.4), declared once.
pub const SCOPE_CLAIMS: &[(&str, &[&str])] = &[
    (
        "profile",
        &[
            "name",
            "family_name",
            "given_name",
            "middle_name",
            "nickname",
            "preferred_username",
            "profile",
            "picture",
            "website",
            "gender",
            "birthdate",
            "zoneinfo",
            "locale",
            "updated_at",
        ],
    ),
    ("email", &["email", "email_verified"]),
    ("address", &["address"]),
    ("phone", &["phone_number", "phone_number_verified"]),
];

/// The names of the claims that these scopes ask for.
pub fn claims_of_scope(scope: &Scope) -> impl Iterator<Item = &str> {
    let asked = SCOPE_CLAIMS.iter().filter(|(token, _)| scope.contains(token));
    asked.flat_map(|(_, claims)| claims.iter().copied())
}

impl StandardClaims {
    /// Every claim that the user has, by name; those in a language under their tagged names.
    ///
    /// "it SHOULD NOT be present with a null or empty string value" (OpenID Connect Core 5.3.2); an address of which
    /// nothing is known is no address.
    fn to_map(&self) -> Map<String, Value> {
        match serde_json::to_value(self) {
            Ok(Value::Object(mut all)) => {
                all.retain(|_, value| says_something(value));
                all
            }
            Ok(_) | Err(_) => Map::new(),
        }
    }

    /// The claims of these names that the user has, in the languages that are wanted, best first.
    ///
    /// A claim that is asked for with a tag is under that very name, in the best language for it. Any other is in the best of
    /// the wanted languages that there is, and has no tag then: "it is RECOMMENDED that OPs return Claims without language
    /// tags when they employ this language and script" (OpenID Connect Core 5.2). Where several languages are wanted, what
    /// there is in each of them is under its own tagged name besides.
    pub fn released<'a>(
        &self,
        names: impl Iterator<Item = &'a str>,
        locales: &[String],
    ) -> Map<String, Value> {
        let mut names = names.peekable();
        let mut released = Map::new();
        // As it is with most requests.
        if names.peek().is_none() {
            return released;
        }
        let all = self.to_map();
        // Most people are written in one language only.
        let locales = if self.tagged.is_empty() { &[] } else { locales };
        for name in names {
            match name.split_once('#') {
                Some((claim, wanted)) => {
                    let found = in_language(&all, claim, wanted);
                    released.extend(found.map(|(_, value)| (name.to_owned(), value.clone())));
                }
                None => release(&all, name, locales, &mut released),
            }
        }
        released
    }
}

fn release(all: &Map<String, Value>, claim: &str, locales: &[String], released: &mut Map<String, Value>) {
    let found: Vec<_> = locales
        .iter()
        .filter_map(|wanted| in_language(all, claim, wanted))
        .collect();
    let best = found.first().map(|(_, value)| *value).or_else(|| all.get(claim));
    released.extend(best.map(|value| (claim.to_owned(), value.clone())));
    if locales.len() > 1 {
        released.extend(
            found
                .into_iter()
                .map(|(name, value)| (name.clone(), value.clone())),
        );
    }
}

/// A claim in the best language for the one that is wanted, with its tagged name.
fn in_language<'a>(
    all: &'a Map<String, Value>,
    claim: &str,
    wanted: &str,
) -> Option<(&'a String, &'a Value)> {
    let tagged = all.iter().filter_map(|(name, value)| {
        let tag = name.strip_prefix(claim)?.strip_prefix('#')?;
        Some((tag, (name, value)))
    });
    lookup(wanted, tagged)
}

/// Whether there is anything in it, once what is empty has been taken out.
fn says_something(value: &mut Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.trim().is_empty(),
        Value::Object(members) => {
            members.retain(|_, member| says_something(member));
            !members.is_empty()
        }
        Value::Bool(_) | Value::Number(_) | Value::Array(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{StandardClaims, claims_of_scope};
    use crate::Scope;

    #[test]
    fn a_scope_releases_its_claims_and_no_others() {
        let user = StandardClaims {
            name: Some("Demo".into()),
            email: Some("demo@example.com".into()),
            email_verified: Some(true),
            ..StandardClaims::default()
        };
        let released = |scope: &str| {
            user.released(claims_of_scope(&Scope::parse(scope).unwrap()), &[])
                .keys()
                .cloned()
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(released("openid"), "");
        assert_eq!(released("openid profile"), "name");
        assert_eq!(released("openid email"), "email email_verified");
    }

    fn tagged() -> StandardClaims {
        serde_json::from_value(json!({
            "name": "Anna", "name#fr": "Anne", "name#DE-ch": "Ännchen", "address": { "locality": "Geneva" },
            "address#fr": { "locality": "Genève" }, "email": "anna@example.com",
        }))
        .unwrap()
    }

    #[test]
    fn claims_in_languages_are_read_and_written() {
        let written = serde_json::to_value(tagged()).unwrap();
        assert_eq!(written["name#de-CH"], "Ännchen");
        assert_eq!(
            serde_json::from_value::<StandardClaims>(written).unwrap(),
            tagged()
        );
        for wrong in [
            json!({ "shoe_size": 44 }),
            json!({ "email#de": "a@b.example" }),
            json!({ "name#": "A" }),
            json!({ "name#d": "A" }),
            json!({ "shoe#de": "A" }),
            json!({ "name#de": 1 }),
            json!({ "address#de": "A" }),
            json!({ "address#de": { "planet": "A" } }),
            json!({ "name#de": "A", "name#DE": "B" }),
        ] {
            assert!(
                serde_json::from_value::<StandardClaims>(wrong.clone()).is_err(),
                "{wrong}"
            );
        }
    }

    #[test]
    fn the_language_that_is_wanted() {
        let claims = tagged();
        let released = |names: &str, locales: &str| {
            let locales: Vec<String> = locales.split_ascii_whitespace().map(str::to_owned).collect();
            Value::Object(claims.released(names.split_ascii_whitespace(), &locales))
        };
        for (names, locales, expected) in [
            ("name", "", json!({ "name": "Anna" })),
            ("name", "fr", json!({ "name": "Anne" })),
            ("name", "fr-CA", json!({ "name": "Anne" })),
            ("name", "de", json!({ "name": "Ännchen" })),
            ("name", "ja", json!({ "name": "Anna" })),
            ("name", "no-such tag!", json!({ "name": "Anna" })),
            (
                "name email",
                "ja fr",
                json!({ "name": "Anne", "name#fr": "Anne", "email": "anna@example.com" }),
            ),
            (
                "name",
                "de fr",
                json!({ "name": "Ännchen", "name#de-CH": "Ännchen", "name#fr": "Anne" }),
            ),
            ("address", "fr", json!({ "address": { "locality": "Genève" } })),
            ("name#fr", "", json!({ "name#fr": "Anne" })),
            ("name#de", "fr", json!({ "name#de": "Ännchen" })),
            ("name#ja email#fr", "", json!({})),
            ("sub shoe tagged", "fr", json!({})),
        ] {
            assert_eq!(released(names, locales), expected, "{names} in {locales}");
        }
    }
}
