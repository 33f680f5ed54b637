//! Authorization requests and their answers.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use grantor_jose::digest;
use serde_json::Value;

use super::form::Form;
use super::{ALICE, Answer, Browser, CALLBACK, Call, Server};

/// The PKCE verifier of every request.
pub(crate) const VERIFIER: &str = "a-verifier-that-is-long-enough-for-rfc-7636-4.1";

/// An authorization request.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    client: String,
    path: String,
    parameters: Vec<(String, String)>,
}

impl Ask {
    /// A complete request of a client of the fixtures, without `scope`.
    pub(crate) fn of(client: &str, redirect_uri: &str) -> Self {
        let ask = Self {
            client: client.to_owned(),
            path: "/oauth/authorize".to_owned(),
            parameters: Vec::new(),
        };
        ask.with("response_type", "code")
            .with("client_id", client)
            .with("redirect_uri", redirect_uri)
            .with("state", "st4te")
            .with("code_challenge", &challenge_of(VERIFIER))
            .with("code_challenge_method", "S256")
    }

    /// `web` asks to read.
    pub(crate) fn web() -> Self {
        Self::of("web", CALLBACK).with("scope", "read")
    }

    /// `spa` asks to read.
    pub(crate) fn spa() -> Self {
        Self::of("spa", "https://spa.example/cb").with("scope", "read")
    }

    /// Sets a parameter.
    pub(crate) fn with(self, name: &str, value: &str) -> Self {
        let mut ask = self.without(name);
        ask.parameters.push((name.to_owned(), value.to_owned()));
        ask
    }

    /// Adds a parameter, whether it is there already or not.
    pub(crate) fn and(mut self, name: &str, value: &str) -> Self {
        self.parameters.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.parameters.retain(|(own, _)| own != name);
        self
    }

    /// At another path.
    pub(crate) fn at(mut self, path: &str) -> Self {
        path.clone_into(&mut self.path);
        self
    }

    pub(crate) fn path(&self) -> String {
        format!("{}?{}", self.path, self.encoded())
    }

    pub(crate) fn encoded(&self) -> String {
        form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&self.parameters)
            .finish()
    }

    pub(crate) fn parameters(&self) -> &[(String, String)] {
        &self.parameters
    }

    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.parameters
            .iter()
            .find(|(own, _)| own == name)
            .map(|(_, value)| value.as_str())
    }

    /// The request that redeems a code of this one.
    pub(crate) fn redeem(&self, code: &str) -> Call {
        let call = Call::token()
            .client(&self.client)
            .field("grant_type", "authorization_code")
            .field("code", code)
            .field("code_verifier", VERIFIER);
        match self.value("redirect_uri") {
            Some(uri) => call.field("redirect_uri", uri),
            None => call,
        }
    }

    /// Runs the flow for Alice up to the code.
    pub(crate) async fn code(&self, server: &Server) -> String {
        let callback = Browser::new(server).callback(self, ALICE).await;
        callback.code()
    }

    /// Runs the whole flow for Alice, up to the answer of the token endpoint.
    pub(crate) async fn tokens(&self, server: &Server) -> Value {
        let code = self.code(server).await;
        server.call(self.redeem(&code)).await.ok()
    }
}

/// What came back to the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Callback {
    /// The redirect URI with what it had of its own.
    pub(crate) uri: String,
    /// The parameters in order.
    pub(crate) parameters: Vec<(String, String)>,
}

impl Callback {
    /// Reads a redirect with a query or a fragment, or the form of `form_post`.
    #[track_caller]
    pub(crate) fn of(answer: &Answer) -> Self {
        if answer.marker().as_deref() == Some("form-post-page") {
            let form = Form::sent_by(answer.text(), "form-post-continue");
            return Self {
                uri: form.action,
                parameters: form.fields,
            };
        }
        let location = answer.location();
        let (uri, encoded) = location
            .split_once('#')
            .or_else(|| location.split_once('?'))
            .unwrap_or((location, ""));
        Self {
            uri: uri.to_owned(),
            parameters: form_urlencoded::parse(encoded.as_bytes()).into_owned().collect(),
        }
    }

    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.parameters
            .iter()
            .find(|(own, _)| own == name)
            .map(|(_, value)| value.as_str())
    }

    #[track_caller]
    pub(crate) fn code(&self) -> String {
        self.value("code")
            .unwrap_or_else(|| panic!("no code: {self:?}"))
            .to_owned()
    }

    /// The names of the parameters, in order.
    pub(crate) fn names(&self) -> Vec<&str> {
        self.parameters.iter().map(|(name, _)| name.as_str()).collect()
    }
}

/// The PKCE challenge of a verifier.
pub(crate) fn challenge_of(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest::sha256(verifier.as_bytes()))
}

/// The same text with one base64url character replaced by its neighbour.
pub(crate) fn tampered(text: &str, at: usize) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    characters[at] = if characters[at] == 'A' { 'B' } else { 'A' };
    characters.into_iter().collect()
}

/// A member that has to be text.
#[track_caller]
pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("not text: {value}"))
}
