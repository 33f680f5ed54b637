//! Tokens that scanners for leaked secrets find and can tell from chance without asking anybody: a prefix, the base64url
//! of 32 random bytes, and a checksum.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use grantor_jose::digest;
use grantor_types::SecretHash;

/// Characters of the random part, and of the checksum.
const RANDOM_LENGTH: usize = 43;
const CHECKSUM_LENGTH: usize = 6;

/// The token with this prefix and these random bytes.
pub(crate) fn text(prefix: &str, random: &[u8; 32]) -> String {
    let random = URL_SAFE_NO_PAD.encode(random);
    let checksum = checksum(prefix, &random);
    format!("{prefix}{random}{checksum}")
}

/// Reads a token with this prefix, and gives the hash that its row is found by. `None` for anything else: no query is
/// made for it.
pub(crate) fn parse(prefix: &str, text: &str) -> Option<SecretHash> {
    let body = text.strip_prefix(prefix)?;
    if body.len() != RANDOM_LENGTH + CHECKSUM_LENGTH {
        return None;
    }
    let (random, given) = body.split_at_checked(RANDOM_LENGTH)?;
    (checksum(prefix, random) == given).then(|| digest::secret_hash(text))
}

/// Against typing errors and chance, not against forgers: the first six characters of the SHA-256 of what stands before.
fn checksum(prefix: &str, random: &str) -> String {
    let digest = digest::sha256(format!("{prefix}{random}").as_bytes());
    let mut text = URL_SAFE_NO_PAD.encode(digest);
    text.truncate(CHECKSUM_LENGTH);
    text
}

#[cfg(test)]
mod tests {
    use super::{parse, text};

    #[test]
    fn a_token_of_one_kind_is_none_of_another() {
        let token = text("giat_", &[7; 32]);
        assert_eq!(token.len(), 54);
        assert!(parse("giat_", &token).is_some());
        assert!(parse("grat_", &token.replace("giat_", "grat_")).is_none());
        for bad in [
            &token[..53],
            "giat_",
            "",
            &format!("{token}A"),
            &token.to_uppercase(),
        ] {
            assert!(parse("giat_", bad).is_none(), "{bad}");
        }
    }
}
