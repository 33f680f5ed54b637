//! Proofs of possession that come with a request ([RFC 9449](https://www.rfc-editor.org/rfc/rfc9449)).

use axum::response::Response;
use grantor_jose::dpop::{ProofExpectation, verify_proof};
use grantor_protocol::Cause;
use grantor_protocol::dpop::{self, FreshProof};
use grantor_types::Secret;
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::app::{App, Failure};
use crate::drive;

/// The header of a proof.
const DPOP: HeaderName = HeaderName::from_static("dpop");
/// The header in which clients are given a nonce.
const DPOP_NONCE: HeaderName = HeaderName::from_static("dpop-nonce");

/// The proof that a request has, checked but for its single use; `None` when it has none.
pub(crate) fn proof(
    app: &App,
    request: &Parts,
    access_token: Option<&Secret>,
) -> Result<Option<FreshProof>, Failure> {
    let Some(text) = header(&request.headers)? else {
        return Ok(None);
    };
    let policy = &app.settings.policy.dpop;
    let expectation = ProofExpectation {
        method: request.method.as_str(),
        uri: &format!("{}{}", app.settings.issuer.origin(), request.uri.path()),
        access_token,
        algorithms: &policy.algorithms,
        now: app.now().as_seconds(),
    };
    let proof = verify_proof(text, &expectation).map_err(|error| Failure {
        detail: Some(error.to_string()),
        ..dpop::cause(error).into()
    })?;
    if policy.require_nonce {
        dpop::check_nonce(app.keys.load().derivation(), app.now(), proof.nonce.as_deref())?;
    }
    Ok(Some(FreshProof::of(&proof)))
}

/// "There is not more than one DPoP HTTP request header field." (RFC 9449 4.3)
fn header(headers: &HeaderMap) -> Result<Option<&str>, Cause> {
    let mut values = headers.get_all(DPOP).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().map(Some).map_err(|_| Cause::DpopProofInvalid),
        (Some(_), Some(_)) => Err(Cause::DpopProofMultiple),
    }
}

/// Uses up a proof that comes with nothing else to commit.
pub(crate) async fn use_up(app: &App, proof: &FreshProof) -> Result<(), Failure> {
    if drive::committed(app, vec![proof.use_up()]).await? {
        Ok(())
    } else {
        Err(Cause::DpopProofReplayed.into())
    }
}

/// After a conflict: whether it was the proof, which no second attempt would mend.
pub(crate) async fn check_unused(app: &App, proof: Option<&FreshProof>) -> Result<(), Failure> {
    match proof {
        Some(proof) if app.store.store().is_used(&proof.once).await? => Err(Cause::DpopProofReplayed.into()),
        Some(_) | None => Ok(()),
    }
}

/// Gives the client a nonce for its next proof where nonces are wanted: "The authorization server MAY supply the new nonce
/// in the same way that the initial one was supplied: by using a DPoP-Nonce HTTP header in the response." (RFC 9449 8.2)
pub(crate) fn with_nonce(app: &App, mut response: Response) -> Response {
    if app.settings.policy.dpop.require_nonce {
        let nonce = dpop::nonce(app.keys.load().derivation(), app.now());
        if let Some(nonce) = nonce.and_then(|nonce| HeaderValue::from_str(&nonce).ok()) {
            response.headers_mut().insert(DPOP_NONCE, nonce);
        }
    }
    response
}
