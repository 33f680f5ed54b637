//! Request parameters ([RFC 6749 §3.1](https://www.rfc-editor.org/rfc/rfc6749#section-3.1)).

mod json;

use thiserror::Error;
use zeroize::Zeroizing;

/// Most parameters that one request may carry.
pub const MAX_PARAMETERS: usize = 64;

/// Why a query or form cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ParametersError {
    /// "Request and response parameters MUST NOT be included more than once." (RFC 6749 3.1)
    #[error("a parameter is repeated")]
    Repeated(String),
    /// More than [`MAX_PARAMETERS`].
    #[error("more than 64 parameters")]
    TooMany,
    /// Bytes that are not UTF-8 after percent-decoding.
    #[error("a parameter is not UTF-8")]
    Encoding,
    /// JSON that is not a flat object of texts and numbers.
    #[error("the JSON is not a flat object of texts and numbers")]
    Json,
}

/// The parameters of a query or form: each name once, empty values counted as absent. Values are wiped from memory with it.
#[derive(Clone, Default)]
pub struct Parameters(Vec<(String, Zeroizing<String>)>);

impl Parameters {
    /// Decodes `application/x-www-form-urlencoded` bytes.
    ///
    /// `resource` may repeat ("multiple resource parameters MAY be used", RFC 8707 2), and so may `audience` (RFC 8693
    /// 2.1); nothing else may.
    ///
    /// # Errors
    /// [`ParametersError`].
    pub fn parse(encoded: &[u8]) -> Result<Self, ParametersError> {
        let mut pairs = Vec::with_capacity(8);
        for pair in encoded
            .split(|byte| *byte == b'&')
            .filter(|pair| !pair.is_empty())
        {
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let mut half = || decode(halves.next().unwrap_or_default());
            let (name, value) = (half()?, half()?);
            Self::insert(&mut pairs, name, value)?;
        }
        Ok(Self(pairs))
    }

    /// Takes pairs that were decoded elsewhere, for example from a JSON body.
    ///
    /// # Errors
    /// [`ParametersError::Repeated`] or [`ParametersError::TooMany`].
    pub fn from_pairs(decoded: impl IntoIterator<Item = (String, String)>) -> Result<Self, ParametersError> {
        let mut pairs = Vec::new();
        for (name, value) in decoded {
            Self::insert(&mut pairs, name, value)?;
        }
        Ok(Self(pairs))
    }

    fn insert(
        pairs: &mut Vec<(String, Zeroizing<String>)>,
        name: String,
        value: String,
    ) -> Result<(), ParametersError> {
        let value = Zeroizing::new(value);
        if pairs.len() == MAX_PARAMETERS {
            return Err(ParametersError::TooMany);
        }
        let may_repeat = matches!(name.as_str(), "resource" | "audience");
        if !may_repeat && pairs.iter().any(|(seen, _)| *seen == name) {
            return Err(ParametersError::Repeated(name));
        }
        pairs.push((name, value));
        Ok(())
    }

    /// The value of a parameter. "Parameters sent without a value MUST be treated as if they were omitted from the
    /// request." (RFC 6749 3.1)
    pub fn value(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(own, value)| own == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// What a field of a form of ours was sent with. There an empty field says something: that it was emptied.
    pub fn typed(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(own, _)| own == name);
        found.map(|(_, value)| value.as_str())
    }

    /// All values of a parameter that may repeat.
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(own, value)| own == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// The parameters with this one set.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.0.retain(|(own, _)| own != name);
        self.0.push((name.to_owned(), Zeroizing::new(value.to_owned())));
        self
    }

    /// The parameters with these names alone, in the order in which they came.
    #[must_use]
    pub fn only(self, names: &[&str]) -> Self {
        Self(
            self.0
                .into_iter()
                .filter(|(name, _)| names.contains(&name.as_str()))
                .collect(),
        )
    }

    /// The parameters as they came, encoded again.
    pub fn encode(&self) -> String {
        form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&self.0)
            .finish()
    }
}

/// The usual decoder puts a replacement character where the bytes are not UTF-8, and then nobody can tell it from one
/// that was sent.
fn decode(encoded: &[u8]) -> Result<String, ParametersError> {
    // Most texts stand for themselves.
    if !encoded.iter().any(|byte| matches!(byte, b'%' | b'+')) {
        return String::from_utf8(encoded.to_vec()).map_err(|_| ParametersError::Encoding);
    }
    let plus_is_space = encoded
        .iter()
        .map(|byte| if *byte == b'+' { b' ' } else { *byte });
    let plus_is_space = Zeroizing::new(plus_is_space.collect::<Vec<u8>>());
    // A buffer that grows leaves copies behind.
    let mut bytes = Vec::with_capacity(encoded.len());
    bytes.extend(percent_encoding::percent_decode(&plus_is_space));
    String::from_utf8(bytes).map_err(|_| ParametersError::Encoding)
}

impl std::fmt::Debug for Parameters {
    /// Names only: values may be secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list()
            .entries(self.0.iter().map(|(name, _)| name))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::{Parameters, ParametersError};

    #[test]
    fn names_are_unique_and_empty_is_absent() {
        let form = Parameters::parse(b"a=1&b=&c=x+y%20z&resource=p&resource=q").unwrap();
        assert_eq!(
            (form.value("a"), form.value("b"), form.value("c")),
            (Some("1"), None, Some("x y z"))
        );
        assert_eq!(form.values("resource").collect::<Vec<_>>(), ["p", "q"]);
        assert_eq!((form.typed("b"), form.typed("d")), (Some(""), None));
        assert_eq!(
            Parameters::parse(b"a=1&a=1").err(),
            Some(ParametersError::Repeated("a".into()))
        );
        for not_utf8 in [
            b"a=%ff".as_slice(),
            b"%c0%af=1",
            b"a=\xff",
            b"a=%ed%a0%80",
            b"a=%e2%82",
        ] {
            assert_eq!(Parameters::parse(not_utf8).err(), Some(ParametersError::Encoding));
        }
        let many = (0..65).map(|i| format!("p{i}=1")).collect::<Vec<_>>().join("&");
        assert_eq!(
            Parameters::parse(many.as_bytes()).err(),
            Some(ParametersError::TooMany)
        );
        assert!(!format!("{form:?}").contains('1'));
    }

    #[test]
    fn decoding_is_that_of_forms() {
        for (encoded, name, value) in [
            ("a=b=c", "a", "b=c"),
            ("&&a=b&", "a", "b"),
            ("a+b=c+d%2B", "a b", "c d+"),
            ("%61=%C3%A9", "a", "é"),
            ("a=%EF%BF%BD", "a", "\u{fffd}"),
            ("a=100%&b=%zz", "a", "100%"),
            ("a=%0D%0A%00", "a", "\r\n\0"),
        ] {
            let form = Parameters::parse(encoded.as_bytes()).unwrap();
            assert_eq!(form.value(name), Some(value), "{encoded}");
            assert_eq!(
                Parameters::parse(form.encode().as_bytes()).unwrap().value(name),
                Some(value)
            );
        }
        assert_eq!(Parameters::parse(b"a").unwrap().value("a"), None);
    }
}
