//! [RFC 8693](https://www.rfc-editor.org/rfc/rfc8693): a token for one service becomes a token for another.

mod hostile;
mod refresh;
mod revocation;

use grantor_protocol::record::{ExchangeRule, SubjectsOf};
use grantor_types::{ClientId, GrantType, Resource, Scope, Seconds, TokenTypeUri};
use serde_json::{Value, json};

use crate::harness::{ALICE, Answer, Ask, Call, Server, Setup, jwt, text, user_id};
use crate::rfc8414_metadata;

const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";
const REFRESH_TOKEN: &str = "urn:ietf:params:oauth:token-type:refresh_token";
const ID_TOKEN: &str = "urn:ietf:params:oauth:token-type:id_token";
const JWT: &str = "urn:ietf:params:oauth:token-type:jwt";
const API: &str = "https://api.example";
const FILES: &str = "https://files.example";
const SEALED: &str = "https://sealed.example";

/// `backend` may exchange what `web` was given, of every kind, for tokens for two services.
fn rule() -> ExchangeRule {
    ExchangeRule {
        subject_token_types: TokenTypeUri::ALL.to_vec(),
        subjects_of: SubjectsOf::Clients(vec![ClientId::parse("web").unwrap()]),
        audiences: [FILES, SEALED].map(|name| Resource::parse(name).unwrap()).into(),
        delegation: true,
        impersonation: false,
        refresh_token: false,
    }
}

fn setup(rules: Vec<ExchangeRule>) -> Setup {
    Setup::new().client("backend", |client| {
        client.grant_types = vec![GrantType::ClientCredentials, GrantType::TokenExchange];
        client.scope = Scope::parse("openid read write").unwrap();
        client.audiences = vec![Resource::parse(API).unwrap()];
        client.token_exchange = rules;
    })
}

async fn start() -> Server {
    setup(vec![rule()]).start().await
}

/// An exchange by `backend` for `FILES`.
fn exchange(subject: &Value, kind: &str) -> Call {
    Call::token()
        .client("backend")
        .field("grant_type", EXCHANGE)
        .field("subject_token", text(subject))
        .field("subject_token_type", kind)
        .field("audience", FILES)
}

/// A client's own token.
async fn own(server: &Server, client: &str) -> Value {
    let call = Call::token()
        .client(client)
        .field("grant_type", "client_credentials");
    server.call(call).await.ok()["access_token"].clone()
}

/// What `web` holds of Alice.
async fn alices(server: &Server) -> Value {
    Ask::web()
        .with("scope", "openid email read write")
        .and("resource", API)
        .tokens(server)
        .await
}

async fn introspect(server: &Server, token: &Value) -> Value {
    server
        .call(Call::introspect(text(token)).client("auditor"))
        .await
        .ok()
}

#[tokio::test]
async fn a_service_calls_another_for_the_user() {
    let server = start().await;
    let tokens = alices(&server).await;
    let before = server.everything_stored();
    let answer = server
        .call(exchange(&tokens["access_token"], ACCESS_TOKEN).field("scope", "read"))
        .await;
    let found = answer.ok();
    assert_eq!(
        answer.members(),
        [
            "access_token",
            "expires_in",
            "issued_token_type",
            "scope",
            "token_type"
        ]
    );
    assert_eq!(found["issued_token_type"], json!(ACCESS_TOKEN));
    assert_eq!(
        (&found["token_type"], &found["scope"]),
        (&json!("Bearer"), &json!("read"))
    );
    let (claims, subject) = (
        jwt::claims(text(&found["access_token"])),
        jwt::claims(text(&tokens["access_token"])),
    );
    let user = user_id(ALICE).to_string();
    let expected = json!({
        "iss": "https://id.example", "sub": user, "aud": FILES, "client_id": "backend", "scope": "read",
        "exp": subject["exp"], "iat": server.now(), "jti": claims["jti"], "auth_time": subject["auth_time"],
        "grant_id": subject["grant_id"], "act": { "sub": "backend", "client_id": "backend" },
        "exchanged_from": [subject["jti"]],
    });
    assert_eq!(claims, expected);
    // It is signed and stored nowhere.
    assert_eq!(server.everything_stored(), before);
    let seen = introspect(&server, &found["access_token"]).await;
    assert_eq!(
        (&seen["active"], &seen["sub"], &seen["act"]),
        (&json!(true), &json!(user), &expected["act"])
    );
}

/// What the notebook of the seed documents does.
#[tokio::test]
async fn a_client_narrows_a_token_of_its_own() {
    let server = setup(Vec::new()).start().await;
    let own = own(&server, "backend").await;
    let call = || {
        Call::token()
            .field("client_id", "backend")
            .field("client_secret", "backend-secret")
            .field("grant_type", EXCHANGE)
            .field("subject_token", text(&own))
            .field("subject_token_type", ACCESS_TOKEN)
            .field("audience", API)
            .field("scope", "read")
    };
    let found = server.call(call()).await.ok();
    let claims = jwt::claims(text(&found["access_token"]));
    assert_eq!(
        (&claims["sub"], &claims["aud"], &claims["scope"]),
        (&json!("backend"), &json!(API), &json!("read"))
    );
    assert!(claims.get("act").is_none() && claims.get("grant_id").is_none());
    let with_actor = call()
        .field("actor_token", text(&own))
        .field("actor_token_type", ACCESS_TOKEN);
    let found = server.call(with_actor).await.ok();
    let claims = jwt::claims(text(&found["access_token"]));
    assert_eq!(claims["act"], json!({ "sub": "backend", "client_id": "backend" }));
}

#[tokio::test]
async fn every_kind_of_subject_token() {
    let server = start().await;
    let tokens = alices(&server).await;
    for (name, kind) in [
        ("access_token", ACCESS_TOKEN),
        ("access_token", JWT),
        ("refresh_token", REFRESH_TOKEN),
        ("id_token", ID_TOKEN),
    ] {
        let found = server.call(exchange(&tokens[name], kind)).await.ok();
        let claims = jwt::claims(text(&found["access_token"]));
        assert_eq!(claims["sub"], json!(user_id(ALICE).to_string()), "{kind}");
        assert_eq!(
            (&claims["aud"], &claims["scope"]),
            (&json!(FILES), &json!("read write")),
            "{kind}"
        );
    }
    let opaque = Ask::web().and("resource", SEALED).tokens(&server).await["access_token"].clone();
    assert!(!text(&opaque).contains('.'));
    server.call(exchange(&opaque, ACCESS_TOKEN)).await.ok();
}

#[tokio::test]
async fn what_is_issued() {
    let server = start().await;
    let tokens = alices(&server).await;
    let call = |audience: &str| {
        exchange(&tokens["access_token"], ACCESS_TOKEN)
            .without("audience")
            .field("audience", audience)
    };
    let found = server
        .call(call(FILES).field("requested_token_type", JWT))
        .await
        .ok();
    assert_eq!(
        (&found["issued_token_type"], &found["token_type"]),
        (&json!(JWT), &json!("Bearer"))
    );
    let found = server.call(call(SEALED)).await.ok();
    assert_eq!(found["issued_token_type"], json!(ACCESS_TOKEN));
    assert!(!text(&found["access_token"]).contains('.'));
    let both = call(SEALED).field("audience", FILES).field("resource", FILES);
    let found = server.call(both).await.ok();
    let seen = introspect(&server, &found["access_token"]).await;
    assert_eq!(seen["aud"], json!([FILES, SEALED]));
}

#[tokio::test]
async fn the_chain_of_actors_is_kept() {
    let next = ExchangeRule {
        subjects_of: SubjectsOf::Clients(vec![ClientId::parse("backend").unwrap()]),
        ..rule()
    };
    let server = setup(vec![rule()])
        .client("service", |client| {
            client.grant_types.push(GrantType::TokenExchange);
            client.token_exchange = vec![next];
        })
        .start()
        .await;
    let first = server
        .call(exchange(&alices(&server).await["access_token"], ACCESS_TOKEN))
        .await
        .ok();
    let second = Call::token()
        .client("service")
        .field("grant_type", EXCHANGE)
        .field("subject_token", text(&first["access_token"]))
        .field("subject_token_type", ACCESS_TOKEN)
        .field("actor_token", text(&own(&server, "service").await))
        .field("actor_token_type", ACCESS_TOKEN)
        .field("audience", FILES);
    let found = server.call(second).await.ok();
    let claims = jwt::claims(text(&found["access_token"]));
    let first = json!({ "sub": "backend", "client_id": "backend" });
    assert_eq!(
        claims["act"],
        json!({ "sub": "service", "client_id": "service", "act": first })
    );
    assert_eq!(claims["sub"], json!(user_id(ALICE).to_string()));
    assert_eq!(claims["exchanged_from"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn it_never_outlives_the_subject_token() {
    let server = start().await;
    let tokens = alices(&server).await;
    server.advance(Seconds(3000));
    let found = server
        .call(exchange(&tokens["access_token"], ACCESS_TOKEN))
        .await
        .ok();
    assert_eq!(found["expires_in"], json!(600));
}

#[tokio::test]
async fn metadata_name_the_grant() {
    let server = start().await;
    let metadata = rfc8414_metadata::document(&server, "/.well-known/oauth-authorization-server").await;
    assert!(
        metadata["grant_types_supported"]
            .as_array()
            .unwrap()
            .contains(&json!(EXCHANGE))
    );
}

/// Sends a request that has to be refused and to change nothing.
async fn refused(server: &Server, name: &str, call: Call, error: &str, cause: grantor_protocol::Cause) {
    let before = server.everything_stored();
    let answer: Answer = server.call(call).await;
    assert_eq!(answer.json()["error"], json!(error), "{name}");
    answer.refused(400, error, cause);
    assert_eq!(server.everything_stored(), before, "{name}");
}
