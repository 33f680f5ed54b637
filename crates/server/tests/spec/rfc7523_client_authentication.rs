//! [RFC 7523 §2.2](https://www.rfc-editor.org/rfc/rfc7523#section-2.2),
//! [OpenID Connect Core 9](https://openid.net/specs/openid-connect-core-1_0.html#ClientAuthentication): clients that
//! authenticate by a JWT that they have signed.

mod hostile;
mod published_keys;
mod secrets;
mod single_use;

use std::sync::OnceLock;

use grantor_jose::{Jwks, SigningKey, Type};
use grantor_protocol::Cause;
use grantor_protocol::record::{AssertionAudience, Client};
use grantor_server::{PathFamily, Paths};
use grantor_types::{ClientAuthMethod, GrantType, Seconds, SigningAlgorithm};
use serde_json::{Value, json};

use crate::harness::{Ask, Call, Server, Setup, text};
use crate::rfc8414_metadata;

const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const ISSUER: &str = "https://id.example";

/// The key of the clients of these tests.
fn key() -> &'static SigningKey {
    static KEY: OnceLock<SigningKey> = OnceLock::new();
    KEY.get_or_init(|| SigningKey::generate(SigningAlgorithm::Es256).unwrap().0)
}

fn by_key(client: &mut Client) {
    client.authentication_methods = vec![ClientAuthMethod::PrivateKeyJwt];
    client.secrets.clear();
    client.metadata.jwks = Some(Jwks {
        keys: vec![key().public_jwk()],
    });
}

fn setup() -> Setup {
    ["service", "web", "console", "auditor"]
        .into_iter()
        .fold(Setup::new(), |setup, id| setup.client(id, by_key))
}

async fn start() -> Server {
    setup().start().await
}

/// Claims that are good; `jti` keeps them apart.
fn claims(server: &Server, client: &str, jti: &str) -> Value {
    let now = server.now();
    json!({ "iss": client, "sub": client, "aud": ISSUER, "exp": now + 60, "iat": now, "jti": jti })
}

/// Claims of which one is something else; null takes it away.
fn claims_but(server: &Server, client: &str, jti: &str, name: &str, value: Value) -> Value {
    let mut claims = claims(server, client, jti);
    claims[name] = value;
    claims
        .as_object_mut()
        .unwrap()
        .retain(|_, value| !value.is_null());
    claims
}

fn sign(claims: &Value) -> String {
    key().sign(Type::ClientAuthentication, claims).unwrap()
}

fn with(call: Call, assertion: &str) -> Call {
    call.field("client_assertion_type", JWT_BEARER)
        .field("client_assertion", assertion)
}

/// A token request of the client `service`.
fn service(assertion: &str) -> Call {
    with(Call::token().field("grant_type", "client_credentials"), assertion)
}

/// A request to every endpoint where clients authenticate, and its status when it succeeds.
fn everywhere() -> [(&'static str, &'static str, Call, u16); 5] {
    let push = Ask::web()
        .parameters()
        .iter()
        .fold(Call::post("/oauth/par"), |call, (name, value)| {
            call.field(name, value)
        });
    [
        (
            "service",
            "/token",
            Call::token().field("grant_type", "client_credentials"),
            200,
        ),
        ("web", "/par", push, 201),
        ("auditor", "/introspect", Call::introspect("unknown"), 200),
        ("web", "/revoke", Call::revoke("unknown"), 200),
        ("console", "/device/code", Call::post("/oauth/device/code"), 200),
    ]
}

/// "the issuer, or the token endpoint, or the endpoint that is asked": OpenID Connect Core 9 wants the token endpoint,
/// RFC 9126 2 all three.
#[tokio::test]
async fn at_every_endpoint_and_for_each_of_its_names() {
    let mut setup = setup();
    setup.settings.paths = Paths::new(&[PathFamily::Oauth2], [].into());
    let server = setup.start().await;
    let mut number = 0;
    for (client, path, call, status) in everywhere() {
        let own = |family: &str| json!(format!("{ISSUER}/{family}{path}"));
        let audiences = [
            json!(ISSUER),
            json!([ISSUER]),
            json!(["https://elsewhere.example", ISSUER]),
            json!(format!("{ISSUER}/oauth/token")),
            json!(format!("{ISSUER}/oauth2/token")),
            own("oauth"),
            json!([own("oauth2")]),
        ];
        for audience in audiences {
            number += 1;
            let claims = claims_but(&server, client, &number.to_string(), "aud", audience.clone());
            let answer = server.call(with(call.clone(), &sign(&claims))).await;
            assert_eq!(answer.status, status, "{path} {audience} {}", answer.text());
            // "If present, the value of the "client_id" parameter MUST identify the same client" (RFC 7521 4.2)
            let claims = claims_but(&server, client, &format!("{number}+"), "aud", audience);
            let call = call.clone().without("client_id").field("client_id", client);
            assert_eq!(server.call(with(call, &sign(&claims))).await.status, status);
        }
        for audience in [
            json!("https://elsewhere.example"),
            json!(format!("{ISSUER}/")),
            json!(format!("{ISSUER}/oauth/authorize")),
            json!(format!("http://id.example/oauth{path}")),
            json!([]),
            json!(["https://elsewhere.example"]),
            Value::Null,
        ] {
            let claims = claims_but(&server, client, "wrong", "aud", audience);
            server.call(with(call.clone(), &sign(&claims))).await.refused(
                401,
                "invalid_client",
                Cause::ClientAssertionAudience,
            );
        }
    }
}

/// FAPI 2.0 Security Profile 5.3.2.1: the issuer "as a string", for the clients that are registered so or for all.
#[tokio::test]
async fn the_issuer_alone_where_that_is_the_rule() {
    let strict = |client: &mut Client| client.metadata.assertion_audience = AssertionAudience::Issuer;
    let setups = [
        setup().client("service", strict).client("web", strict),
        setup().policy(|policy| policy.client_assertions.issuer_audience_only = true),
    ];
    for setup in setups {
        let server = setup.start().await;
        for (index, (client, _, call, status)) in everywhere().into_iter().take(2).enumerate() {
            let jti = format!("good {index}");
            let assertion = sign(&claims(&server, client, &jti));
            assert_eq!(server.call(with(call.clone(), &assertion)).await.status, status);
            for audience in [
                json!([ISSUER]),
                json!(format!("{ISSUER}/oauth/token")),
                json!(format!("{ISSUER}/oauth/par")),
                json!([ISSUER, format!("{ISSUER}/oauth/token")]),
                Value::Null,
            ] {
                let claims = claims_but(&server, client, "wrong", "aud", audience);
                server.call(with(call.clone(), &sign(&claims))).await.refused(
                    401,
                    "invalid_client",
                    Cause::ClientAssertionAudience,
                );
            }
        }
    }
}

#[tokio::test]
async fn every_algorithm_or_the_one_that_is_registered() {
    let keys: Vec<SigningKey> = SigningAlgorithm::ALL
        .into_iter()
        .map(|algorithm| SigningKey::generate(algorithm).unwrap().0)
        .collect();
    let jwks = Jwks {
        keys: keys.iter().map(SigningKey::public_jwk).collect(),
    };
    let server = setup()
        .client("service", |client| client.metadata.jwks = Some(jwks))
        .start()
        .await;
    let ask = async |key: &SigningKey, jti: &str| {
        let claims = claims(&server, "service", &format!("{} {jti}", key.algorithm()));
        let assertion = key.sign(Type::ClientAuthentication, &claims).unwrap();
        server.call(service(&assertion)).await
    };
    for key in &keys {
        ask(key, "any").await.ok();
    }
    for (registered, algorithm) in [
        ("PS256", SigningAlgorithm::Ps256),
        ("Ed25519", SigningAlgorithm::EdDsa),
    ] {
        server
            .edit_client("service", |client| {
                client.metadata.token_endpoint_auth_signing_alg = Some(registered.to_owned());
            })
            .await;
        for key in &keys {
            let answer = ask(key, registered).await;
            if key.algorithm() == algorithm {
                answer.ok();
            } else {
                answer.refused(401, "invalid_client", Cause::ClientAssertionAlgorithm);
            }
        }
    }
}

/// A profile may take none by RS256, and metadata says so.
#[tokio::test]
async fn what_policy_does_not_allow_no_registration_allows() {
    let (key, _) = SigningKey::generate(SigningAlgorithm::Rs256).unwrap();
    let jwks = Jwks {
        keys: vec![key.public_jwk()],
    };
    let server = setup()
        .client("service", |client| {
            client.metadata.jwks = Some(jwks);
            client.metadata.token_endpoint_auth_signing_alg = Some("RS256".to_owned());
        })
        .policy(|policy| policy.client_assertions.algorithms = vec![SigningAlgorithm::Ps256])
        .start()
        .await;
    let assertion = key.sign(Type::Jwt, &claims(&server, "service", "1")).unwrap();
    server
        .call(service(&assertion))
        .await
        .refused(401, "invalid_client", Cause::ClientAssertionAlgorithm);
    let path = "/.well-known/oauth-authorization-server";
    let metadata = rfc8414_metadata::document(&server, path).await;
    for endpoint in ["token", "revocation", "introspection"] {
        let listed = &metadata[format!("{endpoint}_endpoint_auth_signing_alg_values_supported")];
        assert_eq!(*listed, json!(["PS256", "HS256", "HS384", "HS512"]));
    }
}

/// FAPI 2.0 Security Profile 5.3.2.1: "shall accept JWTs with an iat or nbf timestamp between 0 and 10 seconds in the
/// future but shall reject JWTs with an iat or nbf timestamp greater than 60 seconds in the future".
#[tokio::test]
async fn clocks() {
    let server = start().await;
    let now = server.now();
    let good = [
        ("iat", now + 8),
        ("nbf", now + 8),
        ("iat", now + 60),
        ("nbf", now + 60),
        ("iat", now - 3_000),
        ("exp", now + 1),
        ("exp", now + 3_600),
    ];
    for (index, (name, value)) in good.into_iter().enumerate() {
        let claims = claims_but(&server, "service", &index.to_string(), name, json!(value));
        server.call(service(&sign(&claims))).await.ok();
    }
    // Some write fractions.
    let claims = claims_but(&server, "service", "f", "exp", json!(now as f64 + 30.5));
    server.call(service(&sign(&claims))).await.ok();
    let bad = [
        ("iat", json!(now + 61), Cause::ClientAssertionFromFuture),
        ("nbf", json!(now + 61), Cause::ClientAssertionFromFuture),
        ("exp", json!(now), Cause::ClientAssertionExpired),
        ("exp", json!(now - 300), Cause::ClientAssertionExpired),
        ("exp", json!(now + 3_661), Cause::ClientAssertionLivesTooLong),
        ("exp", Value::Null, Cause::ClientAssertionWithoutExpiry),
        ("exp", json!("soon"), Cause::ClientAssertionInvalid),
    ];
    for (name, value, cause) in bad {
        let claims = claims_but(&server, "service", "bad", name, value);
        server
            .call(service(&sign(&claims)))
            .await
            .refused(401, "invalid_client", cause);
    }
}

/// A flow from end to end: pushed, answered, redeemed, refreshed.
#[tokio::test]
async fn the_code_flow() {
    let server = start().await;
    let code = Ask::web().code(&server).await;
    let redeem = Ask::web().redeem(&code);
    let redeem = Call::token().take_fields(&redeem).without("client_id");
    let call = with(redeem, &sign(&claims(&server, "web", "1")));
    let tokens = server.call(call).await.ok();
    let refresh = Call::token()
        .field("grant_type", "refresh_token")
        .field("refresh_token", text(&tokens["refresh_token"]));
    let call = with(refresh.clone(), &sign(&claims(&server, "web", "2")));
    server.call(call).await.ok();
    // Without the assertion it is nobody's.
    server.call(refresh.field("client_id", "web")).await.refused(
        401,
        "invalid_client",
        Cause::ClientAuthenticationMissing,
    );
}

#[tokio::test]
async fn keys_without_names_and_registrations_that_change() {
    let nameless = |key: &SigningKey| {
        let mut jwk = serde_json::to_value(key.public_jwk()).unwrap();
        jwk.as_object_mut().unwrap().remove("kid");
        serde_json::from_value(jwk).unwrap()
    };
    let jwks = Jwks {
        keys: vec![nameless(key())],
    };
    let server = setup()
        .client("service", |client| client.metadata.jwks = Some(jwks))
        .start()
        .await;
    let ask = async |key: &SigningKey, jti: &str| {
        let assertion = key.sign(Type::Jwt, &claims(&server, "service", jti)).unwrap();
        server.call(service(&assertion)).await
    };
    ask(key(), "1").await.ok();
    let (new, _) = SigningKey::generate(SigningAlgorithm::Es256).unwrap();
    let jwks = Jwks {
        keys: vec![nameless(&new)],
    };
    server
        .edit_client("service", |client| client.metadata.jwks = Some(jwks))
        .await;
    ask(&new, "2").await.ok();
    let refused = (401, "invalid_client", Cause::ClientAssertionUnverified);
    ask(key(), "3").await.refused(refused.0, refused.1, refused.2);
    // Only its owner learns that a client is switched off.
    server
        .edit_client("service", |client| client.disabled = true)
        .await;
    ask(&new, "4")
        .await
        .refused(401, "invalid_client", Cause::ClientDisabled);
    ask(key(), "5").await.refused(refused.0, refused.1, refused.2);
}

#[tokio::test]
async fn a_client_is_what_its_grants_say_it_is() {
    let server = setup()
        .client("web", |client| {
            client.grant_types.retain(|grant| *grant != GrantType::DeviceCode);
        })
        .start()
        .await;
    let assertion = sign(&claims(&server, "web", "1"));
    server
        .call(with(Call::post("/oauth/device/code"), &assertion))
        .await
        .refused(400, "unauthorized_client", Cause::GrantTypeNotAllowed);
    assert_eq!(
        Seconds::hours(1),
        grantor_protocol::client_auth::assertion::MAX_LIFETIME
    );
}
