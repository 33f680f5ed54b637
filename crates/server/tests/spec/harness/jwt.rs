//! Looks into JWTs, and forges them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use grantor_jose::digest::{self, HmacKey};
use grantor_jose::{SigningKey, Type};
use grantor_types::{SecretBytes, SigningAlgorithm};
use serde_json::Value;

/// The header, unverified.
pub(crate) fn header(token: &str) -> Value {
    part(token, 0)
}

/// The claims, unverified.
pub(crate) fn claims(token: &str) -> Value {
    part(token, 1)
}

fn part(token: &str, index: usize) -> Value {
    let parts: Vec<&str> = token.split('.').collect();
    assert_eq!(parts.len(), 3, "not a JWT: {token}");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts[index]).unwrap()).unwrap()
}

/// A token of these parts, whoever may have signed it.
pub(crate) fn assemble(header: &Value, claims: &Value, signature: &[u8]) -> String {
    let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let input = signing_input(header, claims);
    format!("{input}.{}", encode(signature))
}

/// The same token under `alg: none`, as old libraries took it.
pub(crate) fn unsigned(token: &str, alg: &str) -> String {
    assemble(&with(&header(token), "alg", alg.into()), &claims(token), &[])
}

/// The same token signed by HMAC with what everybody knows: the public key.
pub(crate) fn signed_with_public_key(token: &str, jwks: &[u8]) -> String {
    let (header, claims) = (with(&header(token), "alg", "HS256".into()), claims(token));
    let key = HmacKey::from_bytes(&SecretBytes::new(jwks));
    let signature = digest::hmac_sha256(&key, &[signing_input(&header, &claims).as_bytes()]);
    assemble(&header, &claims, &signature)
}

/// The same claims, signed by a key that the server does not know.
pub(crate) fn signed_with_another_key(token: &str, typ: Type) -> String {
    let (key, _) = SigningKey::generate(SigningAlgorithm::Es256).unwrap();
    key.sign(typ, &claims(token)).unwrap()
}

/// The same signature under a header with another member.
pub(crate) fn with_header(token: &str, name: &str, value: Value) -> String {
    splice(token, &with(&header(token), name, value), &claims(token))
}

/// The same signature over another claim.
pub(crate) fn with_claim(token: &str, name: &str, value: Value) -> String {
    splice(token, &header(token), &with(&claims(token), name, value))
}

fn splice(token: &str, header: &Value, claims: &Value) -> String {
    let signature = token.rsplit('.').next().unwrap();
    format!("{}.{signature}", signing_input(header, claims))
}

fn with(object: &Value, name: &str, value: Value) -> Value {
    let mut object = object.clone();
    object[name] = value;
    object
}

fn signing_input(header: &Value, claims: &Value) -> String {
    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}", encode(header), encode(claims))
}
