//! What is encrypted to the client.

use grantor_client::{
    ContentEncryptionAlgorithm, Decryption, DecryptionKey, Error, IdTokenError, InvalidAnswer,
    KeyManagementAlgorithm, Prompt, SigningAlgorithm,
};
use serde_json::json;

use super::{GOODBYE, Peer, log_in};

#[tokio::test]
async fn id_tokens_and_userinfo() {
    for management in KeyManagementAlgorithm::ALL {
        for content in ContentEncryptionAlgorithm::ALL {
            arrives(*management, *content).await;
        }
    }
}

/// The server encrypts no userinfo that is not signed.
async fn arrives(management: KeyManagementAlgorithm, content: ContentEncryptionAlgorithm) {
    let peer = Peer::get();
    let (key, _) = DecryptionKey::generate(management).unwrap();
    let (alg, enc) = (management.as_str(), content.as_str());
    let wanted = json!({
        "jwks": { "keys": [key.public_jwk()] },
        "id_token_encrypted_response_alg": alg, "id_token_encrypted_response_enc": enc,
        "userinfo_encrypted_response_alg": alg, "userinfo_encrypted_response_enc": enc,
        "userinfo_signed_response_alg": "ES256", "post_logout_redirect_uris": [GOODBYE],
    });
    let decryption = Decryption::new(key, content);
    let builder = peer.registered(wanted).await;
    let client = builder
        .clone()
        .id_token_decryption(decryption.clone())
        .userinfo_decryption(decryption)
        .userinfo_algorithm(SigningAlgorithm::Es256)
        .discover()
        .await
        .unwrap();
    let person = peer.person("alice");
    let request = client.authorization().scope("openid profile offline_access");
    let tokens = log_in(&client, &person, request.prompt(Prompt::Consent)).await;
    let user = client.userinfo(&tokens).await.unwrap();
    assert_eq!(user.name(), Some("alice Example"), "{alg} {enc}");
    let newer = client.refresh(&tokens).unwrap().send().await.unwrap();
    // What was decrypted is what the server knows again.
    let hint = newer.id_token.as_ref().map(|token| token.raw());
    let url = client.logout_url(hint, Some(GOODBYE), None).unwrap();
    assert_eq!(person.sign_out(url.as_str()).await.unwrap(), GOODBYE);

    let without = builder.discover().await.unwrap();
    let login = without.authorization().scope("openid").start().await.unwrap();
    let back = person.authorize(login.url.as_str(), "approve").await.unwrap();
    let callback = login.pending.validate(&back).unwrap();
    let refused = without.exchange(callback).await.unwrap_err();
    let expected = InvalidAnswer::IdToken(IdTokenError::Encrypted);
    assert_eq!(refused, Error::InvalidAnswer(expected));
}
