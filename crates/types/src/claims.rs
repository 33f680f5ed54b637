//! Claims about a user ([OpenID Connect Core 5.1](https://openid.net/specs/openid-connect-core-1_0.html#StandardClaims)).

use serde::{Deserialize, Serialize};

use crate::Scope;

/// The standard claims. A claim the user does not have is absent, never null or empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
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

impl StandardClaims {
    /// Every claim that the user has, by name.
    ///
    /// "it SHOULD NOT be present with a null or empty string value" (OpenID Connect Core 5.3.2); an address of which
    /// nothing is known is no address.
    pub fn to_map(&self) -> serde_json::Map<String, serde_json::Value> {
        match serde_json::to_value(self) {
            Ok(serde_json::Value::Object(mut all)) => {
                all.retain(|_, value| says_something(value));
                all
            }
            Ok(_) | Err(_) => serde_json::Map::new(),
        }
    }

    /// The claims that these scopes ask for, ready for the userinfo answer.
    pub fn released_by(&self, scope: &Scope) -> serde_json::Map<String, serde_json::Value> {
        let mut all = self.to_map();
        let wanted = |claim: &str| {
            SCOPE_CLAIMS
                .iter()
                .any(|(token, claims)| scope.contains(token) && claims.contains(&claim))
        };
        all.retain(|claim, _| wanted(claim));
        all
    }
}

/// Whether there is anything in it, once what is empty has been taken out.
fn says_something(value: &mut serde_json::Value) -> bool {
    use serde_json::Value;
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
    use super::StandardClaims;
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
            user.released_by(&Scope::parse(scope).unwrap())
                .keys()
                .cloned()
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(released("openid"), "");
        assert_eq!(released("openid profile"), "name");
        assert_eq!(released("openid email"), "email email_verified");
    }
}
