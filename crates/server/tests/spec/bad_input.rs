//! What is malformed or hostile: a table for each endpoint. Every row says the exact answer, and that nothing in the
//! store has changed by it.

mod authorize;
mod client_authentication;
mod http;
mod introspect;
mod pages;
mod revoke;
mod token;
mod userinfo;

use ::http::header::{ALLOW, COOKIE, LOCATION, WWW_AUTHENTICATE};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use grantor_protocol::Cause;
use serde_json::json;

use crate::harness::{ALICE, Answer, Ask, BOB, Browser, Call, Callback, Form, Server, Setup};

/// One request and its answer.
pub(crate) struct Row {
    name: &'static str,
    call: Call,
    expected: Expected,
}

/// What a row is answered with. Errors are status, code and the id of the cause.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Expected {
    Json(u16, &'static str, &'static str),
    /// The same, and a challenge for the scheme that was used.
    JsonAndBasic(u16, &'static str, &'static str),
    /// A refusal by an endpoint that takes access tokens, and the challenge that comes with it.
    Bearer(u16, &'static str, &'static str, &'static str),
    Page(u16, &'static str, &'static str),
    /// The client is told, at its redirect URI.
    Redirect(&'static str, &'static str),
    /// 405, and the methods that there are.
    NotAllowed(&'static str),
    /// `{"active":false}`, and nothing more.
    Inactive,
    /// 200 and nothing, as RFC 7009 2.2 wants it for tokens that are not the caller's.
    Ignored,
    /// A page of ours with this status and marker.
    Shows(u16, &'static str),
    /// The login page is next.
    ToLogin,
}

pub(crate) const fn row(name: &'static str, call: Call, expected: Expected) -> Row {
    Row { name, call, expected }
}

/// A server with everything an attacker may have got hold of.
pub(crate) struct World {
    pub(crate) server: Server,
    /// A code of `web` that waits to be redeemed.
    pub(crate) code: String,
    /// Of `web`, for Alice, with `openid`.
    pub(crate) access_token: String,
    pub(crate) refresh_token: String,
    pub(crate) id_token: String,
    /// Of `spa`.
    pub(crate) public_refresh_token: String,
    /// Of `web`, opaque.
    pub(crate) opaque_token: String,
    /// Of `service`, for itself.
    pub(crate) own_token: String,
    /// The JWK set.
    pub(crate) jwks: Vec<u8>,
    /// Alice's cookies.
    pub(crate) alice: String,
    /// The consent form in front of Alice.
    pub(crate) consent: Form,
    /// The consent form in front of Bob, in another browser.
    pub(crate) bobs_consent: Form,
    /// Bob's cookies.
    bob: String,
}

impl World {
    pub(crate) async fn new() -> Self {
        let setup = Setup::new().client("portal", |client| {
            client.authentication_methods = vec![grantor_types::ClientAuthMethod::ClientSecretBasic];
        });
        let server = setup.start().await;
        let web = Ask::web().with("scope", "openid read");
        let tokens = web.tokens(&server).await;
        let sealed = Ask::web().with("resource", "https://sealed.example");
        let service = Call::token()
            .client("service")
            .field("grant_type", "client_credentials");
        let (alice, consent) = consent_form(&server, ALICE).await;
        let (bob, bobs_consent) = consent_form(&server, BOB).await;
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        Self {
            code: web.code(&server).await,
            access_token: text(&tokens["access_token"]),
            refresh_token: text(&tokens["refresh_token"]),
            id_token: text(&tokens["id_token"]),
            public_refresh_token: text(&Ask::spa().tokens(&server).await["refresh_token"]),
            opaque_token: text(&sealed.tokens(&server).await["access_token"]),
            own_token: text(&server.call(service).await.ok()["access_token"]),
            jwks: server.call(Call::get("/oauth/jwks.json")).await.body.to_vec(),
            alice,
            consent,
            bobs_consent,
            bob,
            server,
        }
    }

    /// One of Alice's cookies, as the header has it.
    pub(crate) fn cookie(&self, name: &str) -> String {
        cookie(&self.alice, name)
    }

    /// The id of Bob's session.
    pub(crate) fn bobs_session(&self) -> String {
        let cookie = cookie(&self.bob, "__Host-grantor_session");
        let bytes = URL_SAFE_NO_PAD.decode(cookie.split_once('=').unwrap().1).unwrap();
        URL_SAFE_NO_PAD.encode(&bytes[..16])
    }

    /// Sends every row and checks its answer and that the store is as it was; then that what the attacker had aimed at
    /// still works.
    pub(crate) async fn check(&self, rows: Vec<Row>) {
        for Row { name, call, expected } in rows {
            let before = self.server.everything_stored();
            let answer = self.server.call(call).await;
            println!("{name}: {}", answer.status);
            expected.check(&answer);
            assert!(
                answer
                    .set_cookies()
                    .iter()
                    .all(|cookie| !cookie.contains("session"))
            );
            assert!(!answer.text().contains("<script>alert"), "{}", answer.text());
            assert_eq!(
                self.server.everything_stored(),
                before,
                "{name} changed something"
            );
        }
        let active = Call::introspect(&self.access_token).client("web");
        assert_eq!(self.server.call(active).await.ok()["active"], json!(true));
        for (client, token) in [("web", &self.refresh_token), ("spa", &self.public_refresh_token)] {
            self.server.call(Call::refresh(client, token)).await.ok();
        }
        self.server.call(Ask::web().redeem(&self.code)).await.ok();
        let allowed = Call::post(&self.consent.action).fields(&self.consent.fields);
        let answer = self.server.call(allowed.header(COOKIE, &self.alice)).await;
        assert!(Callback::of(&answer).value("code").is_some());
    }
}

/// A browser's cookies, and the form in front of it that allows `other` to read.
async fn consent_form(server: &Server, username: &str) -> (String, Form) {
    let mut browser = Browser::new(server);
    let ask = Ask::of("other", "https://other.example/cb").with("scope", "read");
    let login = browser.ask(&ask).await;
    let consent = browser.log_in(&login, username).await;
    consent.is_page("consent-page");
    (
        browser.cookie_header(),
        Form::sent_by(consent.text(), "consent-approve"),
    )
}

fn cookie(header: &str, name: &str) -> String {
    let start = format!("{name}=");
    let found = header.split("; ").find(|cookie| cookie.starts_with(&start));
    found.unwrap().to_owned()
}

fn cause(id: &str) -> Cause {
    let found = Cause::ALL.iter().find(|cause| cause.id() == id);
    *found.unwrap_or_else(|| panic!("no cause {id}"))
}

impl Expected {
    #[track_caller]
    fn check(self, answer: &Answer) {
        match self {
            Self::Json(status, error, id) => {
                answer.refused(status, error, cause(id));
                assert_eq!(answer.header(WWW_AUTHENTICATE), None);
            }
            Self::JsonAndBasic(status, error, id) => {
                answer.refused(status, error, cause(id));
                assert_eq!(answer.header(WWW_AUTHENTICATE), Some("Basic realm=\"grantor\""));
            }
            Self::Bearer(status, error, id, challenge) => {
                answer.refused(status, error, cause(id));
                let challenge = challenge.replace("{description}", cause(id).description());
                assert_eq!(answer.challenges(), challenge);
            }
            Self::Page(status, error, id) => answer.refused_on_page(status, error, cause(id)),
            Self::Redirect(error, id) => {
                assert!(matches!(answer.status, 302 | 303), "{}", answer.text());
                let callback = Callback::of(answer);
                assert_eq!(callback.uri, "https://app.example/cb");
                let found = ["error", "error_description", "code", "iss"].map(|name| callback.value(name));
                let expected = [
                    Some(error),
                    Some(cause(id).description()),
                    None,
                    Some("https://id.example"),
                ];
                assert_eq!(found, expected);
            }
            Self::NotAllowed(allow) => {
                assert_eq!((answer.status, answer.header(ALLOW)), (405, Some(allow)));
            }
            Self::Inactive => assert_eq!(answer.ok(), json!({ "active": false })),
            Self::Ignored => assert_eq!((answer.status, answer.text()), (200, "")),
            Self::Shows(status, marker) => {
                assert_eq!(answer.status, status, "{}", answer.text());
                answer.is_page(marker);
            }
            Self::ToLogin => {
                assert!(answer.location().starts_with("/login?interaction="));
                assert_eq!(answer.header(LOCATION).map(|to| to.contains("\r")), Some(false));
            }
        }
    }
}

/// The tables together are what the coverage says they are.
#[tokio::test]
async fn there_are_more_than_two_hundred_rows() {
    let world = World::new().await;
    let tables = [
        authorize::rows(&world),
        client_authentication::rows(&world),
        http::rows(&world),
        introspect::rows(&world),
        pages::rows(&world),
        revoke::rows(&world),
        token::rows(&world),
        userinfo::rows(&world),
    ];
    let mut names: Vec<&str> = tables.iter().flatten().map(|row| row.name).collect();
    let all = names.len();
    assert!(all > 200, "{all}");
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all, "two rows have one name");
}
