//! Keys that clients publish: fetched once, again for a key that nobody knows, and not more often than is decent.

use grantor_fetch::Guard;
use grantor_jose::{SigningKey, Type};
use grantor_protocol::Cause;
use grantor_types::{Seconds, SigningAlgorithm, WebUri};

use super::{claims, key, service, setup, sign};
use crate::harness::{Published, Server};

async fn start(uri: &str, guard: Guard) -> Server {
    let uri = WebUri::parse(uri).unwrap();
    let published = |id, setup: crate::harness::Setup| {
        let uri = uri.clone();
        setup.client(id, move |client| {
            client.metadata.jwks = None;
            client.metadata.jwks_uri = Some(uri);
        })
    };
    let mut setup = published("web", published("service", setup()));
    setup.settings.outgoing = guard;
    setup.start().await
}

fn by(key: &SigningKey, server: &Server, jti: &str) -> crate::harness::Call {
    service(
        &key.sign(Type::ClientAuthentication, &claims(server, "service", jti))
            .unwrap(),
    )
}

#[tokio::test]
async fn a_new_key_is_fetched_and_strange_ones_are_not_fetched_for_ever() {
    let publisher = Published::keys(&[key()]).await;
    let server = start(&publisher.uri, Guard::new().danger_allow_loopback()).await;
    for jti in ["1", "2"] {
        server
            .call(service(&sign(&claims(&server, "service", jti))))
            .await
            .ok();
    }
    assert_eq!(publisher.fetched(), 1);
    let (new, _) = SigningKey::generate(SigningAlgorithm::EdDsa).unwrap();
    // Not published yet, and just fetched.
    let unverified = Cause::ClientAssertionUnverified;
    server
        .call(by(&new, &server, "3"))
        .await
        .refused(401, "invalid_client", unverified);
    assert_eq!(publisher.fetched(), 1);
    publisher.set_keys(&[key(), &new]);
    server.advance(Seconds(10));
    server.call(by(&new, &server, "3")).await.ok();
    assert_eq!(publisher.fetched(), 2);
    let (strange, _) = SigningKey::generate(SigningAlgorithm::Es256).unwrap();
    for jti in ["4", "5", "6"] {
        server
            .call(by(&strange, &server, jti))
            .await
            .refused(401, "invalid_client", unverified);
    }
    assert_eq!(publisher.fetched(), 2);
}

/// A new key under the name of the old one.
#[tokio::test]
async fn a_key_that_was_exchanged_under_its_name() {
    let publisher = Published::keys(&[key()]).await;
    let server = start(&publisher.uri, Guard::new().danger_allow_loopback()).await;
    server.call(by(key(), &server, "1")).await.ok();
    let algorithm = SigningAlgorithm::Es256;
    let (_, pkcs8) = SigningKey::generate(algorithm).unwrap();
    let new = SigningKey::from_pkcs8(key().kid(), algorithm, &pkcs8).unwrap();
    publisher.set_keys(&[&new]);
    server.advance(Seconds(10));
    server.call(by(&new, &server, "2")).await.ok();
    server.call(by(key(), &server, "3")).await.refused(
        401,
        "invalid_client",
        Cause::ClientAssertionUnverified,
    );
    assert_eq!(publisher.fetched(), 2);
}

#[tokio::test]
async fn addresses_inside_are_not_asked_unless_they_are_named() {
    let publisher = Published::keys(&[key()]).await;
    let server = start(&publisher.uri, Guard::new()).await;
    let before = server.everything_stored();
    let answer = server.call(by(key(), &server, "1")).await;
    answer.refused(503, "temporarily_unavailable", Cause::ClientKeysUnavailable);
    assert!(answer.header("retry-after").is_some());
    assert_eq!(publisher.fetched(), 0);
    assert_eq!(server.everything_stored(), before);
}

/// Nothing is fetched for a client that authenticates in another way, whatever is sent in its name.
#[tokio::test]
async fn nothing_is_fetched_in_the_name_of_others() {
    let publisher = Published::keys(&[key()]).await;
    let server = start(&publisher.uri, Guard::new().danger_allow_loopback()).await;
    server
        .edit_client("service", |client| {
            client.authentication_methods = vec![grantor_types::ClientAuthMethod::ClientSecretBasic];
        })
        .await;
    server.call(by(key(), &server, "1")).await.refused(
        401,
        "invalid_client",
        Cause::ClientAssertionUnverified,
    );
    assert_eq!(publisher.fetched(), 0);
}
