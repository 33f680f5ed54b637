//! What the server has acknowledged, as far as its clients know.

use std::sync::{Mutex, MutexGuard};

use grantor_tests::{Client, Person, Server, TokenAnswer, authorization_url};
use serde_json::Value;
use url::Url;

pub(crate) const REDIRECT_URI: &str = "http://localhost:3000/oauth/callback";

/// The clients' books.
pub(crate) struct Ledger {
    pub(crate) client: Client,
    /// Somebody who has allowed the client everything, so that codes come without a page.
    pub(crate) person: Person,
    pub(crate) authorization_url: String,
    /// The keys of the first start.
    pub(crate) keys: Value,
    /// An access token from before the first kill, which nobody revokes.
    pub(crate) first_access_token: String,
    books: Mutex<Books>,
}

#[derive(Default)]
pub(crate) struct Books {
    /// Codes that were handed out and not presented.
    pub(crate) unused: Vec<String>,
    /// Codes whose redemption was not answered.
    pub(crate) uncertain: Vec<String>,
    /// Codes that were redeemed, and the first refresh token that came for them.
    pub(crate) redeemed: Vec<(String, Chain)>,
    /// Refresh tokens in use.
    pub(crate) chains: Vec<Chain>,
    /// Refresh tokens and access tokens that were revoked.
    pub(crate) revoked_refresh: Vec<String>,
    pub(crate) revoked_access: Vec<String>,
    /// Who has logged in, and who has logged out.
    pub(crate) signed_in: Vec<Person>,
    pub(crate) signed_out: Vec<Person>,
}

/// The refresh tokens of one grant, one after the other.
pub(crate) struct Chain {
    pub(crate) refresh: String,
    /// The one before, once the current one was acknowledged.
    pub(crate) previous: Option<String>,
    pub(crate) access: String,
}

impl Chain {
    pub(crate) fn new(answer: &TokenAnswer) -> Self {
        assert_eq!(answer.status, 200, "{answer:?}");
        Self {
            refresh: answer.text("refresh_token").to_owned(),
            previous: None,
            access: answer.text("access_token").to_owned(),
        }
    }

    /// Takes the answer to a refresh.
    pub(crate) fn advance(&mut self, answer: &TokenAnswer) {
        let next = Self::new(answer);
        self.previous = Some(std::mem::replace(&mut self.refresh, next.refresh));
        self.access = next.access;
    }
}

impl Ledger {
    pub(crate) async fn open(server: &Server) -> Self {
        let url = authorization_url(server.issuer(), "web", REDIRECT_URI, "openid read", &[]);
        let (client, person) = (
            Client::new(server.issuer(), "web"),
            Person::new(server.issuer(), "demo"),
        );
        let code = code_of(&person.authorize(&url, "approve").await.unwrap());
        let tokens = client.redeem(&code, REDIRECT_URI).await.unwrap();
        Self {
            first_access_token: tokens.text("access_token").to_owned(),
            keys: keys(server).await,
            books: Mutex::new(Books::default()),
            authorization_url: url,
            client,
            person,
        }
    }

    pub(crate) fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap()
    }
}

/// The public keys, by the address that metadata give.
pub(crate) async fn keys(server: &Server) -> Value {
    let url = format!("{}/oauth/jwks.json", server.issuer());
    reqwest::get(&url).await.unwrap().json().await.unwrap()
}

/// The code in the address that the application is called at.
pub(crate) fn code_of(answer: &str) -> String {
    let url = Url::parse(answer).unwrap();
    let code = url.query_pairs().find(|(name, _)| name == "code");
    code.unwrap_or_else(|| panic!("no code in {answer}"))
        .1
        .into_owned()
}
