//! Reads values of command-line flags into the types that records have.

use grantor_types::Seconds;
use serde::de::value::{Error, StrDeserializer};
use serde::de::{DeserializeOwned, IntoDeserializer as _};
use toml::Value;

use crate::config::Setting;

/// Reads what is written as one text, such as an id, a URI or a word of a closed list.
///
/// # Errors
/// What is wrong with the text, or the words that there are.
pub(crate) fn text<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    let deserializer: StrDeserializer<'_, Error> = text.into_deserializer();
    T::deserialize(deserializer)
}

/// Reads a duration such as `30s`, `10m`, `12h`, `30d`, or `0`.
///
/// # Errors
/// When it is none.
pub(crate) fn duration(text: &str) -> Result<Seconds, String> {
    match text {
        "0" => Ok(Seconds(0)),
        text => Seconds::read(&Value::String(text.to_owned())),
    }
}
