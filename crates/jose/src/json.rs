//! Reading JSON objects without copying and without overlooking a repeated member.

use std::borrow::Cow;

use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, Visitor};

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

/// The members of an object that somebody cares about.
pub(crate) trait Members<'de>: Default {
    /// Reads the value of this member. `None` when the member is none that matters: it is then passed over.
    fn read<A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<Option<()>, A::Error>;
}

/// An object, and whether a member stands twice in it. JSON leaves open which of the two counts, so that two readers
/// may see two different things; whoever reads one of these has to refuse it.
pub(crate) struct Object<M> {
    pub(crate) members: M,
    pub(crate) has_duplicate: bool,
}

impl<'de, M: Members<'de>> Deserialize<'de> for Object<M> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ObjectVisitor<M>(PhantomData<M>);

        impl<'de, M: Members<'de>> Visitor<'de> for ObjectVisitor<M> {
            type Value = Object<M>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = M::default();
                let mut names: Vec<Text<'de>> = Vec::new();
                while let Some(name) = map.next_key::<Text<'de>>()? {
                    if members.read(name.as_str(), &mut map)?.is_none() {
                        map.next_value::<IgnoredAny>()?;
                    }
                    names.push(name);
                }
                // Sorted, so that an object with thousands of members costs no more than it should.
                names.sort_unstable();
                let has_duplicate = names.windows(2).any(|pair| pair.first() == pair.last());
                Ok(Object {
                    members,
                    has_duplicate,
                })
            }
        }

        deserializer.deserialize_map(ObjectVisitor(PhantomData))
    }
}
