//! Proof Key for Code Exchange ([RFC 7636](https://www.rfc-editor.org/rfc/rfc7636)).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::Secret;

/// Why a text is not a code challenge or verifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PkceError {
    /// An S256 challenge is the base64url of 32 bytes: 43 characters.
    #[error("the code_challenge is not the base64url of a SHA-256 digest (43 characters)")]
    Challenge,
    /// "a minimum length of 43 characters and a maximum length of 128 characters", RFC 7636 4.1.
    #[error("the code_verifier is not 43 to 128 characters long")]
    VerifierLength,
    /// "unreserved characters [A-Z] / [a-z] / [0-9] / \"-\" / \".\" / \"_\" / \"~\"", RFC 7636 4.1.
    #[error("the code_verifier holds a character outside A-Z a-z 0-9 - . _ ~")]
    VerifierCharacter,
}

/// An S256 code challenge: the SHA-256 digest of the verifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeChallenge([u8; 32]);

impl CodeChallenge {
    /// Reads a challenge. Trailing `=` is forgiven: some platforms' base64url pads by default.
    ///
    /// # Errors
    /// [`PkceError::Challenge`] when it is not the base64url of 32 bytes.
    pub fn parse(text: &str) -> Result<Self, PkceError> {
        let digest = URL_SAFE_NO_PAD
            .decode(text.trim_end_matches('='))
            .map_err(|_| PkceError::Challenge)?;
        Ok(Self(digest.try_into().map_err(|_| PkceError::Challenge)?))
    }

    /// The challenge of a digest.
    pub const fn from_digest(digest: [u8; 32]) -> Self {
        Self(digest)
    }

    /// The digest, for comparing and storing.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// A code verifier as the client sent it.
#[derive(Clone, Debug)]
pub struct CodeVerifier(Secret);

impl CodeVerifier {
    /// Checks length and characters. Trailing `=` is kept, since the client hashed the text with it.
    ///
    /// # Errors
    /// [`PkceError::VerifierLength`] or [`PkceError::VerifierCharacter`].
    pub fn parse(text: &str) -> Result<Self, PkceError> {
        if !(43..=128).contains(&text.len()) {
            return Err(PkceError::VerifierLength);
        }
        let unreserved = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~');
        if !text.trim_end_matches('=').bytes().all(unreserved) {
            return Err(PkceError::VerifierCharacter);
        }
        Ok(Self(Secret::new(text)))
    }

    /// The text to hash.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

#[cfg(test)]
mod tests {
    use super::{CodeChallenge, CodeVerifier, PkceError};

    #[test]
    fn challenges() {
        let good = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        assert!(CodeChallenge::parse(good).is_ok());
        assert_eq!(
            CodeChallenge::parse(&format!("{good}=")),
            CodeChallenge::parse(good)
        );
        for bad in [
            "",
            "short",
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM",
            &good[1..],
        ] {
            assert_eq!(CodeChallenge::parse(bad), Err(PkceError::Challenge), "{bad:?}");
        }
    }

    #[test]
    fn verifiers() {
        assert!(CodeVerifier::parse(&"a".repeat(43)).is_ok());
        assert!(CodeVerifier::parse(&format!("{}=", "a".repeat(43))).is_ok());
        for (text, error) in [
            ("a".repeat(42), PkceError::VerifierLength),
            ("a".repeat(129), PkceError::VerifierLength),
            (format!("{}+", "a".repeat(43)), PkceError::VerifierCharacter),
            (format!("{}=a", "a".repeat(43)), PkceError::VerifierCharacter),
        ] {
            assert_eq!(CodeVerifier::parse(&text).err(), Some(error), "{text:?}");
        }
    }
}
