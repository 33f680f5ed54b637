//! [RFC 7591 §2.3](https://www.rfc-editor.org/rfc/rfc7591#section-2.3): somebody who knows the software speaks for it.

use std::sync::OnceLock;

use grantor_jose::{Jwks, SigningKey, Type};
use grantor_protocol::record::{SubjectMapping, TrustedIssuer};
use grantor_protocol::{Cause, Change};
use grantor_types::{Scope, SigningAlgorithm};
use serde_json::{Value, json};

use crate::harness::registration::{document, open, refused_for, register, registered, replace};
use crate::harness::{Answer, Server};

const MAKER: &str = "https://maker.example";

fn key() -> &'static SigningKey {
    static KEY: OnceLock<SigningKey> = OnceLock::new();
    KEY.get_or_init(|| SigningKey::generate(SigningAlgorithm::Es256).unwrap().0)
}

fn sign(claims: &Value) -> String {
    key().sign(Type::Jwt, claims).unwrap()
}

async fn start() -> Server {
    let server = open().start().await;
    for (issuer, software_statements) in [(MAKER, true), ("https://idp.example", false)] {
        let trusted = TrustedIssuer {
            issuer: issuer.to_owned(),
            jwks: Some(Jwks {
                keys: vec![key().public_jwk()],
            }),
            jwks_uri: None,
            algorithms: Vec::new(),
            subject: SubjectMapping::Username,
            scope: Scope::default(),
            clients: Vec::new(),
            max_lifetime: None,
            software_statements,
        };
        server.commit(Change::PutTrustedIssuer(Box::new(trusted))).await;
    }
    server
}

async fn sent(server: &Server, statement: &str) -> Answer {
    let changes = json!({ "client_name": "Its own words", "software_statement": statement });
    server.call(register(&document(&changes))).await
}

#[tokio::test]
async fn what_it_says_takes_precedence_and_it_is_returned_unmodified() {
    let server = start().await;
    let statement = sign(&json!({
        "iss": MAKER, "client_name": "The maker's words", "software_id": "4NRB1-0XZABZI9E6-5SM3R",
        "redirect_uris": ["https://maker.example/cb"],
    }));
    let answer = sent(&server, &statement).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let client = answer.json();
    assert_eq!(client["client_name"], "The maker's words");
    assert_eq!(client["redirect_uris"], json!(["https://maker.example/cb"]));
    assert_eq!(client["software_id"], "4NRB1-0XZABZI9E6-5SM3R");
    assert_eq!(client["software_statement"], statement);
    assert!(client.get("iss").is_none());
    // In an update too.
    let update = replace(
        &client,
        &json!({ "client_name": "Mine again", "software_statement": statement }),
    );
    let updated = server.call(update).await.ok();
    assert_eq!(updated["client_name"], "The maker's words");
}

#[tokio::test]
async fn what_it_says_is_held_to_the_same_rules() {
    let server = start().await;
    let statement = sign(&json!({ "iss": MAKER, "redirect_uris": ["https://maker.example/#x"] }));
    let answer = sent(&server, &statement).await;
    refused_for(&answer, "redirect_uris", Cause::RegistrationRedirectUriFragment);
}

#[tokio::test]
async fn statements_that_are_not_taken() {
    let server = start().await;
    let unapproved = Cause::RegistrationSoftwareStatementUnapproved;
    let invalid = Cause::RegistrationSoftwareStatementInvalid;
    let now = server.now();
    let (other, _) = SigningKey::generate(SigningAlgorithm::Es256).unwrap();
    let good = sign(&json!({ "iss": MAKER }));
    let signature = good.rsplit('.').next().unwrap();
    for (statement, cause) in [
        (sign(&json!({ "iss": "https://stranger.example" })), unapproved),
        // Trusted for other things.
        (sign(&json!({ "iss": "https://idp.example" })), unapproved),
        (sign(&json!({ "client_name": "nobody's" })), invalid),
        (sign(&json!({ "iss": MAKER, "exp": now - 3_600 })), invalid),
        (other.sign(Type::Jwt, &json!({ "iss": MAKER })).unwrap(), invalid),
        (good.replace(signature, ""), invalid),
        ("a.b.c".to_owned(), invalid),
        ("x".to_owned(), invalid),
    ] {
        refused_for(&sent(&server, &statement).await, "software_statement", cause);
    }
    registered(&server, &json!({ "software_statement": good })).await;
}
