//! Tokens that are bound to a key ([RFC 9449 §7](https://www.rfc-editor.org/rfc/rfc9449#section-7)).

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use grantor_jose::digest::{self, HmacKey};
use grantor_jose::dpop::{
    MAX_PROOF_AGE, MAX_PROOF_LEAD, PROOF_ALGORITHMS, Proof, ProofExpectation, nonce, nonce_is_good,
    verify_proof,
};
use grantor_types::{Secret, SecretBytes, SigningAlgorithm, Timestamp};
use http::HeaderMap;
use moka::sync::Cache;

use crate::{AccessToken, Cause};

/// Most proofs that are remembered by one process.
const REMEMBERED: u64 = 1_000_000;

/// Describes how proofs of possession are checked; see
/// [`ResourceServerBuilder::dpop`](crate::ResourceServerBuilder::dpop).
///
/// ```
/// use grantor_resource::{Dpop, ResourceServer};
///
/// let resource = ResourceServer::builder("https://as.example", "https://notes.example")
///     .dpop(Dpop::at("https://notes.example"))
///     .build()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
#[must_use]
pub struct Dpop {
    /// What stands before the path of a request in the address that clients know.
    pub(crate) public_url: String,
    pub(crate) algorithms: Vec<SigningAlgorithm>,
    replay_cache: Arc<dyn ReplayCache>,
    nonce_key: Option<Arc<HmacKey>>,
}

/// Remembers which proofs were used. One process remembers by itself; several behind one address need a store that they
/// share, or a proof can be used once with each of them.
pub trait ReplayCache: Send + Sync {
    /// Whether this is the first use of the proof, and remembers it until then. `proof` is a digest of key and `jti`.
    fn first_use(&self, proof: [u8; 32], until: Timestamp)
    -> Pin<Box<dyn Future<Output = bool> + Send + '_>>;
}

impl Dpop {
    /// Proofs for an API at this address: scheme, host, port, and the path that a proxy takes away, if one does.
    pub fn at(public_url: &str) -> Self {
        let life = Duration::from_secs(MAX_PROOF_AGE.0 + MAX_PROOF_LEAD.0);
        let cache = Cache::builder()
            .max_capacity(REMEMBERED)
            .time_to_live(life)
            .build();
        Self {
            public_url: public_url.trim_end_matches('/').to_owned(),
            algorithms: PROOF_ALGORITHMS.to_vec(),
            replay_cache: Arc::new(InMemory(cache)),
            nonce_key: None,
        }
    }

    /// The algorithms that proofs may have; ES256, EdDSA and PS256 unless it is said.
    pub fn algorithms(mut self, algorithms: &[SigningAlgorithm]) -> Self {
        self.algorithms = algorithms.to_vec();
        self
    }

    /// Remembers used proofs elsewhere than in this process.
    pub fn replay_cache(mut self, cache: impl ReplayCache + 'static) -> Self {
        self.replay_cache = Arc::new(cache);
        self
    }

    /// Wants a nonce of ours in every proof ([RFC 9449 §9]). Processes that share the key, 32 random bytes, take each
    /// other's.
    ///
    /// [RFC 9449 §9]: https://www.rfc-editor.org/rfc/rfc9449#section-9
    pub fn nonces(mut self, key: &SecretBytes) -> Self {
        self.nonce_key = Some(Arc::new(HmacKey::from_bytes(key)));
        self
    }

    /// The nonce to give now, if nonces are wanted.
    pub(crate) fn nonce(&self, now: Timestamp) -> Option<String> {
        self.nonce_key.as_ref().map(|key| nonce(key, now.as_seconds()))
    }

    /// Checks that the request proves the key that the token is bound to, with a proof for this request that was not used
    /// before.
    pub(crate) async fn check(
        &self,
        token: &AccessToken,
        presented: &Possession,
        now: Timestamp,
    ) -> Result<(), Cause> {
        let proof = self.verify(presented, now)?;
        // RFC 9449 §4.3: "confirm that the public key to which the access token is bound matches the public key from the
        // DPoP proof".
        if token.bound_key() != Some(proof.key) {
            return Err(Cause::NotBoundToKey);
        }
        if let Some(key) = &self.nonce_key {
            let given = proof.nonce.as_deref().unwrap_or_default();
            if !nonce_is_good(key, now.as_seconds(), given) {
                return Err(Cause::NonceRequired);
            }
        }
        let used = digest::sha256(&[proof.key.as_bytes(), proof.jti.as_bytes()].concat());
        let until = Timestamp::from_seconds(proof.remember_until());
        if self.replay_cache.first_use(used, until).await {
            Ok(())
        } else {
            Err(Cause::ProofReplayed)
        }
    }

    fn verify(&self, presented: &Possession, now: Timestamp) -> Result<Proof, Cause> {
        // RFC 9449 §4.3: "There is not more than one DPoP HTTP request header field."
        let proof = match &presented.proofs[..] {
            [] => return Err(Cause::ProofMissing),
            [proof] => proof,
            [_, _, ..] => return Err(Cause::RepeatedProof),
        };
        let expectation = ProofExpectation {
            method: presented.method.as_str(),
            uri: &format!("{}{}", self.public_url, presented.path),
            access_token: Some(&presented.token),
            algorithms: &self.algorithms,
            now: now.as_seconds(),
        };
        Ok(verify_proof(proof, &expectation)?)
    }
}

/// An access token that is presented with a proof, and what of the request the proof has to fit.
pub(crate) struct Possession {
    pub(crate) token: Secret,
    pub(crate) method: http::Method,
    pub(crate) path: String,
    proofs: Vec<String>,
}

impl Possession {
    pub(crate) fn new(token: &str, method: &http::Method, uri: &http::Uri, headers: &HeaderMap) -> Self {
        // Two are one too many, so no more are read. What is not text is no proof.
        let proofs = headers.get_all("dpop").iter().take(2);
        let text = |value: &http::HeaderValue| value.to_str().unwrap_or_default().to_owned();
        Self {
            token: Secret::new(token),
            method: method.clone(),
            path: uri.path().to_owned(),
            proofs: proofs.map(text).collect(),
        }
    }
}

struct InMemory(Cache<[u8; 32], ()>);

impl ReplayCache for InMemory {
    fn first_use(&self, proof: [u8; 32], _: Timestamp) -> Pin<Box<dyn Future<Output = bool> + Send + '_>> {
        Box::pin(std::future::ready(self.0.entry(proof).or_insert(()).is_fresh()))
    }
}
