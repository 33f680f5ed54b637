//! Encrypted tokens that must not open: altered, truncated, swapped, oversized, and made by somebody who knows how.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::rsa::{
    OAEP_SHA256_MGF1SHA256, OaepPublicEncryptingKey, PublicEncryptingKey, PublicKeyComponents,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use grantor_jose::DecryptionKey;
use grantor_jose::jwe::{DecryptError, MAX_ENCRYPTED_BYTES, MAX_HEADER_BYTES};
use grantor_types::{ContentEncryptionAlgorithm, KeyManagementAlgorithm};
use serde_json::Value;

use super::{ENC, JWT, encode, header, key, open};

fn parts(token: &str) -> [String; 5] {
    let parts: Vec<_> = token.split('.').map(str::to_owned).collect();
    parts.try_into().unwrap()
}

/// Encrypts anything under any header to an RSA key with A256GCM, as anybody might who has the public key.
fn craft(key: &DecryptionKey, header: &str, plaintext: &[u8]) -> String {
    let public = serde_json::to_value(key.public_jwk()).unwrap();
    let member = |name: &str| URL_SAFE_NO_PAD.decode(public[name].as_str().unwrap()).unwrap();
    let (n, e) = (member("n"), member("e"));
    let public: PublicEncryptingKey = PublicKeyComponents { n, e }.try_into().unwrap();
    let public = OaepPublicEncryptingKey::new(public).unwrap();
    let mut encrypted = vec![0; public.ciphertext_size()];
    public
        .encrypt(&OAEP_SHA256_MGF1SHA256, &[7; 32], &mut encrypted, None)
        .unwrap();
    let header = encode(header);
    let content_key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &[7; 32]).unwrap());
    let mut in_out = plaintext.to_vec();
    let nonce = Nonce::assume_unique_for_key([3; 12]);
    let tag = content_key
        .seal_in_place_separate_tag(nonce, Aad::from(&header), &mut in_out)
        .unwrap();
    let parts = [&encrypted[..], &[3; 12], &in_out, tag.as_ref()].map(encode);
    format!("{header}.{}", parts.join("."))
}

#[test]
fn headers_of_a_good_key_are_still_checked() {
    use DecryptError::*;
    let (ours, _) = key(KeyManagementAlgorithm::RsaOaep256);
    let (ec, _) = key(KeyManagementAlgorithm::EcdhEs);
    let (kid, ec_kid) = (ours.kid().to_owned(), ec.kid().to_owned());
    let keys = [ours, ec];
    let good = r#""alg":"RSA-OAEP-256","enc":"A256GCM""#;
    // What would inflate to 10 MB: deflated zeros, whatever is made of them.
    let bomb = format!(r#"{good},"zip":"DEF""#);
    let cases = [
        (good.to_owned(), None),
        (format!(r#"{good},"cty":"JWT""#), None),
        (format!(r#"{good},"cty":"application/jwt","kid":"{kid}""#), None),
        (
            format!(r#"{good},"jwk":{{}},"jku":"https://evil.example","x5u":"https://evil.example""#),
            None,
        ),
        (format!(r#"{good},"cty":"JSON""#), Some(NotJwt)),
        (format!(r#"{good},"cty":"""#), Some(NotJwt)),
        (format!(r#"{good},"kid":"../../etc/passwd""#), Some(UnknownKey)),
        (format!(r#"{good},"kid":"""#), Some(UnknownKey)),
        (format!(r#"{good},"kid":"{ec_kid}""#), Some(UnknownKey)),
        (format!(r#"{good},"kid":["{kid}"]"#), Some(HeaderJson)),
        (
            format!(r#"{good},"crit":["b64"],"b64":true"#),
            Some(CriticalExtension),
        ),
        (bomb, Some(Compressed)),
        (format!(r#"{good},"enc":"A128GCM""#), Some(DuplicateHeaderMember)),
        (
            r#""alg":"RSA-OAEP-256","enc":"A128GCM""#.to_owned(),
            Some(NotAuthentic),
        ),
        (
            r#""alg":"RSA-OAEP","enc":"A256GCM""#.to_owned(),
            Some(UnsupportedAlgorithm),
        ),
        (
            r#""alg":"RSA1_5","enc":"A256GCM""#.to_owned(),
            Some(UnsupportedAlgorithm),
        ),
        (
            r#""alg":"dir","enc":"A256GCM""#.to_owned(),
            Some(UnsupportedAlgorithm),
        ),
        (
            r#""alg":"none","enc":"A256GCM""#.to_owned(),
            Some(UnsupportedAlgorithm),
        ),
        // The encrypted key of one algorithm does not stand where another has none.
        (r#""alg":"ECDH-ES","enc":"A256GCM""#.to_owned(), Some(PartLength)),
    ];
    for (members, expected) in cases {
        let token = craft(&keys[0], &format!("{{{members}}}"), JWT.as_bytes());
        assert_eq!(open(&token, &keys).err(), expected, "{members}");
    }
    let binary = craft(&keys[0], &format!("{{{good}}}"), &[0xff, 0xfe]);
    assert_eq!(open(&binary, &keys), Err(NotJwt));
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
