//! What leaves the server: secrets that are random enough by every measure, and tokens that say what they should.

use grantor_types::SubjectType;
use serde_json::Value;

use crate::harness::{ALICE, Ask, Call, Server, Setup, jwt, text, user_id};

/// Shannon's estimate over the characters, in bits for the whole text. RFC 6749 10.10 wants 128 bits of randomness; those
/// who certify demand that this estimate exceeds 96.
fn shannon(secret: &str) -> f64 {
    let length = secret.len() as f64;
    let mut counts = [0_u32; 256];
    secret.bytes().for_each(|byte| counts[usize::from(byte)] += 1);
    let shares = counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| f64::from(*count) / length);
    -shares.map(|share| share * share.log2()).sum::<f64>() * length
}

#[test]
fn the_estimate_tells_random_from_not() {
    assert!(shannon(&"a".repeat(100)) < 1.0);
    assert!(shannon("abababababababababababababababab") < 33.0);
    assert!(shannon("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") > 96.0);
}

#[tokio::test]
async fn what_is_handed_out_is_long_and_random() {
    let server = Server::start().await;
    let sealed = Ask::web().with("resource", "https://sealed.example");
    let mut found: Vec<(&str, String)> = Vec::new();
    for _ in 0..8 {
        found.push(("code", Ask::web().code(&server).await));
        for ask in [Ask::web(), sealed.clone()] {
            let tokens = ask.tokens(&server).await;
            found.push(("access token", text(&tokens["access_token"]).to_owned()));
            found.push(("refresh token", text(&tokens["refresh_token"]).to_owned()));
        }
        let push = Call::post("/oauth/par")
            .client("web")
            .fields(Ask::web().parameters());
        let pushed = server.call(push).await.json();
        let reference = text(&pushed["request_uri"])
            .rsplit(':')
            .next()
            .unwrap()
            .to_owned();
        found.push(("request_uri", reference));
        let codes = server.call(Call::device("tv").field("scope", "read")).await.ok();
        found.push(("device code", text(&codes["device_code"]).to_owned()));
    }
    for (what, secret) in &found {
        // 256 bits in base64url.
        assert!(secret.len() >= 43, "{what}: {secret}");
        assert!(shannon(secret) > 96.0, "{what}: {secret} has {}", shannon(secret));
    }
    let distinct: std::collections::BTreeSet<&String> = found.iter().map(|(_, secret)| secret).collect();
    assert_eq!(distinct.len(), found.len());
}

#[tokio::test]
async fn expires_in_is_a_number_of_at_most_a_year() {
    let server = Server::start().await;
    let own = Call::token()
        .client("service")
        .field("grant_type", "client_credentials");
    let answers = [
        Ask::web().tokens(&server).await,
        Ask::web().with("scope", "openid").tokens(&server).await,
        server.call(own).await.ok(),
    ];
    for answer in answers {
        assert!(
            (1..=31_536_000).contains(&answer["expires_in"].as_u64().unwrap()),
            "{answer}"
        );
        assert_eq!(answer["token_type"], "Bearer");
    }
}

/// "It MUST NOT exceed 255 ASCII [...] characters in length." (OpenID Connect Core 2)
#[tokio::test]
async fn a_subject_is_short_and_ascii() {
    for subject_type in [SubjectType::Public, SubjectType::Pairwise] {
        let setup = Setup::new().client("web", |client| client.metadata.subject_type = subject_type);
        let server = setup.start().await;
        let tokens = Ask::web().with("scope", "openid").tokens(&server).await;
        let claims = jwt::claims(text(&tokens["id_token"]));
        let sub = text(&claims["sub"]);
        assert!(sub.is_ascii() && (1..=255).contains(&sub.len()), "{sub}");
        assert_eq!(
            sub == user_id(ALICE).to_string(),
            subject_type == SubjectType::Public
        );
    }
}

/// "The Claims requested by the profile, email, address, and phone scope values are returned from the UserInfo Endpoint"
/// when there is an access token to ask with (OpenID Connect Core 5.4).
#[tokio::test]
async fn claims_of_scopes_are_not_in_the_id_token() {
    let server = Server::start().await;
    let tokens = Ask::web()
        .with("scope", "openid profile email read")
        .tokens(&server)
        .await;
    let claims = jwt::claims(text(&tokens["id_token"]));
    let expected = [
        "iss",
        "sub",
        "aud",
        "exp",
        "iat",
        "auth_time",
        "amr",
        "sid",
        "jti",
        "at_hash",
    ];
    let unexpected: Vec<(&String, &Value)> = claims
        .as_object()
        .unwrap()
        .iter()
        .filter(|(name, _)| !expected.contains(&name.as_str()))
        .collect();
    assert_eq!(unexpected, []);
    assert_eq!(claims.as_object().unwrap().len(), expected.len());
}
