//! [OpenID Connect Core 5.3.2 and 10](https://openid.net/specs/openid-connect-core-1_0.html#SigEnc): answers that are
//! signed and encrypted as the client registered.

use grantor_jose::jwe::{Allowed, DecryptionKey, decrypt};
use grantor_jose::{Jwks, KeySet, SigningKey, Type, verify};
use grantor_protocol::record::Client;
use grantor_types::{ContentEncryptionAlgorithm, KeyManagementAlgorithm, SigningAlgorithm};
use serde_json::{Value, json};

use crate::harness::{ALICE, Ask, Browser, Call, Receiver, Server, Setup, text, user_id};

fn ask() -> Ask {
    Ask::web().with("scope", "openid email")
}

/// Opens what was encrypted to the key, and checks what was signed with the server's published keys.
async fn opened(server: &Server, token: &str, key: &DecryptionKey, typ: Type) -> Value {
    let decrypted = decrypt(token, std::slice::from_ref(key), &Allowed::ALL).unwrap();
    signed(server, decrypted.jwt().unwrap(), typ).await
}

/// "A Logout Token MUST be signed and MAY also be encrypted. The same keys are used to sign and encrypt Logout Tokens as are
/// used for ID Tokens." (Back-Channel Logout 1.0, 2.4)
#[tokio::test]
async fn logout_tokens_are_encrypted_as_id_tokens_are() {
    let (key, _) = DecryptionKey::generate(KeyManagementAlgorithm::EcdhEs).unwrap();
    let told_at = |client: &mut Client| {
        let uri = grantor_types::WebUri::parse("https://app.example/backchannel");
        client.metadata.backchannel_logout_uri = Some(uri.unwrap());
        client.metadata.id_token_encrypted_response_alg = Some(KeyManagementAlgorithm::EcdhEs);
    };
    for has_a_key in [true, false] {
        let server = server(&key, told_at).await;
        let mut browser = Browser::new(&server);
        let code = browser.callback(&ask(), ALICE).await.code();
        let tokens = server.call(ask().redeem(&code)).await.ok();
        if !has_a_key {
            server
                .edit_client("web", |client| client.metadata.jwks = None)
                .await;
        }
        let account = browser.get("/account").await;
        browser.press(&account, "sign-out").await;
        let told = Receiver::answering(200).receive(&server).await;
        if has_a_key {
            let claims = opened(&server, told[0].logout_token(), &key, Type::LogoutToken).await;
            let id_token = opened(&server, text(&tokens["id_token"]), &key, Type::IdToken).await;
            assert_eq!(
                (&claims["sid"], &claims["sub"]),
                (&id_token["sid"], &id_token["sub"])
            );
        } else {
            assert_eq!(told, [], "never in the clear");
        }
    }
}

async fn signed(server: &Server, token: &str, typ: Type) -> Value {
    let answer = server.call(Call::get("/oauth/jwks.json")).await;
    let keys = KeySet::from_jwks(&serde_json::from_slice::<Jwks>(&answer.body).unwrap());
    let issuer = "https://id.example";
    let expectation = grantor_jose::Expectation::new(typ, issuer, "web", server.now()).expiry_optional();
    verify::<Value>(token, &keys, &expectation).unwrap().into_claims()
}

async fn server(key: &DecryptionKey, change: impl FnOnce(&mut Client)) -> Server {
    let (signing, _) = SigningKey::generate(SigningAlgorithm::Es256).unwrap();
    let keys = vec![signing.public_jwk(), key.public_jwk()];
    let setup = Setup::new().client("web", |client| {
        client.metadata.jwks = Some(Jwks { keys });
        change(client);
    });
    setup.start().await
}

#[tokio::test]
async fn id_tokens_by_every_pair_of_algorithms() {
    for algorithm in KeyManagementAlgorithm::ALL.iter().copied() {
        let (key, _) = DecryptionKey::generate(algorithm).unwrap();
        for content in ContentEncryptionAlgorithm::ALL.iter().copied() {
            let server = server(&key, |client| {
                client.metadata.id_token_encrypted_response_alg = Some(algorithm);
                client.metadata.id_token_encrypted_response_enc = Some(content);
            })
            .await;
            let tokens = ask().with("nonce", "n").tokens(&server).await;
            let claims = opened(&server, text(&tokens["id_token"]), &key, Type::IdToken).await;
            assert_eq!(
                (&claims["sub"], &claims["nonce"]),
                (&json!(user_id(ALICE).to_string()), &json!("n"))
            );
            let refreshed = server
                .call(Call::refresh("web", text(&tokens["refresh_token"])))
                .await
                .ok();
            opened(&server, text(&refreshed["id_token"]), &key, Type::IdToken).await;
        }
    }
}

#[tokio::test]
async fn userinfo_signed_encrypted_and_both() {
    let algorithm = KeyManagementAlgorithm::EcdhEs;
    let (key, _) = DecryptionKey::generate(algorithm).unwrap();
    for (signature, encrypted) in [
        (Some(SigningAlgorithm::Rs256), false),
        (Some(SigningAlgorithm::EdDsa), false),
        (Some(SigningAlgorithm::Rs256), true),
        (None, true),
    ] {
        let server = server(&key, |client| {
            client.metadata.userinfo_signed_response_alg = signature;
            client.metadata.userinfo_encrypted_response_alg = encrypted.then_some(algorithm);
            client.metadata.userinfo_encrypted_response_enc = Some(ContentEncryptionAlgorithm::A256Gcm);
        })
        .await;
        let tokens = ask().tokens(&server).await;
        let answer = server.call(Call::userinfo(text(&tokens["access_token"]))).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("content-type"), Some("application/jwt"));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        let claims = match (signature, encrypted) {
            (Some(_), true) => opened(&server, answer.text(), &key, Type::Jwt).await,
            (Some(_), false) => signed(&server, answer.text(), Type::Jwt).await,
            (None, _) => {
                let decrypted = decrypt(answer.text(), std::slice::from_ref(&key), &Allowed::ALL).unwrap();
                serde_json::from_slice(decrypted.plaintext()).unwrap()
            }
        };
        let expected = json!({
            "iss": "https://id.example", "aud": "web", "sub": user_id(ALICE).to_string(),
            "email": "alice@example.com", "email_verified": true,
        });
        assert_eq!(claims, expected, "{signature:?} {encrypted}");
    }
}

/// What is to be encrypted is never sent in the clear instead, and the code is good once the keys are right.
#[tokio::test]
async fn without_a_key_there_is_no_token_and_nothing_is_used_up() {
    let (key, _) = DecryptionKey::generate(KeyManagementAlgorithm::EcdhEs).unwrap();
    let server = server(&key, |client| {
        client.metadata.id_token_encrypted_response_alg = Some(KeyManagementAlgorithm::RsaOaep256);
        client.metadata.jwks = None;
    })
    .await;
    let code = ask().code(&server).await;
    for _ in 0..2 {
        let answer = server.call(ask().redeem(&code)).await;
        let cause = grantor_protocol::Cause::ClientEncryptionKeyMissing;
        answer.refused(400, "invalid_request", cause);
    }
}
