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
