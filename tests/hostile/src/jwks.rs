//! Sets of keys, as clients register them and as issuers publish them.

use grantor_jose::jwe::is_encrypted;
use grantor_jose::{EncryptionKey, Jwk, JwkError, Jwks, KeySet, MAX_KEYS, VerifyingKey};
use grantor_types::{ContentEncryptionAlgorithm, KeyManagementAlgorithm};

use crate::Target;

pub(crate) const TARGET: Target = Target {
    name: "jwks",
    run,
    seeds,
    forged,
};

fn run(input: &[u8]) -> bool {
    if let Ok(jwk) = serde_json::from_slice::<Jwk>(input) {
        one(&jwk);
    }
    let Ok(set) = serde_json::from_slice::<Jwks>(input) else {
        return false;
    };
    assert!(KeySet::from_jwks(&set).len() <= set.keys.len());
    if set.check_registered().is_ok() {
        assert!(set.keys.len() <= MAX_KEYS);
        for jwk in &set.keys {
            assert_ne!(VerifyingKey::from_jwk(jwk).err(), Some(JwkError::Private));
        }
    }
    for algorithm in KeyManagementAlgorithm::ALL.iter().copied() {
        if let Some(key) = EncryptionKey::choose(&set, algorithm) {
            assert_eq!(key.algorithm(), algorithm);
            let token = key.encrypt_jwt(ContentEncryptionAlgorithm::A128Gcm, "a.b.c");
            assert!(is_encrypted(&token.expect("a key that was accepted encrypts")));
        }
    }
    set.keys.iter().for_each(one);
    true
}

fn one(jwk: &Jwk) {
    // What is written again is the same key, and the private half is gone.
    let text = serde_json::to_string(jwk).expect("a key is written");
    let again: Jwk = serde_json::from_str(&text).expect("what was written is read");
    assert_eq!(again.kid(), jwk.kid());
    assert_eq!(again.thumbprint(), jwk.thumbprint());
    let members: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&text).expect("an object");
    for private in ["d", "k", "p", "q", "dp", "dq", "qi", "oth"] {
        assert!(!members.contains_key(private));
    }
    if let Ok(key) = VerifyingKey::from_jwk(jwk) {
        assert!(key.algorithms().next().is_some());
        jwk.thumbprint().expect("a key that verifies has a thumbprint");
    }
}

fn seeds() -> Vec<Vec<u8>> {
    let rsa = include_str!("../../../crates/jose/testdata/rfc7638-rsa.json");
    let ec = concat!(
        r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","#,
        r#""y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","kid":"1","use":"enc","key_ops":["deriveKey"]}"#
    );
    let ed =
        r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","alg":"EdDSA"}"#;
    let private = r#"{"kty":"oct","k":"AAAA","kid":null}"#;
    [
        format!(r#"{{"keys":[{rsa},{ec},{ed},{private},7]}}"#),
        ec.to_owned(),
        rsa.to_owned(),
        ed.to_owned(),
    ]
    .map(String::into_bytes)
    .into()
}

/// What is no set of keys, and what would take for ever to read.
fn forged() -> Vec<Vec<u8>> {
    let deep = "[".repeat(5_000);
    [
        "",
        "null",
        "[]",
        "{}",
        r#"{"keys":{}}"#,
        r#"{"keys":null}"#,
        r#"{"keys":"x"}"#,
        r#"{"keys":[],"keys":[]}"#,
        &format!(r#"{{"keys":{deep}"#),
        &format!(r#"{{"keys":[{deep}{}]}}"#, "]".repeat(5_000)),
    ]
    .map(|text| text.as_bytes().to_vec())
    .into()
}
