//! A client that holds a key and proves it (RFC 9449).

use std::sync::atomic::{AtomicU32, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use grantor_jose::{SigningKey, Type, digest};
use grantor_types::SigningAlgorithm;
use http::HeaderName;
use http::header::AUTHORIZATION;
use serde_json::{Value, json};

use super::{Call, Server};

/// The header of a proof.
pub(crate) const DPOP: HeaderName = HeaderName::from_static("dpop");

pub(crate) struct Holder {
    pub(crate) key: SigningKey,
    made: AtomicU32,
}

impl Holder {
    pub(crate) fn new() -> Self {
        Self::with(SigningAlgorithm::Es256)
    }

    pub(crate) fn with(algorithm: SigningAlgorithm) -> Self {
        Self {
            key: SigningKey::generate(algorithm).unwrap().0,
            made: AtomicU32::new(0),
        }
    }

    /// The thumbprint of the key.
    pub(crate) fn jkt(&self) -> String {
        self.key.public_jwk().thumbprint().unwrap().to_string()
    }

    /// The claims of a new proof for a request to a path of the server.
    pub(crate) fn claims(&self, server: &Server, method: &str, path: &str) -> Value {
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        json!({
            "jti": format!("{number}+/=="),
            "htm": method,
            "htu": format!("{}{path}", server.app.settings().issuer.origin()),
            "iat": server.now(),
        })
    }

    pub(crate) fn sign(&self, claims: &Value) -> String {
        self.key.sign(Type::Dpop, claims).unwrap()
    }

    /// A request with a proof for the token endpoint.
    pub(crate) fn at_token(&self, server: &Server, call: Call) -> Call {
        call.header(DPOP, &self.sign(&self.claims(server, "POST", "/oauth/token")))
    }

    /// The claims of a proof for userinfo with this token.
    pub(crate) fn userinfo_claims(&self, server: &Server, token: &str) -> Value {
        let mut claims = self.claims(server, "GET", "/oauth/userinfo");
        claims["ath"] = json!(URL_SAFE_NO_PAD.encode(digest::sha256(token.as_bytes())));
        claims
    }

    /// Asks userinfo with a bound token.
    pub(crate) fn userinfo(&self, server: &Server, token: &str) -> Call {
        let proof = self.sign(&self.userinfo_claims(server, token));
        Call::get("/oauth/userinfo")
            .header(AUTHORIZATION, &format!("DPoP {token}"))
            .header(DPOP, &proof)
    }
}
