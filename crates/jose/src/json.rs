//! Reading JSON objects without copying and without overlooking a repeated member.

use std::borrow::Cow;

use serde::de::{Deserialize, Deserializer, Error, Visitor};

/// A JSON string, borrowed from the input unless it is written with escapes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Text<'a>(Cow<'a, str>);

impl<'a> Text<'a> {
    pub(crate) fn borrowed(text: &'a str) -> Self {
        Self(Cow::Borrowed(text))
    }

    pub(crate) fn owned(text: &str) -> Self {
        Self(Cow::Owned(text.to_owned()))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn into_owned(self) -> String {
        self.0.into_owned()
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;

        impl<'de> Visitor<'de> for TextVisitor {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a string")
            }

            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Text::borrowed(text))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Text::owned(text))
            }
        }

        deserializer.deserialize_str(TextVisitor)
    }
}

/// The member names of one object, kept to find one that stands twice.
#[derive(Default)]
pub(crate) struct Names<'a>(Vec<Text<'a>>);

impl<'a> Names<'a> {
    pub(crate) fn push(&mut self, name: Text<'a>) {
        self.0.push(name);
    }

    /// Sorts, so that an object with thousands of members costs no more than it should.
    pub(crate) fn has_duplicate(mut self) -> bool {
        self.0.sort_unstable();
        self.0.windows(2).any(|pair| pair.first() == pair.last())
    }
}
