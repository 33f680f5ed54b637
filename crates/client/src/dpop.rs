//! Proofs of possession ([RFC 9449](https://www.rfc-editor.org/rfc/rfc9449)): tokens that are of use to nobody else.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use grantor_fetch::{Request, Response};
use grantor_jose::digest::sha256_text;
use grantor_jose::{SigningKey, Type, random};
use grantor_types::{Thumbprint, Timestamp};
use http::header::{HeaderName, HeaderValue};
use http::{HeaderMap, Method};
use serde_json::json;
use url::Url;

use crate::{Challenge, Error, answer};

pub(crate) const DPOP: HeaderName = HeaderName::from_static("dpop");
const DPOP_NONCE: HeaderName = HeaderName::from_static("dpop-nonce");
/// Most origins whose nonces are remembered. A client has a provider and a handful of APIs.
const MAX_ORIGINS: usize = 64;
/// Longest nonce that is sent back, in bytes.
const MAX_NONCE: usize = 512;

/// A key, and the nonces that servers want to see again.
pub(crate) struct Prover {
    key: SigningKey,
    nonces: Mutex<BTreeMap<String, String>>,
}

impl Prover {
    pub(crate) fn new(key: SigningKey) -> Self {
        Self {
            key,
            nonces: Mutex::default(),
        }
    }

    /// The name of the key that tokens are bound to: `dpop_jkt` in authorization requests (RFC 9449 §10).
    pub(crate) fn thumbprint(&self) -> Result<Thumbprint, Error> {
        let jwk = self.key.public_jwk();
        jwk.thumbprint()
            .map_err(|error| Error::setting("the DPoP key", error))
    }

    /// The request with a proof for it, made anew for each.
    pub(crate) fn prove(
        &self,
        request: Request,
        access_token: Option<&str>,
        now: Timestamp,
    ) -> Result<Request, Error> {
        let proof = self.proof(request.method(), request.url(), access_token, now)?;
        Ok(request.header(DPOP, proof))
    }

    /// A proof for one request.
    pub(crate) fn proof(
        &self,
        method: &Method,
        url: &Url,
        access_token: Option<&str>,
        now: Timestamp,
    ) -> Result<HeaderValue, Error> {
        let mut target = url.clone();
        // RFC 9449 §4.2: "htu: The HTTP target URI […] without query and fragment parts".
        target.set_query(None);
        target.set_fragment(None);
        let mut claims = json!({
            "jti": random::text()?, "htm": method.as_str(), "htu": target.as_str(), "iat": now.as_seconds(),
        });
        if let Some(members) = claims.as_object_mut() {
            if let Some(token) = access_token {
                members.insert("ath".to_owned(), sha256_text(token).into());
            }
            if let Some(nonce) = self.nonce(url) {
                members.insert("nonce".to_owned(), nonce.into());
            }
        }
        let proof = self.key.sign(Type::Dpop, &claims)?;
        HeaderValue::from_str(&proof).map_err(|error| Error::setting("the DPoP proof", error))
    }

    /// Remembers the nonce that an answer brings, and says whether the request has to be made again with it. Once is enough:
    /// who refuses the nonce that they have just given would do so for ever.
    pub(crate) fn learn(&self, url: &Url, response: &Response) -> bool {
        self.remember(url, &response.headers) && wants_nonce(response)
    }

    /// Remembers the nonce that an answer brings, and says whether there is one. The last nonce of an origin is the one that
    /// counts, whatever the answer that brought it (RFC 9449 §8.2). It need not be a new one: another request, sent at the same
    /// time, may have been told the same.
    pub(crate) fn remember(&self, url: &Url, headers: &HeaderMap) -> bool {
        let nonce = headers.get(DPOP_NONCE).and_then(|nonce| nonce.to_str().ok());
        let Some(nonce) = nonce.filter(|nonce| is_nonce(nonce)) else {
            return false;
        };
        let mut nonces = self.nonces.lock().unwrap_or_else(PoisonError::into_inner);
        let origin = origin(url);
        if nonces.len() >= MAX_ORIGINS && !nonces.contains_key(&origin) {
            nonces.clear();
        }
        nonces.insert(origin, nonce.to_owned());
        true
    }

    fn nonce(&self, url: &Url) -> Option<String> {
        let nonces = self.nonces.lock().unwrap_or_else(PoisonError::into_inner);
        nonces.get(&origin(url)).cloned()
    }
}

impl std::fmt::Debug for Prover {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Prover({:?})", self.key)
    }
}

fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

/// RFC 9449 §8.1: `nonce = 1*NQCHAR`.
fn is_nonce(nonce: &str) -> bool {
    (1..=MAX_NONCE).contains(&nonce.len())
        && nonce
            .bytes()
            .all(|b| matches!(b, 0x21 | 0x23..=0x5b | 0x5d..=0x7e))
}

const USE_NONCE: &str = "use_dpop_nonce";

/// An authorization server says so in the body (§8), a resource server in the challenge (§9).
fn wants_nonce(response: &Response) -> bool {
    let in_body = || {
        let members = answer::json_object(response).unwrap_or_default();
        members.get("error").and_then(|code| code.as_str()) == Some(USE_NONCE)
    };
    match response.status.as_u16() {
        400 => in_body(),
        401 => is_challenged(&response.headers) || in_body(),
        _ => false,
    }
}

/// Whether a resource server says that it wants a nonce.
pub(crate) fn is_challenged(headers: &HeaderMap) -> bool {
    let challenges = Challenge::all(headers);
    challenges.iter().any(|challenge| challenge.has_error(USE_NONCE))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{self, response};
    use grantor_jose::dpop::Proof;
    use grantor_types::{Secret, SigningAlgorithm};
    use http::header::WWW_AUTHENTICATE;

    const NOW: Timestamp = Timestamp::from_seconds(1_000_000);

    fn prover() -> Prover {
        Prover::new(SigningKey::generate(SigningAlgorithm::Es256).unwrap().0)
    }

    fn proof(prover: &Prover, url: &str, token: Option<&Secret>) -> Proof {
        let request = Request::get(url.parse().unwrap());
        fixture::proof(
            &prover.prove(request, token.map(Secret::expose), NOW).unwrap(),
            token,
            NOW,
        )
    }

    #[test]
    fn a_proof_is_good_for_one_request() {
        let prover = prover();
        let token = Secret::new("token");
        let first = proof(&prover, "https://api.example/a?b=c#d", Some(&token));
        let second = proof(&prover, "https://api.example/a?b=c#d", Some(&token));
        assert_eq!(first.key, prover.thumbprint().unwrap());
        assert_ne!(first.jti, second.jti);
        assert_eq!(first.nonce, None);
    }

    #[test]
    fn nonces_are_remembered_by_origin() {
        let prover = prover();
        let url: Url = "https://as.example/token".parse().unwrap();
        let answer = |status, body: &str, nonce: &str| {
            let mut answer = response(status, "application/json", body);
            answer.headers.insert(DPOP_NONCE, nonce.parse().unwrap());
            answer
        };
        let wish = r#"{"error":"use_dpop_nonce"}"#;
        assert!(prover.learn(&url, &answer(400, wish, "one")));
        // Another request was sent without it at the same time.
        assert!(prover.learn(&url, &answer(400, wish, "one")));
        assert!(!prover.learn(&url, &answer(200, "{}", "two")));
        assert!(!prover.learn(&url, &answer(400, r#"{"error":"invalid_grant"}"#, "three")));
        assert!(!prover.learn(&url, &answer(400, wish, "a b")));
        assert!(!prover.learn(&url, &response(400, "application/json", wish)));
        assert_eq!(
            proof(&prover, "https://as.example/other", None).nonce.as_deref(),
            Some("three")
        );
        assert_eq!(proof(&prover, "https://api.example/", None).nonce, None);

        let mut challenge = answer(401, "", "four");
        challenge.headers.insert(
            WWW_AUTHENTICATE,
            r#"DPoP error="use_dpop_nonce""#.parse().unwrap(),
        );
        assert!(prover.learn(&"https://api.example".parse().unwrap(), &challenge));
    }
}
