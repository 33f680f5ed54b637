//! The header of an encrypted token ([RFC 7516 §4]), read as strictly as that of a signed one.
//!
//! [RFC 7516 §4]: https://www.rfc-editor.org/rfc/rfc7516#section-4

use grantor_types::{ContentEncryptionAlgorithm, KeyManagementAlgorithm};
use serde::de::MapAccess;

use super::{Allowed, DecryptError};
use crate::json::{Members, Object, Text};
use crate::{Jwk, base64url};

/// The members that matter. `jwk`, `jku`, `x5c` and `x5u` are passed over: they name the key of the recipient, and we
/// know ours.
#[derive(Default)]
pub(super) struct RawHeader<'a> {
    alg: Option<Text<'a>>,
    enc: Option<Text<'a>>,
    kid: Option<Text<'a>>,
    cty: Option<Text<'a>>,
    epk: Option<Jwk>,
    apu: Option<Text<'a>>,
    apv: Option<Text<'a>>,
    crit: bool,
    zip: bool,
}

impl<'a> RawHeader<'a> {
    pub(super) fn parse(bytes: &'a [u8]) -> Result<Self, DecryptError> {
        let object: Object<Self> = serde_json::from_slice(bytes).map_err(|_| DecryptError::HeaderJson)?;
        // RFC 7516 §4: "The Header Parameter names within the JOSE Header MUST be unique".
        if object.has_duplicate {
            return Err(DecryptError::DuplicateHeaderMember);
        }
        let raw = object.members;
        // RFC 7516 §4.1.13: as in a JWS, what is listed there has to be understood, and we understand no extension.
        if raw.crit {
            return Err(DecryptError::CriticalExtension);
        }
        // A few hundred bytes can be inflated to gigabytes, so nothing is.
        if raw.zip {
            return Err(DecryptError::Compressed);
        }
        Ok(raw)
    }

    /// `alg` and `enc`, if the caller allows them.
    pub(super) fn algorithms(
        &self,
        allowed: &Allowed<'_>,
    ) -> Result<(KeyManagementAlgorithm, ContentEncryptionAlgorithm), DecryptError> {
        let alg = self.alg.as_ref().ok_or(DecryptError::MissingAlgorithm)?;
        let alg =
            KeyManagementAlgorithm::from_name(alg.as_str()).ok_or(DecryptError::UnsupportedAlgorithm)?;
        if !allowed.key_management.contains(&alg) {
            return Err(DecryptError::AlgorithmNotAllowed(alg));
        }
        let enc = self.enc.as_ref().ok_or(DecryptError::MissingEncryption)?;
        let enc =
            ContentEncryptionAlgorithm::from_name(enc.as_str()).ok_or(DecryptError::UnsupportedEncryption)?;
        if !allowed.content_encryption.contains(&enc) {
            return Err(DecryptError::EncryptionNotAllowed(enc));
        }
        Ok((alg, enc))
    }

    pub(super) fn kid(&self) -> Option<&str> {
        self.kid.as_ref().map(Text::as_str)
    }

    pub(super) fn ephemeral_key(&self) -> Option<&Jwk> {
        self.epk.as_ref()
    }

    /// `apu` and `apv`, decoded; nothing when they are absent, as RFC 7518 §4.6.2 has it.
    pub(super) fn party_info(&self) -> Result<(Vec<u8>, Vec<u8>), DecryptError> {
        let decode = |member: &Option<Text<'a>>| {
            let text = member.as_ref().map_or("", Text::as_str);
            base64url::decode(text).ok_or(DecryptError::Encoding)
        };
        Ok((decode(&self.apu)?, decode(&self.apv)?))
    }

    pub(super) fn into_content_type(self) -> Option<String> {
        self.cty.map(Text::into_owned)
    }
}

impl<'de> Members<'de> for RawHeader<'de> {
    fn read<A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<Option<()>, A::Error> {
        match name {
            "alg" => self.alg = Some(map.next_value()?),
            "enc" => self.enc = Some(map.next_value()?),
            "kid" => self.kid = Some(map.next_value()?),
            "cty" => self.cty = Some(map.next_value()?),
            "epk" => self.epk = Some(map.next_value()?),
            "apu" => self.apu = Some(map.next_value()?),
            "apv" => self.apv = Some(map.next_value()?),
            other => {
                self.crit |= other == "crit";
                self.zip |= other == "zip";
                return Ok(None);
            }
        }
        Ok(Some(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(json: &str) -> Option<DecryptError> {
        let header = RawHeader::parse(json.as_bytes());
        header.and_then(|header| header.algorithms(&Allowed::ALL)).err()
    }

    #[test]
    fn headers_are_read_strictly() {
        use DecryptError::*;
        let cases = [
            (r#""alg":"RSA-OAEP-256","enc":"A128GCM""#, None),
            (
                r#""alg":"ECDH-ES","enc":"A256GCM","jku":"https://evil.example","x5c":[],"typ":7"#,
                None,
            ),
            (r#""alg":"ECDH-ES""#, Some(MissingEncryption)),
            (r#""enc":"A256GCM""#, Some(MissingAlgorithm)),
            (r#""alg":"RSA1_5","enc":"A256GCM""#, Some(UnsupportedAlgorithm)),
            (r#""alg":"RSA-OAEP","enc":"A256GCM""#, Some(UnsupportedAlgorithm)),
            (r#""alg":"dir","enc":"A256GCM""#, Some(UnsupportedAlgorithm)),
            (r#""alg":"none","enc":"A256GCM""#, Some(UnsupportedAlgorithm)),
            (r#""alg":"ecdh-es","enc":"A256GCM""#, Some(UnsupportedAlgorithm)),
            (
                r#""alg":"PBES2-HS256+A128KW","enc":"A256GCM","p2c":2000000000"#,
                Some(UnsupportedAlgorithm),
            ),
            (
                r#""alg":"ECDH-ES","enc":"A128CBC-HS256""#,
                Some(UnsupportedEncryption),
            ),
            (
                r#""alg":"ECDH-ES","alg":"ECDH-ES","enc":"A256GCM""#,
                Some(DuplicateHeaderMember),
            ),
            (
                r#""alg":"ECDH-ES","enc":"A256GCM","\u0065nc":"A128GCM""#,
                Some(DuplicateHeaderMember),
            ),
            (
                r#""alg":"ECDH-ES","enc":"A256GCM","crit":["exp"],"exp":1"#,
                Some(CriticalExtension),
            ),
            (
                r#""alg":"ECDH-ES","enc":"A256GCM","crit":[]"#,
                Some(CriticalExtension),
            ),
            (r#""alg":"ECDH-ES","enc":"A256GCM","zip":"DEF""#, Some(Compressed)),
            (r#""alg":"ECDH-ES","enc":"A256GCM","zip":null"#, Some(Compressed)),
            (r#""alg":7,"enc":"A256GCM""#, Some(HeaderJson)),
            (r#""alg":"ECDH-ES","enc":["A256GCM"]"#, Some(HeaderJson)),
            (r#""alg":"ECDH-ES","enc":"A256GCM","kid":null"#, Some(HeaderJson)),
            (r#""alg":"ECDH-ES","enc":"A256GCM","epk":"x""#, Some(HeaderJson)),
            (r#""alg":"ECDH-ES","enc":"A256GCM","apu":{}"#, Some(HeaderJson)),
            (r#""alg":"ECDH-ES","enc":"A256GCM","cty":1"#, Some(HeaderJson)),
        ];
        for (members, expected) in cases {
            assert_eq!(refusal(&format!("{{{members}}}")), expected, "{members}");
        }
        for json in ["", "[]", "{}{}", "null", "\"x\""] {
            assert_eq!(refusal(json), Some(HeaderJson), "{json}");
        }
    }

    #[test]
    fn the_caller_says_which_algorithms() {
        let header = RawHeader::parse(br#"{"alg":"ECDH-ES","enc":"A128GCM"}"#).unwrap();
        let (alg, enc) = (
            KeyManagementAlgorithm::EcdhEs,
            ContentEncryptionAlgorithm::A128Gcm,
        );
        let cases = [
            (alg, enc, Ok((alg, enc))),
            (
                KeyManagementAlgorithm::RsaOaep256,
                enc,
                Err(DecryptError::AlgorithmNotAllowed(alg)),
            ),
            (
                alg,
                ContentEncryptionAlgorithm::A256Gcm,
                Err(DecryptError::EncryptionNotAllowed(enc)),
            ),
        ];
        for (key_management, content_encryption, expected) in cases {
            let allowed = Allowed {
                key_management: &[key_management],
                content_encryption: &[content_encryption],
            };
            assert_eq!(header.algorithms(&allowed), expected);
        }
    }
}
