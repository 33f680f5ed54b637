//! Tokens and keys exchanged with another implementation.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use grantor_jose::{Expectation, Jwks, KeySet, SigningKey, Type, hmac, verify};
use grantor_types::{MacAlgorithm, Secret, SecretBytes, SigningAlgorithm};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde_json::{Value, json};

const ISSUER: &str = "https://as.example";
const AUDIENCE: &str = "https://api.example";
/// Far in the future, as the peer reads the clock.
const EXPIRY: u64 = 10_000_000_000;

fn claims() -> Value {
    json!({"iss": ISSUER, "aud": AUDIENCE, "exp": EXPIRY, "sub": "alice"})
}

fn peer_algorithm(algorithm: SigningAlgorithm) -> Algorithm {
    match algorithm {
        SigningAlgorithm::Es256 => Algorithm::ES256,
        SigningAlgorithm::EdDsa => Algorithm::EdDSA,
        SigningAlgorithm::Ps256 => Algorithm::PS256,
        SigningAlgorithm::Rs256 => Algorithm::RS256,
    }
}

#[test]
fn the_peer_accepts_our_tokens_with_our_published_keys() {
    for algorithm in SigningAlgorithm::ALL {
        let (key, _) = SigningKey::generate(algorithm).unwrap();
        let token = key.sign(Type::AccessToken, &claims()).unwrap();

        let published = serde_json::to_string(&Jwks {
            keys: vec![key.public_jwk()],
        })
        .unwrap();
        let set: jsonwebtoken::jwk::JwkSet = serde_json::from_str(&published).unwrap();
        let decoding = DecodingKey::from_jwk(set.find(key.kid()).unwrap()).unwrap();
        let mut validation = Validation::new(peer_algorithm(algorithm));
        validation.set_audience(&[AUDIENCE]);
        validation.set_issuer(&[ISSUER]);
        let read = jsonwebtoken::decode::<Value>(&token, &decoding, &validation).unwrap();
        assert_eq!(read.claims, claims());
        assert_eq!(read.header.typ.as_deref(), Some("at+jwt"));
        assert_eq!(read.header.kid.as_deref(), Some(key.kid()));
    }
}

#[test]
fn we_accept_the_peers_tokens() {
    for algorithm in SigningAlgorithm::ALL {
        let (key, pkcs8) = SigningKey::generate(algorithm).unwrap();
        let mut header = Header::new(peer_algorithm(algorithm));
        header.typ = Some("at+jwt".to_owned());
        header.kid = Some(key.kid().to_owned());
        let token = jsonwebtoken::encode(&header, &claims(), &encoding(algorithm, &pkcs8)).unwrap();

        let keys = KeySet::from_keys([key.verifying_key().unwrap()]);
        let expectation = Expectation::new(Type::AccessToken, ISSUER, AUDIENCE, EXPIRY - 1);
        assert_eq!(
            verify::<Value>(&token, &keys, &expectation)
                .unwrap()
                .into_claims(),
            claims()
        );
    }
}

#[test]
fn we_accept_what_the_peer_signs_with_a_secret() {
    let secret = "a secret that is shared and long enough for the longest of the three hashes";
    for (algorithm, peers) in [
        (MacAlgorithm::Hs256, Algorithm::HS256),
        (MacAlgorithm::Hs384, Algorithm::HS384),
        (MacAlgorithm::Hs512, Algorithm::HS512),
    ] {
        let key = EncodingKey::from_secret(secret.as_bytes());
        let token = jsonwebtoken::encode(&Header::new(peers), &claims(), &key).unwrap();
        let expectation = Expectation::new(Type::ClientAuthentication, ISSUER, AUDIENCE, EXPIRY - 1);
        let verified = hmac::verify::<Value>(&token, &Secret::new(secret), &[algorithm], &expectation);
        assert_eq!(verified.unwrap().into_claims(), claims());
    }
}

fn encoding(algorithm: SigningAlgorithm, pkcs8: &SecretBytes) -> EncodingKey {
    match algorithm {
        SigningAlgorithm::Es256 => EncodingKey::from_ec_der(pkcs8.expose()),
        SigningAlgorithm::EdDsa => EncodingKey::from_ed_der(pkcs8.expose()),
        SigningAlgorithm::Ps256 | SigningAlgorithm::Rs256 => {
            // The peer wants the PKCS#1 key without the 26 bytes of PKCS#8 around it.
            EncodingKey::from_rsa_der(pkcs8.expose().get(26..).unwrap())
        }
    }
}
