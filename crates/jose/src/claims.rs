//! The registered claims ([RFC 7519 §4.1]) and the checks that every token goes through.
//!
//! [RFC 7519 §4.1]: https://www.rfc-editor.org/rfc/rfc7519#section-4.1

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::expectation::{Audience, Expectation, Expiry};
use crate::json::{Members, Object, Text};
use crate::verify::split;
use crate::{VerifyError, base64url};

/// Reads `iss` without checking the signature: good for choosing the keys to check with, and for nothing else.
///
/// # Errors
/// The [`VerifyError`]s about the token's form and the payload's form.
pub fn unverified_issuer(token: &str) -> Result<Option<String>, VerifyError> {
    let bytes = base64url::decode(split(token)?.payload).ok_or(VerifyError::PayloadEncoding)?;
    Ok(RegisteredClaims::parse(&bytes)?.iss.map(Text::into_owned))
}

/// The claims that say whether a token may be used here and now. All others are the caller's.
#[derive(Default)]
pub(crate) struct RegisteredClaims<'a> {
    iss: Option<Text<'a>>,
    aud: Option<AudienceClaim<'a>>,
    exp: Option<NumericDate>,
    nbf: Option<NumericDate>,
    iat: Option<NumericDate>,
}

impl<'a> RegisteredClaims<'a> {
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<Self, VerifyError> {
        let object: Object<Self> = serde_json::from_slice(bytes).map_err(|_| VerifyError::ClaimsJson)?;
        // RFC 7519 §4: "The Claim Names within a JWT Claims Set MUST be unique".
        if object.has_duplicate {
            return Err(VerifyError::DuplicateClaim);
        }
        Ok(object.members)
    }

    pub(crate) fn check(&self, expectation: &Expectation<'_>) -> Result<(), VerifyError> {
        self.check_issuer(expectation)?;
        self.check_audience(expectation)?;
        self.check_times(expectation)
    }

    fn check_issuer(&self, expectation: &Expectation<'_>) -> Result<(), VerifyError> {
        let Some(expected) = expectation.issuer else {
            return Ok(());
        };
        let issuer = self.iss.as_ref().ok_or(VerifyError::MissingIssuer)?;
        // RFC 9068 §4: "The issuer identifier for the authorization server […] MUST exactly match the value of the
        // 'iss' claim."
        if issuer.as_str() == expected {
            Ok(())
        } else {
            Err(VerifyError::WrongIssuer)
        }
    }

    fn check_audience(&self, expectation: &Expectation<'_>) -> Result<(), VerifyError> {
        if let Audience::Any = expectation.audience {
            return Ok(());
        }
        let audience = self.aud.as_ref().ok_or(VerifyError::MissingAudience)?;
        // RFC 7519 §4.1.3: "If the principal processing the claim does not identify itself with a value in the 'aud'
        // claim when this claim is present, then the JWT MUST be rejected."
        if audience
            .0
            .iter()
            .any(|name| expectation.audience.matches(name.as_str()))
        {
            Ok(())
        } else {
            Err(VerifyError::WrongAudience)
        }
    }

    fn check_times(&self, expectation: &Expectation<'_>) -> Result<(), VerifyError> {
        let Expectation {
            now, leeway, lead, ..
        } = *expectation;
        let latest = now.saturating_add(leeway.max(lead));
        match (expectation.expiry, self.exp) {
            (Expiry::Ignored, _) | (Expiry::IfPresent, None) => {}
            (Expiry::Required, None) => return Err(VerifyError::MissingExpiry),
            // RFC 7519 §4.1.4: "the expiration time on or after which the JWT MUST NOT be accepted for processing".
            (Expiry::Required | Expiry::IfPresent, Some(exp)) => {
                if now >= exp.0.saturating_add(leeway) {
                    return Err(VerifyError::Expired);
                }
                // RFC 7523 §3: "The authorization server MAY reject JWTs with an 'exp' claim value that is
                // unreasonably far in the future."
                let ends_by = expectation.max_lifetime.map(|most| latest.saturating_add(most));
                if ends_by.is_some_and(|end| exp.0 > end) {
                    return Err(VerifyError::LivesTooLong);
                }
            }
        }
        // RFC 7519 §4.1.5: "the time before which the JWT MUST NOT be accepted for processing".
        if self.nbf.is_some_and(|nbf| nbf.0 > latest) {
            return Err(VerifyError::NotYetValid);
        }
        if self.iat.is_some_and(|iat| iat.0 > latest) {
            return Err(VerifyError::IssuedInFuture);
        }
        Ok(())
    }
}

impl<'de> Members<'de> for RegisteredClaims<'de> {
    fn read<A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<Option<()>, A::Error> {
        match name {
            "iss" => self.iss = Some(map.next_value()?),
            "aud" => self.aud = Some(map.next_value()?),
            "exp" => self.exp = Some(map.next_value()?),
            "nbf" => self.nbf = Some(map.next_value()?),
            "iat" => self.iat = Some(map.next_value()?),
            _ => return Ok(None),
        }
        Ok(Some(()))
    }
}

/// `aud`: "an array of case-sensitive strings", or a single one (RFC 7519 §4.1.3).
struct AudienceClaim<'a>(Vec<Text<'a>>);

impl<'de: 'a, 'a> Deserialize<'de> for AudienceClaim<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AudienceVisitor;

        impl<'de> Visitor<'de> for AudienceVisitor {
            type Value = AudienceClaim<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string or an array of strings")
            }

            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(AudienceClaim(vec![Text::borrowed(text)]))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(AudienceClaim(vec![Text::owned(text)]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Self::Value, A::Error> {
                let mut names = Vec::new();
                while let Some(name) = sequence.next_element()? {
                    names.push(name);
                }
                Ok(AudienceClaim(names))
            }
        }

        deserializer.deserialize_any(AudienceVisitor)
    }
}

/// Seconds since 1970. RFC 7519 §2: "A JSON numeric value […] non-integer values can be represented". A fraction is
/// cut off, what lies before 1970 is 1970.
#[derive(Clone, Copy)]
struct NumericDate(u64);

impl<'de> Deserialize<'de> for NumericDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct DateVisitor;

        impl Visitor<'_> for DateVisitor {
            type Value = NumericDate;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number of seconds")
            }

            fn visit_u64<E: Error>(self, seconds: u64) -> Result<Self::Value, E> {
                Ok(NumericDate(seconds))
            }

            fn visit_i64<E: Error>(self, seconds: i64) -> Result<Self::Value, E> {
                Ok(NumericDate(u64::try_from(seconds).unwrap_or(0)))
            }

            fn visit_f64<E: Error>(self, seconds: f64) -> Result<Self::Value, E> {
                // `as` saturates at both ends and turns no number into a wrong one.
                Ok(NumericDate(seconds as u64))
            }
        }

        deserializer.deserialize_any(DateVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Type;

    const NOW: u64 = 1_000;

    fn check(json: &str, expectation: &Expectation<'_>) -> Result<(), VerifyError> {
        RegisteredClaims::parse(json.as_bytes())?.check(expectation)
    }

    /// The complaint about these claims, when `https://as` and `api` are expected at 1000 with 10 s of leeway.
    fn complaint(json: &str) -> Option<VerifyError> {
        check(
            json,
            &Expectation::new(Type::AccessToken, "https://as", "api", NOW).leeway(10),
        )
        .err()
    }

    #[test]
    fn issuer_and_audience() {
        use VerifyError::{
            ClaimsJson, DuplicateClaim, MissingAudience, MissingIssuer, WrongAudience, WrongIssuer,
        };
        let cases = [
            (r#""iss":"https://as","aud":"api""#, None),
            (r#""iss":"https:\/\/as","aud":["x","\u0061pi"]"#, None),
            (r#""aud":"api""#, Some(MissingIssuer)),
            (r#""iss":"https://as/","aud":"api""#, Some(WrongIssuer)),
            (r#""iss":"https://AS","aud":"api""#, Some(WrongIssuer)),
            (r#""iss":["https://as"],"aud":"api""#, Some(ClaimsJson)),
            (r#""iss":"https://as""#, Some(MissingAudience)),
            (r#""iss":"https://as","aud":[]"#, Some(WrongAudience)),
            (r#""iss":"https://as","aud":"API""#, Some(WrongAudience)),
            (r#""iss":"https://as","aud":["apiary"]"#, Some(WrongAudience)),
            (r#""iss":"https://as","aud":{"api":1}"#, Some(ClaimsJson)),
            (r#""iss":"https://as","aud":["api",7]"#, Some(ClaimsJson)),
            (
                r#""iss":"https://as","aud":"api","exp":3000"#,
                Some(DuplicateClaim),
            ),
            (
                r#""iss":"https://as","aud":"api","x":1,"x":1"#,
                Some(DuplicateClaim),
            ),
        ];
        for (members, expected) in cases {
            assert_eq!(
                complaint(&format!("{{\"exp\":2000,{members}}}")),
                expected,
                "{members}"
            );
        }
        assert_eq!(complaint("[]"), Some(ClaimsJson));
        assert_eq!(
            complaint(r#"{"iss":"https://as","aud":"api","exp":2000}{}"#),
            Some(ClaimsJson)
        );
    }

    #[test]
    fn times() {
        use VerifyError::{ClaimsJson, Expired, IssuedInFuture, MissingExpiry, NotYetValid};
        let cases = [
            ("", Some(MissingExpiry)),
            (r#","exp":991"#, None),
            (r#","exp":990"#, Some(Expired)),
            (r#","exp":-1"#, Some(Expired)),
            (r#","exp":990.9"#, Some(Expired)),
            (r#","exp":-1e300"#, Some(Expired)),
            (r#","exp":1e300"#, None),
            (r#","exp":"2000""#, Some(ClaimsJson)),
            (r#","exp":null"#, Some(ClaimsJson)),
            (r#","exp":2000,"iat":1010,"nbf":1010"#, None),
            (r#","exp":2000,"nbf":1011"#, Some(NotYetValid)),
            (r#","exp":2000,"iat":1011"#, Some(IssuedInFuture)),
        ];
        for (members, expected) in cases {
            let json = format!(r#"{{"iss":"https://as","aud":"api"{members}}}"#);
            assert_eq!(complaint(&json), expected, "{members}");
        }
    }

    #[test]
    fn a_life_may_be_bounded_and_a_clock_ahead() {
        use VerifyError::{Expired, IssuedInFuture, LivesTooLong, NotYetValid};
        let expectation = Expectation::for_any_audience(Type::ClientAuthentication, "client", NOW)
            .clock_ahead(60)
            .max_lifetime(300);
        let cases = [
            (r#""exp":1001"#, None),
            (r#""exp":1000"#, Some(Expired)),
            (r#""exp":1360"#, None),
            (r#""exp":1361"#, Some(LivesTooLong)),
            (r#""exp":1e300"#, Some(LivesTooLong)),
            (r#""exp":1300,"iat":1060,"nbf":1060"#, None),
            (r#""exp":1300,"iat":1061"#, Some(IssuedInFuture)),
            (r#""exp":1300,"nbf":1061"#, Some(NotYetValid)),
            (r#""exp":1300,"nbf":1e300"#, Some(NotYetValid)),
        ];
        for (members, expected) in cases {
            let json = format!(r#"{{"iss":"client",{members}}}"#);
            assert_eq!(check(&json, &expectation).err(), expected, "{members}");
        }
        let optional = expectation.expiry_optional();
        assert_eq!(check(r#"{"iss":"client"}"#, &optional), Ok(()));
        assert_eq!(
            check(r#"{"iss":"client","exp":1361}"#, &optional),
            Err(LivesTooLong)
        );
    }

    #[test]
    fn what_is_left_out_is_left_out_by_name() {
        let hint = Expectation::for_any_audience(Type::IdToken, "as", NOW).accept_expired();
        assert_eq!(check(r#"{"iss":"as","exp":1}"#, &hint), Ok(()));
        assert_eq!(check(r#"{"iss":"as"}"#, &hint), Ok(()));
        assert_eq!(
            check(r#"{"iss":"as","nbf":2000}"#, &hint),
            Err(VerifyError::NotYetValid)
        );

        let proof = Expectation::without_issuer_and_audience(Type::Dpop, NOW).expiry_optional();
        assert_eq!(check(r#"{"iat":1000}"#, &proof), Ok(()));
        assert_eq!(check(r#"{"exp":1000}"#, &proof), Err(VerifyError::Expired));

        let names = ["https://as", "https://as/token"];
        let assertion = Expectation::for_one_of(Type::ClientAuthentication, "client", &names, NOW);
        let json = r#"{"iss":"client","aud":"https://as/token","exp":1001}"#;
        assert_eq!(check(json, &assertion), Ok(()));
        let json = r#"{"iss":"client","aud":"https://other","exp":1001}"#;
        assert_eq!(check(json, &assertion), Err(VerifyError::WrongAudience));
    }
}
