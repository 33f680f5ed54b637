//! The keys that clients register: which are taken, which are passed over, and which are refused by name.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use grantor_jose::{
    CLIENT_CLOCK_AHEAD, Expectation, Jwk, JwkError, Jwks, JwksError, KeySet, MAX_KEYS, SigningKey, Type,
    VerifyError, verify,
};
use grantor_types::SigningAlgorithm;
use serde_json::{Value, json};

const NOW: u64 = 1_000;

fn key(algorithm: SigningAlgorithm) -> (SigningKey, Value) {
    let (key, _) = SigningKey::generate(algorithm).unwrap();
    let public = serde_json::to_value(key.public_jwk()).unwrap();
    (key, public)
}

fn without(key: &Value, names: &[&str]) -> Value {
    let mut key = key.clone();
    for name in names {
        key.as_object_mut().unwrap().remove(*name);
    }
    key
}

fn with(key: &Value, name: &str, value: impl Into<Value>) -> Value {
    let mut key = key.clone();
    key[name] = value.into();
    key
}

fn set(keys: &[&Value]) -> Jwks {
    serde_json::from_value(json!({"keys": keys})).unwrap()
}

fn assertion(key: &SigningKey) -> String {
    let claims =
        json!({"iss": "client", "sub": "client", "aud": "https://as.example", "exp": NOW + 60, "jti": "1"});
    key.sign(Type::ClientAuthentication, &claims).unwrap()
}

fn check(token: &str, keys: &KeySet) -> Result<(), VerifyError> {
    let audiences = ["https://as.example", "https://as.example/oauth/token"];
    let expectation = Expectation::for_one_of(Type::ClientAuthentication, "client", &audiences, NOW)
        .clock_ahead(CLIENT_CLOCK_AHEAD)
        .max_lifetime(300);
    verify::<Value>(token, keys, &expectation).map(|_| ())
}

#[test]
fn keys_without_names_are_tried() {
    for algorithm in SigningAlgorithm::ALL {
        let (signing, public) = key(algorithm);
        let (_, other) = key(algorithm);
        let nameless = without(&public, &["kid", "alg", "use"]);
        let keys = set(&[&without(&other, &["kid"]), &nameless]);
        // The token has the thumbprint for its `kid`, the set has none.
        let token = assertion(&signing);
        let strict = KeySet::from_jwks(&keys);
        assert_eq!(check(&token, &strict), Err(VerifyError::UnknownKey));
        assert_eq!(check(&token, &strict.kid_optional()), Ok(()), "{algorithm}");

        let foreign = KeySet::from_jwks(&set(&[&without(&other, &["kid"])])).kid_optional();
        assert_eq!(check(&token, &foreign), Err(VerifyError::BadSignature));
        // A key that has another name is not meant.
        let named = KeySet::from_jwks(&set(&[&with(&public, "kid", "other")])).kid_optional();
        assert_eq!(check(&token, &named), Err(VerifyError::UnknownKey));
    }
}

#[test]
fn no_more_than_a_handful_is_tried() {
    let (signing, public) = key(SigningAlgorithm::Es256);
    let nameless = without(&public, &["kid"]);
    let token = assertion(&signing);
    let keys = KeySet::from_jwks(&set(&[&nameless; 4])).kid_optional();
    assert_eq!(check(&token, &keys), Ok(()));
    let keys = KeySet::from_jwks(&set(&[&nameless; 5])).kid_optional();
    assert_eq!(check(&token, &keys), Err(VerifyError::AmbiguousKey));
}

#[test]
fn ed25519_has_two_names() {
    let (signing, public) = key(SigningAlgorithm::EdDsa);
    let renamed: Jwk = serde_json::from_value(with(&public, "alg", "Ed25519")).unwrap();
    assert_eq!(renamed.signing_algorithm(), Some(SigningAlgorithm::EdDsa));
    let keys = KeySet::from_jwks(&Jwks { keys: vec![renamed] });
    assert_eq!(check(&assertion(&signing), &keys), Ok(()));
}

#[test]
fn a_registered_set_may_hold_keys_for_others() {
    let (_, ec) = key(SigningAlgorithm::Es256);
    let (_, rsa) = key(SigningAlgorithm::Rs256);
    let (_, ed) = key(SigningAlgorithm::EdDsa);
    let fine = [
        ec.clone(),
        rsa.clone(),
        ed.clone(),
        without(&rsa, &["kid", "alg", "use"]),
        json!({"kty": "AKP", "alg": "ML-DSA-44", "pub": "AA"}),
        json!({"kty": "OKP", "crv": "X25519", "x": "AA", "use": "enc"}),
        json!({"kty": "EC", "crv": "secp256k1", "x": "AA", "y": "AA"}),
        with(&rsa, "alg", "RS512"),
        with(&without(&ec, &["alg"]), "use", "enc"),
        with(&with(&rsa, "alg", "RSA-OAEP"), "use", "enc"),
        json!({"kid": "no kty"}),
    ];
    let all: Vec<&Value> = fine.iter().collect();
    assert_eq!(set(&all).check_registered(), Ok(()));
    assert_eq!(
        set(&[&ec; MAX_KEYS + 1]).check_registered(),
        Err(JwksError::TooMany)
    );
}

#[test]
fn a_registered_set_is_refused_for_a_bad_key() {
    let (_, ec) = key(SigningAlgorithm::Es256);
    let (_, rsa) = key(SigningAlgorithm::Rs256);
    let (_, ed) = key(SigningAlgorithm::EdDsa);
    // 1024 bits.
    let short = "q".repeat(170) + "s";
    let cases = [
        (json!({"kty": "oct", "k": "AAAA"}), JwkError::Private),
        (json!({"kty": "oct", "alg": "HS256"}), JwkError::Private),
        (with(&ec, "d", "AA"), JwkError::Private),
        (with(&ed, "d", "AA"), JwkError::Private),
        (with(&with(&ec, "use", "enc"), "d", "AA"), JwkError::Private),
        (with(&rsa, "p", "AA"), JwkError::Private),
        (with(&rsa, "q", "AA"), JwkError::Private),
        (with(&rsa, "dp", "AA"), JwkError::Private),
        (with(&rsa, "dq", "AA"), JwkError::Private),
        (with(&rsa, "qi", "AA"), JwkError::Private),
        (with(&rsa, "oth", json!([])), JwkError::Private),
        (with(&rsa, "n", short.as_str()), JwkError::Unfit),
        (
            with(&with(&without(&rsa, &["alg"]), "use", "enc"), "n", short.as_str()),
            JwkError::Unfit,
        ),
        (with(&ec, "x", ec["y"].clone()), JwkError::Unfit),
        (with(&ec, "x", "AA"), JwkError::Malformed),
        (without(&rsa, &["n"]), JwkError::Malformed),
    ];
    for (bad, reason) in cases {
        let bad = with(&bad, "kid", "bad");
        let refused = set(&[&ec, &bad]).check_registered().unwrap_err();
        let expected = JwksError::Key {
            position: 1,
            kid: Some("bad".to_owned()),
            reason,
        };
        assert_eq!(refused, expected, "{bad}");
        // A set that was fetched is used without it.
        assert_eq!(KeySet::from_jwks(&set(&[&ec, &bad])).len(), 1, "{bad}");
    }
    let refused = set(&[&json!({"kty": "oct"})]).check_registered().unwrap_err();
    assert!(
        refused
            .to_string()
            .starts_with("key 1 of the set cannot be used: the key is private or symmetric")
    );
}
