//! The code that a person types (RFC 8628 6.1).

use grantor_jose::digest::{HmacKey, hmac_sha256};

use crate::record::UserCodeKey;

/// No vowels, so that no code is a word; no digits, so that nothing looks like something else (RFC 8628 6.1).
const LETTERS: [u8; 20] = *b"BCDFGHJKLMNPQRSTVWXZ";

/// How many letters there are: 34 bits, which the limit of attempts makes enough (RFC 8628 5.1).
const LENGTH: usize = 8;

/// Longest text that is read as a code, in bytes.
const MAX_TYPED: usize = 64;

/// A user code.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct UserCode([u8; LENGTH]);

impl UserCode {
    /// The code of these random bytes: so many more than it needs that every code is as likely as every other.
    pub fn draw(random: [u8; 16]) -> Self {
        let mut number = u128::from_be_bytes(random);
        let [first, ..] = LETTERS;
        Self(std::array::from_fn(|_| {
            let letter = usize::try_from(number % 20)
                .ok()
                .and_then(|index| LETTERS.get(index));
            number /= 20;
            letter.copied().unwrap_or(first)
        }))
    }

    /// Reads what a person typed; `None` when it cannot be a code of ours. Case, spaces and punctuation are forgiven, as
    /// RFC 8628 6.1 advises.
    pub fn parse(typed: &str) -> Option<Self> {
        if typed.len() > MAX_TYPED {
            return None;
        }
        let letters: Option<Vec<u8>> = typed
            .chars()
            .filter(|character| character.is_alphanumeric())
            .map(|character| u8::try_from(character.to_ascii_uppercase()).ok())
            .map(|letter| letter.filter(|letter| LETTERS.contains(letter)))
            .collect();
        Some(Self(letters?.try_into().ok()?))
    }

    /// The code as it is shown: in two halves.
    pub fn shown(&self) -> String {
        let mut shown = String::with_capacity(LENGTH + 1);
        for (index, letter) in self.0.iter().enumerate() {
            if index == LENGTH / 2 {
                shown.push('-');
            }
            shown.push(char::from(*letter));
        }
        shown
    }

    /// What the code is stored and found as.
    pub fn key(&self, key: &HmacKey) -> UserCodeKey {
        UserCodeKey::from_bytes(hmac_sha256(key, &[&self.0]))
    }
}

impl std::fmt::Debug for UserCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("UserCode([redacted])")
    }
}
