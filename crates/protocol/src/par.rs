//! Pushed authorization requests ([RFC 9126](https://www.rfc-editor.org/rfc/rfc9126)): the client sends its request to us
//! first, authenticated, and the browser carries only a reference to it.

use std::sync::Arc;

use grantor_types::{ClientId, Parameters, PushedRequestId, Seconds};

use crate::authorize::{self, AuthorizeError, Origin, PARAMETERS};
use crate::client_auth::Authenticated;
use crate::dpop::FreshProof;
use crate::record::{PushedRequest, SingleUseKey};
use crate::token::handle::PushedRequestHandle;
use crate::{Cause, Change, Cx, Decision, Random};

/// What our references begin with (RFC 9126 2.2).
const PREFIX: &str = "urn:ietf:params:oauth:request_uri:";

/// The answer to a push (RFC 9126 2.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushedAuthorizationResponse {
    /// What the browser is to carry.
    pub request_uri: String,
    /// For how long.
    pub expires_in: Seconds,
}

/// Takes a request. It is checked as it will be when the browser comes with it, so that what is wrong is said to the
/// client and not to the person: "The authorization server MUST validate the pushed request as it would an authorization
/// request sent to the authorization endpoint." (RFC 9126 2.1) `signed` says that the parameters were in a request object.
pub fn push(
    cx: &Cx<'_>,
    random: &Random,
    client: &Authenticated,
    form: Parameters,
    proof: Option<&FreshProof>,
    signed: bool,
) -> Decision<PushedAuthorizationResponse> {
    let client = client.client();
    let parameters = match parameters(&client.id, form, proof) {
        Ok(parameters) => parameters,
        Err(cause) => return Decision::refuse(cause),
    };
    let handle = PushedRequestHandle {
        id: PushedRequestId::new(cx.now, random.row),
        secret: random.secret,
    };
    let origin = Origin {
        pushed: Some(handle.id),
        signed,
    };
    let checked = authorize::validate(cx.policy, &parameters, Some(Arc::clone(client)), origin);
    if let Err(AuthorizeError::Page(cause) | AuthorizeError::Redirect(_, cause)) = checked {
        return Decision::refuse(cause);
    }
    let lifetime = cx.policy.pushed_request_lifetime;
    let mut changes = vec![Change::CreatePushedRequest(Box::new(PushedRequest {
        id: handle.id,
        secret: handle.hash(),
        client: client.id.clone(),
        parameters: parameters.encode(),
        expires_at: cx.now.plus(lifetime),
    }))];
    changes.extend(proof.map(FreshProof::use_up));
    let response = PushedAuthorizationResponse {
        request_uri: format!("{PREFIX}{}", handle.encode()),
        expires_in: lifetime,
    };
    Decision::accept(response, changes)
}

/// The parameters that are kept: those of the authorization request, with the client as it authenticated.
fn parameters(client: &ClientId, form: Parameters, proof: Option<&FreshProof>) -> Result<Parameters, Cause> {
    // "The request_uri authorization request parameter is one exception, and it MUST NOT be provided." (RFC 9126 2.1)
    if form.value("request_uri").is_some() {
        return Err(Cause::RequestUriPushed);
    }
    if form
        .value("client_id")
        .is_some_and(|named| named != client.as_str())
    {
        return Err(Cause::ClientAuthenticationMultiple);
    }
    let mut parameters = form.only(&PARAMETERS).with("client_id", client.as_str());
    if let Some(proof) = proof {
        let key = proof.key.to_string();
        // "If both mechanisms are used at the same time, the authorization server MUST reject the request if the JWK
        // Thumbprint in dpop_jkt does not match the public key in the DPoP header." (RFC 9449 10.1)
        if parameters.value("dpop_jkt").is_some_and(|named| named != key) {
            return Err(Cause::DpopJktMismatch);
        }
        parameters = parameters.with("dpop_jkt", &key);
    }
    Ok(parameters)
}

/// A reference of ours, when the request has one. `Some(None)` is one that looks like ours and cannot be.
pub fn reference(parameters: &Parameters) -> Option<Option<PushedRequestHandle>> {
    let handle = parameters.value("request_uri")?.strip_prefix(PREFIX)?;
    Some(PushedRequestHandle::parse(handle))
}

/// The parameters that were pushed, and they alone: "the authorization server MUST [...] ignore" what else the browser
/// carries, so that nobody on the way can add to the request.
///
/// # Errors
/// [`Cause::RequestUriUnknown`], [`Cause::RequestUriExpired`] or [`Cause::RequestUriUsed`].
pub fn resolve(
    cx: &Cx<'_>,
    client: &ClientId,
    handle: &PushedRequestHandle,
    found: Option<PushedRequest>,
    used: bool,
) -> Result<Parameters, Cause> {
    // "the authorization server MUST ensure that the request_uri is bound to the client" (RFC 9126 7.2)
    let request = found
        .filter(|found| found.id == handle.id && found.secret == handle.hash() && found.client == *client)
        .ok_or(Cause::RequestUriUnknown)?;
    if used {
        return Err(Cause::RequestUriUsed);
    }
    // "An expired request_uri MUST be rejected as invalid." (RFC 9126 4)
    if request.expires_at.is_past(cx.now) {
        return Err(Cause::RequestUriExpired);
    }
    Parameters::parse(request.parameters.as_bytes()).map_err(|_| Cause::RequestUriUnknown)
}

/// What marks a request as used.
pub fn single_use_key(request: PushedRequestId) -> SingleUseKey {
    SingleUseKey::of("pushed request", &[request.as_bytes()])
}

/// Uses a request up. The mark stays for as long as a person may be in the middle of it.
pub(crate) fn use_up(cx: &Cx<'_>, request: PushedRequestId) -> Change {
    let policy = cx.policy;
    Change::UseOnce {
        key: single_use_key(request),
        expires_at: cx
            .now
            .plus(policy.interaction_lifetime)
            .plus(policy.pushed_request_lifetime),
    }
}

#[cfg(test)]
mod tests;
