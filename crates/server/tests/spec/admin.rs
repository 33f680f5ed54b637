//! The administration API (RFC 9110 conditions, RFC 9457 problems, RFC 6750 challenges).

mod authorization;
mod catalogue;
mod clients;
mod grants;
mod keys;
mod paging;
mod refusals;
mod users;

use grantor_jose::digest;
use grantor_protocol::Cause;
use grantor_protocol::record::{Client, Revision, StoredSecret};
use grantor_protocol::{Change, Expect};
use grantor_types::{ClientAuthMethod, ClientId, GrantType, Resource, Scope};
use http::Method;
use http::header::{CONTENT_TYPE, ETAG, IF_MATCH};
use serde_json::{Value, json};

use crate::harness::{Answer, Call, START, Server, Setup};

const ADMIN: &str = "https://id.example/admin";
const SECRET: &str = "the secret of an operator, of sufficient length";

/// A server and a client that administers it.
struct Api {
    server: Server,
    token: String,
}

impl Api {
    async fn start() -> Self {
        Self::on(Setup::new()).await
    }

    async fn on(setup: Setup) -> Self {
        let server = setup.start().await;
        add_client(&server, "operator", "admin:read admin:write read").await;
        let token = token(&server, "operator", &[("resource", ADMIN)]).await;
        Self { server, token }
    }

    async fn send(&self, method: Method, path: &str, etag: Option<&str>, body: Option<Value>) -> Answer {
        let mut call = Call::new(method, &format!("/admin/v1{path}")).bearer(&self.token);
        if let Some(etag) = etag {
            call = call.header(IF_MATCH, etag);
        }
        if let Some(body) = body {
            call = call.body("application/json", body.to_string());
        }
        self.server.call(call).await
    }

    async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None, None).await
    }

    async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, None, Some(body)).await
    }

    async fn put(&self, path: &str, etag: &str, body: Value) -> Answer {
        self.send(Method::PUT, path, Some(etag), Some(body)).await
    }

    async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None, None).await
    }

    /// The entity tag of what is at a path.
    async fn etag(&self, path: &str) -> String {
        self.get(path).await.header(ETAG).unwrap().to_owned()
    }
}

/// A client with a secret that may get tokens for the API.
async fn add_client(server: &Server, id: &str, scope: &str) {
    let resource = |text| Resource::parse(text).unwrap();
    let client = Client {
        secrets: vec![StoredSecret {
            hash: digest::secret_hash(SECRET),
            expires_at: None,
            sealed: None,
        }],
        authentication_methods: vec![ClientAuthMethod::ClientSecretBasic],
        grant_types: vec![GrantType::ClientCredentials],
        scope: Scope::parse(scope).unwrap(),
        audiences: vec![resource(ADMIN), resource("https://api.example")],
        revision: Revision(1),
        ..Client::new(ClientId::parse(id).unwrap(), START)
    };
    let client = Box::new(client);
    let expect = Expect::Absent;
    server.commit(Change::PutClient { client, expect }).await;
}

async fn token(server: &Server, client: &str, fields: &[(&str, &str)]) -> String {
    let mut call = Call::token()
        .basic(client, SECRET)
        .field("grant_type", "client_credentials");
    for (name, value) in fields {
        call = call.field(name, value);
    }
    server.call(call).await.ok()["access_token"]
        .as_str()
        .unwrap()
        .to_owned()
}

/// Checks a problem: status, kind, sentence, and the id that finds the request in the log.
#[track_caller]
fn is_problem(answer: &Answer, status: u16, cause: Cause) -> Value {
    assert_eq!(answer.status, status, "{}", answer.text());
    assert_eq!(answer.header(CONTENT_TYPE), Some("application/problem+json"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let problem: Value = serde_json::from_str(answer.text()).unwrap();
    let expected = (
        json!(format!("urn:grantor:cause:{}", cause.id())),
        json!(cause.description()),
        json!(status),
        json!(answer.header("x-request-id").unwrap()),
    );
    let found = ["type", "title", "status", "instance"].map(|name| problem[name].clone());
    let [kind, title, status, instance] = found;
    assert_eq!((kind, title, status, instance), expected);
    problem
}

/// Something that was made: where it is, its entity tag, and what was answered.
#[track_caller]
fn made(answer: &Answer) -> (String, String, Value) {
    assert_eq!(answer.status, 201, "{}", answer.text());
    let location = answer
        .location()
        .strip_prefix("https://id.example/admin/v1")
        .unwrap();
    let etag = answer.header(ETAG).unwrap().to_owned();
    (location.to_owned(), etag, answer.json())
}
