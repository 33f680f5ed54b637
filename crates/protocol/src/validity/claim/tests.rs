//! Values of claims that can be, and those that cannot.

use grantor_types::{AddressMember, ClaimField, StandardClaims, TextClaim, TextField};

use super::{ClaimProblem, MAX_TAGGED_CLAIMS, claim, claims};

fn check(name: TextClaim, text: &str) -> Result<(), ClaimProblem> {
    claim(TextField::Claim(name), text)
}

#[track_caller]
fn table(name: TextClaim, problem: ClaimProblem, right: &[&str], wrong: &[&str]) {
    for text in right {
        assert_eq!(check(name, text), Ok(()), "{name} {text:?}");
    }
    for text in wrong {
        assert_eq!(check(name, text), Err(problem), "{name} {text:?}");
    }
}

#[test]
fn web_addresses() {
    for name in [TextClaim::Profile, TextClaim::Picture, TextClaim::Website] {
        table(
            name,
            ClaimProblem::WebAddress,
            &[
                "https://ada.example/",
                "http://ada.example:8080/a?b=c#d",
                "https://127.0.0.1/",
                "HTTPS://ADA.EXAMPLE",
            ],
            &[
                "ada.example",
                "//ada.example",
                "https:",
                "https://",
                "https:ada.example",
                "https:/ada.example",
                "javascript:alert(1)",
                "data:text/html,x",
                "ftp://ada.example/",
                "https://bank.example@evil.example/",
                "https://ada.example/a b",
                "https://ada.example\\x",
                "https://ada.example/<b>",
                "mailto:ada@example.com",
            ],
        );
    }
}

#[test]
fn birthdates() {
    table(
        TextClaim::Birthdate,
        ClaimProblem::Birthdate,
        &[
            "1990-02-28",
            "2000-02-29",
            "0000-02-29",
            "0000-12-31",
            "1990",
            "1996-02-29",
        ],
        &[
            "0000",
            "1900-02-29",
            "1990-02-29",
            "1990-04-31",
            "1990-13-01",
            "1990-00-10",
            "1990-01-00",
            "1990-1-1",
            "1990-01",
            "90-01-01",
            "01.02.1990",
            "1990/01/01",
            "+199-01-01",
            "1990-01-01-01",
            "1990-01-01T00:00",
            "--02-28",
            "١٩٩٠",
            "today",
        ],
    );
}

#[test]
fn time_zones() {
    table(
        TextClaim::Zoneinfo,
        ClaimProblem::TimeZone,
        &[
            "Europe/Paris",
            "America/Argentina/Buenos_Aires",
            "America/Port-au-Prince",
            "Etc/GMT+5",
            "UTC",
            "EST5EDT",
        ],
        &[
            "+02:00",
            "Europe/",
            "/Paris",
            "Europe Paris",
            "Europe//Paris",
            "a/b/c/d",
            "../etc/passwd",
            "Örtliche/Zeit",
        ],
    );
}

#[test]
fn languages() {
    table(
        TextClaim::Locale,
        ClaimProblem::Language,
        &["de", "en-US", "zh-Hant-TW"],
        &["en_US", "English!", "d", "de-"],
    );
}

#[test]
fn email_addresses() {
    let long_local = format!("{}@example.com", "x".repeat(65));
    let long_label = format!("a@{}.example", "x".repeat(64));
    table(
        TextClaim::Email,
        ClaimProblem::EmailAddress,
        &[
            "ada@example.com",
            "ada+tag@mail.example.co.uk",
            "o'brien@example.com",
            "ada@localhost",
            "jürgen@büro.example",
            "a.b.c@1.example",
        ],
        &[
            "ada",
            "@example.com",
            "ada@",
            "ada@@example.com",
            "a@b@example.com",
            ".ada@example.com",
            "ada.@example.com",
            "a..da@example.com",
            "ada@example..com",
            "ada@.example.com",
            "ada@-example.com",
            "ada@example.com.",
            "ada love@example.com",
            "\"ada\"@example.com",
            "Ada <ada@example.com>",
            "ada@[127.0.0.1]",
            "ada@example.com, bob@example.com",
            &long_local,
            &long_label,
        ],
    );
    let longest = format!("a@{}", "x.".repeat(126) + "x");
    assert_eq!(check(TextClaim::Email, &longest), Err(ClaimProblem::TooLong(254)));
}

#[test]
fn phone_numbers() {
    table(
        TextClaim::PhoneNumber,
        ClaimProblem::PhoneNumber,
        &[
            "+1 (425) 555-1212",
            "+56 (2) 687 2400",
            "+1 (604) 555-1234;ext=5678",
            "+49301234567",
            "030/123 45-67",
            "112",
        ],
        &[
            "1",
            "+",
            "phone",
            "+49 30 CALL-ME",
            "++49 30 1234",
            "49+30",
            "+1234567890123456",
            "+49 30 1;ext=",
            "+49 30 12;ext=a",
            "+49 30 12;isub=1",
            "tel:+49301234567",
        ],
    );
}

#[test]
fn texts() {
    let long = "é".repeat(201);
    for name in [
        TextClaim::Name,
        TextClaim::GivenName,
        TextClaim::MiddleName,
        TextClaim::FamilyName,
        TextClaim::Nickname,
        TextClaim::PreferredUsername,
        TextClaim::Gender,
    ] {
        for (text, expected) in [
            ("Ada, \"Countess\" <of> Lovelace & 艾达", Ok(())),
            ("j.doe@/x", Ok(())),
            ("", Err(ClaimProblem::Blank)),
            (" ", Err(ClaimProblem::Blank)),
            (" Ada", Err(ClaimProblem::Blank)),
            ("Ada\n", Err(ClaimProblem::Blank)),
            ("A\nda", Err(ClaimProblem::ControlCharacter)),
            ("A\0da", Err(ClaimProblem::ControlCharacter)),
            ("A\u{85}da", Err(ClaimProblem::ControlCharacter)),
            (long.as_str(), Err(ClaimProblem::TooLong(200))),
        ] {
            assert_eq!(check(name, text), expected, "{name} {text:?}");
        }
    }
}

#[test]
fn addresses() {
    for member in AddressMember::ALL.iter().copied() {
        let lines = matches!(member, AddressMember::Formatted | AddressMember::StreetAddress);
        let check = |text: &str| claim(TextField::Address(member), text);
        assert_eq!(check("1 Example Street"), Ok(()));
        assert_eq!(check("1 Example Street\r\nBerlin").is_ok(), lines, "{member}");
        assert_eq!(check("1 Example\tStreet"), Err(ClaimProblem::ControlCharacter));
        assert_eq!(check(&"x".repeat(201)).is_ok(), lines, "{member}");
        let longest = if lines { 1_000 } else { 200 };
        assert_eq!(
            check(&"x".repeat(1_001)),
            Err(ClaimProblem::TooLong(longest)),
            "{member}"
        );
    }
}

#[test]
fn every_wrong_claim_is_named() {
    let mut all = StandardClaims::default();
    assert_eq!(claims(&all), Ok(()));
    for (field, text) in [
        ("name", "Ada"),
        ("birthdate", "yesterday"),
        ("website#fr", "ada.example"),
        ("address#de.locality", " "),
    ] {
        all.set_text(&ClaimField::parse(field).unwrap(), Some(text.to_owned()));
    }
    let found = claims(&all).unwrap_err();
    let found: Vec<_> = found
        .iter()
        .map(|invalid| (invalid.field.to_string(), invalid.problem))
        .collect();
    assert_eq!(
        found,
        [
            ("birthdate".to_owned(), ClaimProblem::Birthdate),
            ("website#fr".to_owned(), ClaimProblem::WebAddress),
            ("address#de.locality".to_owned(), ClaimProblem::Blank),
        ]
    );
}

#[test]
fn an_address_without_members_is_none() {
    for claims_without in [r#"{"address":{}}"#, r#"{"address#de":{}}"#] {
        let all: StandardClaims = serde_json::from_str(claims_without).unwrap();
        let found = claims(&all).unwrap_err();
        assert_eq!(found.len(), 1, "{claims_without}");
        assert_eq!(found[0].problem, ClaimProblem::Blank);
    }
}

#[test]
fn languages_have_a_bound() {
    let mut all = StandardClaims::default();
    for number in 0..=MAX_TAGGED_CLAIMS {
        assert_eq!(claims(&all), Ok(()), "{number}");
        let field = ClaimField::parse(&format!("name#x-{number}")).unwrap();
        all.set_text(&field, Some("Ada".to_owned()));
    }
    assert_eq!(claims(&all).unwrap_err()[0].problem, ClaimProblem::TooMany);
}
