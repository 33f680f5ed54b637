//! Encrypted tokens: what goes in comes out, and nothing else does.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use grantor_jose::jwe::{
    Allowed, DecryptError, MAX_ENCRYPTED_BYTES, MAX_HEADER_BYTES, decrypt, is_encrypted,
};
use grantor_jose::{DecryptionKey, EncryptionKey, Jwk, JwkError, Jwks};
use grantor_types::{ContentEncryptionAlgorithm, KeyManagementAlgorithm};
use serde_json::{Value, json};

const JWT: &str = "eyJhbGciOiJub25lIn0.e30.c2lnbmF0dXJl";
const ENC: ContentEncryptionAlgorithm = ContentEncryptionAlgorithm::A256Gcm;

fn key(algorithm: KeyManagementAlgorithm) -> (DecryptionKey, EncryptionKey) {
    let (key, _) = DecryptionKey::generate(algorithm).unwrap();
    let public = EncryptionKey::from_jwk(&key.public_jwk()).unwrap();
    (key, public)
}

fn encode(text: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(text)
}

fn header(token: &str) -> Value {
    let header = URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap();
    serde_json::from_slice(&header).unwrap()
}

fn open(token: &str, keys: &[DecryptionKey]) -> Result<String, DecryptError> {
    let opened = decrypt(token, keys, &Allowed::ALL)?;
    opened.jwt().map(str::to_owned)
}

fn parts(token: &str) -> [String; 5] {
    let parts: Vec<_> = token.split('.').map(str::to_owned).collect();
    parts.try_into().unwrap()
}

#[test]
fn every_algorithm_encrypts_and_decrypts() {
    for algorithm in KeyManagementAlgorithm::ALL.iter().copied() {
        let (ours, theirs) = key(algorithm);
        for encryption in ContentEncryptionAlgorithm::ALL.iter().copied() {
            let token = theirs.encrypt_jwt(encryption, JWT).unwrap();
            assert!(is_encrypted(&token) && !is_encrypted(JWT));
            assert_ne!(token, theirs.encrypt_jwt(encryption, JWT).unwrap());
            let opened = decrypt(&token, std::slice::from_ref(&ours), &Allowed::ALL).unwrap();
            assert_eq!(opened.jwt(), Ok(JWT));
            assert_eq!(
                (opened.algorithm(), opened.encryption(), opened.kid()),
                (algorithm, encryption, ours.kid())
            );
            assert!(!format!("{opened:?}").contains("eyJ"));

            let header = header(&token);
            assert_eq!(header["alg"], algorithm.as_str());
            assert_eq!(header["enc"], encryption.as_str());
            assert_eq!(header["kid"], ours.kid());
            assert_eq!(header["cty"], "JWT");
            assert_eq!(
                header.get("epk").is_some(),
                algorithm == KeyManagementAlgorithm::EcdhEs
            );
        }
        let claims = theirs.encrypt_claims(ENC, &json!({"sub": "alice"})).unwrap();
        assert_eq!(header(&claims).get("cty"), None);
        let opened = decrypt(&claims, &[ours], &Allowed::ALL).unwrap();
        assert_eq!(opened.plaintext(), br#"{"sub":"alice"}"#);
    }
}

#[test]
fn no_letter_can_be_altered() {
    let (ours, theirs) = key(KeyManagementAlgorithm::EcdhEs);
    let keys = [ours];
    let token = theirs.encrypt_jwt(ENC, JWT).unwrap();
    for position in 0..token.len() {
        for letter in ["A", "B", "_", ".", "=", " "] {
            let mut altered = token.clone();
            altered.replace_range(position..=position, letter);
            assert!(
                altered == token || open(&altered, &keys).is_err(),
                "{position} {letter}"
            );
        }
        assert!(open(&token[..position], &keys).is_err(), "{position}");
    }
}

#[test]
fn parts_cannot_be_exchanged_or_left_out() {
    use DecryptError::{Encoding, HeaderJson, NotAuthentic, NotCompact, PartLength};
    let (ours, theirs) = key(KeyManagementAlgorithm::EcdhEs);
    let keys = [ours];
    let token = theirs.encrypt_jwt(ENC, JWT).unwrap();
    let other = theirs.encrypt_jwt(ENC, JWT).unwrap();
    let [header, key, iv, ciphertext, tag] = parts(&token);
    let [other_header, _, other_iv, other_ciphertext, other_tag] = parts(&other);
    let short_tag = encode(&URL_SAFE_NO_PAD.decode(&tag).unwrap()[..12]);
    let cases = [
        (
            format!("{other_header}.{key}.{iv}.{ciphertext}.{tag}"),
            NotAuthentic,
        ),
        (
            format!("{header}.{key}.{other_iv}.{ciphertext}.{tag}"),
            NotAuthentic,
        ),
        (
            format!("{header}.{key}.{iv}.{other_ciphertext}.{tag}"),
            NotAuthentic,
        ),
        (
            format!("{header}.{key}.{iv}.{ciphertext}.{other_tag}"),
            NotAuthentic,
        ),
        (format!("{header}.{key}.{iv}..{tag}"), NotAuthentic),
        (format!("{header}.AAAA.{iv}.{ciphertext}.{tag}"), PartLength),
        (format!("{header}.{key}..{ciphertext}.{tag}"), PartLength),
        (format!("{header}.{key}.{tag}.{ciphertext}.{tag}"), PartLength),
        (format!("{header}.{key}.{iv}.{ciphertext}."), PartLength),
        (
            format!("{header}.{key}.{iv}.{ciphertext}.{short_tag}"),
            PartLength,
        ),
        (format!("{header}.{key}.{iv}.{ciphertext}.{tag}AAAA"), PartLength),
        (format!("{header}.{key}.{iv}.{ciphertext}.{tag}="), Encoding),
        (format!("{header}.{key}.{iv}.{ciphertext} .{tag}"), Encoding),
        (format!(".{key}.{iv}.{ciphertext}.{tag}"), HeaderJson),
        (format!("{key}.{iv}.{ciphertext}.{tag}"), NotCompact),
        (format!("{token}."), NotCompact),
        (JWT.to_owned(), NotCompact),
        ("....".to_owned(), HeaderJson),
        (String::new(), NotCompact),
    ];
    for (token, reason) in cases {
        assert_eq!(open(&token, &keys), Err(reason), "{token}");
    }
}

/// An encrypted key that is garbage, that is too short, that holds a key of another length, and a good one with a bad
/// tag: nothing in the answer tells them apart.
#[test]
fn a_wrong_rsa_key_and_a_wrong_tag_look_the_same() {
    let (ours, theirs) = key(KeyManagementAlgorithm::RsaOaep256);
    let keys = [ours];
    let token = theirs
        .encrypt_jwt(ContentEncryptionAlgorithm::A128Gcm, JWT)
        .unwrap();
    let long = theirs
        .encrypt_jwt(ContentEncryptionAlgorithm::A256Gcm, JWT)
        .unwrap();
    let [header, key, iv, ciphertext, tag] = parts(&token);
    let [_, long_key, ..] = parts(&long);
    let bad_tag = encode([0; 16]);
    let garbage = [
        encode([7; 256]),
        encode([0; 256]),
        encode([255; 256]),
        encode([7; 300]),
    ];
    let wrong = garbage.iter().map(String::as_str).chain(["", "AA", &long_key]);
    for wrong in wrong {
        let token = format!("{header}.{wrong}.{iv}.{ciphertext}.{tag}");
        assert_eq!(open(&token, &keys), Err(DecryptError::NotAuthentic));
    }
    let token = format!("{header}.{key}.{iv}.{ciphertext}.{bad_tag}");
    assert_eq!(open(&token, &keys), Err(DecryptError::NotAuthentic));
}

#[test]
fn an_ephemeral_key_is_a_public_point_on_our_curve() {
    let (ours, theirs) = key(KeyManagementAlgorithm::EcdhEs);
    let keys = [ours];
    let token = theirs.encrypt_jwt(ENC, JWT).unwrap();
    let [_, key, iv, ciphertext, tag] = parts(&token);
    let good = header(&token);
    let epk = &good["epk"];
    let with = |name: &str, value: Value| {
        let mut epk = epk.clone();
        epk[name] = value;
        Some(epk)
    };
    let bad = [
        None,
        with("crv", "P-384".into()),
        with("crv", "X25519".into()),
        with("crv", Value::Null),
        with("kty", "OKP".into()),
        with("kty", "RSA".into()),
        with("x", epk["y"].clone()),
        with("y", encode([1; 32]).into()),
        with("x", encode([0; 32]).into()),
        with("x", encode([1; 31]).into()),
        with("x", encode([255; 32]).into()),
        with("y", Value::Null),
        with("d", encode([1; 32]).into()),
    ];
    for epk in bad {
        let mut header = good.clone();
        match &epk {
            Some(epk) => header["epk"] = epk.clone(),
            None => drop(header.as_object_mut().unwrap().remove("epk")),
        }
        let header = encode(header.to_string());
        let token = format!("{header}.{key}.{iv}.{ciphertext}.{tag}");
        assert_eq!(open(&token, &keys), Err(DecryptError::EphemeralKey), "{epk:?}");
    }
}

#[test]
fn measures_are_kept() {
    let (ours, theirs) = key(KeyManagementAlgorithm::EcdhEs);
    let keys = [ours];
    let token = theirs.encrypt_jwt(ENC, JWT).unwrap();
    let [_, key, iv, ciphertext, tag] = parts(&token);
    let mut long = header(&token);
    long["pad"] = "x".repeat(MAX_HEADER_BYTES).into();
    let long = encode(long.to_string());
    assert_eq!(
        open(&format!("{long}.{key}.{iv}.{ciphertext}.{tag}"), &keys),
        Err(DecryptError::TooLong)
    );
    let long = theirs.encrypt_jwt(ENC, &"x".repeat(MAX_ENCRYPTED_BYTES)).unwrap();
    assert_eq!(open(&long, &keys), Err(DecryptError::TooLong));
    // The longest token that is verified still fits when it is encrypted.
    let longest = "x".repeat(grantor_jose::MAX_TOKEN_BYTES);
    assert_eq!(
        open(&theirs.encrypt_jwt(ENC, &longest).unwrap(), &keys),
        Ok(longest)
    );

    let deep = format!(r#"{{"alg":"ECDH-ES","enc":"A256GCM","x":{}"#, "[".repeat(2000));
    let deep = encode(deep);
    assert_eq!(
        open(&format!("{deep}.{key}.{iv}.{ciphertext}.{tag}"), &keys),
        Err(DecryptError::HeaderJson)
    );
}

#[test]
fn the_key_is_found_by_name_or_by_trying_a_few() {
    let (first, _) = key(KeyManagementAlgorithm::EcdhEs);
    let (second, theirs) = key(KeyManagementAlgorithm::EcdhEs);
    let (rsa, _) = key(KeyManagementAlgorithm::RsaOaep256);
    let token = theirs.encrypt_jwt(ENC, JWT).unwrap();
    let both = [rsa.clone(), first.clone(), second.clone()];
    assert_eq!(open(&token, &both).as_deref(), Ok(JWT));
    for keys in [&[first.clone()][..], &[rsa], &[]] {
        assert_eq!(open(&token, keys), Err(DecryptError::UnknownKey));
    }

    let mut nameless = serde_json::to_value(second.public_jwk()).unwrap();
    nameless.as_object_mut().unwrap().remove("kid");
    let nameless = EncryptionKey::from_jwk(&serde_json::from_value(nameless).unwrap()).unwrap();
    let token = nameless.encrypt_jwt(ENC, JWT).unwrap();
    assert!(header(&token).get("kid").is_none());
    assert_eq!(open(&token, &both).as_deref(), Ok(JWT));
    assert_eq!(open(&token, &[first]), Err(DecryptError::NotAuthentic));
}

#[test]
fn what_is_no_jwt_is_not_taken_for_one() {
    let (ours, theirs) = key(KeyManagementAlgorithm::EcdhEs);
    let claims = theirs.encrypt_claims(ENC, &json!({"sub": "alice"})).unwrap();
    // Without `cty` it is for the verifier to find out.
    assert_eq!(open(&claims, &[ours]).as_deref(), Ok(r#"{"sub":"alice"}"#));
}

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
    // The public keys of RFC 7520 §3.1 and of a client on P-384.
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
