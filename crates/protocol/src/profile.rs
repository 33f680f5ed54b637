//! What people say of themselves ([OpenID Connect Core 5.1]): how it changes, and what follows from a change.
//!
//! [OpenID Connect Core 5.1]: https://openid.net/specs/openid-connect-core-1_0.html#StandardClaims

use grantor_types::{ClaimField, StandardClaims, Timestamp};

use crate::validity::{self, InvalidClaim};

/// The claims with what somebody typed into their fields. A field that is absent stays as it is; one that is empty is
/// deleted: "If a Claim is not returned, that Claim Name SHOULD be omitted [...] it SHOULD NOT be present with a null or
/// empty string value." (OpenID Connect Core 5.3.2)
///
/// # Errors
/// Every field that cannot be as it was typed; nothing changes then.
pub fn edited(
    before: &StandardClaims,
    typed: impl IntoIterator<Item = (ClaimField, String)>,
    now: Timestamp,
) -> Result<StandardClaims, Vec<InvalidClaim>> {
    let mut claims = before.clone();
    for (field, text) in typed {
        let text = readable(&text);
        claims.set_text(&field, Some(text).filter(|text| !text.is_empty()));
    }
    validity::claims(&claims)?;
    // Whoever verified the one before has not verified this one.
    if claims.email != before.email {
        claims.email_verified = claims.email.is_some().then_some(false);
    }
    if claims.phone_number != before.phone_number {
        claims.phone_number_verified = claims.phone_number.is_some().then_some(false);
    }
    Ok(dated(before, claims, now))
}

/// What a browser sends of several lines ends each of them in `\r\n`; one line feed is enough.
fn readable(text: &str) -> String {
    text.trim().replace("\r\n", "\n")
}

/// The claims that are to be, with `updated_at`: "Time the End-User's information was last updated". Whoever writes another
/// time than there was has said when, and is believed.
#[must_use]
pub fn dated(before: &StandardClaims, mut wanted: StandardClaims, now: Timestamp) -> StandardClaims {
    if wanted.updated_at.is_some() && wanted.updated_at != before.updated_at {
        return wanted;
    }
    wanted.updated_at = before.updated_at;
    if wanted != *before {
        wanted.updated_at = Some(now.as_seconds());
    }
    wanted
}

#[cfg(test)]
mod tests {
    use grantor_types::{ClaimField, StandardClaims, Timestamp};

    use super::{dated, edited};

    const NOW: Timestamp = Timestamp::from_seconds(2_000);

    fn verified() -> StandardClaims {
        StandardClaims {
            name: Some("Ada".into()),
            email: Some("ada@example.com".into()),
            email_verified: Some(true),
            phone_number: Some("+49 30 1234567".into()),
            phone_number_verified: Some(true),
            updated_at: Some(1_000),
            ..StandardClaims::default()
        }
    }

    fn typed(fields: &[(&str, &str)]) -> Vec<(ClaimField, String)> {
        let field = |(name, text): &(&str, &str)| (ClaimField::parse(name).unwrap(), (*text).to_owned());
        fields.iter().map(field).collect()
    }

    fn edit(fields: &[(&str, &str)]) -> StandardClaims {
        edited(&verified(), typed(fields), NOW).unwrap()
    }

    #[test]
    fn what_is_typed_is_trimmed_and_what_is_empty_is_deleted() {
        let claims = edit(&[
            ("name", "  Ada Lovelace "),
            ("nickname", ""),
            ("address.street_address", "1 Street\r\nHouse B\r\n"),
            ("name#fr", "Adèle"),
        ]);
        assert_eq!(claims.name.as_deref(), Some("Ada Lovelace"));
        let address = claims.address.as_ref().unwrap();
        assert_eq!(address.street_address.as_deref(), Some("1 Street\nHouse B"));
        assert_eq!(claims.updated_at, Some(2_000));
        let gone = edit(&[("name", " "), ("email", ""), ("phone_number", "")]);
        let expected = StandardClaims {
            updated_at: Some(2_000),
            ..StandardClaims::default()
        };
        assert_eq!(gone, expected);
    }

    #[test]
    fn nothing_new_is_no_change() {
        assert_eq!(edit(&[]), verified());
        assert_eq!(
            edit(&[("name", "Ada "), ("email", "ada@example.com"), ("locale", "")]),
            verified()
        );
    }

    #[test]
    fn what_was_verified_is_so_no_more_when_it_changes() {
        for (fields, email, phone_number) in [
            (&[("name", "A")][..], Some(true), Some(true)),
            (&[("email", "ada@example.org")], Some(false), Some(true)),
            (&[("email", "")], None, Some(true)),
            (&[("phone_number", "112")], Some(true), Some(false)),
            (&[("phone_number", "")], Some(true), None),
        ] {
            let claims = edit(fields);
            assert_eq!(
                (claims.email_verified, claims.phone_number_verified),
                (email, phone_number),
                "{fields:?}"
            );
        }
    }

    #[test]
    fn one_wrong_field_is_enough_and_all_are_named() {
        let wrong = edited(
            &verified(),
            typed(&[("name", "A"), ("email", "ada"), ("birthdate", "long ago")]),
            NOW,
        );
        let named: Vec<String> = wrong
            .unwrap_err()
            .iter()
            .map(|wrong| wrong.field.to_string())
            .collect();
        assert_eq!(named, ["birthdate", "email"]);
    }

    #[test]
    fn the_time_of_the_last_update() {
        let at = |updated_at, name: Option<&str>| StandardClaims {
            updated_at,
            name: name.map(str::to_owned),
            ..StandardClaims::default()
        };
        for (before, wanted, expected) in [
            (at(None, None), at(None, None), None),
            (at(None, None), at(None, Some("A")), Some(2_000)),
            (at(Some(1), Some("A")), at(None, Some("A")), Some(1)),
            (at(Some(1), Some("A")), at(Some(1), Some("A")), Some(1)),
            (at(Some(1), Some("A")), at(Some(1), Some("B")), Some(2_000)),
            (at(Some(1), Some("A")), at(None, None), Some(2_000)),
            (at(Some(1), Some("A")), at(Some(7), Some("B")), Some(7)),
            (at(Some(1), Some("A")), at(Some(7), Some("A")), Some(7)),
            (at(None, Some("A")), at(Some(7), Some("A")), Some(7)),
        ] {
            assert_eq!(
                dated(&before, wanted.clone(), NOW).updated_at,
                expected,
                "{before:?} {wanted:?}"
            );
        }
    }
}
