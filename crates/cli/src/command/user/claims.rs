//! Claims on the command line: `--claim name=value`, `--claim address.locality=Berlin`.

use clap::Args;
use grantor_types::StandardClaims;
use serde_json::{Map, Value};

use crate::output::CommandError;

/// Claims to set and to forget.
#[derive(Clone, Debug, Args)]
pub(super) struct ClaimArguments {
    /// A claim of OpenID Connect Core 5.1, such as email=a@b.example or address.locality=Berlin. Repeat it for more.
    #[arg(long = "claim", value_name = "NAME=VALUE", value_parser = pair)]
    claims: Vec<(String, String)>,
}

impl ClaimArguments {
    /// Writes the named claims; an empty value forgets one. An address or a number that changes is not verified any more,
    /// unless it is said to be.
    ///
    /// # Errors
    /// When there is no such claim, or the value is not of its kind.
    pub(super) fn write_to(&self, claims: &mut StandardClaims) -> Result<(), CommandError> {
        let before = claims.clone();
        for (name, value) in &self.claims {
            let wrong = |error: &dyn std::error::Error| {
                CommandError::usage(format!("the claim {name} cannot be \"{value}\": {error}"))
            };
            let mut members = match serde_json::to_value(&*claims).map_err(|error| wrong(&error))? {
                Value::Object(members) => members,
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
                    Map::new()
                }
            };
            put(&mut members, name, value);
            *claims = serde_json::from_value(Value::Object(members)).map_err(|error| wrong(&error))?;
        }
        let is_named = |name: &str| self.claims.iter().any(|(named, _)| named == name);
        if claims.email != before.email && !is_named("email_verified") {
            claims.email_verified = before.email_verified.and(claims.email.as_ref()).map(|_| false);
        }
        if claims.phone_number != before.phone_number && !is_named("phone_number_verified") {
            let number = claims.phone_number.as_ref();
            claims.phone_number_verified = before.phone_number_verified.and(number).map(|_| false);
        }
        Ok(())
    }

    /// Whether a claim was named.
    pub(super) fn is_empty(&self) -> bool {
        self.claims.is_empty()
    }
}

fn put(members: &mut Map<String, Value>, name: &str, value: &str) {
    match name.split_once('.') {
        None if value.is_empty() => _ = members.remove(name),
        None => _ = members.insert(name.to_owned(), typed(name, value)),
        Some((outer, inner)) => {
            let entry = members.entry(outer).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(within) = entry {
                put(within, inner, value);
                if within.is_empty() {
                    members.remove(outer);
                }
            }
        }
    }
}

/// Two claims are booleans and one a number; a phone number or a birth date only looks like one.
fn typed(name: &str, value: &str) -> Value {
    let parsed = match name {
        "email_verified" | "phone_number_verified" | "updated_at" => serde_json::from_str(value).ok(),
        _ => None,
    };
    parsed.unwrap_or_else(|| Value::String(value.to_owned()))
}

fn pair(text: &str) -> Result<(String, String), &'static str> {
    let (name, value) = text.split_once('=').ok_or("has to be NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

#[cfg(test)]
mod tests {
    use grantor_types::StandardClaims;

    use super::{ClaimArguments, pair};

    fn write(claims: &mut StandardClaims, pairs: &[&str]) -> Result<(), String> {
        let claims_named = pairs.iter().map(|text| pair(text).unwrap()).collect();
        ClaimArguments { claims: claims_named }
            .write_to(claims)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn claims_are_set_and_forgotten() {
        let mut claims = StandardClaims::default();
        let pairs = [
            "name=Ada L",
            "email_verified=true",
            "updated_at=5",
            "address.locality=Berlin",
            "birthdate=1990",
        ];
        write(&mut claims, &pairs).unwrap();
        assert_eq!(claims.name.as_deref(), Some("Ada L"));
        assert_eq!((claims.email_verified, claims.updated_at), (Some(true), Some(5)));
        assert_eq!(claims.birthdate.as_deref(), Some("1990"));
        assert_eq!(
            claims.address.as_ref().unwrap().locality.as_deref(),
            Some("Berlin")
        );
        write(&mut claims, &["name=", "address.locality="]).unwrap();
        assert_eq!((claims.name, claims.address), (None, None));
    }

    #[test]
    fn what_was_verified_is_so_no_more() {
        for (pairs, email, phone_number) in [
            (&["email=b@example.com"][..], Some(false), Some(true)),
            (&["email="], None, Some(true)),
            (
                &["email=b@example.com", "email_verified=true"],
                Some(true),
                Some(true),
            ),
            (&["phone_number=112", "name=Ada"], Some(true), Some(false)),
            (&["email=a@example.com"], Some(true), Some(true)),
        ] {
            let mut claims = StandardClaims::default();
            let verified = [
                "email=a@example.com",
                "email_verified=true",
                "phone_number=110",
                "phone_number_verified=true",
            ];
            write(&mut claims, &verified).unwrap();
            write(&mut claims, pairs).unwrap();
            let found = (claims.email_verified, claims.phone_number_verified);
            assert_eq!(found, (email, phone_number), "{pairs:?}");
        }
    }

    #[test]
    fn what_is_no_claim_is_refused() {
        let mut claims = StandardClaims::default();
        for wrong in [
            "shoe_size=44",
            "email_verified=perhaps",
            "updated_at=today",
            "address.planet=Earth",
        ] {
            assert!(write(&mut claims, &[wrong]).is_err(), "{wrong}");
        }
        assert!(pair("name").is_err());
    }
}
