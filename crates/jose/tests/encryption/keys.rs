//! The keys of clients: which of them are encrypted to.

use grantor_jose::{EncryptionKey, Jwk, JwkError, Jwks};
use grantor_types::KeyManagementAlgorithm;
use serde_json::{Value, json};

use super::{ENC, JWT, encode, header, key};

fn jwk(json: &Value) -> Jwk {
    serde_json::from_value(json.clone()).unwrap()
}

#[test]
fn keys_to_encrypt_to() {
    use JwkError::*;
    let (p256, _) = key(KeyManagementAlgorithm::EcdhEs);
    let (rsa, _) = key(KeyManagementAlgorithm::RsaOaep256);
    let (p256, rsa) = (
        serde_json::to_value(p256.public_jwk()).unwrap(),
        serde_json::to_value(rsa.public_jwk()).unwrap(),
    );
    let bare = |key: &Value| {
        let mut key = key.clone();
        for name in ["kid", "alg", "use"] {
            key.as_object_mut().unwrap().remove(name);
        }
        key
    };
    let with = |key: &Value, name: &str, value: Value| {
        let mut key = bare(key);
        key[name] = value;
        key
    };
    let cases = [
        (p256.clone(), None),
        (bare(&p256), None),
        (with(&p256, "use", "enc".into()), None),
        (with(&p256, "use", "sig".into()), Some(NotForEncryption)),
        (with(&p256, "alg", "ES256".into()), Some(UnsupportedAlgorithm)),
        (
            with(&p256, "alg", "ECDH-ES+A128KW".into()),
            Some(UnsupportedAlgorithm),
        ),
        (
            with(&p256, "alg", "RSA-OAEP-256".into()),
            Some(UnsupportedAlgorithm),
        ),
        (with(&p256, "key_ops", json!(["deriveKey"])), None),
        (with(&p256, "key_ops", json!([])), None),
        (with(&p256, "key_ops", json!(["verify"])), Some(NotForEncryption)),
        (with(&p256, "d", "AA".into()), Some(Private)),
        (with(&p256, "x", p256["y"].clone()), Some(Unfit)),
        (with(&p256, "crv", "P-384".into()), Some(Malformed)),
        (with(&p256, "crv", "secp256k1".into()), Some(UnsupportedKey)),
        (rsa.clone(), None),
        (bare(&rsa), None),
        (with(&rsa, "alg", "RSA-OAEP".into()), Some(UnsupportedAlgorithm)),
        (with(&rsa, "alg", "RS256".into()), Some(UnsupportedAlgorithm)),
        (with(&rsa, "use", "sig".into()), Some(NotForEncryption)),
        (with(&rsa, "key_ops", json!([])), Some(NotForEncryption)),
        (with(&rsa, "qi", "AA".into()), Some(Private)),
        (with(&rsa, "n", encode([0xab; 128]).into()), Some(Unfit)),
        (json!({"kty": "oct"}), Some(Private)),
        (
            json!({"kty": "OKP", "crv": "X25519", "x": encode([9; 32])}),
            Some(UnsupportedKey),
        ),
    ];
    for (json, expected) in cases {
        assert_eq!(EncryptionKey::from_jwk(&jwk(&json)).err(), expected, "{json}");
    }
}

#[test]
fn longer_curves_of_clients_are_encrypted_to() {
    // The public key of RFC 7520 §3.1.
    let p521 = json!({
        "kty": "EC", "crv": "P-521",
        "x": "AHKZLLOsCOzz5cY97ewNUajB957y-C-U88c3v13nmGZx6sYl_oJXu9A5RkTKqjqvjyekWF-7ytDyRXYgCF5cj0Kt",
        "y": "AdymlHvOiLxXkEhayXQnNCvDX4h9htZaCJN34kfmC6pV5OhQHiraVySsUdaQkAgDPrwQrJmbnX9cwlGfP-HqHZR1",
    });
    let token = EncryptionKey::from_jwk(&jwk(&p521))
        .unwrap()
        .encrypt_jwt(ENC, JWT)
        .unwrap();
    assert_eq!(header(&token)["epk"]["crv"], "P-521");
    assert_eq!(header(&token)["epk"]["x"].as_str().unwrap().len(), 88);
}

#[test]
fn the_key_of_a_client_is_the_one_that_says_so() {
    use KeyManagementAlgorithm::{EcdhEs, RsaOaep256};
    let named = |kid: &str, algorithm, members: Value| {
        let mut json = serde_json::to_value(key(algorithm).0.public_jwk()).unwrap();
        for name in ["alg", "use"] {
            json.as_object_mut().unwrap().remove(name);
        }
        json["kid"] = kid.into();
        json.as_object_mut()
            .unwrap()
            .extend(members.as_object().unwrap().clone());
        json
    };
    let sign = named("sign", EcdhEs, json!({"use": "sig"}));
    let open = named("open", EcdhEs, json!({}));
    let enc = named("enc", EcdhEs, json!({"use": "enc"}));
    let alg = named("alg", EcdhEs, json!({"alg": "ECDH-ES"}));
    let rsa = named("rsa", RsaOaep256, json!({"use": "enc"}));
    let chosen = |keys: &[&Value], algorithm| {
        let jwks: Jwks = serde_json::from_value(json!({"keys": keys})).unwrap();
        EncryptionKey::choose(&jwks, algorithm).and_then(|key| key.kid().map(str::to_owned))
    };
    assert_eq!(
        chosen(&[&sign, &rsa, &open, &enc, &alg], EcdhEs).as_deref(),
        Some("alg")
    );
    assert_eq!(
        chosen(&[&sign, &rsa, &open, &enc], EcdhEs).as_deref(),
        Some("enc")
    );
    assert_eq!(chosen(&[&sign, &rsa, &open], EcdhEs).as_deref(), Some("open"));
    assert_eq!(chosen(&[&sign, &rsa, &open], RsaOaep256).as_deref(), Some("rsa"));
    assert_eq!(chosen(&[&sign, &rsa], EcdhEs), None);
    assert_eq!(chosen(&[], EcdhEs), None);
}
