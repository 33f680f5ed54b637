//! Key rotation while the suite waits: the administration API replaces the key.

use grantor_tests::unverified;
use serde_json::{Value, json};

use super::answer::{Answer, text};
use super::provider::Provider;

fn names(jwks: &Value) -> Vec<String> {
    let keys = jwks["keys"].as_array().unwrap();
    keys.iter().map(|key| text(&key["kid"]).to_owned()).collect()
}

#[tokio::test]
async fn a_rotation_by_the_administration() {
    let provider = Provider::start().await;
    let party = provider.register(&json!({})).await;
    let person = provider.person("alice");
    let ask = party.ask("openid");
    let first = party.tokens(&person, &ask).await;
    let before = provider.jwks().await;

    let token = provider.server.command("admin token").await;
    let rotate = provider
        .http
        .post(format!("{}/admin/v1/keys/rotate", provider.issuer()));
    let rotate = rotate.json(&json!({ "algorithms": ["RS256"], "now": true }));
    Answer::to(rotate.bearer_auth(token.trim())).await.ok();

    let after = names(&provider.jwks().await);
    assert_eq!(after.len(), names(&before).len() + 1);
    assert!(
        names(&before).iter().all(|kid| after.contains(kid)),
        "an old key is gone"
    );
    let second = party.tokens(&person, &ask).await;
    let kid = |tokens: &Value| unverified(text(&tokens["id_token"])).0["kid"].clone();
    assert_ne!(kid(&first), kid(&second));
    // Both verify with what is published now, and the old one is still a hint.
    for tokens in [&first, &second] {
        party.id_token(tokens).await;
        let hinted = ask.with("id_token_hint", text(&tokens["id_token"]));
        party.silently(&person, &hinted).await.code();
    }
}
