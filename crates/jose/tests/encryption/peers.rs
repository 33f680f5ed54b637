//! Tokens that other implementations encrypted, kept in a file. Opening one is a function of the token and the key, so
//! that what we encrypt and open again ourselves opens there as well.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use grantor_jose::DecryptionKey;
use grantor_jose::jwe::{Allowed, decrypt};
use grantor_types::{ContentEncryptionAlgorithm, KeyManagementAlgorithm, SecretBytes};
use serde_json::Value;

#[test]
fn we_open_the_tokens_of_others() {
    let file: Value = serde_json::from_str(include_str!("../../testdata/encrypted-by-peers.json")).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut opened = 0;
    for token in file["tokens"].as_array().unwrap() {
        let algorithm = KeyManagementAlgorithm::from_name(&text(&token["alg"])).unwrap();
        let encryption = ContentEncryptionAlgorithm::from_name(&text(&token["enc"])).unwrap();
        let pkcs8 = URL_SAFE_NO_PAD
            .decode(text(&file["keys"][algorithm.as_str()]))
            .unwrap();
        let key = DecryptionKey::from_pkcs8("ours", algorithm, &SecretBytes::new(pkcs8)).unwrap();
        let allowed = Allowed {
            key_management: &[algorithm],
            content_encryption: &[encryption],
        };
        let found = decrypt(&text(&token["token"]), &[key], &allowed);
        assert_eq!(
            found.unwrap().jwt(),
            Ok("eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJjbGllbnQifQ.c2lnbmF0dXJl"),
            "{}",
            token["by"]
        );
        opened += 1;
    }
    assert_eq!(opened, 10);
}
