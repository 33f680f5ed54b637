//! Tokens that must not pass: altered, confused, malformed and misdirected ones.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use aws_lc_rs::{hmac, rand::SystemRandom, rsa, signature};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use grantor_jose::{
    Expectation, KeySet, MAX_TOKEN_BYTES, SigningKey, Type, VerifyError, VerifyingKey, unverified_issuer,
    verify,
};
use grantor_types::{SecretBytes, SigningAlgorithm};
use serde_json::{Value, json};

const ISSUER: &str = "https://as.example";
const AUDIENCE: &str = "https://api.example";
const NOW: u64 = 1_000;

fn expected() -> Expectation<'static> {
    Expectation::new(Type::AccessToken, ISSUER, AUDIENCE, NOW)
}

fn claims() -> Value {
    json!({"iss": ISSUER, "aud": AUDIENCE, "exp": NOW + 60, "iat": NOW, "sub": "alice"})
}

fn key(algorithm: SigningAlgorithm) -> (SigningKey, SecretBytes, KeySet) {
    let (key, pkcs8) = SigningKey::generate(algorithm).unwrap();
    let keys = KeySet::from_keys([key.verifying_key().unwrap()]);
    (key, pkcs8, keys)
}

fn refusal(token: &str, keys: &KeySet) -> VerifyError {
    verify::<Value>(token, keys, &expected()).unwrap_err()
}

fn encode(text: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(text)
}

/// Signs any header and any payload with a P-256 key, as a hostile holder of a good key might.
fn sign_raw(pkcs8: &SecretBytes, header: &str, payload: &str) -> String {
    let algorithm = &signature::ECDSA_P256_SHA256_FIXED_SIGNING;
    let pair = signature::EcdsaKeyPair::from_pkcs8(algorithm, pkcs8.expose()).unwrap();
    let input = format!("{}.{}", encode(header), encode(payload));
    let signature = pair.sign(&SystemRandom::new(), input.as_bytes()).unwrap();
    format!("{input}.{}", encode(signature))
}

#[test]
fn every_algorithm_signs_and_verifies() {
    for algorithm in SigningAlgorithm::ALL {
        let (key, _, keys) = key(algorithm);
        let token = key.sign(Type::AccessToken, &claims()).unwrap();
        let verified = verify::<Value>(&token, &keys, &expected()).unwrap();
        assert_eq!(verified.claims(), &claims());
        assert_eq!(verified.header().algorithm(), algorithm);
        assert_eq!(verified.header().kid(), Some(key.kid()));
        assert_eq!(verified.header().typ(), Some("at+jwt"));
        assert!(!format!("{verified:?}").contains("alice"));
        assert_eq!(unverified_issuer(&token).unwrap().as_deref(), Some(ISSUER));

        let others: Vec<_> = SigningAlgorithm::ALL
            .into_iter()
            .filter(|other| *other != algorithm)
            .collect();
        let refused = verify::<Value>(&token, &keys, &expected().algorithms(&others)).unwrap_err();
        assert_eq!(refused, VerifyError::AlgorithmNotAllowed(algorithm));
    }
}

#[test]
fn no_letter_can_be_altered() {
    for algorithm in [SigningAlgorithm::Es256, SigningAlgorithm::EdDsa] {
        let (key, _, keys) = key(algorithm);
        let token = key.sign(Type::AccessToken, &claims()).unwrap();
        for position in 0..token.len() {
            for letter in ["A", "B", "_", ".", "=", " "] {
                let mut altered = token.clone();
                altered.replace_range(position..=position, letter);
                if altered != token {
                    assert!(
                        verify::<Value>(&altered, &keys, &expected()).is_err(),
                        "{position} {letter}"
                    );
                }
            }
        }
    }
}

#[test]
fn parts_cannot_be_exchanged_or_left_out() {
    let (key, _, keys) = key(SigningAlgorithm::Es256);
    let (one, two) = (
        key.sign(Type::AccessToken, &claims()).unwrap(),
        key.sign(
            Type::AccessToken,
            &json!({"iss": ISSUER, "aud": AUDIENCE, "exp": NOW + 61}),
        )
        .unwrap(),
    );
    let [header, payload, signature] = one.split('.').collect::<Vec<_>>()[..] else {
        panic!()
    };
    let [_, other_payload, other_signature] = two.split('.').collect::<Vec<_>>()[..] else {
        panic!()
    };
    let cases = [
        (
            format!("{header}.{other_payload}.{signature}"),
            VerifyError::BadSignature,
        ),
        (
            format!("{header}.{payload}.{other_signature}"),
            VerifyError::BadSignature,
        ),
        (format!("{header}.{payload}."), VerifyError::BadSignature),
        (format!("{header}..{signature}"), VerifyError::BadSignature),
        (format!(".{payload}.{signature}"), VerifyError::HeaderJson),
        (format!("{header}.{payload}"), VerifyError::NotCompact),
        (format!("{one}.x.y"), VerifyError::NotCompact),
        (format!("{one}."), VerifyError::NotCompact),
        (String::new(), VerifyError::NotCompact),
        (
            format!("{header}=.{payload}.{signature}"),
            VerifyError::HeaderEncoding,
        ),
        (
            format!("{header}.{payload}.{signature}=="),
            VerifyError::SignatureEncoding,
        ),
        (format!(" {one}"), VerifyError::HeaderEncoding),
        (format!("{one}\n"), VerifyError::SignatureEncoding),
    ];
    for (token, reason) in cases {
        assert_eq!(refusal(&token, &keys), reason, "{token}");
    }
}

#[test]
fn algorithms_cannot_be_confused() {
    let (key_rs256, rsa, rs256) = key(SigningAlgorithm::Rs256);
    let key_ps256 = SigningKey::from_pkcs8(key_rs256.kid(), SigningAlgorithm::Ps256, &rsa).unwrap();
    let ps256 = KeySet::from_keys([key_ps256.verifying_key().unwrap()]);
    let by_rs256 = key_rs256.sign(Type::AccessToken, &claims()).unwrap();
    let by_ps256 = key_ps256.sign(Type::AccessToken, &claims()).unwrap();

    // One RSA key, one name, two algorithms: the one that the set says is the only one.
    assert_eq!(
        refusal(&by_rs256, &ps256),
        VerifyError::KeyAlgorithmMismatch(SigningAlgorithm::Rs256)
    );
    assert_eq!(
        refusal(&by_ps256, &rs256),
        VerifyError::KeyAlgorithmMismatch(SigningAlgorithm::Ps256)
    );

    // The public key as an HMAC secret, which every verifier with one `verify(token, key)` falls for.
    let secret = serde_json::to_vec(&key_rs256.public_jwk()).unwrap();
    let header = format!(r#"{{"alg":"HS256","kid":"{}","typ":"at+jwt"}}"#, key_rs256.kid());
    let input = format!("{}.{}", encode(header), encode(claims().to_string()));
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &secret), input.as_bytes());
    assert_eq!(
        refusal(&format!("{input}.{}", encode(tag)), &rs256),
        VerifyError::UnsupportedAlgorithm
    );

    let header = format!(r#"{{"alg":"none","kid":"{}","typ":"at+jwt"}}"#, key_rs256.kid());
    let none = format!("{}.{}.", encode(header), encode(claims().to_string()));
    assert_eq!(refusal(&none, &rs256), VerifyError::UnsupportedAlgorithm);

    let header = format!(r#"{{"alg":"ES256","kid":"{}","typ":"at+jwt"}}"#, key_rs256.kid());
    let (_, ec, _) = key(SigningAlgorithm::Es256);
    let foreign = sign_raw(&ec, &header, &claims().to_string());
    assert_eq!(
        refusal(&foreign, &rs256),
        VerifyError::KeyAlgorithmMismatch(SigningAlgorithm::Es256)
    );
}

#[test]
fn an_rsa_key_without_alg_still_keeps_the_two_paddings_apart() {
    let (key, pkcs8, _) = key(SigningAlgorithm::Rs256);
    let mut jwk = serde_json::to_value(key.public_jwk()).unwrap();
    jwk.as_object_mut().unwrap().remove("alg");
    let keys = KeySet::from_jwks(&serde_json::from_value(json!({"keys": [jwk]})).unwrap());
    let pair = rsa::KeyPair::from_pkcs8(pkcs8.expose()).unwrap();
    let sign = |algorithm: &str, padding: &'static dyn signature::RsaEncoding| {
        let header = format!(r#"{{"alg":"{algorithm}","typ":"at+jwt"}}"#);
        let input = format!("{}.{}", encode(header), encode(claims().to_string()));
        let mut signature = vec![0; pair.public_modulus_len()];
        pair.sign(padding, &SystemRandom::new(), input.as_bytes(), &mut signature)
            .unwrap();
        format!("{input}.{}", encode(signature))
    };
    let (pkcs1, pss) = (&signature::RSA_PKCS1_SHA256, &signature::RSA_PSS_SHA256);
    for token in [sign("RS256", pkcs1), sign("PS256", pss)] {
        assert!(verify::<Value>(&token, &keys, &expected()).is_ok());
    }
    for token in [sign("RS256", pss), sign("PS256", pkcs1)] {
        assert_eq!(refusal(&token, &keys), VerifyError::BadSignature);
    }
}

#[test]
fn a_token_does_not_bring_its_own_key() {
    let (_, _, keys) = key(SigningAlgorithm::Es256);
    let (attacker, pkcs8, _) = key(SigningAlgorithm::Es256);
    let jwk = serde_json::to_string(&attacker.public_jwk()).unwrap();
    let header = format!(r#"{{"alg":"ES256","typ":"at+jwt","jwk":{jwk}}}"#);
    assert_eq!(
        refusal(&sign_raw(&pkcs8, &header, &claims().to_string()), &keys),
        VerifyError::BadSignature
    );
    let header = r#"{"alg":"ES256","typ":"at+jwt","kid":"../../dev/null","jku":"https://evil.example"}"#;
    assert_eq!(
        refusal(&sign_raw(&pkcs8, header, &claims().to_string()), &keys),
        VerifyError::UnknownKey
    );
}

#[test]
fn headers_of_a_good_key_are_still_checked() {
    let (_, pkcs8, keys) = key(SigningAlgorithm::Es256);
    let cases = [
        (
            r#"{"alg":"ES256","typ":"at+jwt","crit":["exp"],"exp":1}"#,
            VerifyError::CriticalExtension,
        ),
        (
            r#"{"alg":"ES256","typ":"at+jwt","crit":["b64"],"b64":false}"#,
            VerifyError::CriticalExtension,
        ),
        (
            r#"{"alg":"ES256","typ":"at+jwt","b64":false}"#,
            VerifyError::UnencodedPayload,
        ),
        (
            r#"{"alg":"ES256","typ":"at+jwt","typ":"at+jwt"}"#,
            VerifyError::DuplicateHeaderMember,
        ),
        (
            r#"{"alg":"ES256","typ":"at+jwt","zip":1,"zip":1}"#,
            VerifyError::DuplicateHeaderMember,
        ),
        (r#"{"alg":"ES256"}"#, VerifyError::WrongType),
        (r#"{"alg":"ES256","typ":"JWT"}"#, VerifyError::WrongType),
        (r#"{"alg":"ES256","typ":"dpop+jwt"}"#, VerifyError::WrongType),
        (r#"{"typ":"at+jwt"}"#, VerifyError::MissingAlgorithm),
        (r#"{"alg":["ES256"],"typ":"at+jwt"}"#, VerifyError::HeaderJson),
        (
            r#"{"alg":"ES256","typ":"at+jwt","kid":"other"}"#,
            VerifyError::UnknownKey,
        ),
    ];
    for (header, reason) in cases {
        assert_eq!(
            refusal(&sign_raw(&pkcs8, header, &claims().to_string()), &keys),
            reason,
            "{header}"
        );
    }
    let header = r#"{"alg":"ES256","typ":"application/AT+JWT","unknown":{"typ":"x"}}"#;
    assert!(
        verify::<Value>(
            &sign_raw(&pkcs8, header, &claims().to_string()),
            &keys,
            &expected()
        )
        .is_ok()
    );
}

#[test]
fn a_token_of_one_type_is_not_one_of_another() {
    let (key, _, keys) = key(SigningAlgorithm::Es256);
    for signed in Type::ALL {
        let token = key.sign(signed, &claims()).unwrap();
        for wanted in Type::ALL {
            // A DPoP proof has no `kid`; the set has one key only, so it is found all the same.
            let expectation = Expectation::new(wanted, ISSUER, AUDIENCE, NOW);
            let accepted = verify::<Value>(&token, &keys, &expectation).is_ok();
            assert_eq!(
                accepted,
                wanted.accepts(Some(signed.as_str())),
                "{signed:?} as {wanted:?}"
            );
        }
    }
}

#[test]
fn payloads_of_a_good_key_are_still_checked() {
    let (_, pkcs8, keys) = key(SigningAlgorithm::Es256);
    let header = r#"{"alg":"ES256","typ":"at+jwt"}"#;
    let cases = [
        (
            r#"{"iss":"https://as.example","aud":"x","exp":1060}"#,
            VerifyError::WrongAudience,
        ),
        (
            r#"{"iss":"https://as.example.evil","aud":"https://api.example","exp":1060}"#,
            VerifyError::WrongIssuer,
        ),
        (
            r#"{"iss":"https://as.example","aud":"https://api.example","exp":1000}"#,
            VerifyError::Expired,
        ),
        (
            r#"{"iss":"https://as.example","aud":"https://api.example","exp":1060,"nbf":1001}"#,
            VerifyError::NotYetValid,
        ),
        (
            r#"{"iss":"https://as.example","aud":"x","aud":"https://api.example","exp":1060}"#,
            VerifyError::DuplicateClaim,
        ),
        ("\"text\"", VerifyError::ClaimsJson),
        ("", VerifyError::ClaimsJson),
    ];
    for (payload, reason) in cases {
        assert_eq!(
            refusal(&sign_raw(&pkcs8, header, payload), &keys),
            reason,
            "{payload}"
        );
    }

    #[derive(Debug, serde::Deserialize)]
    struct Wanted {
        #[expect(dead_code, reason = "only that it is required matters")]
        client_id: String,
    }
    let token = sign_raw(&pkcs8, header, &claims().to_string());
    let refused = verify::<Wanted>(&token, &keys, &expected()).unwrap_err();
    assert_eq!(refused, VerifyError::ClaimsShape);
}

#[test]
fn a_token_beyond_measure_is_not_looked_at() {
    let (key, _, keys) = key(SigningAlgorithm::Es256);
    let mut long = claims();
    long["padding"] = "x".repeat(MAX_TOKEN_BYTES).into();
    let token = key.sign(Type::AccessToken, &long).unwrap();
    assert_eq!(refusal(&token, &keys), VerifyError::TooLong);
    assert_eq!(
        refusal(&".".repeat(MAX_TOKEN_BYTES), &keys),
        VerifyError::NotCompact
    );
}

#[test]
fn an_ec_signature_in_der_is_refused() {
    let (key, pkcs8, keys) = key(SigningAlgorithm::Es256);
    let token = key.sign(Type::AccessToken, &claims()).unwrap();
    let (input, _) = token.rsplit_once('.').unwrap();
    let algorithm = &signature::ECDSA_P256_SHA256_ASN1_SIGNING;
    let pair = signature::EcdsaKeyPair::from_pkcs8(algorithm, pkcs8.expose()).unwrap();
    let der = pair.sign(&SystemRandom::new(), input.as_bytes()).unwrap();
    assert_eq!(
        refusal(&format!("{input}.{}", encode(der)), &keys),
        VerifyError::BadSignature
    );
    assert_eq!(
        refusal(&format!("{input}.{}", encode([0; 64])), &keys),
        VerifyError::BadSignature
    );
}

#[test]
fn keys_that_cannot_be_used_leave_the_others() {
    let (key, _, _) = key(SigningAlgorithm::Es256);
    let set = json!({"keys": [
        {"kty": "oct", "k": "AAAA", "kid": "symmetric"},
        {"kty": "EC", "crv": "P-521", "x": "AA", "y": "AA"},
        {"kty": "RSA", "n": "AQAB", "e": "AQAB", "kid": key.kid()},
        {"kty": "RSA", "use": "enc"},
        42,
        key.public_jwk(),
    ]});
    let keys = KeySet::from_jwks(&serde_json::from_value(set).unwrap());
    assert_eq!(keys.len(), 1);
    let token = key.sign(Type::AccessToken, &claims()).unwrap();
    assert!(verify::<Value>(&token, &keys, &expected()).is_ok());
    let jwk = key.public_jwk();
    assert_eq!(VerifyingKey::from_jwk(&jwk).unwrap().kid(), Some(key.kid()));
}
