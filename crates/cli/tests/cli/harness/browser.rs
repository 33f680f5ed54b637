//! A person who logs in, without a browser: pages are read for their hidden fields.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use grantor_jose::digest::sha256;
use serde_json::Value;

use super::http::encode;
use super::{Http, Reply};

const VERIFIER: &str = "a-code-verifier-of-forty-three-characters-or-more";

/// One login of one person at one client, by way of the authorization code.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Login<'a> {
    pub(crate) client: &'a str,
    pub(crate) redirect_uri: &'a str,
    pub(crate) scope: &'a str,
    pub(crate) user: (&'a str, &'a str),
}

impl Login<'_> {
    /// The token response of a public client whose consent is implied.
    pub(crate) async fn tokens(self, http: &Http) -> Value {
        let mut cookies = Cookies::default();
        let challenge = URL_SAFE_NO_PAD.encode(sha256(VERIFIER.as_bytes()));
        let query = encode(&[
            ("client_id", self.client),
            ("redirect_uri", self.redirect_uri),
            ("response_type", "code"),
            ("scope", self.scope),
            ("state", "s"),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ]);
        let start = http.get(&format!("/oauth/authorize?{query}"), &[]).await;
        cookies.keep(&start);
        let page = http.get(&start.location(), &[("cookie", &cookies.text())]).await;
        cookies.keep(&page);
        let (interaction, csrf) = (hidden(&page, "interaction"), hidden(&page, "csrf_token"));
        let form = [
            ("interaction", interaction.as_str()),
            ("csrf_token", &csrf),
            ("username", self.user.0),
            ("password", self.user.1),
        ];
        let answer = http.post("/login", &form, &[("cookie", &cookies.text())]).await;
        let callback = answer.location();
        assert!(callback.starts_with(self.redirect_uri), "{callback}");
        let code = callback.split_once("code=").unwrap().1.split('&').next().unwrap();
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", self.redirect_uri),
            ("client_id", self.client),
            ("code_verifier", VERIFIER),
        ];
        let tokens = http.post("/oauth/token", &form, &[]).await;
        assert_eq!(tokens.status, 200, "{tokens:?}");
        tokens.json()
    }
}

/// The value of a hidden field.
#[track_caller]
fn hidden(page: &Reply, name: &str) -> String {
    let field = page
        .body
        .split("<input")
        .find(|field| field.contains(&format!("name=\"{name}\"")))
        .unwrap_or_else(|| panic!("no field {name}: {page:?}"));
    field
        .split_once("value=\"")
        .unwrap()
        .1
        .split('"')
        .next()
        .unwrap()
        .to_owned()
}

#[derive(Debug, Default)]
struct Cookies(BTreeMap<String, String>);

impl Cookies {
    async fn get(&mut self, http: &Http, path: &str) -> Reply {
        let reply = http.get(path, &[("cookie", &self.text())]).await;
        self.keep(&reply);
        reply
    }

    async fn post(&mut self, http: &Http, path: &str, form: &[(&str, String)]) -> Reply {
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let reply = http.post(path, &form, &[("cookie", &self.text())]).await;
        self.keep(&reply);
        reply
    }

    /// Logs in on a page, and says where that leads.
    async fn log_in(&mut self, http: &Http, page: &str, (username, password): (&str, &str)) -> String {
        let typed = [
            ("username", username.to_owned()),
            ("password", password.to_owned()),
        ];
        self.answer(http, page, "/login", typed).await.location()
    }

    /// Opens a page that somebody is in the middle of something on, and posts its form with this typed in.
    async fn answer<const N: usize>(
        &mut self,
        http: &Http,
        page: &str,
        action: &str,
        typed: [(&str, String); N],
    ) -> Reply {
        let page = self.get(http, page).await;
        let mut form = vec![
            ("interaction", hidden(&page, "interaction")),
            ("csrf_token", hidden(&page, "csrf_token")),
        ];
        form.extend(typed);
        self.post(http, action, &form).await
    }

    fn keep(&mut self, reply: &Reply) {
        for cookie in reply.headers.get_all("set-cookie") {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.0.insert(name.to_owned(), value.to_owned());
        }
    }

    fn text(&self) -> String {
        let pairs: Vec<String> = self
            .0
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        pairs.join("; ")
    }
}

/// Opens an authorization request, logs in and answers the question of the consent page; returns where the browser is sent
/// back to.
pub(crate) async fn authorize(http: &Http, url: &str, user: (&str, &str), decision: &str) -> String {
    let mut cookies = Cookies::default();
    let to_login = cookies.get(http, url).await.location();
    let after_login = cookies.log_in(http, &to_login, user).await;
    // Who has said yes before may not be asked.
    if !after_login.contains("/consent") {
        return after_login;
    }
    let decided = ("decision", decision.to_owned());
    cookies
        .answer(http, &after_login, "/consent", [decided])
        .await
        .location()
}

/// Types the code of a device, logs in and allows it.
pub(crate) async fn approve_device(http: &Http, user_code: &str, user: (&str, &str)) {
    let mut cookies = Cookies::default();
    let page = cookies.get(http, "/device").await;
    let form = [
        ("csrf_token", hidden(&page, "csrf_token")),
        ("user_code", user_code.to_owned()),
    ];
    let to_login = cookies.post(http, "/device", &form).await.location();
    let to_confirm = cookies.log_in(http, &to_login, user).await;
    let decided = ("decision", "approve".to_owned());
    let done = cookies
        .answer(http, &to_confirm, "/device/confirm", [decided])
        .await;
    assert!(done.body.contains("id=\"device-approved\""), "{done:?}");
}
