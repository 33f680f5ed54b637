//! Scopes ([RFC 6749 §3.3](https://www.rfc-editor.org/rfc/rfc6749#section-3.3)).

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

use crate::text;

/// Longest `scope` text that is read, in bytes.
pub const MAX_SCOPE_LENGTH: usize = 4096;

/// Why a text is not a scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ScopeError {
    /// A character outside `%x21 / %x23-5B / %x5D-7E`.
    #[error("a scope holds a character outside the set of RFC 6749 section 3.3")]
    Character,
    /// Longer than [`MAX_SCOPE_LENGTH`].
    #[error("the scope text is longer than 4096 bytes")]
    TooLong,
}

/// One scope token: `1*( %x21 / %x23-5B / %x5D-7E )`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct ScopeToken(Arc<str>);

impl ScopeToken {
    /// Checks the characters of one token.
    ///
    /// # Errors
    /// [`ScopeError::Character`] for an empty token or a character outside the set.
    pub fn parse(text: &str) -> Result<Self, ScopeError> {
        let allowed = |b: u8| matches!(b, 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
        if text.is_empty() || !text.bytes().all(allowed) {
            return Err(ScopeError::Character);
        }
        Ok(Self(text.into()))
    }

    /// The token.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for ScopeToken {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        text::deserialize(deserializer, "a scope token", Self::parse)
    }
}

/// A set of scope tokens, written in sorted order separated by spaces.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct Scope(BTreeSet<ScopeToken>);

impl Scope {
    /// Reads space-separated tokens. Repeated tokens count once and surplus spaces are forgiven.
    ///
    /// # Errors
    /// [`ScopeError`] when a token has a bad character or the text is too long.
    pub fn parse(text: &str) -> Result<Self, ScopeError> {
        if text.len() > MAX_SCOPE_LENGTH {
            return Err(ScopeError::TooLong);
        }
        text.split(' ')
            .filter(|token| !token.is_empty())
            .map(ScopeToken::parse)
            .collect()
    }

    /// Whether no token is in the set.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the token is in the set.
    pub fn contains(&self, token: &str) -> bool {
        self.0.iter().any(|own| own.as_str() == token)
    }

    /// Whether every token of `self` is in `other`.
    pub fn is_subset(&self, other: &Scope) -> bool {
        self.0.is_subset(&other.0)
    }

    /// Tokens of either set.
    pub fn union(&self, other: &Scope) -> Scope {
        Self(self.0.union(&other.0).cloned().collect())
    }

    /// Tokens of both sets.
    pub fn intersection(&self, other: &Scope) -> Scope {
        Self(self.0.intersection(&other.0).cloned().collect())
    }

    /// The first token that `other` lacks.
    pub fn first_missing_from(&self, other: &Scope) -> Option<&ScopeToken> {
        self.0.iter().find(|token| !other.0.contains(*token))
    }

    /// The tokens, sorted.
    pub fn iter(&self) -> impl Iterator<Item = &ScopeToken> {
        self.0.iter()
    }
}

impl FromIterator<ScopeToken> for Scope {
    fn from_iter<I: IntoIterator<Item = ScopeToken>>(tokens: I) -> Self {
        Self(tokens.into_iter().collect())
    }
}

impl std::fmt::Display for Scope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (index, token) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(" ")?;
            }
            f.write_str(token.as_str())?;
        }
        Ok(())
    }
}

impl Serialize for Scope {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Scope {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        text::deserialize(deserializer, "scope tokens separated by spaces", Self::parse)
    }
}

#[cfg(test)]
mod tests {
    use super::{Scope, ScopeError};

    #[test]
    fn tokens_are_checked_and_sorted() {
        let rows = [
            ("read write", Ok("read write")),
            ("write read write", Ok("read write")),
            ("  read  ", Ok("read")),
            ("", Ok("")),
            ("read:data api/x", Ok("api/x read:data")),
            ("a\"b", Err(ScopeError::Character)),
            ("a\\b", Err(ScopeError::Character)),
            ("a\tb", Err(ScopeError::Character)),
            ("é", Err(ScopeError::Character)),
        ];
        for (text, expected) in rows {
            assert_eq!(
                Scope::parse(text).map(|s| s.to_string()),
                expected.map(str::to_owned),
                "{text:?}"
            );
        }
        assert_eq!(Scope::parse(&"a".repeat(5000)), Err(ScopeError::TooLong));
    }

    #[test]
    fn subset_and_missing() {
        let (small, large) = (Scope::parse("a b").unwrap(), Scope::parse("a b c").unwrap());
        assert!(small.is_subset(&large) && !large.is_subset(&small));
        assert_eq!(large.first_missing_from(&small).unwrap().as_str(), "c");
    }
}
