//! What came back: from an endpoint, and at the redirect URI of the application.

use std::collections::BTreeMap;

use grantor_tests::Page;
use reqwest::RequestBuilder;
use serde_json::Value;
use url::Url;

/// What an endpoint answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) content_type: String,
    pub(crate) cache_control: String,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) async fn to(request: RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        let header = |name: &str| {
            let value = response.headers().get(name);
            value.map_or("", |value| value.to_str().unwrap()).to_owned()
        };
        Self {
            status: response.status().as_u16(),
            content_type: header("content-type"),
            cache_control: header("cache-control"),
            text: response.text().await.unwrap(),
        }
    }

    /// The JSON of a success.
    #[track_caller]
    pub(crate) fn ok(&self) -> Value {
        assert_eq!(self.status, 200, "{self:?}");
        self.json()
    }

    /// JSON that no cache keeps.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.content_type, "application/json", "{self:?}");
        assert_eq!(self.cache_control, "no-store", "{self:?}");
        serde_json::from_str(&self.text).unwrap()
    }

    /// Checks an error, and that it has no members of its own.
    #[track_caller]
    pub(crate) fn refused(&self, status: u16, error: &str) {
        let json = self.json();
        assert_eq!(
            (self.status, json["error"].as_str()),
            (status, Some(error)),
            "{self:?}"
        );
        let members = json.as_object().unwrap().keys();
        let standard = ["error", "error_description", "error_uri"];
        members.for_each(|member| assert!(standard.contains(&member.as_str()), "{member}"));
        let description = json["error_description"].as_str().unwrap_or_default();
        let of_rfc_6749 = |c: char| matches!(c, '\x20'..='\x21' | '\x23'..='\x5b' | '\x5d'..='\x7e');
        assert!(description.chars().all(of_rfc_6749), "{description}");
    }
}

/// What came back to the application.
#[derive(Clone, Debug)]
pub(crate) struct Callback {
    /// Everything before the parameters of the answer.
    pub(crate) uri: String,
    pub(crate) parameters: BTreeMap<String, String>,
}

impl Callback {
    /// Reads a redirect to the application, or the form of `form_post`.
    #[track_caller]
    pub(crate) fn of(page: &Page) -> Self {
        if page.marker() == "form-post-page" {
            let form = page.form("form-post-continue");
            return Self {
                uri: form.action,
                parameters: form.fields,
            };
        }
        let location = page
            .leaves_to
            .as_ref()
            .unwrap_or_else(|| panic!("no answer: {page:#?}"));
        let url = Url::parse(location).unwrap();
        let mut parameters = BTreeMap::new();
        for (name, value) in url.query_pairs() {
            let twice = parameters.insert(name.clone().into_owned(), value.into_owned());
            assert_eq!(twice, None, "{name} is there twice");
        }
        Self {
            uri: location.split('?').next().unwrap().to_owned(),
            parameters,
        }
    }

    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.parameters.get(name).map(String::as_str)
    }

    #[track_caller]
    pub(crate) fn code(&self) -> &str {
        self.value("code").unwrap_or_else(|| panic!("no code: {self:?}"))
    }

    #[track_caller]
    pub(crate) fn error(&self) -> &str {
        assert_eq!(self.value("code"), None);
        self.value("error")
            .unwrap_or_else(|| panic!("no error: {self:?}"))
    }

    /// The names of the parameters, sorted.
    pub(crate) fn names(&self) -> Vec<&str> {
        self.parameters.keys().map(String::as_str).collect()
    }
}

/// A member that has to be text.
#[track_caller]
pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("not text: {value}"))
}

/// Seconds since the epoch.
#[allow(
    clippy::disallowed_methods,
    reason = "the running server reads the same clock, and nobody can set it"
)]
pub(crate) fn now() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.unwrap().as_secs()
}
