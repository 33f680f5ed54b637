//! What the server answered.

use bytes::Bytes;
use grantor_protocol::Cause;
use http::HeaderMap;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, LOCATION, WWW_AUTHENTICATE};
use serde_json::Value;

use super::form::unescape;

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    /// A header that is there once at most.
    #[track_caller]
    pub(crate) fn header(&self, name: impl http::header::AsHeaderName) -> Option<&str> {
        let mut values = self.headers.get_all(name).iter();
        let first = values.next().map(|value| value.to_str().unwrap());
        assert!(values.next().is_none(), "a header is there twice: {self:?}");
        first
    }

    /// Every challenge, in order, as one list.
    pub(crate) fn challenges(&self) -> String {
        let values = self.headers.get_all(WWW_AUTHENTICATE).iter();
        let values: Vec<&str> = values.map(|value| value.to_str().unwrap()).collect();
        values.join(", ")
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    #[track_caller]
    pub(crate) fn location(&self) -> &str {
        self.header(LOCATION)
            .unwrap_or_else(|| panic!("not a redirect: {} {}", self.status, self.text()))
    }

    /// The JSON of an answer that no cache may keep: every JSON answer but the public documents.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        assert_eq!(
            self.header(CONTENT_TYPE),
            Some("application/json"),
            "{}",
            self.text()
        );
        assert_eq!(self.header(CACHE_CONTROL), Some("no-store"));
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The JSON of a success.
    #[track_caller]
    pub(crate) fn ok(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.text());
        self.json()
    }

    /// The names of the members, sorted.
    #[track_caller]
    pub(crate) fn members(&self) -> Vec<String> {
        let json = self.json();
        let mut names: Vec<String> = json.as_object().unwrap().keys().cloned().collect();
        names.sort();
        names
    }

    /// Checks a refusal as JSON: status, code, and the sentence of the cause, and nothing more.
    #[track_caller]
    pub(crate) fn refused(&self, status: u16, error: &str, cause: Cause) {
        let expected = serde_json::json!({ "error": error, "error_description": cause.description() });
        assert_eq!((self.status, self.json()), (status, expected));
        assert!(self.header("x-request-id").is_some());
    }

    /// Checks a refusal on a page: status, code and the id of the cause.
    #[track_caller]
    pub(crate) fn refused_on_page(&self, status: u16, error: &str, cause: Cause) {
        assert_eq!(self.status, status, "{}", self.text());
        assert_eq!(self.header(LOCATION), None);
        assert_eq!(self.marker().as_deref(), Some("error-page"));
        assert_eq!(self.element("error-code").as_deref(), Some(error));
        assert_eq!(self.element("cause-id").as_deref(), Some(cause.id()));
    }

    /// The id of the body, by which pages tell themselves apart.
    pub(crate) fn marker(&self) -> Option<String> {
        let body = self.text().split_once("<body")?.1.split_once('>')?.0;
        Some(body.split_once("id=\"")?.1.split_once('"')?.0.to_owned())
    }

    #[track_caller]
    pub(crate) fn is_page(&self, marker: &str) {
        assert_eq!(
            self.marker().as_deref(),
            Some(marker),
            "{} {:?} {}",
            self.status,
            self.headers,
            self.text()
        );
    }

    /// The text of the element with this id.
    pub(crate) fn element(&self, id: &str) -> Option<String> {
        let after = self.text().split_once(&format!("id=\"{id}\""))?.1;
        let inside = after.split_once('>')?.1;
        let mut text = String::new();
        // The element ends with the first tag that closes what it opened; the pages nest nothing of its own kind.
        for (index, part) in inside.split('<').enumerate() {
            if index == 0 {
                text.push_str(part);
            } else if part.starts_with('/') {
                break;
            } else {
                text.push_str(part.split_once('>').map_or("", |(_, rest)| rest));
            }
        }
        Some(unescape(text.trim()))
    }

    /// The cookies it sets, whole.
    pub(crate) fn set_cookies(&self) -> Vec<String> {
        let values = self.headers.get_all("set-cookie").iter();
        values.map(|value| value.to_str().unwrap().to_owned()).collect()
    }
}
