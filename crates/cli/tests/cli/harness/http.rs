//! Requests, and waiting for what has to come.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use grantor_types::Parameters;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE};
use reqwest::redirect::Policy;
use serde_json::Value;

/// A client of a server.
#[derive(Clone, Debug)]
pub(crate) struct Http {
    client: reqwest::Client,
    base: String,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) body: String,
}

impl Http {
    /// A client of the server at this address.
    pub(crate) fn new(base: &str) -> Self {
        Self::built(base, reqwest::Client::builder())
    }

    /// A client with settings of its own.
    pub(crate) fn built(base: &str, builder: reqwest::ClientBuilder) -> Self {
        let client = builder.redirect(Policy::none()).no_proxy().build().unwrap();
        Self {
            client,
            base: base.to_owned(),
        }
    }

    pub(crate) async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Reply {
        let mut request = self.client.get(self.url(path));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Reply::read(request).await
    }

    pub(crate) async fn post(&self, path: &str, form: &[(&str, &str)], headers: &[(&str, &str)]) -> Reply {
        let mut request = self
            .client
            .post(self.url(path))
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(encode(form));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Reply::read(request).await
    }

    /// A form from a client with its secret.
    pub(crate) async fn post_as(&self, path: &str, client: (&str, &str), form: &[(&str, &str)]) -> Reply {
        let basic = format!("Basic {}", STANDARD.encode(format!("{}:{}", client.0, client.1)));
        self.post(path, form, &[(AUTHORIZATION.as_str(), &basic)]).await
    }

    /// A token for the client itself.
    pub(crate) async fn client_credentials(&self, client: (&str, &str)) -> Reply {
        self.post_as("/oauth/token", client, &[("grant_type", "client_credentials")])
            .await
    }

    /// Whether a token is active, as the fixture client that may ask about all sees it.
    pub(crate) async fn is_active(&self, token: &str) -> bool {
        let reply = self
            .post_as(
                "/oauth/introspect",
                ("backend", "backend-secret"),
                &[("token", token)],
            )
            .await;
        reply.json()["active"].as_bool().unwrap()
    }

    /// The ids in the JWK set.
    pub(crate) async fn key_ids(&self) -> Vec<String> {
        let keys = self.get("/oauth/jwks.json", &[]).await.json();
        let keys = keys["keys"].as_array().unwrap().clone();
        keys.iter()
            .map(|key| key["kid"].as_str().unwrap().to_owned())
            .collect()
    }

    fn url(&self, path: &str) -> String {
        if path.starts_with("http") {
            path.to_owned()
        } else {
            format!("{}{path}", self.base)
        }
    }
}

/// A form as it travels.
pub(crate) fn encode(form: &[(&str, &str)]) -> String {
    let pairs = form
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Parameters::from_pairs(pairs).unwrap().encode()
}

impl Reply {
    async fn read(request: reqwest::RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        Self {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.text().await.unwrap(),
        }
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    #[track_caller]
    pub(crate) fn access_token(&self) -> String {
        assert_eq!(self.status, 200, "{self:?}");
        self.json()["access_token"].as_str().unwrap().to_owned()
    }

    #[track_caller]
    pub(crate) fn location(&self) -> String {
        assert!((302..=303).contains(&self.status), "{self:?}");
        self.headers["location"].to_str().unwrap().to_owned()
    }
}

/// Asks again and again until the answer is yes, and no longer than ten seconds.
pub(crate) async fn eventually(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let mut ticks = tokio::time::interval(Duration::from_millis(20));
    let asking = async {
        loop {
            ticks.tick().await;
            if holds().await {
                return;
            }
        }
    };
    let asked = tokio::time::timeout(Duration::from_secs(10), asking).await;
    assert!(asked.is_ok(), "never came true: {what}");
}
