//! Keys of applications, and JWTs signed and checked by another implementation than the server's.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde_json::{Value, json};

/// A key of RSA, for RS256.
pub(crate) struct Key {
    encoding: EncodingKey,
    public: Value,
}

impl Key {
    pub(crate) fn generate() -> Self {
        let pair = rcgen::KeyPair::generate_for(&rcgen::PKCS_RSA_SHA256).unwrap();
        // The library wants the PKCS#1 key without the 26 bytes of PKCS#8 around it.
        let encoding = EncodingKey::from_rsa_der(pair.serialized_der().get(26..).unwrap());
        let jwk = Jwk::from_encoding_key(&encoding, Algorithm::RS256).unwrap();
        let mut public = serde_json::to_value(jwk).unwrap();
        public["use"] = json!("sig");
        Self { encoding, public }
    }

    /// The set of its public half, under a name or none.
    pub(crate) fn set(&self, kid: Option<&str>) -> Value {
        let mut public = self.public.clone();
        if let Some(kid) = kid {
            public["kid"] = json!(kid);
        }
        json!({ "keys": [public] })
    }

    pub(crate) fn sign(&self, typ: &str, kid: Option<&str>, claims: &Value) -> String {
        let mut header = Header::new(Algorithm::RS256);
        header.typ = Some(typ.to_owned());
        header.kid = kid.map(str::to_owned);
        jsonwebtoken::encode(&header, claims, &self.encoding).unwrap()
    }
}

/// Signed by HS256.
pub(crate) fn by_secret(secret: &[u8], kid: Option<&str>, claims: &Value) -> String {
    let mut header = Header::new(Algorithm::HS256);
    header.kid = kid.map(str::to_owned);
    jsonwebtoken::encode(&header, claims, &EncodingKey::from_secret(secret)).unwrap()
}

/// Not signed at all.
pub(crate) fn unsigned(header: &Value, claims: &Value) -> String {
    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.", encode(header), encode(claims))
}

/// Checks a token with the published key that it names; an expiry is checked where there is one.
#[track_caller]
pub(crate) fn verified(
    token: &str,
    jwks: &Value,
    algorithm: Algorithm,
    issuer: &str,
    audience: &str,
) -> Value {
    let set: JwkSet = serde_json::from_value(jwks.clone()).unwrap();
    let header = jsonwebtoken::decode_header(token).unwrap();
    assert_eq!(header.alg, algorithm);
    let key = set.find(&header.kid.unwrap()).unwrap();
    let mut validation = Validation::new(algorithm);
    validation.set_audience(&[audience]);
    validation.set_issuer(&[issuer]);
    validation.set_required_spec_claims(&["iss", "aud"]);
    let decoded = jsonwebtoken::decode::<Value>(token, &DecodingKey::from_jwk(key).unwrap(), &validation);
    decoded.unwrap().claims
}
