//! [RFC 7523](https://www.rfc-editor.org/rfc/rfc7523): the word of a trusted issuer in place of a person at our pages.

mod exchange;
mod hostile;
mod published_keys;

use std::sync::OnceLock;

use grantor_jose::{Jwks, SigningKey, Type};
use grantor_protocol::Change;
use grantor_protocol::record::{SubjectMapping, TrustedIssuer};
use grantor_types::{ClientId, GrantType, Resource, Scope, Seconds, SigningAlgorithm};
use serde_json::{Value, json};

use crate::harness::{ALICE, BOB, Call, Server, Setup, jwt, text, user_id};

const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const IDP: &str = "https://idp.example";
const ISSUER: &str = "https://id.example";
const API: &str = "https://api.example";

/// The key of the trusted issuer.
fn key() -> &'static SigningKey {
    static KEY: OnceLock<SigningKey> = OnceLock::new();
    KEY.get_or_init(|| SigningKey::generate(SigningAlgorithm::Es256).unwrap().0)
}

fn trusted() -> TrustedIssuer {
    TrustedIssuer {
        issuer: IDP.to_owned(),
        jwks: Some(Jwks {
            keys: vec![key().public_jwk()],
        }),
        jwks_uri: None,
        algorithms: Vec::new(),
        subject: SubjectMapping::Username,
        scope: Scope::parse("read write").unwrap(),
        clients: vec![ClientId::parse("backend").unwrap()],
        max_lifetime: None,
        software_statements: false,
    }
}

async fn start_with(issuer: TrustedIssuer) -> Server {
    let server = Setup::new()
        .client("backend", |client| {
            client.grant_types = vec![GrantType::JwtBearer, GrantType::TokenExchange];
            client.scope = Scope::parse("read email").unwrap();
            client.audiences = vec![Resource::parse(API).unwrap()];
        })
        .start()
        .await;
    server.commit(Change::PutTrustedIssuer(Box::new(issuer))).await;
    server
}

async fn start() -> Server {
    start_with(trusted()).await
}

/// Claims that are good, for Alice; `jti` keeps them apart.
fn claims(server: &Server, jti: &str) -> Value {
    let now = server.now();
    json!({ "iss": IDP, "sub": ALICE, "aud": ISSUER, "exp": now + 300, "iat": now, "jti": jti })
}

fn sign(claims: &Value) -> String {
    key().sign(Type::Jwt, claims).unwrap()
}

fn ask(assertion: &str) -> Call {
    Call::token()
        .client("backend")
        .field("grant_type", JWT_BEARER)
        .field("assertion", assertion)
}

async fn introspect(server: &Server, token: &Value) -> Value {
    server
        .call(Call::introspect(text(token)).client("auditor"))
        .await
        .ok()
}

#[tokio::test]
async fn an_assertion_becomes_a_token() {
    let server = start().await;
    let assertion = sign(&claims(&server, "1"));
    let answer = server.call(ask(&assertion).field("resource", API)).await;
    let tokens = answer.ok();
    assert_eq!(
        answer.members(),
        ["access_token", "expires_in", "scope", "token_type"]
    );
    // What the issuer and the client both may.
    assert_eq!(
        (&tokens["scope"], &tokens["expires_in"]),
        (&json!("read"), &json!(3600))
    );
    let claims = jwt::claims(text(&tokens["access_token"]));
    assert_eq!(claims["sub"], json!(user_id(ALICE).to_string()));
    assert_eq!(
        (&claims["aud"], &claims["client_id"]),
        (&json!(API), &json!("backend"))
    );
    // The user did not log in here, and the issuer does not say when they did there.
    assert!(claims.get("auth_time").is_none() && claims.get("act").is_none());
    let seen = introspect(&server, &tokens["access_token"]).await;
    assert_eq!(
        (&seen["active"], &seen["username"]),
        (&json!(true), &json!(ALICE))
    );
}

#[tokio::test]
async fn its_grant_can_be_revoked_and_ends_with_its_user() {
    let server = start().await;
    let mut tokens = Vec::new();
    for jti in ["1", "2"] {
        let found = server.call(ask(&sign(&claims(&server, jti)))).await.ok();
        tokens.push(found["access_token"].clone());
    }
    let grant = jwt::claims(text(&tokens[0]))["grant_id"].clone();
    let grant = grantor_types::GrantId::parse(text(&grant)).unwrap();
    let revoke = Change::RevokeGrant {
        grant,
        at: server.app.now(),
        reason: grantor_protocol::record::RevocationReason::Administrator,
    };
    server.commit(revoke).await;
    assert_eq!(introspect(&server, &tokens[0]).await, json!({ "active": false }));
    assert_eq!(introspect(&server, &tokens[1]).await["active"], json!(true));
    server.edit_user(ALICE, |user| user.disabled = true).await;
    assert_eq!(introspect(&server, &tokens[1]).await, json!({ "active": false }));
}

#[tokio::test]
async fn users_by_id_and_what_the_issuer_says_of_them() {
    let issuer = TrustedIssuer {
        subject: SubjectMapping::UserId,
        ..trusted()
    };
    let server = start_with(issuer).await;
    let mut claims = claims(&server, "1");
    claims["sub"] = json!(user_id(BOB).to_string());
    claims["aud"] = json!(["https://elsewhere.example", "https://id.example/oauth/token"]);
    claims["auth_time"] = json!(server.now() - 60);
    claims["act"] = json!({ "sub": "robot" });
    let found = server.call(ask(&sign(&claims))).await.ok();
    let issued = jwt::claims(text(&found["access_token"]));
    assert_eq!(issued["sub"], claims["sub"]);
    assert_eq!(issued["auth_time"], claims["auth_time"]);
    // Whom the issuer names is the issuer's to know.
    assert_eq!(issued["act"], json!({ "sub": "robot", "iss": IDP }));
}

#[tokio::test]
async fn an_assertion_says_what_it_is_good_for() {
    let server = start().await;
    let mut claims = claims(&server, "1");
    claims["scope"] = json!("write");
    let found = server.call(ask(&sign(&claims))).await.ok();
    assert_eq!(found["scope"], json!(""));
}

/// One of them is used up, whatever arrives at the same moment.
#[tokio::test]
async fn of_the_same_assertion_at_once_one_is_taken() {
    let server = start().await;
    let call = ask(&sign(&claims(&server, "1")));
    let answers = server.at_once(std::iter::repeat_n(call, 4)).await;
    let taken = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(taken, 1);
    for answer in answers.iter().filter(|answer| answer.status != 200) {
        answer.refused(400, "invalid_grant", grantor_protocol::Cause::AssertionReplayed);
    }
}

#[tokio::test]
async fn clocks_may_be_a_little_apart() {
    let server = start().await;
    let now = server.now();
    for (name, value) in [("exp", now - 29), ("iat", now + 29), ("nbf", now + 29)] {
        let mut claims = claims(&server, name);
        claims[name] = json!(value);
        server.call(ask(&sign(&claims))).await.ok();
    }
    assert_eq!(grantor_protocol::assertion::CLOCK_SKEW, Seconds(30));
}
