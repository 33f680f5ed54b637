//! Clients that register themselves.

use grantor_protocol::register::{NewInitialToken, make_initial};
use grantor_protocol::{Cause, Change, Random};
use grantor_types::{RegistrationMode, Scope, Seconds};
use http::Method;
use serde_json::{Value, json};

use super::{Answer, Ask, Call, Server, Setup, VERIFIER, text};

pub(crate) const REGISTER: &str = "/oauth/register";

/// A server where everybody may register.
pub(crate) fn open() -> Setup {
    Setup::new().policy(|policy| {
        policy.registration.mode = RegistrationMode::Open;
        policy.registration.allowed_scope = Scope::parse("openid profile email read").unwrap();
    })
}

/// A whole document with some members replaced.
pub(crate) fn document(changes: &Value) -> Value {
    let mut document = json!({
        "client_name": "The strange client",
        "redirect_uris": ["https://strange.example/cb"],
        "grant_types": ["authorization_code", "refresh_token"],
    });
    let members = document.as_object_mut().unwrap();
    members.extend(changes.as_object().unwrap().clone());
    document
}

/// Sends a document.
pub(crate) fn register(document: &Value) -> Call {
    Call::post(REGISTER).body("application/json", document.to_string())
}

/// Registers a client.
pub(crate) async fn registered(server: &Server, changes: &Value) -> Value {
    let answer = server.call(register(&document(changes))).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()
}

/// A request to the address of a registration, with its token.
pub(crate) fn manage(method: Method, registered: &Value) -> Call {
    let path = text(&registered["registration_client_uri"])
        .strip_prefix("https://id.example")
        .unwrap();
    Call::new(method, path).bearer(text(&registered["registration_access_token"]))
}

/// Replaces a registration.
pub(crate) fn replace(registered: &Value, changes: &Value) -> Call {
    let mut document = document(changes);
    let members = document.as_object_mut().unwrap();
    members
        .entry("client_id")
        .or_insert(registered["client_id"].clone());
    manage(Method::PUT, registered).body("application/json", document.to_string())
}

/// Makes an initial access token.
pub(crate) async fn initial_token(server: &Server, uses: Option<u32>, lifetime: Seconds) -> String {
    let name = "ci".to_owned();
    let wanted = NewInitialToken { name, uses, lifetime };
    let random = Random::from_bytes(&[5; Random::LENGTH]);
    let (text, token) = make_initial(server.app.now(), &random, wanted);
    server
        .commit(Change::CreateInitialAccessToken(Box::new(token)))
        .await;
    text.expose().to_owned()
}

/// An authorization request of a registered client.
pub(crate) fn ask(registered: &Value) -> Ask {
    let redirect_uri = text(&registered["redirect_uris"][0]);
    Ask::of(text(&registered["client_id"]), redirect_uri).with("scope", "openid read")
}

/// Redeems a code of [`ask`] with the secret of the client, or without when it has none.
pub(crate) fn redeem(registered: &Value, code: &str) -> Call {
    let id = text(&registered["client_id"]);
    let call = Call::token()
        .field("grant_type", "authorization_code")
        .field("code", code)
        .field("code_verifier", VERIFIER)
        .field("redirect_uri", text(&registered["redirect_uris"][0]));
    match registered.get("client_secret") {
        Some(secret) => call.basic(id, text(secret)),
        None => call.field("client_id", id),
    }
}

/// Checks a refusal that names a member, and nothing more.
#[track_caller]
pub(crate) fn refused_for(answer: &Answer, member: &str, cause: Cause) {
    let description = format!("{member}: {}", cause.description());
    let expected = json!({ "error": cause.code().as_str(), "error_description": description });
    assert_eq!((answer.status, answer.json()), (400, expected));
    assert_eq!(answer.header("pragma"), Some("no-cache"));
}
