//! Parameters that came as JSON: one flat object of texts and numbers.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Number;

use super::{MAX_PARAMETERS, Parameters, ParametersError};

impl Parameters {
    /// Reads a flat JSON object of texts and numbers, with the limits of a form: each name once, no more than
    /// [`MAX_PARAMETERS`].
    ///
    /// # Errors
    /// [`ParametersError`].
    pub fn parse_json(text: &[u8]) -> Result<Self, ParametersError> {
        let Members(members) = serde_json::from_slice(text).map_err(|_| ParametersError::Json)?;
        Self::from_pairs(members)
    }
}

/// The members in order, doubled ones too: a map would keep the last of them without a word.
struct Members(Vec<(String, String)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor).map(Self)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Vec<(String, String)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a flat object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        // One more than there may be is enough to tell that there are too many.
        while members.len() <= MAX_PARAMETERS {
            let Some((name, value)) = map.next_entry::<String, Member>()? else {
                return Ok(members);
            };
            let text = match value {
                Member::Text(text) => text,
                Member::Number(number) => number.to_string(),
            };
            members.push((name, text));
        }
        while map.next_entry::<String, Member>()?.is_some() {}
        Ok(members)
    }
}

#[derive(serde::Deserialize)]
#[serde(untagged)]
enum Member {
    Text(String),
    Number(Number),
}

#[cfg(test)]
mod tests {
    use crate::{Parameters, ParametersError};

    #[test]
    fn a_flat_object_of_texts_and_numbers() {
        let read = Parameters::parse_json(br#" {"a":"x y","b":7,"c":"","d":-1.5,"e":"\u00e9"} "#).unwrap();
        assert_eq!((read.value("a"), read.value("b")), (Some("x y"), Some("7")));
        assert_eq!((read.value("c"), read.value("d")), (None, Some("-1.5")));
        assert_eq!(read.value("e"), Some("\u{e9}"));
        assert!(Parameters::parse_json(b"{}").is_ok());
    }

    #[test]
    fn everything_else_is_refused() {
        let object = |members: usize| {
            let members: Vec<String> = (0..members).map(|i| format!("\"p{i}\":1")).collect();
            format!("{{{}}}", members.join(","))
        };
        assert!(Parameters::parse_json(object(64).as_bytes()).is_ok());
        let many = object(65);
        let deep = format!("{}1{}", "{\"a\":".repeat(5000), "}".repeat(5000));
        for (text, error) in [
            ("", ParametersError::Json),
            ("{", ParametersError::Json),
            ("[]", ParametersError::Json),
            ("\"a\"", ParametersError::Json),
            ("{} {}", ParametersError::Json),
            (r#"{"a":null}"#, ParametersError::Json),
            (r#"{"a":true}"#, ParametersError::Json),
            (r#"{"a":["b"]}"#, ParametersError::Json),
            (r#"{"a":{"b":"c"}}"#, ParametersError::Json),
            (r#"{"a":"\ud800"}"#, ParametersError::Json),
            (deep.as_str(), ParametersError::Json),
            (r#"{"a":"1","a":"1"}"#, ParametersError::Repeated("a".to_owned())),
            (
                r#"{"a":"1","\u0061":2}"#,
                ParametersError::Repeated("a".to_owned()),
            ),
            (many.as_str(), ParametersError::TooMany),
        ] {
            assert_eq!(
                Parameters::parse_json(text.as_bytes()).err(),
                Some(error),
                "{text:.40}"
            );
        }
        assert_eq!(
            Parameters::parse_json(b"{\"a\":\"\xff\"}").err(),
            Some(ParametersError::Json)
        );
    }
}
