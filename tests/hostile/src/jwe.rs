//! Encrypted tokens.
//!
//! An input is a token as it came; or, with a line end in it, a header and the four parts that follow it, so that the
//! header is altered as text and not as base64url.

use std::sync::LazyLock;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use grantor_jose::DecryptionKey;
use grantor_jose::jwe::{Allowed, MAX_ENCRYPTED_BYTES, decrypt, is_encrypted};
use grantor_types::{KeyManagementAlgorithm, SecretBytes};
use serde_json::Value;

use crate::{Target, lines};

pub(crate) const TARGET: Target = Target {
    name: "jwe",
    run,
    seeds,
    forged,
};

/// What is in every token of the file.
const JWT: &str = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJjbGllbnQifQ.c2lnbmF0dXJl";

static FILE: LazyLock<Value> = LazyLock::new(|| {
    let file = include_str!("../../../crates/jose/testdata/encrypted-by-peers.json");
    serde_json::from_str(file).unwrap()
});

static KEYS: LazyLock<Vec<DecryptionKey>> = LazyLock::new(|| {
    let key = |algorithm: &KeyManagementAlgorithm| {
        let pkcs8 = FILE["keys"][algorithm.as_str()].as_str().unwrap();
        let pkcs8 = SecretBytes::new(URL_SAFE_NO_PAD.decode(pkcs8).unwrap());
        DecryptionKey::from_pkcs8("ours", *algorithm, &pkcs8).unwrap()
    };
    KeyManagementAlgorithm::ALL.iter().map(key).collect()
});

fn run(input: &[u8]) -> bool {
    let token = match lines(input) {
        Some((header, rest)) => format!("{}.{rest}", URL_SAFE_NO_PAD.encode(header)),
        None => String::from_utf8_lossy(input).into_owned(),
    };
    let opened = decrypt(&token, &KEYS, &Allowed::ALL);
    if let Ok(opened) = &opened {
        assert!(is_encrypted(&token) && token.len() <= MAX_ENCRYPTED_BYTES);
        // Encrypting takes no more than the public key, but no fuzzer comes upon a new content by chance.
        assert_eq!(opened.plaintext(), JWT.as_bytes());
        assert_eq!(opened.kid(), "ours");
    }
    opened.is_ok()
}

fn seeds() -> Vec<Vec<u8>> {
    let tokens = FILE["tokens"].as_array().unwrap().iter();
    let tokens = tokens.map(|token| token["token"].as_str().unwrap());
    let mut seeds = Vec::new();
    for token in tokens {
        let (header, rest) = token.split_once('.').unwrap();
        let mut split = URL_SAFE_NO_PAD.decode(header).unwrap();
        split.push(b'\n');
        split.extend_from_slice(rest.as_bytes());
        seeds.extend([token.as_bytes().to_vec(), split]);
    }
    seeds
}

/// Tokens whose header was exchanged: nothing encrypted, a key that everybody knows, a password, compression, a header that
/// has to be understood, one that is too much.
fn forged() -> Vec<Vec<u8>> {
    let token = FILE["tokens"][0]["token"].as_str().unwrap();
    let (header, rest) = token.split_once('.').unwrap();
    let header: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).unwrap()).unwrap();
    let changes = [
        ("alg", serde_json::json!("none")),
        ("alg", serde_json::json!("dir")),
        ("alg", serde_json::json!("RSA1_5")),
        ("alg", serde_json::json!("PBES2-HS256+A128KW")),
        ("enc", serde_json::json!("none")),
        ("enc", serde_json::json!("A128CBC-HS256")),
        ("zip", serde_json::json!("DEF")),
        ("crit", serde_json::json!(["exp"])),
        ("p2c", serde_json::json!(2_000_000_000)),
        ("kid", serde_json::json!("../../../../dev/null")),
        ("kid", serde_json::json!("k".repeat(100_000))),
    ];
    let mut tokens: Vec<Vec<u8>> = Vec::new();
    for (name, value) in changes {
        let mut header = header.clone();
        header[name] = value;
        tokens.push(format!("{}.{rest}", URL_SAFE_NO_PAD.encode(header.to_string())).into_bytes());
    }
    let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
    tokens.push(format!("{}.{rest}", URL_SAFE_NO_PAD.encode(deep)).into_bytes());
    tokens.push(JWT.as_bytes().to_vec());
    tokens
}
