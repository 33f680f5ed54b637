//! JWTs of trusted issuers as subject and actor tokens (RFC 8693 2.1).

use grantor_protocol::Cause;
use grantor_protocol::record::{ExchangeRule, SubjectsOf};
use grantor_types::{Resource, Scope, TokenTypeUri};
use serde_json::{Value, json};

use super::{ALICE, API, IDP, claims, introspect, sign, start};
use crate::harness::{Call, Server, jwt, text, user_id};

const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const JWT: &str = "urn:ietf:params:oauth:token-type:jwt";

/// `backend` may exchange JWTs, and `service` too, if only the issuer named it.
async fn with_rules() -> Server {
    let server = start().await;
    for client in ["backend", "service"] {
        server
            .edit_client(client, |client| {
                client.grant_types = grantor_types::GrantType::ALL.to_vec();
                client.scope = Scope::parse("read").unwrap();
                client.token_exchange = vec![ExchangeRule {
                    subject_token_types: vec![TokenTypeUri::Jwt],
                    subjects_of: SubjectsOf::Own,
                    audiences: vec![Resource::parse(API).unwrap()],
                    delegation: true,
                    impersonation: true,
                    refresh_token: false,
                }];
            })
            .await;
    }
    server
}

fn exchange(client: &str, subject: &Value) -> Call {
    Call::token()
        .client(client)
        .field("grant_type", EXCHANGE)
        .field("subject_token", &sign(subject))
        .field("subject_token_type", JWT)
        .field("audience", API)
}

async fn refused(server: &Server, name: &str, call: Call, cause: Cause) {
    let before = server.everything_stored();
    let answer = server.call(call).await;
    assert_eq!(answer.json()["error"], json!("invalid_request"), "{name}");
    answer.refused(400, "invalid_request", cause);
    assert_eq!(server.everything_stored(), before, "{name}");
}

#[tokio::test]
async fn a_foreign_jwt_becomes_a_token_with_a_grant() {
    let server = with_rules().await;
    let subject = claims(&server, "1");
    let found = server.call(exchange("backend", &subject)).await.ok();
    assert_eq!(
        (&found["scope"], &found["expires_in"]),
        (&json!("read"), &json!(300))
    );
    let issued = jwt::claims(text(&found["access_token"]));
    assert_eq!(issued["sub"], json!(user_id(ALICE).to_string()));
    assert!(issued.get("grant_id").is_some());
    assert_eq!(
        introspect(&server, &found["access_token"]).await["active"],
        json!(true)
    );
    refused(
        &server,
        "again",
        exchange("backend", &subject),
        Cause::SubjectTokenInvalid,
    )
    .await;
}

#[tokio::test]
async fn a_foreign_actor_and_whom_may_act_names() {
    let server = with_rules().await;
    let mut robot = claims(&server, "robot");
    robot["sub"] = json!("robot");
    let delegate = |subject: &Value, actor: &Value| {
        exchange("backend", subject)
            .field("actor_token", &sign(actor))
            .field("actor_token_type", JWT)
    };
    let mut subject = claims(&server, "1");
    subject["may_act"] = json!({ "sub": "other" });
    refused(
        &server,
        "another actor",
        delegate(&subject, &robot),
        Cause::ActorNotNamed,
    )
    .await;
    refused(
        &server,
        "no actor",
        exchange("backend", &subject),
        Cause::ActorNotNamed,
    )
    .await;
    subject["may_act"] = json!({ "sub": "robot" });
    let found = server.call(delegate(&subject, &robot)).await.ok();
    let issued = jwt::claims(text(&found["access_token"]));
    assert_eq!(issued["act"], json!({ "sub": "robot", "iss": IDP }));
    // Neither of the two can be used again, nor one of them twice at once.
    let fresh = claims(&server, "2");
    refused(
        &server,
        "the actor again",
        delegate(&fresh, &robot),
        Cause::ActorTokenInvalid,
    )
    .await;
    refused(
        &server,
        "itself",
        delegate(&fresh, &fresh),
        Cause::ActorTokenInvalid,
    )
    .await;
}

#[tokio::test]
async fn what_is_refused() {
    let server = with_rules().await;
    let with = |name: &str, value: Value| {
        let mut claims = claims(&server, "1");
        claims[name] = value;
        claims
    };
    let now = server.now();
    #[rustfmt::skip]
    let rows = [
        ("expired", "backend", with("exp", json!(now - 30)), Cause::SubjectTokenExpired),
        ("for too long", "backend", with("exp", json!(now + 7200)), Cause::SubjectTokenInvalid),
        ("nobody", "backend", with("sub", json!("mallory")), Cause::SubjectTokenInvalid),
        ("a user that is switched off", "backend", with("sub", json!("carol")), Cause::SubjectTokenInvalid),
        ("another audience", "backend", with("aud", json!(API)), Cause::SubjectTokenInvalid),
        ("an unknown issuer", "backend", with("iss", json!("https://evil.example")), Cause::SubjectTokenInvalid),
        ("without an id", "backend", with("jti", Value::Null), Cause::SubjectTokenInvalid),
        ("a client that the issuer does not name", "service", claims(&server, "1"), Cause::SubjectTokenNotAllowed),
    ];
    for (name, client, claims, cause) in rows {
        refused(&server, name, exchange(client, &claims), cause).await;
    }
    server
        .edit_client("backend", |client| client.token_exchange.clear())
        .await;
    let call = exchange("backend", &claims(&server, "1"));
    refused(&server, "no rule", call, Cause::SubjectTokenNotAllowed).await;
}
