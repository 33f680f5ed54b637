//! `client_secret_jwt`: the assertion is signed with the secret of the client.

use grantor_jose::digest::{self, HmacKey};
use grantor_protocol::Cause;
use grantor_protocol::record::Client;
use grantor_server::client_secret;
use grantor_types::{ClientAuthMethod, ClientId, Seconds, Secret, SecretBytes, Timestamp};
use serde_json::{Value, json};

use super::{claims, service, with};
use crate::harness::{Call, Server, Setup, jwt, master_key};

const SECRET: &str = "a secret of more than thirty-two characters";

fn by_secret(client: &mut Client) {
    client.authentication_methods = vec![ClientAuthMethod::ClientSecretJwt];
    let methods = client.authentication_methods.clone();
    let stored = client_secret::stored(Some(&master_key()), &client.id, &methods, &Secret::new(SECRET));
    client.secrets = vec![stored.unwrap()];
}

async fn start() -> Server {
    Setup::new().client("service", by_secret).start().await
}

fn sign(claims: &Value, alg: &str, secret: &str) -> String {
    let header = json!({ "alg": alg, "typ": "JWT" });
    let unsigned = jwt::assemble(&header, claims, &[]);
    let input = unsigned.trim_end_matches('.');
    let key = HmacKey::from_bytes(&SecretBytes::new(secret.as_bytes()));
    jwt::assemble(&header, claims, &digest::hmac_sha256(&key, &[input.as_bytes()]))
}

#[tokio::test]
async fn a_client_authenticates_by_its_secret_without_sending_it() {
    let server = start().await;
    let assertion = sign(&claims(&server, "service", "1"), "HS256", SECRET);
    server.call(service(&assertion)).await.ok();
    server
        .call(service(&assertion))
        .await
        .refused(401, "invalid_client", Cause::ClientAssertionReplayed);
    let assertion = sign(&claims(&server, "service", "2"), "HS256", SECRET);
    server
        .call(with(Call::introspect("unknown"), &assertion))
        .await
        .ok();
    // The secret itself is not one of its methods.
    let call = Call::token()
        .basic("service", SECRET)
        .field("grant_type", "client_credentials");
    server
        .call(call)
        .await
        .refused(401, "invalid_client", Cause::ClientAuthenticationMethod);
}

#[tokio::test]
async fn secrets_that_are_wrong_or_were_never_kept() {
    let server = start().await;
    let unverified = Cause::ClientAssertionUnverified;
    for (client, alg, secret, cause) in [
        (
            "service",
            "HS256",
            "another secret of thirty-two characters",
            unverified,
        ),
        ("service", "HS256", "", unverified),
        ("service", "HS384", SECRET, unverified),
        ("service", "HS1", SECRET, Cause::ClientAssertionAlgorithm),
        // Of these there is only a hash.
        ("web", "HS256", "web-secret", unverified),
        ("spa", "HS256", "", unverified),
        ("nobody", "HS256", SECRET, unverified),
    ] {
        let assertion = sign(&claims(&server, client, "1"), alg, secret);
        let answer = server.call(service(&assertion)).await;
        answer.refused(401, "invalid_client", cause);
    }
}

/// The other algorithms are for those who have registered one of them.
#[tokio::test]
async fn the_algorithm_that_is_registered() {
    let server = start().await;
    for (registered, works) in [("HS512", false), ("HS256", true), ("ES256", false)] {
        server
            .edit_client("service", |client| {
                client.metadata.token_endpoint_auth_signing_alg = Some(registered.to_owned());
            })
            .await;
        let assertion = sign(&claims(&server, "service", registered), "HS256", SECRET);
        let answer = server.call(service(&assertion)).await;
        if works {
            answer.ok();
        } else {
            answer.refused(401, "invalid_client", Cause::ClientAssertionAlgorithm);
        }
    }
}

#[tokio::test]
async fn two_secrets_while_one_is_replaced_and_keys_of_the_server_that_are_replaced() {
    let server = start().await;
    let end = Timestamp::from_seconds(server.now() + 60);
    let id = ClientId::parse("service").unwrap();
    let new = "the new secret, of more than thirty-two characters";
    let methods = [ClientAuthMethod::ClientSecretJwt];
    let stored = client_secret::stored(Some(&master_key()), &id, &methods, &Secret::new(new)).unwrap();
    server
        .edit_client("service", |client| {
            client.secrets[0].expires_at = Some(end);
            client.secrets.insert(0, stored);
        })
        .await;
    // What is sealed for as long as a client lives outlives every key that is replaced.
    server.replace_keys_now().await;
    let ask = async |secret: &str, jti: &str| {
        let assertion = sign(&claims(&server, "service", jti), "HS256", secret);
        server.call(service(&assertion)).await
    };
    ask(SECRET, "1").await.ok();
    ask(new, "2").await.ok();
    server.advance(Seconds(60));
    ask(SECRET, "3")
        .await
        .refused(401, "invalid_client", Cause::ClientAssertionUnverified);
    ask(new, "4").await.ok();
}
