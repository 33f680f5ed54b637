//! Tokens signed with a client's secret, and that they are a world of their own.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use aws_lc_rs::hmac as primitive;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use grantor_jose::{Expectation, KeySet, SigningKey, Type, VerifyError, hmac, verify};
use grantor_types::{MacAlgorithm, Secret, SigningAlgorithm};
use serde_json::{Value, json};

const SECRET: &str = "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0";
const NOW: u64 = 1_000;

fn expected() -> Expectation<'static> {
    Expectation::new(Type::ClientAuthentication, "client", "https://as.example", NOW)
}

fn claims() -> Value {
    json!({"iss": "client", "sub": "client", "aud": "https://as.example", "exp": NOW + 60, "jti": "1"})
}

fn encode(text: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(text)
}

fn sign(header: &str, algorithm: primitive::Algorithm, secret: &str) -> String {
    sign_claims(header, &claims().to_string(), algorithm, secret)
}

fn sign_claims(header: &str, claims: &str, algorithm: primitive::Algorithm, secret: &str) -> String {
    let input = format!("{}.{}", encode(header), encode(claims));
    let key = primitive::Key::new(algorithm, secret.as_bytes());
    format!("{input}.{}", encode(primitive::sign(&key, input.as_bytes())))
}

fn refusal(token: &str, secret: &str, algorithms: &[MacAlgorithm]) -> VerifyError {
    hmac::verify::<Value>(token, &Secret::new(secret), algorithms, &expected()).unwrap_err()
}

#[test]
fn every_algorithm_verifies_and_only_where_it_is_allowed() {
    let primitives = [
        (MacAlgorithm::Hs256, primitive::HMAC_SHA256),
        (MacAlgorithm::Hs384, primitive::HMAC_SHA384),
        (MacAlgorithm::Hs512, primitive::HMAC_SHA512),
    ];
    for (algorithm, primitive) in primitives {
        let token = sign(&format!(r#"{{"alg":"{algorithm}"}}"#), primitive, SECRET);
        let secret = Secret::new(SECRET);
        let verified = hmac::verify::<Value>(&token, &secret, &[algorithm], &expected()).unwrap();
        assert_eq!(verified.header().algorithm(), algorithm);
        assert_eq!(verified.claims(), &claims());

        let others: Vec<_> = MacAlgorithm::ALL
            .iter()
            .copied()
            .filter(|other| *other != algorithm)
            .collect();
        assert_eq!(
            refusal(&token, SECRET, &others),
            VerifyError::UnsupportedAlgorithm
        );
        assert_eq!(
            refusal(&token, &SECRET[1..], &[algorithm]),
            VerifyError::BadSignature
        );
    }
}

/// RFC 7515 appendix A.1: its key is 64 octets that are no text, so only the form of its header is taken from there.
#[test]
fn what_is_wrong_is_refused() {
    let hs256 = [MacAlgorithm::Hs256];
    let signed = |header| sign(header, primitive::HMAC_SHA256, SECRET);
    let good = signed(r#"{"typ":"JWT","alg":"HS256"}"#);
    let (input, tag) = good.rsplit_once('.').unwrap();
    let half = encode(&URL_SAFE_NO_PAD.decode(tag).unwrap()[..16]);
    let cases = [
        (signed(r#"{"alg":"none"}"#), VerifyError::UnsupportedAlgorithm),
        (signed(r#"{"alg":"RS256"}"#), VerifyError::UnsupportedAlgorithm),
        (signed(r#"{"alg":"hs256"}"#), VerifyError::UnsupportedAlgorithm),
        (signed("{}"), VerifyError::MissingAlgorithm),
        (
            signed(r#"{"alg":"HS256","typ":"at+jwt"}"#),
            VerifyError::WrongType,
        ),
        (
            signed(r#"{"alg":"HS256","crit":["x"],"x":1}"#),
            VerifyError::CriticalExtension,
        ),
        (
            signed(r#"{"alg":"HS256","alg":"HS256"}"#),
            VerifyError::DuplicateHeaderMember,
        ),
        (format!("{input}."), VerifyError::BadSignature),
        (format!("{input}.{half}"), VerifyError::BadSignature),
        (format!("{input}.{tag}="), VerifyError::SignatureEncoding),
        (input.to_owned(), VerifyError::NotCompact),
    ];
    for (token, reason) in cases {
        assert_eq!(refusal(&token, SECRET, &hs256), reason, "{token}");
    }
    let other = Expectation::new(Type::ClientAuthentication, "client", "https://other.example", NOW);
    let refused = hmac::verify::<Value>(&good, &Secret::new(SECRET), &hs256, &other).unwrap_err();
    assert_eq!(refused, VerifyError::WrongAudience);
}

#[test]
fn a_short_secret_signs_nothing() {
    for secret in ["", "short", &SECRET[..31]] {
        let token = sign(r#"{"alg":"HS256"}"#, primitive::HMAC_SHA256, secret);
        assert_eq!(
            refusal(&token, secret, &[MacAlgorithm::Hs256]),
            VerifyError::SecretTooShort
        );
    }
    let token = sign(r#"{"alg":"HS512"}"#, primitive::HMAC_SHA512, &SECRET[..63]);
    assert_eq!(
        refusal(&token, &SECRET[..63], &[MacAlgorithm::Hs512]),
        VerifyError::SecretTooShort
    );
}

#[test]
fn a_secret_and_a_key_never_meet() {
    // Signed with the public key for a secret: nothing that holds the key takes it.
    let (key, _) = SigningKey::generate(SigningAlgorithm::Rs256).unwrap();
    let public = serde_json::to_string(&key.public_jwk()).unwrap();
    let token = sign(r#"{"alg":"HS256"}"#, primitive::HMAC_SHA256, &public);
    let keys = KeySet::from_keys([key.verifying_key().unwrap()]).kid_optional();
    let refused = verify::<Value>(&token, &keys, &expected()).unwrap_err();
    assert_eq!(refused, VerifyError::UnsupportedAlgorithm);
    // And a token of a key is none of a secret.
    let token = key.sign(Type::ClientAuthentication, &claims()).unwrap();
    assert_eq!(
        refusal(&token, SECRET, MacAlgorithm::ALL),
        VerifyError::UnsupportedAlgorithm
    );
}

#[test]
fn depth_is_no_weapon() {
    let deep = format!("{}{}", "[".repeat(2_000), "]".repeat(2_000));
    let check = |header: &str, claims: &str| {
        let token = sign_claims(header, claims, primitive::HMAC_SHA256, SECRET);
        let secret = Secret::new(SECRET);
        hmac::verify::<Value>(&token, &secret, &[MacAlgorithm::Hs256], &expected()).map(|_| ())
    };
    let claims = claims().to_string();
    // What nobody reads is passed over without a stack, however deep; what becomes a value has its bound.
    let header = format!(r#"{{"alg":"HS256","x":{deep}}}"#);
    assert_eq!(check(&header, &claims), Ok(()));
    let deep_claims = claims.replacen('{', &format!(r#"{{"x":{deep},"#), 1);
    assert_eq!(
        check(r#"{"alg":"HS256"}"#, &deep_claims),
        Err(VerifyError::ClaimsShape)
    );
    let header = format!(r#"{{"alg":{deep}}}"#);
    assert_eq!(check(&header, &claims), Err(VerifyError::HeaderJson));
}
