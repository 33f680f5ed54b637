//! Keys that the issuer publishes: fetched once, again for a key that nobody knows, and not more often than is decent.

use grantor_fetch::Guard;
use grantor_jose::{SigningKey, Type};
use grantor_protocol::record::TrustedIssuer;
use grantor_protocol::{Cause, Change};
use grantor_types::{ClientId, GrantType, Scope, Seconds, SigningAlgorithm, WebUri};

use super::{ask, claims, key, sign, trusted};
use crate::harness::{Published, Server, Setup};

async fn start(uri: &str, guard: Guard) -> Server {
    let mut setup = Setup::new().client("backend", |client| {
        client.grant_types = vec![GrantType::JwtBearer];
        client.scope = Scope::parse("read").unwrap();
    });
    setup.settings.outgoing = guard;
    let server = setup.start().await;
    let issuer = TrustedIssuer {
        jwks: None,
        jwks_uri: Some(WebUri::parse(uri).unwrap()),
        clients: vec![ClientId::parse("backend").unwrap()],
        ..trusted()
    };
    server.commit(Change::PutTrustedIssuer(Box::new(issuer))).await;
    server
}

#[tokio::test]
async fn a_new_key_is_fetched_and_strange_ones_are_not_fetched_for_ever() {
    let publisher = Published::keys(&[key()]).await;
    let server = start(&publisher.uri, Guard::new().danger_allow_loopback()).await;
    for jti in ["1", "2"] {
        server.call(ask(&sign(&claims(&server, jti)))).await.ok();
    }
    assert_eq!(publisher.fetched(), 1);
    let (new, _) = SigningKey::generate(SigningAlgorithm::EdDsa).unwrap();
    let by_new = |jti: &str| new.sign(Type::Jwt, &claims(&server, jti)).unwrap();
    // Not published yet, and just fetched.
    let refusal = (400, "invalid_grant", Cause::AssertionInvalid);
    server
        .call(ask(&by_new("3")))
        .await
        .refused(refusal.0, refusal.1, refusal.2);
    publisher.set_keys(&[key(), &new]);
    server.advance(Seconds(10));
    server.call(ask(&by_new("3"))).await.ok();
    assert_eq!(publisher.fetched(), 2);
    let (strange, _) = SigningKey::generate(SigningAlgorithm::Es256).unwrap();
    for jti in ["4", "5", "6"] {
        let assertion = strange.sign(Type::Jwt, &claims(&server, jti)).unwrap();
        server
            .call(ask(&assertion))
            .await
            .refused(refusal.0, refusal.1, refusal.2);
    }
    assert_eq!(publisher.fetched(), 2);
}

#[tokio::test]
async fn addresses_inside_are_not_asked_unless_they_are_named() {
    let publisher = Published::keys(&[key()]).await;
    let server = start(&publisher.uri, Guard::new()).await;
    let answer = server.call(ask(&sign(&claims(&server, "1")))).await;
    assert_eq!(answer.status, 503);
    assert_eq!(answer.json()["error"], "temporarily_unavailable");
    assert!(answer.header("retry-after").is_some());
    assert_eq!(publisher.fetched(), 0);
}

#[tokio::test]
async fn an_issuer_that_does_not_answer() {
    let server = start("http://127.0.0.1:9/keys", Guard::new().danger_allow_loopback()).await;
    let before = server.everything_stored();
    let answer = server.call(ask(&sign(&claims(&server, "1")))).await;
    answer.refused(503, "temporarily_unavailable", Cause::AssertionKeysUnavailable);
    assert_eq!(server.everything_stored(), before);
}
