//! Claims in named languages ([OpenID Connect Core 5.2]): `name#fr`, `address#de`.
//!
//! [OpenID Connect Core 5.2]: https://openid.net/specs/openid-connect-core-1_0.html#ClaimsLanguagesAndScripts

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Error, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Address;
use super::field::{AddressMember, ClaimField, TextClaim, TextField};
use crate::LanguageTag;

/// Claims in named languages. On the wire and in the store each is a member of the claims, its name followed by `#` and the
/// tag.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaggedClaims {
    /// Those that are texts, human-readable ones alone.
    pub(super) texts: BTreeMap<(TextClaim, LanguageTag), String>,
    /// Addresses.
    pub(super) addresses: BTreeMap<LanguageTag, Address>,
}

impl TaggedClaims {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty() && self.addresses.is_empty()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.texts.len() + self.addresses.len()
    }

    /// The addresses.
    pub fn addresses(&self) -> impl Iterator<Item = (&LanguageTag, &Address)> {
        self.addresses.iter()
    }

    /// The fields that hold a text.
    pub(super) fn fields(&self) -> impl Iterator<Item = ClaimField> {
        let texts = self.texts.keys().map(|(claim, language)| ClaimField {
            text: TextField::Claim(*claim),
            language: Some(language.clone()),
        });
        let addresses = self.addresses.iter().flat_map(|(language, address)| {
            let members = AddressMember::ALL.iter().copied();
            let there = members.filter(|member| address.member(*member).is_some());
            there.map(|member| ClaimField {
                text: TextField::Address(member),
                language: Some(language.clone()),
            })
        });
        texts.chain(addresses)
    }
}

impl Serialize for TaggedClaims {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.len()))?;
        for ((claim, language), text) in &self.texts {
            map.serialize_entry(&format!("{claim}#{language}"), text)?;
        }
        for (language, address) in &self.addresses {
            map.serialize_entry(&format!("address#{language}"), address)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for TaggedClaims {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members)
    }
}

/// Reads what is left of the claims when those without a language are taken.
struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = TaggedClaims;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("claims with language tags")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<TaggedClaims, A::Error> {
        let mut tagged = TaggedClaims::default();
        while let Some(name) = map.next_key::<String>()? {
            let address = name.strip_prefix("address#");
            let address = address.and_then(|tag| LanguageTag::parse(tag).ok());
            let twice = match (address, ClaimField::parse(&name)) {
                (Some(language), _) => {
                    let address = map.next_value()?;
                    tagged.addresses.insert(language, address).is_some()
                }
                (
                    None,
                    Some(ClaimField {
                        text: TextField::Claim(claim),
                        language: Some(language),
                    }),
                ) => {
                    let text = map.next_value()?;
                    tagged.texts.insert((claim, language), text).is_some()
                }
                (None, _) => return Err(unknown(&name)),
            };
            if twice {
                return Err(Error::custom(format!("duplicate field `{name}`")));
            }
        }
        Ok(tagged)
    }
}

fn unknown<E: Error>(name: &str) -> E {
    E::custom(format!(
        "unknown field `{name}`: it is no claim of OpenID Connect Core 5.1, nor one of them for people to read with # and a \
         language tag, such as name#fr"
    ))
}
