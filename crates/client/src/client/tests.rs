use super::*;
use crate::fixture::{Script, proof, response};
use crate::{Error, ProviderMetadata};
use grantor_types::{Scope, Secret};
use http::HeaderName;
use http::header::WWW_AUTHENTICATE;

const NOW: Timestamp = Timestamp::from_seconds(1_000_000);

fn client(answers: Vec<Response>) -> (Client, Script) {
    let script = Script::of(answers);
    let metadata = ProviderMetadata::new("https://as.example")
        .and_then(|m| m.endpoint(Endpoint::Token, "https://as.example/token"))
        .unwrap();
    let client = Client::builder("https://as.example", "app")
        .authentication(ClientAuthentication::basic("s"))
        .dpop(SigningKey::generate(SigningAlgorithm::Es256).unwrap().0)
        .clock(|| NOW)
        .fetch(Arc::new(script.clone()))
        .build(metadata)
        .unwrap();
    (client, script)
}

fn with_nonce(mut answer: Response, nonce: &str) -> Response {
    let name = HeaderName::from_static("dpop-nonce");
    answer.headers.insert(name, nonce.parse().unwrap());
    answer
}

fn json(status: u16, body: &str) -> Response {
    response(status, "application/json", body)
}

#[tokio::test]
async fn the_token_endpoint_gets_its_nonce_and_is_not_asked_twice_again() {
    let good = r#"{"access_token":"at","token_type":"DPoP"}"#;
    let (client, script) = client(vec![
        with_nonce(json(400, r#"{"error":"use_dpop_nonce"}"#), "one"),
        with_nonce(json(200, good), "two"),
        json(200, good),
    ]);
    client.client_credentials().send().await.unwrap();
    client.client_credentials().send().await.unwrap();
    let proofs: Vec<_> = script
        .requests()
        .iter()
        .map(|request| proof(request, None, NOW))
        .collect();
    let nonces: Vec<_> = proofs.iter().map(|proof| proof.nonce.as_deref()).collect();
    assert_eq!(nonces, [None, Some("one"), Some("two")]);
    assert_ne!(proofs[0].jti, proofs[1].jti);
}

#[tokio::test]
async fn an_api_gets_its_own_nonce_and_the_hash_of_the_token() {
    let mut wish = with_nonce(response(401, "", ""), "api");
    let challenge = r#"DPoP error="use_dpop_nonce""#;
    wish.headers.insert(WWW_AUTHENTICATE, challenge.parse().unwrap());
    let (client, script) = client(vec![wish, response(204, "", "")]);
    let token = Secret::new("at");
    let tokens = Tokens::restored(token.clone(), TokenType::Dpop, Scope::default());
    let request = Request::get("https://api.example/things?page=2".parse().unwrap());
    assert_eq!(client.call(&tokens, request).await.unwrap().status, 204);
    let requests = script.requests();
    assert_eq!(requests[1].headers()["authorization"], "DPoP at");
    assert_eq!(proof(&requests[0], Some(&token), NOW).nonce, None);
    assert_eq!(
        proof(&requests[1], Some(&token), NOW).nonce.as_deref(),
        Some("api")
    );
}

#[tokio::test]
async fn what_is_no_access_token_is_not_sent() {
    let (client, script) = client(Vec::new());
    let request = || Request::get("https://api.example/".parse().unwrap());
    let tokens = |text: &str, kind| Tokens::restored(Secret::new(text), kind, Scope::default());
    for tokens in [
        tokens("at", TokenType::NotApplicable),
        tokens("a\nb", TokenType::Bearer),
    ] {
        let refused = client.call(&tokens, request()).await.err();
        assert_eq!(refused, Some(Error::Misuse(Misuse::NotAnAccessToken)));
    }
    assert!(script.requests().is_empty());
}

#[tokio::test]
async fn settings_that_cannot_be() {
    let metadata = || ProviderMetadata::new("https://as.example").unwrap();
    let built = |issuer: &str, id: &str, uri: &str| {
        Client::builder(issuer, id)
            .redirect_uri(uri)
            .build(metadata())
            .map(|_| ())
    };
    assert!(built("https://as.example", "app", "https://app.example/callback").is_ok());
    for (issuer, id, uri) in [
        ("https://as.example/", "app", "https://app.example/callback"),
        ("https://as.example", "", "https://app.example/callback"),
        ("https://as.example", "app", "/callback"),
        ("https://as.example", "app", "http://app.example/callback"),
        ("https://as.example", "app", "https://app.example/callback#x"),
    ] {
        let refused = built(issuer, id, uri);
        assert!(
            matches!(refused, Err(Error::Misuse(Misuse::Setting { .. }))),
            "{issuer} {id} {uri}"
        );
    }
}
