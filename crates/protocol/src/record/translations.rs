//! What people read of a client, in several languages ([RFC 7591 §2.2](https://www.rfc-editor.org/rfc/rfc7591#section-2.2)).

use std::collections::BTreeMap;
use std::fmt;

use grantor_types::{LanguageTag, WebUri, lookup};
use serde::de::{Error, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Client, Links};

/// The most languages of one client.
pub const MAX_LANGUAGES: usize = 20;

/// Members for people to read, by language: `client_name#ja`, `logo_uri#de`. Their tagged names are those of the wire, and they
/// are members beside the others everywhere else too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Translations(BTreeMap<LanguageTag, Translation>);

/// Them in one language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Translation {
    /// `client_name`.
    pub name: Option<String>,
    /// The links.
    pub links: Links,
}

/// What people read of a client in one language, member by member as far as there is something in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown<'a> {
    /// What people call it.
    pub name: &'a str,
    /// Its home page.
    pub client_uri: Option<&'a WebUri>,
    /// Its picture.
    pub logo_uri: Option<&'a WebUri>,
    /// What it does with people's data.
    pub policy_uri: Option<&'a WebUri>,
    /// Its terms of service.
    pub tos_uri: Option<&'a WebUri>,
}

impl Client {
    /// What people who read this language are shown. "If any human-readable field is sent without a language tag, parties
    /// using it MUST NOT make any assumptions about the language, character set, or script of the string value, and the
    /// string value MUST be used as is wherever it is presented in a user interface." (RFC 7591 2.2) It is what there is when
    /// nothing is in the language.
    pub fn shown_in(&self, language: &str) -> Shown<'_> {
        let (translations, links) = (&self.metadata.translations, &self.links);
        let link = |of: fn(&Links) -> Option<&WebUri>| {
            let translated = translations.best(language, |translation| of(&translation.links));
            translated.or_else(|| of(links))
        };
        Shown {
            name: translations
                .best(language, |translation| translation.name.as_deref())
                .unwrap_or_else(|| self.display_name()),
            client_uri: link(|links| links.client_uri.as_ref()),
            logo_uri: link(|links| links.logo_uri.as_ref()),
            policy_uri: link(|links| links.policy_uri.as_ref()),
            tos_uri: link(|links| links.tos_uri.as_ref()),
        }
    }
}

impl Translations {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// In how many languages there is something.
    pub fn languages(&self) -> usize {
        self.0.len()
    }

    /// What there is in a language, to be written.
    pub fn entry(&mut self, language: LanguageTag) -> &mut Translation {
        self.0.entry(language).or_default()
    }

    /// A member in the best language that has it.
    fn best<'a, T: ?Sized>(
        &'a self,
        language: &str,
        member: impl Fn(&'a Translation) -> Option<&'a T>,
    ) -> Option<&'a T> {
        let having = self.0.iter();
        lookup(
            language,
            having.filter_map(|(tag, translation)| Some((tag.as_str(), member(translation)?))),
        )
    }
}

impl Translation {
    /// One of its links.
    pub(crate) fn link_mut(&mut self, member: &str) -> Option<&mut Option<WebUri>> {
        let mut links = self.links.each_mut().into_iter();
        links.find(|(name, _)| *name == member).map(|(_, link)| link)
    }
}

impl Serialize for Translations {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (language, Translation { name, links }) in &self.0 {
            if let Some(name) = name {
                map.serialize_entry(&format!("client_name#{language}"), name)?;
            }
            for (member, link) in links.each() {
                if let Some(link) = link {
                    map.serialize_entry(&format!("{member}#{language}"), link)?;
                }
            }
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Translations {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members)
    }
}

/// Reads what is left of the metadata when the members without a language are taken.
struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Translations;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("members with language tags")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Translations, A::Error> {
        let mut translations = Translations::default();
        while let Some(name) = map.next_key::<String>()? {
            let (member, tag) = name.split_once('#').ok_or_else(|| unknown(&name))?;
            let language =
                LanguageTag::parse(tag).map_err(|error| A::Error::custom(format!("{name}: {error}")))?;
            let translation = translations.entry(language);
            let twice = if member == "client_name" {
                translation.name.replace(map.next_value()?).is_some()
            } else {
                let link = translation.link_mut(member).ok_or_else(|| unknown(&name))?;
                link.replace(map.next_value()?).is_some()
            };
            if twice {
                return Err(A::Error::custom(format!("duplicate field `{name}`")));
            }
        }
        Ok(translations)
    }
}

fn unknown<E: Error>(name: &str) -> E {
    E::custom(format!(
        "unknown field `{name}`: it is no member of a registration, nor one of those for people to read with # and a language \
         tag, such as client_name#fr"
    ))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::fixture::confidential;
    use crate::record::{Client, ClientMetadata, Links};
    use grantor_types::WebUri;

    fn metadata(value: serde_json::Value) -> Result<ClientMetadata, serde_json::Error> {
        serde_json::from_value(value)
    }

    #[test]
    fn they_stand_beside_the_other_members() {
        let document = json!({
            "client_name#ja-Jpan-JP": "クライアント名", "logo_uri#de": "https://app.example/de.png", "contacts": ["a@b.example"],
        });
        let read = metadata(document.clone()).unwrap();
        assert_eq!(read.translations.languages(), 2);
        assert_eq!(serde_json::to_value(&read).unwrap(), document);
        for wrong in [
            json!({ "shoe": 1 }),
            json!({ "client_name": "A" }),
            json!({ "client_name#": "A" }),
            json!({ "client_name#no tag": "A" }),
            json!({ "client_name#de": 1 }),
            json!({ "client_name#de": "A", "client_name#DE": "B" }),
            json!({ "contacts#de": "A" }),
            json!({ "logo_uri#de": "javascript:alert(1)" }),
        ] {
            assert!(metadata(wrong.clone()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn each_member_is_in_the_best_language_there_is() {
        let uri = |text: &str| WebUri::parse(text).unwrap();
        let translated = json!({
            "client_name#de": "Die App", "client_name#fr-CA": "L'appli", "policy_uri#de-CH": "https://app.example/ch",
        });
        let client = Client {
            name: "The App".to_owned(),
            links: Links {
                policy_uri: Some(uri("https://app.example/policy")),
                tos_uri: Some(uri("https://app.example/terms")),
                ..Links::default()
            },
            metadata: Box::new(metadata(translated).unwrap()),
            ..confidential()
        };
        for (language, name, policy) in [
            ("de", "Die App", "https://app.example/ch"),
            ("fr", "L'appli", "https://app.example/policy"),
            ("en", "The App", "https://app.example/policy"),
        ] {
            let shown = client.shown_in(language);
            assert_eq!(
                (shown.name, shown.policy_uri),
                (name, Some(&uri(policy))),
                "{language}"
            );
            assert_eq!(shown.tos_uri, Some(&uri("https://app.example/terms")));
            assert_eq!(shown.logo_uri, None);
        }
        let nameless = Client {
            name: String::new(),
            ..confidential()
        };
        assert_eq!(nameless.shown_in("de").name, nameless.id.as_str());
    }
}
