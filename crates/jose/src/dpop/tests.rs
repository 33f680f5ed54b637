use serde_json::{Value, json};

use super::*;
use crate::{SigningKey, base64url};

const NOW: u64 = 1_700_000_000;
const TOKEN_ENDPOINT: &str = "https://id.example/oauth/token";

fn key(algorithm: SigningAlgorithm) -> SigningKey {
    SigningKey::generate(algorithm).unwrap().0
}

fn claims(changes: &Value) -> Value {
    let mut claims = json!({"jti": "dZ+87ibL/h4A==", "htm": "POST", "htu": TOKEN_ENDPOINT, "iat": NOW});
    let all = claims.as_object_mut().unwrap();
    for (name, value) in changes.as_object().unwrap() {
        all.insert(name.clone(), value.clone());
        all.retain(|_, value| !value.is_null());
    }
    claims
}

fn expectation<'a>() -> ProofExpectation<'a> {
    ProofExpectation {
        method: "POST",
        uri: TOKEN_ENDPOINT,
        access_token: None,
        algorithms: &PROOF_ALGORITHMS,
        now: NOW,
    }
}

fn outcome(changes: &Value) -> Result<Proof, ProofError> {
    let proof = key(SigningAlgorithm::Es256)
        .sign(Type::Dpop, &claims(changes))
        .unwrap();
    verify_proof(&proof, &expectation())
}

/// Signs a header as it stands.
fn with_header(key: &SigningKey, header: &Value) -> String {
    // The signature is over another header: it fails, unless something fails before it.
    let token = key.sign(Type::Dpop, &claims(&json!({}))).unwrap();
    let (_, rest) = token.split_once('.').unwrap();
    format!("{}.{rest}", base64url::encode(header.to_string()))
}

#[test]
fn each_algorithm_proves_its_key() {
    for algorithm in PROOF_ALGORITHMS {
        let key = key(algorithm);
        let proof = key.sign(Type::Dpop, &claims(&json!({}))).unwrap();
        let proof = verify_proof(&proof, &expectation()).unwrap();
        assert_eq!(proof.key, key.public_jwk().thumbprint().unwrap());
        assert_eq!(
            (proof.jti.as_str(), proof.iat, proof.nonce),
            ("dZ+87ibL/h4A==", NOW, None)
        );
    }
    let rs256 = key(SigningAlgorithm::Rs256)
        .sign(Type::Dpop, &claims(&json!({})))
        .unwrap();
    assert_eq!(
        verify_proof(&rs256, &expectation()),
        Err(VerifyError::AlgorithmNotAllowed(SigningAlgorithm::Rs256).into())
    );
    let with_rs256 = ProofExpectation {
        algorithms: &SigningAlgorithm::ALL,
        ..expectation()
    };
    assert!(verify_proof(&rs256, &with_rs256).is_ok());
}

#[test]
fn claims_fit_the_request() {
    use ProofError::{Claims, InFuture, Method, TooOld, Uri};
    let cases = [
        (json!({}), None),
        (json!({"htm": "post"}), None),
        (json!({"iat": NOW as f64 + 0.5}), None),
        (json!({"htu": "https://id.example/oauth/token?x=1#y"}), None),
        (json!({"htu": "HTTPS://ID.example:443/oauth/token"}), None),
        (json!({"htu": "https://id.example:8443/oauth/token"}), Some(Uri)),
        (json!({"htu": "http://id.example/oauth/token"}), Some(Uri)),
        (json!({"htu": "https://id.example/oauth/token/"}), Some(Uri)),
        (json!({"htu": "https://id.example/oauth"}), Some(Uri)),
        (json!({"htu": "/oauth/token"}), Some(Uri)),
        (json!({"htu": ""}), Some(Uri)),
        (json!({"htu": null}), Some(Claims)),
        (json!({"htm": "GET"}), Some(Method)),
        (json!({"htm": null}), Some(Claims)),
        (json!({"jti": null}), Some(Claims)),
        (json!({"jti": ""}), Some(Claims)),
        (json!({"jti": "x".repeat(512)}), None),
        (json!({"jti": "x".repeat(513)}), Some(Claims)),
        (json!({"jti": 7}), Some(Claims)),
        (json!({"iat": null}), Some(Claims)),
        (json!({"iat": "now"}), Some(Claims)),
        (json!({"iat": -1}), Some(Claims)),
        (json!({"iat": 1e300}), Some(Claims)),
        (json!({"iat": NOW - 120}), None),
        (json!({"iat": NOW - 121}), Some(TooOld)),
        (json!({"iat": NOW + 60}), None),
        (json!({"iat": NOW + 61}), Some(InFuture)),
        (json!({"nonce": 7}), Some(Claims)),
    ];
    for (changes, expected) in cases {
        assert_eq!(outcome(&changes).err(), expected, "{changes}");
    }
    assert_eq!(
        outcome(&json!({"nonce": "n"})).unwrap().nonce.as_deref(),
        Some("n")
    );
}

#[test]
fn with_an_access_token_its_hash_has_to_be_there() {
    let token = Secret::new("Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU");
    let at_resource = ProofExpectation {
        access_token: Some(&token),
        ..expectation()
    };
    let key = key(SigningAlgorithm::Es256);
    // The example of RFC 9449 7.1.
    let right = json!({"ath": "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo"});
    for (changes, expected) in [
        (right, None),
        (json!({}), Some(ProofError::AccessTokenHash)),
        (json!({"ath": ""}), Some(ProofError::AccessTokenHash)),
        (
            json!({"ath": "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo="}),
            Some(ProofError::AccessTokenHash),
        ),
    ] {
        let proof = key.sign(Type::Dpop, &claims(&changes)).unwrap();
        assert_eq!(verify_proof(&proof, &at_resource).err(), expected, "{changes}");
    }
}

#[test]
fn headers_that_prove_nothing() {
    let key = key(SigningAlgorithm::Es256);
    let jwk = serde_json::to_value(key.public_jwk().bare()).unwrap();
    let header = |alg: &str, typ: &str, jwk: &Value| json!({"alg": alg, "typ": typ, "jwk": jwk});
    let mut private = jwk.clone();
    private["d"] = json!("AAAA");
    let cases = [
        (header("ES256", "JWT", &jwk), VerifyError::WrongType.into()),
        (json!({"alg": "ES256", "jwk": jwk}), VerifyError::WrongType.into()),
        (
            header("none", "dpop+jwt", &jwk),
            VerifyError::UnsupportedAlgorithm.into(),
        ),
        (
            header("HS256", "dpop+jwt", &jwk),
            VerifyError::UnsupportedAlgorithm.into(),
        ),
        (json!({"alg": "ES256", "typ": "dpop+jwt"}), ProofError::Key),
        (header("ES256", "dpop+jwt", &json!("text")), ProofError::Key),
        (
            header("ES256", "dpop+jwt", &json!({"kty": "oct", "k": "AAAA"})),
            ProofError::Key,
        ),
        (header("ES256", "dpop+jwt", &private), ProofError::Key),
        (
            header("EdDSA", "dpop+jwt", &jwk),
            VerifyError::BadSignature.into(),
        ),
        (
            header(
                "ES256",
                "dpop+jwt",
                &json!({"kty": "EC", "crv": "P-256", "x": "AAAA", "y": "AAAA"}),
            ),
            ProofError::Key,
        ),
        (
            header("ES256", "application/dpop+jwt", &jwk),
            VerifyError::BadSignature.into(),
        ),
        (
            json!({"alg": "ES256", "typ": "dpop+jwt", "jwk": jwk, "crit": ["x"]}),
            VerifyError::CriticalExtension.into(),
        ),
    ];
    for (header, expected) in cases {
        assert_eq!(
            verify_proof(&with_header(&key, &header), &expectation()),
            Err(expected),
            "{header}"
        );
    }
    for text in ["", "a.b", "a.b.c.d", "....", &"x".repeat(20_000)] {
        assert!(verify_proof(text, &expectation()).is_err(), "{text:.20}");
    }
}

#[test]
fn another_keys_signature_is_no_proof() {
    let (mine, other) = (key(SigningAlgorithm::Es256), key(SigningAlgorithm::Es256));
    let proof = mine.sign(Type::Dpop, &claims(&json!({}))).unwrap();
    let theirs = other.sign(Type::Dpop, &claims(&json!({}))).unwrap();
    let forged = format!(
        "{}.{}",
        proof.rsplit_once('.').unwrap().0,
        theirs.rsplit_once('.').unwrap().1
    );
    assert_eq!(
        verify_proof(&forged, &expectation()),
        Err(VerifyError::BadSignature.into())
    );
}

#[test]
fn a_short_coordinate_is_the_same_key_and_its_thumbprint_is_over_what_was_sent() {
    let full: Jwk = serde_json::from_value(json!({
        "kty": "EC", "crv": "P-256", "x": base64url::encode([&[0][..], &[7; 31]].concat()), "y": "AA"
    }))
    .unwrap();
    let short: Jwk = serde_json::from_value(json!({
        "kty": "EC", "crv": "P-256", "x": base64url::encode([7; 31]), "y": "AA"
    }))
    .unwrap();
    assert_eq!(short.with_padded_coordinates(), full.with_padded_coordinates());
    assert_ne!(short.presented_thumbprint(), full.presented_thumbprint());
}
