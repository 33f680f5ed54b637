//! The JOSE header ([RFC 7515 §4]), read strictly.
//!
//! [RFC 7515 §4]: https://www.rfc-editor.org/rfc/rfc7515#section-4

use grantor_types::SigningAlgorithm;
use serde::de::MapAccess;

use crate::json::{Members, Object, Text};
use crate::verify::split;
use crate::{VerifyError, base64url};

/// The header of a token whose signature was checked. `A` is the kind of algorithm, as in
/// [`Verified`](crate::Verified).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header<A = SigningAlgorithm> {
    pub(crate) algorithm: A,
    pub(crate) kid: Option<String>,
    pub(crate) typ: Option<String>,
}

impl<A: Copy> Header<A> {
    /// `alg`: what the token was signed with.
    pub fn algorithm(&self) -> A {
        self.algorithm
    }

    /// `kid`: which key it was signed with.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// `typ` as it was written. That it is the expected one has been checked.
    pub fn typ(&self) -> Option<&str> {
        self.typ.as_deref()
    }
}

/// What a header says before anybody has checked it: good for choosing the keys to check with, and for nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnverifiedHeader {
    /// `alg`, which may be anything.
    pub algorithm: Option<String>,
    /// `kid`.
    pub kid: Option<String>,
    /// `typ`.
    pub typ: Option<String>,
}

/// Reads the header of a token without checking the signature.
///
/// # Errors
/// The [`VerifyError`]s about the token's form and the header's form, `crit` and `b64` included.
pub fn unverified_header(token: &str) -> Result<UnverifiedHeader, VerifyError> {
    let bytes = base64url::decode(split(token)?.header).ok_or(VerifyError::HeaderEncoding)?;
    let raw = RawHeader::parse(&bytes)?;
    Ok(UnverifiedHeader {
        algorithm: raw.alg.map(Text::into_owned),
        kid: raw.kid.map(Text::into_owned),
        typ: raw.typ.map(Text::into_owned),
    })
}

/// The members that matter. `jwk`, `jku`, `x5c` and `x5u` are not among them: a token that brings its own key proves
/// nothing, so they are passed over like any unknown member.
#[derive(Default)]
pub(crate) struct RawHeader<'a> {
    pub(crate) alg: Option<Text<'a>>,
    pub(crate) kid: Option<Text<'a>>,
    pub(crate) typ: Option<Text<'a>>,
    crit: bool,
    b64: bool,
}

impl<'a> RawHeader<'a> {
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<Self, VerifyError> {
        let object: Object<Self> = serde_json::from_slice(bytes).map_err(|_| VerifyError::HeaderJson)?;
        // RFC 7515 §4: "The Header Parameter names within the JOSE Header MUST be unique".
        if object.has_duplicate {
            return Err(VerifyError::DuplicateHeaderMember);
        }
        let raw = object.members;
        // RFC 7515 §4.1.11: "If any of the listed extension Header Parameters are not understood and supported by the
        // recipient, then the JWS is invalid." We support none, and an empty list is not allowed either.
        if raw.crit {
            return Err(VerifyError::CriticalExtension);
        }
        // RFC 7797 §7: "'b64' MUST NOT be used with JWTs" when false; nobody writes it when true.
        if raw.b64 {
            return Err(VerifyError::UnencodedPayload);
        }
        Ok(raw)
    }

    pub(crate) fn algorithm(&self) -> Result<SigningAlgorithm, VerifyError> {
        let name = self.alg.as_ref().ok_or(VerifyError::MissingAlgorithm)?;
        signing_algorithm(name.as_str()).ok_or(VerifyError::UnsupportedAlgorithm)
    }
}

/// The algorithm that an `alg` of a token or of a key means. RFC 9864 §2.2 has given Ed25519 a name of its own beside
/// the `EdDSA` that we write.
pub fn signing_algorithm(name: &str) -> Option<SigningAlgorithm> {
    match name {
        "Ed25519" => Some(SigningAlgorithm::EdDsa),
        name => SigningAlgorithm::from_name(name),
    }
}

impl<'de> Members<'de> for RawHeader<'de> {
    fn read<A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<Option<()>, A::Error> {
        match name {
            "alg" => self.alg = Some(map.next_value()?),
            "kid" => self.kid = Some(map.next_value()?),
            "typ" => self.typ = Some(map.next_value()?),
            other => {
                self.crit |= other == "crit";
                self.b64 |= other == "b64";
                return Ok(None);
            }
        }
        Ok(Some(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(json: &str) -> Option<VerifyError> {
        RawHeader::parse(json.as_bytes()).err()
    }

    #[test]
    fn headers_are_read_strictly() {
        use VerifyError::{CriticalExtension, DuplicateHeaderMember, HeaderJson, UnencodedPayload};
        let cases = [
            (r#"{}"#, None),
            (r#"{"alg":"ES256","kid":"a","typ":"JWT"}"#, None),
            (
                r#"{"alg":"ES256","jwk":{"kty":"EC"},"jku":"https://evil.example","x5c":[]}"#,
                None,
            ),
            (r#"{"alg":"ES256","alg":"none"}"#, Some(DuplicateHeaderMember)),
            (
                r#"{"alg":"ES256","\u0061lg":"none"}"#,
                Some(DuplicateHeaderMember),
            ),
            (r#"{"x":1,"y":2,"x":1}"#, Some(DuplicateHeaderMember)),
            (r#"{"alg":"ES256","crit":["exp"]}"#, Some(CriticalExtension)),
            (r#"{"alg":"ES256","crit":[]}"#, Some(CriticalExtension)),
            (r#"{"alg":"ES256","crit":null}"#, Some(CriticalExtension)),
            (r#"{"alg":"ES256","b64":false}"#, Some(UnencodedPayload)),
            (
                r#"{"alg":"ES256","crit":["b64"],"b64":false}"#,
                Some(CriticalExtension),
            ),
            (r#"{"alg":null}"#, Some(HeaderJson)),
            (r#"{"kid":7}"#, Some(HeaderJson)),
            (r#"["alg"]"#, Some(HeaderJson)),
            (r#"{"alg":"ES256"} "#, None),
            (r#"{"alg":"ES256"}x"#, Some(HeaderJson)),
            ("", Some(HeaderJson)),
        ];
        for (json, expected) in cases {
            assert_eq!(refusal(json), expected, "{json}");
        }
    }

    #[test]
    fn only_asymmetric_algorithms_exist() {
        for name in ["none", "None", "HS256", "HS512", "ES384", "es256", "", "RS1"] {
            let json = format!(r#"{{"alg":"{name}"}}"#);
            let raw = RawHeader::parse(json.as_bytes()).unwrap();
            assert_eq!(raw.algorithm(), Err(VerifyError::UnsupportedAlgorithm), "{name}");
        }
        let raw = RawHeader::parse(b"{}").unwrap();
        assert_eq!(raw.algorithm(), Err(VerifyError::MissingAlgorithm));
    }

    #[test]
    fn a_header_can_be_read_before_it_is_checked() {
        let token = format!(
            "{}.e30.",
            base64url::encode(r#"{"alg":"none","kid":"k","typ":"x"}"#)
        );
        let header = unverified_header(&token).unwrap();
        assert_eq!(header.algorithm.as_deref(), Some("none"));
        assert_eq!(header.kid.as_deref(), Some("k"));
        assert_eq!(header.typ.as_deref(), Some("x"));
        assert_eq!(unverified_header("a.b"), Err(VerifyError::NotCompact));
        assert_eq!(unverified_header("a=.b.c"), Err(VerifyError::HeaderEncoding));
    }
}
