//! The claims of each scope in the forms of OpenID Connect Core 5.1, for somebody who has all of them.

use grantor_types::{Address, Scope, StandardClaims};
use serde_json::Value;

use super::claims;
use crate::harness::{ALICE, Server, Setup, text};

const PROFILE: [&str; 14] = [
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
];

fn everything() -> StandardClaims {
    let text = |text: &str| Some(text.to_owned());
    StandardClaims {
        name: text("Alice Liddell"),
        given_name: text("Alice"),
        family_name: text("Liddell"),
        middle_name: text("Pleasance"),
        nickname: text("Al"),
        preferred_username: text("alice"),
        profile: text("https://alice.example/"),
        picture: text("https://alice.example/me.png"),
        website: text("https://alice.example/blog"),
        gender: text("female"),
        birthdate: text("1852-05-04"),
        zoneinfo: text("Europe/London"),
        locale: text("en-GB"),
        updated_at: Some(1_700_000_000),
        email: text("alice@example.com"),
        email_verified: Some(false),
        phone_number: text("+44 1865 276150"),
        phone_number_verified: Some(true),
        address: Some(Address {
            formatted: text("Christ Church\nOxford"),
            street_address: text("St Aldate's"),
            locality: text("Oxford"),
            region: text("Oxfordshire"),
            postal_code: text("OX1 1DP"),
            country: text("UK"),
        }),
        ..StandardClaims::default()
    }
}

async fn server(claims: StandardClaims) -> Server {
    Setup::new()
        .client("web", |client| {
            client.scope = Scope::parse("openid profile email address phone").unwrap();
        })
        .user(ALICE, |user| user.claims = claims)
        .start()
        .await
}

/// `YYYY-MM-DD`, `0000-MM-DD` or `YYYY`.
fn is_birthdate(date: &str) -> bool {
    let parts: Vec<&str> = date.split('-').collect();
    let digits = |part: &str, length| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
    match parts.as_slice() {
        [year] => digits(year, 4),
        [year, month, day] => digits(year, 4) && digits(month, 2) && digits(day, 2),
        _ => false,
    }
}

fn check(name: &str, value: &Value) {
    match name {
        "email_verified" | "phone_number_verified" => assert!(value.is_boolean(), "{name}: {value}"),
        "updated_at" => assert!(value.is_u64(), "{value}"),
        "birthdate" => assert!(is_birthdate(text(value)), "{value}"),
        "profile" | "picture" | "website" => assert!(url::Url::parse(text(value)).is_ok(), "{value}"),
        "address" => {
            let members = value.as_object().unwrap();
            assert!(!members.is_empty());
            members
                .values()
                .for_each(|part| assert!(!text(part).trim().is_empty(), "{value}"));
        }
        _ => assert!(
            !text(value).trim().is_empty() && value != "null",
            "{name}: {value}"
        ),
    }
}

#[tokio::test]
async fn every_scope_has_its_claims_of_the_right_type() {
    let server = server(everything()).await;
    let phone = ["phone_number", "phone_number_verified"];
    let email = ["email", "email_verified"];
    let all = [&PROFILE[..], &email, &phone, &["address"]].concat();
    for (scope, expected) in [
        ("openid profile", &PROFILE[..]),
        ("openid email", &email),
        ("openid phone", &phone),
        ("openid address", &["address"]),
        ("openid profile email phone address", &all),
    ] {
        let found = claims(&server, scope).await;
        let found = found.as_object().unwrap();
        assert_eq!(found.len(), expected.len() + 1, "{scope}: {found:?}");
        for name in expected {
            check(name, found.get(*name).unwrap_or_else(|| panic!("no {name}")));
        }
    }
}

/// "it SHOULD NOT be present with a null or empty string value" (5.3.2): somebody whose address was taken away part by part,
/// and whose names were deleted letter by letter.
#[tokio::test]
async fn what_is_empty_is_left_out() {
    let blank = |text: &str| Some(text.to_owned());
    for address in [
        Address::default(),
        Address {
            locality: blank(""),
            country: blank(" "),
            ..Address::default()
        },
    ] {
        let empty = StandardClaims {
            nickname: blank(""),
            name: blank(" "),
            address: Some(address),
            ..StandardClaims::default()
        };
        let found = claims(&server(empty).await, "openid address phone profile").await;
        assert_eq!(found.as_object().unwrap().keys().collect::<Vec<_>>(), ["sub"]);
    }
}
