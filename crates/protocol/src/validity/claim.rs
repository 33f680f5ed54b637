//! What a claim about a user can be ([OpenID Connect Core 5.1]), whoever writes it: the person, an administrator, a file.
//!
//! [OpenID Connect Core 5.1]: https://openid.net/specs/openid-connect-core-1_0.html#StandardClaims

use grantor_types::{
    Address, AddressMember, ClaimField, LanguageTag, MAX_LANGUAGE_TAG_LENGTH, MAX_URI_LENGTH, StandardClaims,
    TextClaim, TextField, is_web_address,
};

/// Most texts with language tags that a user has: as many as there is room for in the form in which people change them,
/// beside those without.
pub const MAX_TAGGED_CLAIMS: usize = 36;
/// Longest name, in characters.
const MAX_NAME: usize = 200;
/// Longest address as a whole, in characters.
const MAX_ADDRESS: usize = 1_000;
/// Longest e-mail address: what fits in the path of RFC 5321 4.5.3.1.3.
const MAX_EMAIL: usize = 254;
/// Longest part before the `@` (RFC 5321 4.5.3.1.1).
const MAX_EMAIL_LOCAL: usize = 64;
/// Longest telephone number as it is written, in characters.
const MAX_PHONE_NUMBER: usize = 64;
/// Most digits of one: "a number [...] is limited to fifteen digits" (E.164).
const MAX_PHONE_DIGITS: usize = 15;
/// Longest name of a time zone.
const MAX_TIME_ZONE: usize = 64;

/// Why a claim cannot have a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimProblem {
    /// Nothing but white space, or white space around it.
    Blank,
    /// More characters than this.
    TooLong(usize),
    /// A character that nobody sees.
    ControlCharacter,
    /// No http or https address.
    WebAddress,
    /// No date.
    Birthdate,
    /// No name of a time zone.
    TimeZone,
    /// No language tag.
    Language,
    /// No e-mail address.
    EmailAddress,
    /// No telephone number.
    PhoneNumber,
    /// One more than [`MAX_TAGGED_CLAIMS`].
    TooMany,
}

/// A claim that cannot have its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidClaim {
    /// Which.
    pub field: ClaimField,
    /// Why.
    pub problem: ClaimProblem,
}

impl ClaimProblem {
    /// What is wrong and what to do, to be read after the name of the claim.
    pub fn sentence(self) -> String {
        match self {
            Self::Blank => {
                "has to be something, without white space around it; leave it out to have none".into()
            }
            Self::TooLong(most) => format!("has more than {most} characters"),
            Self::ControlCharacter => "holds a control character".into(),
            Self::WebAddress => "has to be a web address that begins with https:// or http://".into(),
            Self::Birthdate => {
                "has to be a date as 1990-02-28, 0000-02-28 without the year, or the year alone".into()
            }
            Self::TimeZone => {
                "has to be the name of a time zone of the IANA database, such as Europe/Paris".into()
            }
            Self::Language => "has to be a language tag of BCP 47, such as de or fr-CA".into(),
            Self::EmailAddress => "has to be an e-mail address, such as ada@example.com".into(),
            Self::PhoneNumber => {
                "has to be a telephone number, at best in the form of E.164: +49 30 1234567".into()
            }
            Self::TooMany => format!(
                "is one more than the {MAX_TAGGED_CLAIMS} claims with language tags that there can be"
            ),
        }
    }
}

/// Checks every claim.
///
/// # Errors
/// All that cannot be, in the order of the claims.
pub fn claims(claims: &StandardClaims) -> Result<(), Vec<InvalidClaim>> {
    let wrong = |(field, text): (ClaimField, &str)| {
        let problem = claim(field.text, text).err()?;
        Some(InvalidClaim { field, problem })
    };
    let mut found: Vec<InvalidClaim> = claims.texts().filter_map(wrong).collect();
    found.extend(empty_addresses(claims));
    let tagged = claims.texts().filter(|(field, _)| field.language.is_some());
    let too_many = tagged.skip(MAX_TAGGED_CLAIMS).map(|(field, _)| InvalidClaim {
        field,
        problem: ClaimProblem::TooMany,
    });
    found.extend(too_many);
    if found.is_empty() { Ok(()) } else { Err(found) }
}

/// An address without members says nothing.
fn empty_addresses(claims: &StandardClaims) -> impl Iterator<Item = InvalidClaim> + '_ {
    let plain = claims.address.iter().map(|address| (None, address));
    let tagged = claims.tagged.addresses();
    let all = plain.chain(tagged.map(|(language, address)| (Some(language), address)));
    let empty = all.filter(|(_, address)| **address == Address::default());
    empty.map(|(language, _)| InvalidClaim {
        field: ClaimField {
            language: language.cloned(),
            ..ClaimField::address(AddressMember::Formatted)
        },
        problem: ClaimProblem::Blank,
    })
}

/// Checks the text of one claim.
///
/// # Errors
/// Why it cannot be.
pub fn claim(field: TextField, text: &str) -> Result<(), ClaimProblem> {
    let (longest, lines) = bounds(field);
    if text.is_empty() || text.trim() != text {
        return Err(ClaimProblem::Blank);
    }
    if text.chars().count() > longest {
        return Err(ClaimProblem::TooLong(longest));
    }
    // "This field MAY contain multiple lines, separated by newlines. Newlines can be represented either as a carriage
    // return/line feed pair ("\r\n") or as a single line feed character ("\n")." (OpenID Connect Core 5.1.1)
    let unseen = |character: char| character.is_control() && !(lines && matches!(character, '\r' | '\n'));
    if text.contains(unseen) {
        return Err(ClaimProblem::ControlCharacter);
    }
    match field {
        TextField::Address(_) => Ok(()),
        TextField::Claim(claim) => form(claim, text),
    }
}

/// The most characters of a text, and whether it may have several lines.
const fn bounds(field: TextField) -> (usize, bool) {
    match field {
        TextField::Address(AddressMember::Formatted | AddressMember::StreetAddress) => (MAX_ADDRESS, true),
        TextField::Address(
            AddressMember::Locality
            | AddressMember::Region
            | AddressMember::PostalCode
            | AddressMember::Country,
        ) => (MAX_NAME, false),
        TextField::Claim(claim) => match claim {
            TextClaim::Profile | TextClaim::Picture | TextClaim::Website => (MAX_URI_LENGTH, false),
            TextClaim::Zoneinfo => (MAX_TIME_ZONE, false),
            TextClaim::Locale => (MAX_LANGUAGE_TAG_LENGTH, false),
            TextClaim::Email => (MAX_EMAIL, false),
            TextClaim::PhoneNumber => (MAX_PHONE_NUMBER, false),
            TextClaim::Name
            | TextClaim::GivenName
            | TextClaim::MiddleName
            | TextClaim::FamilyName
            | TextClaim::Nickname
            | TextClaim::PreferredUsername
            | TextClaim::Gender
            | TextClaim::Birthdate => (MAX_NAME, false),
        },
    }
}

fn form(claim: TextClaim, text: &str) -> Result<(), ClaimProblem> {
    let (right, problem) = match claim {
        TextClaim::Name
        | TextClaim::GivenName
        | TextClaim::MiddleName
        | TextClaim::FamilyName
        | TextClaim::Nickname
        | TextClaim::PreferredUsername
        | TextClaim::Gender => return Ok(()),
        TextClaim::Profile | TextClaim::Picture | TextClaim::Website => {
            (is_web_address(text), ClaimProblem::WebAddress)
        }
        TextClaim::Birthdate => (is_birthdate(text), ClaimProblem::Birthdate),
        TextClaim::Zoneinfo => (is_time_zone(text), ClaimProblem::TimeZone),
        TextClaim::Locale => (LanguageTag::parse(text).is_ok(), ClaimProblem::Language),
        TextClaim::Email => (is_email_address(text), ClaimProblem::EmailAddress),
        TextClaim::PhoneNumber => (is_phone_number(text), ClaimProblem::PhoneNumber),
    };
    if right { Ok(()) } else { Err(problem) }
}

/// "represented as an ISO 8601-1 YYYY-MM-DD format. The year MAY be 0000, indicating that it is omitted. To represent only
/// the year, YYYY format is allowed." (OpenID Connect Core 5.1)
fn is_birthdate(text: &str) -> bool {
    let number = |digits: &str, length: usize| -> Option<u32> {
        let all_digits = digits.len() == length && digits.bytes().all(|byte| byte.is_ascii_digit());
        digits.parse().ok().filter(|_| all_digits)
    };
    let mut parts = text.split('-');
    let year = parts.next().and_then(|year| number(year, 4));
    let month = parts.next().map(|month| number(month, 2));
    let day = parts.next().map(|day| number(day, 2));
    match (year, month, day, parts.next()) {
        (Some(year), None, None, None) => year > 0,
        (Some(year), Some(Some(month)), Some(Some(day)), None) => (1..=days_of(year, month)).contains(&day),
        (_, _, _, _) => false,
    }
}

/// No day of a month that there is not. The year that is omitted could be a leap year, as 0000 is.
const fn days_of(year: u32, month: u32) -> u32 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    }
}

/// The form of a name in the IANA time zone database: parts of letters, digits, `+`, `-` and `_`, each beginning with a
/// letter. Which names there are changes several times a year and is not looked at.
fn is_time_zone(text: &str) -> bool {
    let part = |part: &str| {
        part.starts_with(|first: char| first.is_ascii_alphabetic())
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'_'))
    };
    text.split('/').count() <= 3 && text.split('/').all(part)
}

/// "Its value MUST conform to the RFC 5322 addr-spec syntax." (OpenID Connect Core 5.1) The quoted local parts and the
/// address literals of that syntax are refused: nobody has one. Letters beyond ASCII are taken (RFC 6532).
fn is_email_address(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let atom = |atom: &str| !atom.is_empty() && atom.chars().all(is_atom_character);
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .chars()
                .all(|character| character.is_alphanumeric() || character == '-')
    };
    local.len() <= MAX_EMAIL_LOCAL && local.split('.').all(atom) && domain.split('.').all(label)
}

/// RFC 5322 3.2.3, RFC 6532 3.2.
fn is_atom_character(character: char) -> bool {
    character.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(character)
}

/// "E.164 is RECOMMENDED as the format of this Claim, for example, +1 (425) 555-1212 or +56 (2) 687 2400. If the phone number
/// contains an extension, it is RECOMMENDED that the extension be represented using the RFC 3966 extension syntax, for
/// example, +1 (604) 555-1234;ext=5678." (OpenID Connect Core 5.1)
fn is_phone_number(text: &str) -> bool {
    let (number, extension) = match text.split_once(";ext=") {
        Some((number, extension)) => (number, Some(extension)),
        None => (text, None),
    };
    let number = number.strip_prefix('+').unwrap_or(number);
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    let written = |byte: u8| byte.is_ascii_digit() || matches!(byte, b' ' | b'(' | b')' | b'-' | b'.' | b'/');
    let internal = |extension: &str| {
        (1..=MAX_PHONE_DIGITS).contains(&extension.len())
            && extension.bytes().all(|byte| byte.is_ascii_digit())
    };
    (2..=MAX_PHONE_DIGITS).contains(&digits) && number.bytes().all(written) && extension.is_none_or(internal)
}

#[cfg(test)]
mod tests;
