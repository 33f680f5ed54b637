//! Tokens that are bound to a key.

use std::sync::atomic::{AtomicU32, Ordering};

use grantor_jose::{SigningKey, Type, digest};
use grantor_resource::Dpop;
use grantor_types::{SecretBytes, SigningAlgorithm};
use serde_json::{Value, json};

use crate::api::{AUDIENCE, Api, NOW};
use crate::issuer::{Issuer, new_key};

/// A world with an API that takes proofs, and a token that is bound to the key of `holder`.
struct World {
    issuer: Issuer,
    issuer_key: SigningKey,
    api: Api,
    holder: SigningKey,
    proofs: AtomicU32,
}

impl World {
    async fn new(dpop: Dpop) -> Self {
        let issuer = Issuer::start().await;
        let issuer_key = issuer.add_key();
        let introspection = format!("{}/introspect", issuer.url());
        let api = Api::start(&issuer, |builder| {
            let id = grantor_types::ClientId::parse("notes").unwrap();
            builder
                .dpop(dpop)
                .introspection(&introspection, id, grantor_types::Secret::new("secret"))
        })
        .await;
        Self {
            issuer,
            issuer_key,
            api,
            holder: new_key(),
            proofs: AtomicU32::new(0),
        }
    }

    fn bound(&self) -> Value {
        json!({"cnf": {"jkt": self.holder.public_jwk().thumbprint().unwrap().to_string()}})
    }

    fn token(&self) -> String {
        self.issuer.token(&self.issuer_key, self.bound())
    }

    fn proof_by(&self, key: &SigningKey, token: &str, changes: Value) -> String {
        let number = self.proofs.fetch_add(1, Ordering::SeqCst);
        let mut claims = json!({
            "jti": number.to_string(), "htm": "GET", "htu": format!("{AUDIENCE}/me"), "iat": NOW, "ath": hash(token),
        });
        for (name, value) in changes.as_object().unwrap() {
            claims[name] = value.clone();
        }
        claims
            .as_object_mut()
            .unwrap()
            .retain(|_, value| !value.is_null());
        key.sign(Type::Dpop, &claims).unwrap()
    }

    fn proof(&self, token: &str, changes: Value) -> String {
        self.proof_by(&self.holder, token, changes)
    }
}

fn hash(token: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(digest::sha256(token.as_bytes()))
}

#[tokio::test]
async fn a_bound_token_with_its_proof() {
    let world = World::new(Dpop::at(AUDIENCE)).await;
    let token = world.token();
    let answer = world
        .api
        .prove("/me", &token, &[&world.proof(&token, json!({}))])
        .await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "alice"));
    // Query and fragment do not count.
    let with_query = world.proof(&token, json!({"htu": format!("{AUDIENCE}/me?x=1")}));
    assert_eq!(
        world.api.prove("/me?y=2", &token, &[&with_query]).await.status,
        200
    );
    // On routes that serve everybody, too.
    let open = world.proof(&token, json!({"htu": format!("{AUDIENCE}/open")}));
    assert_eq!(world.api.prove("/open", &token, &[&open]).await.body, "alice");
}

#[tokio::test]
async fn an_opaque_bound_token() {
    let world = World::new(Dpop::at(AUDIENCE)).await;
    let mut answer = world.issuer.claims();
    answer["active"] = json!(true);
    answer["token_type"] = json!("DPoP");
    answer["cnf"] = world.bound()["cnf"].clone();
    world.issuer.set_opaque("opaque", answer);
    let proof = world.proof("opaque", json!({}));
    assert_eq!(world.api.prove("/me", "opaque", &[&proof]).await.status, 200);
    assert_eq!(world.api.status("opaque").await, 401);
}

#[tokio::test]
async fn what_proves_nothing_is_refused_with_the_scheme_to_use() {
    let world = World::new(Dpop::at(AUDIENCE)).await;
    let token = world.token();
    let bearer = world.issuer.token(&world.issuer_key, json!({}));
    let (thief, rsa) = (
        new_key(),
        SigningKey::generate(SigningAlgorithm::Rs256).unwrap().0,
    );
    let good = || world.proof(&token, json!({}));
    let cases = [
        (&token, vec![], "invalid_dpop_proof"),
        (&token, vec![good(), good()], "invalid_dpop_proof"),
        (&token, vec!["garbage".to_owned()], "invalid_dpop_proof"),
        (
            &token,
            vec![world.proof(&token, json!({"htm": "POST"}))],
            "invalid_dpop_proof",
        ),
        (
            &token,
            vec![world.proof(&token, json!({"htu": format!("{AUDIENCE}/other")}))],
            "invalid_dpop_proof",
        ),
        (
            &token,
            vec![world.proof(&token, json!({"iat": NOW - 121}))],
            "invalid_dpop_proof",
        ),
        (
            &token,
            vec![world.proof(&token, json!({"ath": null}))],
            "invalid_dpop_proof",
        ),
        (
            &token,
            vec![world.proof(&token, json!({"ath": hash(&bearer)}))],
            "invalid_dpop_proof",
        ),
        (
            &token,
            vec![world.proof_by(&rsa, &token, json!({}))],
            "invalid_dpop_proof",
        ),
        (
            &token,
            vec![world.proof_by(&thief, &token, json!({}))],
            "invalid_token",
        ),
        (&bearer, vec![world.proof(&bearer, json!({}))], "invalid_token"),
    ];
    for (index, (token, proofs, error)) in cases.into_iter().enumerate() {
        let proofs: Vec<&str> = proofs.iter().map(String::as_str).collect();
        let answer = world.api.prove("/me", token, &proofs).await;
        assert_eq!(answer.status, 401, "case {index}");
        assert_eq!(answer.json()["error"], error, "case {index}");
        let challenge = answer.header("www-authenticate").unwrap();
        let expected = format!(r#"DPoP realm="{AUDIENCE}", algs="ES256 EdDSA PS256", error="{error}""#);
        assert!(challenge.starts_with(&expected), "{challenge}");
    }
}

/// Not even with the proof beside it; and who has no token hears of both schemes.
#[tokio::test]
async fn a_bound_token_is_never_a_bearer_token() {
    let world = World::new(Dpop::at(AUDIENCE)).await;
    let token = world.token();
    let as_bearer = format!("Bearer {token}");
    let proof = world.proof(&token, json!({}));
    let headers = [("authorization", as_bearer.as_str()), ("dpop", proof.as_str())];
    assert_eq!(world.api.get_with("/me", &headers).await.status, 401);
    let challenges = world.api.get("/me", &[]).await;
    let all: Vec<_> = challenges.headers.get_all("www-authenticate").iter().collect();
    assert_eq!(all.len(), 2);
}

#[tokio::test]
async fn a_proof_is_used_once() {
    let world = World::new(Dpop::at(AUDIENCE)).await;
    let token = world.token();
    let proof = world.proof(&token, json!({}));
    let proofs = [proof.as_str()];
    let (first, second) = tokio::join!(
        world.api.prove("/me", &token, &proofs),
        world.api.prove("/me", &token, &proofs)
    );
    let mut statuses = [first.status, second.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 401]);
}

#[tokio::test]
async fn nonces_are_asked_for_and_taken() {
    let world = World::new(Dpop::at(AUDIENCE).nonces(&SecretBytes::new([7; 32]))).await;
    let token = world.token();
    let answer = world
        .api
        .prove("/me", &token, &[&world.proof(&token, json!({}))])
        .await;
    assert_eq!(answer.status, 401);
    assert_eq!(answer.json()["error"], "use_dpop_nonce");
    let nonce = answer.header("dpop-nonce").unwrap();
    let proof = world.proof(&token, json!({ "nonce": nonce }));
    assert_eq!(world.api.prove("/me", &token, &[&proof]).await.status, 200);
    let wrong = world.proof(&token, json!({ "nonce": "made up" }));
    assert_eq!(world.api.prove("/me", &token, &[&wrong]).await.status, 401);
}
