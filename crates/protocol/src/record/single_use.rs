//! What may be used once and is not a row of ours: the `jti` of a proof or of an assertion.

use grantor_jose::digest;

/// Names something that may be used once: a digest, so that the table holds nothing that somebody sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SingleUseKey([u8; 32]);

impl SingleUseKey {
    /// The key of what these parts name together. `purpose` keeps one use apart from another.
    pub fn of(purpose: &str, parts: &[&[u8]]) -> Self {
        let mut named = purpose.as_bytes().to_vec();
        for part in parts {
            // The length in front keeps "ab", "c" apart from "a", "bc".
            named.extend_from_slice(&(part.len() as u64).to_be_bytes());
            named.extend_from_slice(part);
        }
        Self(digest::sha256(&named))
    }

    /// A key with these bytes.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes, for storing.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::SingleUseKey;

    #[test]
    fn parts_and_purposes_are_kept_apart() {
        let keys = [
            SingleUseKey::of("proof", &[b"ab", b"c"]),
            SingleUseKey::of("proof", &[b"a", b"bc"]),
            SingleUseKey::of("proof", &[b"abc"]),
            SingleUseKey::of("assertion", &[b"ab", b"c"]),
        ];
        let different: std::collections::BTreeSet<_> = keys.iter().collect();
        assert_eq!(different.len(), keys.len());
    }
}
