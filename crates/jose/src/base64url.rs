//! base64url without padding, the only encoding in JOSE ([RFC 7515 §2]).
//!
//! Decoding is strict: no padding, no white space, no stray bits in the last letter. One value then has one
//! spelling, so a token cannot be altered without being another token.
//!
//! [RFC 7515 §2]: https://www.rfc-editor.org/rfc/rfc7515#section-2

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

pub(crate) fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub(crate) fn encode_onto(bytes: impl AsRef<[u8]>, text: &mut String) {
    URL_SAFE_NO_PAD.encode_string(bytes, text);
}

pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// The length of the encoding of `bytes` bytes.
pub(crate) const fn encoded_len(bytes: usize) -> usize {
    bytes.saturating_mul(4).div_ceil(3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decoding_is_strict() {
        for (text, bytes) in [
            ("", Some(vec![])),
            ("AA", Some(vec![0])),
            ("_-8", Some(vec![255, 239])),
        ] {
            assert_eq!(decode(text), bytes, "{text}");
        }
        for text in ["AA==", "AB", "A", "A A", "AA\n", "+/8", "AAAA="] {
            assert_eq!(decode(text), None, "{text}");
        }
    }

    #[test]
    fn the_length_is_known_beforehand() {
        for length in 0..100 {
            assert_eq!(encode(vec![7; length]).len(), encoded_len(length));
        }
    }
}
