//! The document of a registration, and its members read as what they have to be.

use grantor_types::{LanguageTag, Seconds, WebUri};
use serde::de::{Deserializer, Error as _, MapAccess, Visitor};
use serde_json::{Map, Value};

use super::{Context, MAX_ENTRIES, MAX_TEXT};
use crate::Cause;

/// Largest document, in bytes.
pub const MAX_DOCUMENT: usize = 32 * 1024;
/// Longest time that a member may hold.
const MAX_SECONDS: Seconds = Seconds::days(3650);

/// Why a registration is refused, and for which member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What is wrong.
    pub cause: Cause,
    /// The member that it is about; absent when it is about the whole.
    pub member: Option<&'static str>,
}

impl Refusal {
    pub(super) fn of(member: &'static str, cause: Cause) -> Self {
        Self {
            cause,
            member: Some(member),
        }
    }
}

impl From<Cause> for Refusal {
    fn from(cause: Cause) -> Self {
        Self { cause, member: None }
    }
}

/// A registration as it was sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Document(Map<String, Value>);

impl Document {
    /// Reads a document.
    ///
    /// # Errors
    /// [`Cause::PayloadTooLarge`], or [`Cause::RegistrationBodyMalformed`] when it is no JSON object or says something
    /// twice, which two readers would understand in two ways.
    pub fn parse(body: &[u8]) -> Result<Self, Refusal> {
        if body.len() > MAX_DOCUMENT {
            return Err(Cause::PayloadTooLarge.into());
        }
        let malformed = |_| Refusal::from(Cause::RegistrationBodyMalformed);
        let mut reader = serde_json::Deserializer::from_slice(body);
        let members = reader.deserialize_map(Members).map_err(malformed)?;
        reader.end().map_err(malformed)?;
        Ok(Self(members))
    }

    /// The same document with the claims of its software statement, which go before what the client says itself: "Client
    /// metadata values conveyed in the software statement MUST take precedence over those conveyed using plain JSON
    /// elements" (RFC 7591 3.1.1).
    #[must_use]
    pub(super) fn overridden_by(mut self, claims: &Map<String, Value>) -> Self {
        let claims = claims.iter().map(|(name, value)| (name.clone(), value.clone()));
        self.0.extend(claims);
        self
    }

    /// A member that is there. "Omitted fields MUST be treated as null or empty values by the server" (RFC 7592 2.2),
    /// and so the other way round.
    pub(super) fn value(&self, member: &str) -> Option<&Value> {
        self.0.get(member).filter(|value| !value.is_null())
    }

    /// A text of this length at most.
    pub(super) fn text_up_to(&self, member: &'static str, most: usize) -> Result<Option<&str>, Refusal> {
        match self.value(member) {
            None => Ok(None),
            Some(value) => {
                let text = readable(member, value, most)?;
                Ok(Some(text).filter(|text| !text.is_empty()))
            }
        }
    }

    pub(super) fn text(&self, member: &'static str) -> Result<Option<&str>, Refusal> {
        self.text_up_to(member, MAX_TEXT)
    }

    /// A text in each language that there is one in: the members of this name with `#` and a tag behind it.
    pub(super) fn tagged(
        &self,
        member: &'static str,
        most: usize,
    ) -> Result<Vec<(LanguageTag, &str)>, Refusal> {
        let mut found: Vec<(LanguageTag, &str)> = Vec::new();
        for (name, value) in &self.0 {
            let Some(tag) = name.strip_prefix(member).and_then(|rest| rest.strip_prefix('#')) else {
                continue;
            };
            let language = LanguageTag::parse(tag).ok();
            // Two tags that differ in case alone are one, and two values for it cannot both be meant.
            let language = language.filter(|tag| found.iter().all(|(other, _)| other != tag));
            let language = language.ok_or(Refusal::of(member, Cause::RegistrationLanguageMalformed))?;
            if value.is_null() {
                continue;
            }
            let text = readable(member, value, most)?;
            found.extend(Some((language, text)).filter(|(_, text)| !text.is_empty()));
        }
        Ok(found)
    }

    /// A list of texts; `None` when it is absent.
    pub(super) fn list(&self, member: &'static str, longest: usize) -> Result<Option<Vec<&str>>, Refusal> {
        let Some(value) = self.value(member) else {
            return Ok(None);
        };
        let entries = value
            .as_array()
            .ok_or(Refusal::of(member, Cause::RegistrationMemberNotList))?;
        if entries.len() > MAX_ENTRIES {
            return Err(Refusal::of(member, Cause::RegistrationMemberTooMany));
        }
        let mut texts = Vec::with_capacity(entries.len());
        for entry in entries {
            if !entry.is_string() {
                return Err(Refusal::of(member, Cause::RegistrationMemberNotList));
            }
            let text = readable(member, entry, longest)?;
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
        Ok(Some(texts))
    }

    /// `true` or `false`; `false` when it is absent.
    pub(super) fn flag(&self, member: &'static str) -> Result<bool, Refusal> {
        let not_boolean = Refusal::of(member, Cause::RegistrationMemberNotBoolean);
        self.value(member)
            .map_or(Ok(false), |value| value.as_bool().ok_or(not_boolean))
    }

    /// A whole number of seconds.
    pub(super) fn seconds(&self, member: &'static str) -> Result<Option<Seconds>, Refusal> {
        let Some(value) = self.value(member) else {
            return Ok(None);
        };
        let number = value
            .as_u64()
            .map(Seconds)
            .filter(|number| *number <= MAX_SECONDS);
        number
            .map(Some)
            .ok_or(Refusal::of(member, Cause::RegistrationMemberNotNumber))
    }

    /// One word of a closed list.
    pub(super) fn word<T>(
        &self,
        member: &'static str,
        from_name: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, Refusal> {
        match self.text(member)? {
            None => Ok(None),
            Some(text) => from_name(text)
                .map(Some)
                .ok_or(Refusal::of(member, Cause::RegistrationMemberUnsupported)),
        }
    }

    /// An https URI.
    pub(super) fn web_uri(
        &self,
        context: &Context<'_>,
        member: &'static str,
    ) -> Result<Option<WebUri>, Refusal> {
        match self.text_up_to(member, grantor_types::MAX_URI_LENGTH)? {
            None => Ok(None),
            Some(text) => web_uri(context, member, text).map(Some),
        }
    }
}

/// Reads an https URI; on a server in development, http on loopback too.
pub(super) fn web_uri(context: &Context<'_>, member: &'static str, text: &str) -> Result<WebUri, Refusal> {
    let uri = WebUri::parse(text).ok();
    uri.filter(|uri| context.allows_loopback() || uri.as_str().starts_with("https:"))
        .ok_or(Refusal::of(member, Cause::RegistrationUriInsecure))
}

/// A text that can be shown and kept.
fn readable<'a>(member: &'static str, value: &'a Value, most: usize) -> Result<&'a str, Refusal> {
    let text = value.as_str().filter(|text| !text.contains(char::is_control));
    let text = text.ok_or(Refusal::of(member, Cause::RegistrationMemberNotText))?;
    if text.len() > most {
        return Err(Refusal::of(member, Cause::RegistrationMemberTooLong));
    }
    Ok(text)
}

/// Reads the members, each once.
struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Map<String, Value>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Map::new();
        while let Some((name, value)) = map.next_entry::<String, Value>()? {
            if members.insert(name, value).is_some() {
                return Err(A::Error::custom("a member stands twice"));
            }
        }
        Ok(members)
    }
}
