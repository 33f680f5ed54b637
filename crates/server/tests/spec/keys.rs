//! Keys that come and go: published before they sign, verified after.

use grantor_types::Seconds;
use serde_json::{Value, json};

use crate::harness::{ALICE, Ask, Browser, Call, Callback, Server, Setup, jwt, text};

async fn published(server: &Server) -> Vec<Value> {
    let answer = server.call(Call::get("/oauth/jwks.json")).await;
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("cache-control"), Some("public, max-age=300"));
    let jwks: Value = serde_json::from_slice(&answer.body).unwrap();
    jwks["keys"].as_array().unwrap().clone()
}

fn kid(token: &Value) -> Value {
    jwt::header(text(token))["kid"].clone()
}

fn kids(keys: &[Value]) -> Vec<&Value> {
    keys.iter().map(|key| &key["kid"]).collect()
}

/// "the JWK Set MUST NOT contain [...] private" (RFC 8414 2, RFC 7517 9.2)
#[tokio::test]
async fn only_public_members_are_published() {
    let server = Server::start().await;
    let keys = published(&server).await;
    let mut algorithms: Vec<&str> = keys.iter().map(|key| text(&key["alg"])).collect();
    algorithms.sort_unstable();
    let expected = ["ECDH-ES", "ES256", "EdDSA", "PS256", "RS256", "RSA-OAEP-256"];
    assert_eq!(algorithms, expected);
    for key in &keys {
        let encrypts = ["ECDH-ES", "RSA-OAEP-256"].contains(&text(&key["alg"]));
        assert_eq!(key["use"], json!(if encrypts { "enc" } else { "sig" }));
        assert!(key["kid"].is_string());
        for member in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
            assert!(key.get(member).is_none(), "{member}");
        }
    }
    let mut distinct = kids(&keys).iter().map(|kid| text(kid)).collect::<Vec<_>>();
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!(distinct.len(), 6);
}

#[tokio::test]
async fn a_rotation_breaks_nothing() {
    // The keys that clients encrypt to come and go with them.
    let signing = async |server: &Server| {
        let mut keys = published(server).await;
        keys.retain(|key| key["use"] == "sig");
        keys
    };
    let server = Setup::new()
        .policy(|policy| policy.access_token_lifetime = Seconds::hours(2))
        .start()
        .await;
    let ask = Ask::web().with("scope", "openid read");
    let sealed = Ask::web().with("resource", "https://sealed.example");
    let first = kid(&ask.tokens(&server).await["id_token"]);
    let before = signing(&server).await;

    // Nothing is due before its time.
    server.advance(Seconds(Seconds::days(90).0 - 3601));
    server.rotate_keys().await;
    assert_eq!(signing(&server).await, before);
    let (old, old_sealed) = (ask.tokens(&server).await, sealed.tokens(&server).await);

    // The new keys are published an hour before they sign.
    server.advance(Seconds(1));
    server.rotate_keys().await;
    let both = signing(&server).await;
    assert_eq!(both.len(), 8);
    assert!(kids(&before).iter().all(|kid| kids(&both).contains(kid)));
    for wait in [3599, 1] {
        assert_eq!(kid(&ask.tokens(&server).await["id_token"]), first);
        server.advance(Seconds(wait));
        server.rotate_keys().await;
    }
    let new = ask.tokens(&server).await;
    for name in ["id_token", "access_token"] {
        assert_ne!(kid(&new[name]), kid(&old[name]), "{name}");
        assert!(kids(&both).contains(&&kid(&new[name])));
    }

    // What the old keys signed and sealed is still good.
    for token in [
        &old["access_token"],
        &old_sealed["access_token"],
        &new["access_token"],
    ] {
        let found = server.call(Call::introspect(text(token)).client("auditor")).await;
        assert_eq!(found.ok()["active"], json!(true));
    }
    server.call(Call::userinfo(text(&old["access_token"]))).await.ok();
    server
        .call(Call::refresh("web", text(&old["refresh_token"])))
        .await
        .ok();

    // A day later, when the last token of theirs has ended, the old ones are gone.
    server.advance(Seconds::days(1));
    grantor_server::job::sweep(&server.app).await.unwrap();
    server.app.reload_keys().await.unwrap();
    let after = signing(&server).await;
    assert_eq!(after.len(), 4);
    assert!(kids(&before).iter().all(|kid| !kids(&after).contains(kid)));
}

/// Tokens, pages and forms of before a rotation, right after it.
#[tokio::test]
async fn what_was_begun_goes_on_after_a_rotation() {
    let server = Server::start().await;
    let mut browser = Browser::new(&server);
    let sealed = Ask::web()
        .with("scope", "openid")
        .with("resource", "https://sealed.example");
    let tokens = sealed.tokens(&server).await;
    let login = browser.ask(&Ask::spa()).await;
    let consent = browser.log_in(&login, ALICE).await;
    server.replace_keys_now().await;
    let found = server
        .call(Call::introspect(text(&tokens["access_token"])).client("web"))
        .await;
    assert_eq!(found.ok()["active"], json!(true));
    server
        .call(Call::userinfo(text(&tokens["access_token"])))
        .await
        .ok();
    let again = server
        .call(Call::refresh("web", text(&tokens["refresh_token"])))
        .await
        .ok();
    assert_ne!(again["refresh_token"], tokens["refresh_token"]);
    server
        .call(Call::refresh("web", text(&again["refresh_token"])))
        .await
        .ok();
    let answer = browser.press(&consent, "consent-approve").await;
    Callback::of(&answer).code();
}
