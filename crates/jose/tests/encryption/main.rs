//! Encrypted tokens: what goes in comes out, and nothing else does.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use grantor_jose::jwe::{Allowed, DecryptError, decrypt, is_encrypted};
use grantor_jose::{DecryptionKey, EncryptionKey};
use grantor_types::{ContentEncryptionAlgorithm, KeyManagementAlgorithm};
use serde_json::{Value, json};

mod hostile;
mod keys;
mod peers;

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
