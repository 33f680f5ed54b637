//! Language tags ([RFC 5646](https://www.rfc-editor.org/rfc/rfc5646)) and the choice among them
//! ([RFC 4647 §3.4](https://www.rfc-editor.org/rfc/rfc4647#section-3.4)).

use std::iter::Peekable;
use std::str::Split;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize};
use thiserror::Error;

/// Longest language tag that is read, in bytes.
pub const MAX_LANGUAGE_TAG_LENGTH: usize = 64;

/// Why a text is not a language tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not a language tag of RFC 5646, such as de, fr-CA or ja-Kana-JP")]
pub struct LanguageTagError;

/// A language tag, in the case that RFC 5646 2.1.1 recommends: "language tag values [...] are case insensitive"
/// (OpenID Connect Core 5.2), so that two that differ in case alone are one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct LanguageTag(Arc<str>);

impl LanguageTag {
    /// Reads a well-formed tag (RFC 5646 2.1). Whether its subtags are registered is not looked at: the registry grows.
    /// The irregular tags of old, such as `i-klingon`, are not taken.
    ///
    /// # Errors
    /// [`LanguageTagError`].
    pub fn parse(text: &str) -> Result<Self, LanguageTagError> {
        if text.len() > MAX_LANGUAGE_TAG_LENGTH || !is_well_formed(text.split('-').peekable()) {
            return Err(LanguageTagError);
        }
        Ok(Self(recased(text).into()))
    }

    /// The tag.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for LanguageTag {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for LanguageTag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::text::deserialize(deserializer, "a language tag", Self::parse)
    }
}

/// What has the best of these tags for what is wanted: the same, then one that is more specific ("if the Client asks for a Claim with
/// a de (German) language tag and the OP has a value tagged with de-CH (Swiss German) and no generic German value, it would be
/// appropriate for the OP to return the Swiss German value", OpenID Connect Core 5.2), then ever more general ones: "the
/// language range is progressively truncated from the end until a matching language tag is located" (RFC 4647 3.4).
pub fn lookup<'a, T>(wanted: &str, tagged: impl Iterator<Item = (&'a str, T)> + Clone) -> Option<T> {
    let same = |range: &str| tagged.clone().find(|(tag, _)| tag.eq_ignore_ascii_case(range));
    let more_specific = || {
        let mut tagged = tagged.clone();
        tagged.find(|(tag, _)| is_below(tag, wanted))
    };
    let found = same(wanted).or_else(more_specific).or_else(|| {
        let mut range = wanted;
        while let Some((shorter, _)) = range.rsplit_once('-') {
            // "If the last subtag [...] is a single letter or digit subtag, then that subtag is also removed"
            range = match shorter.rsplit_once('-') {
                Some((before, last)) if last.len() == 1 => before,
                Some(_) | None => shorter,
            };
            if let Some(found) = same(range) {
                return Some(found);
            }
        }
        None
    });
    found.map(|(_, found)| found)
}

fn is_below(tag: &str, range: &str) -> bool {
    let (start, rest) = (tag.get(..range.len()), tag.get(range.len()..));
    start.is_some_and(|start| start.eq_ignore_ascii_case(range))
        && rest.is_some_and(|rest| rest.starts_with('-'))
}

type Subtags<'a> = Peekable<Split<'a, char>>;

fn is_well_formed(mut subtags: Subtags<'_>) -> bool {
    let Some(language) = subtags.next() else {
        return false;
    };
    if language.eq_ignore_ascii_case("x") {
        return is_private_use(subtags);
    }
    // Longer ones are "reserved for future use" or "registered language subtags", of which there are none: whoever writes
    // one has written the name of the language.
    if !is_alphabetic(language, 2, 3) {
        return false;
    }
    let mut extended = 0;
    while extended < 3 && subtags.next_if(|subtag| is_alphabetic(subtag, 3, 3)).is_some() {
        extended += 1;
    }
    // Script, then region: each at most once.
    _ = subtags.next_if(|subtag| is_alphabetic(subtag, 4, 4));
    _ = subtags.next_if(|subtag| is_region(subtag));
    while subtags.next_if(|subtag| is_variant(subtag)).is_some() {}
    are_extensions(subtags)
}

/// "extension = singleton 1*("-" (2*8alphanum))", each singleton once, and private use at the end.
fn are_extensions(mut subtags: Subtags<'_>) -> bool {
    let mut seen = String::new();
    while let Some(singleton) = subtags.next() {
        if singleton.eq_ignore_ascii_case("x") {
            return is_private_use(subtags);
        }
        let lower = singleton.to_ascii_lowercase();
        if !is_alphanumeric(singleton, 1, 1) || seen.contains(&lower) {
            return false;
        }
        seen.push_str(&lower);
        let mut parts = 0;
        while subtags.next_if(|subtag| is_alphanumeric(subtag, 2, 8)).is_some() {
            parts += 1;
        }
        if parts == 0 {
            return false;
        }
    }
    true
}

fn is_private_use(mut subtags: Subtags<'_>) -> bool {
    subtags.peek().is_some() && subtags.all(|subtag| is_alphanumeric(subtag, 1, 8))
}

fn is_region(subtag: &str) -> bool {
    is_alphabetic(subtag, 2, 2) || (subtag.len() == 3 && subtag.bytes().all(|byte| byte.is_ascii_digit()))
}

fn is_variant(subtag: &str) -> bool {
    let begins_with_digit = subtag.starts_with(|first: char| first.is_ascii_digit());
    is_alphanumeric(subtag, 5, 8) || (begins_with_digit && is_alphanumeric(subtag, 4, 4))
}

fn is_alphabetic(subtag: &str, least: usize, most: usize) -> bool {
    (least..=most).contains(&subtag.len()) && subtag.bytes().all(|byte| byte.is_ascii_alphabetic())
}

fn is_alphanumeric(subtag: &str, least: usize, most: usize) -> bool {
    (least..=most).contains(&subtag.len()) && subtag.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// "all subtags [...] use lowercase letters with two exceptions: two-letter subtags that neither appear at the start of the
/// tag nor occur after singletons [...] are all uppercase [...] and four-letter subtags [...] are titlecase" (RFC 5646 2.1.1)
fn recased(text: &str) -> String {
    let mut recased = String::with_capacity(text.len());
    let mut after_singleton = false;
    for (index, subtag) in text.split('-').enumerate() {
        if index > 0 {
            recased.push('-');
        }
        let lower = subtag.to_ascii_lowercase();
        let alone = index == 0 || after_singleton;
        let mut characters = lower.chars();
        match (characters.next(), lower.len()) {
            (Some(_), 2) if !alone => recased.push_str(&lower.to_ascii_uppercase()),
            (Some(first), 4) if !alone => {
                recased.push(first.to_ascii_uppercase());
                recased.push_str(characters.as_str());
            }
            (_, _) => recased.push_str(&lower),
        }
        after_singleton |= lower.len() == 1;
    }
    recased
}

#[cfg(test)]
mod tests {
    use super::{LanguageTag, lookup};

    #[test]
    fn tags_and_their_case() {
        for (text, canonical) in [
            ("de", "de"),
            ("DE-ch", "de-CH"),
            ("JA-kana-jp", "ja-Kana-JP"),
            ("zh-cmn-hans-cn", "zh-cmn-Hans-CN"),
            ("sl-Rozaj-biske-1994", "sl-rozaj-biske-1994"),
            ("es-419", "es-419"),
            ("de-CH-1996", "de-CH-1996"),
            ("en-US-u-islamcal-CA", "en-US-u-islamcal-ca"),
            ("x-WHATEVER", "x-whatever"),
            ("de-x-AB-Latn", "de-x-ab-latn"),
        ] {
            assert_eq!(LanguageTag::parse(text).unwrap().as_str(), canonical, "{text}");
        }
        for text in [
            "",
            "-",
            "d",
            "de-",
            "-de",
            "de--CH",
            "en_US",
            "de DE",
            "de-CH-CH",
            "i-klingon",
            "x",
            "de-x",
            "de-a",
            "de-a-bc-a-de",
            "1de",
            "latn",
            "Deutsch",
            "abcdefghi",
            "dé",
            "de#fr",
            "de-Latn-Latn",
            "*",
            &format!("x-{}", ["abcdefgh"; 8].join("-")),
        ] {
            assert!(LanguageTag::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_best_of_those_there_are() {
        for (wanted, tags, expected) in [
            ("de", "fr de-CH de", Some("de")),
            ("DE", "fr de-CH", Some("de-CH")),
            ("de-CH-1996", "de de-CH", Some("de-CH")),
            ("fr-CA", "en fr", Some("fr")),
            // The phonetics of a name are not its spelling.
            ("ja-Kana-JP", "ja-Hani-JP", None),
            ("ja-Kana-JP", "ja-Hani-JP ja", Some("ja")),
            ("de-CH-a-bc", "de-CH-a de-CH", Some("de-CH")),
            ("den", "de", None),
            ("d", "de", None),
            ("*", "de", None),
            ("", "de", None),
            ("de", "", None),
            ("é", "de", None),
        ] {
            let tagged = tags.split_ascii_whitespace().map(|tag| (tag, tag));
            assert_eq!(lookup(wanted, tagged), expected, "{wanted}");
        }
    }
}
