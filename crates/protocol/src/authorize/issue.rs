//! The authorization response (RFC 6749 4.1.2, RFC 9207).

use grantor_types::{GrantId, Issuer};

use super::{AuthorizationRequest, Hints, ValidatedRedirect};
use crate::authentication_context::context_class;
use crate::record::{Consent, Grant, GrantState, OpenidRequest, PendingCode, Session};
use crate::token::STATE_HASH;
use crate::token::handle::CodeHandle;
use crate::{Cause, Change, Cx, Decision, Random, logout, par};

/// A response on its way to the client: the redirect and its parameters in order.
#[derive(Clone, Debug)]
pub struct AuthorizationResponse {
    /// Where it goes and how.
    pub redirect: ValidatedRedirect,
    /// The parameters.
    pub parameters: Vec<(&'static str, String)>,
}

/// Makes a grant and its code. `consent_given` says that the user has just allowed it, which is remembered.
pub fn issue(
    cx: &Cx<'_>,
    random: &Random,
    request: AuthorizationRequest,
    session: &Session,
    consent_given: bool,
) -> Decision<AuthorizationResponse> {
    let id = GrantId::new(cx.now, random.row);
    let code = CodeHandle {
        id,
        secret: random.secret,
    };
    let mut changes = Vec::with_capacity(5);
    // "Since parts of the authorization request content, e.g., the code_challenge parameter value, are unique to a
    // particular authorization request, the client MUST only use a request_uri value once." (RFC 9126 4) It is used when
    // there is an answer, so that a page that is loaded again on the way does no harm.
    if let Some(pushed) = request.pushed {
        changes.push(par::use_up(cx, pushed));
    }
    if consent_given {
        changes.push(Change::AddConsent(Consent {
            user: session.user,
            client: request.client.id.clone(),
            scope: request.scope.clone(),
            resources: request.resources.clone(),
            granted_at: cx.now,
        }));
    }
    // Else a code could outlive a logout that came between the question and the answer.
    changes.push(Change::RequireSession(session.id));
    changes.extend(logout::join(session, &request.client));
    changes.push(Change::CreateGrant(Box::new(Grant {
        id,
        client: request.client.id.clone(),
        user: session.user,
        session: Some(session.id),
        scope: request.scope,
        resources: request.resources,
        nonce: request.nonce,
        auth_time: session.auth_time,
        authentication_methods: session.authentication_methods.clone(),
        code: code.hash(),
        salt: random.salt,
        dpop_key: request.dpop_key,
        exchange: None,
        openid: openid(
            request.hints,
            request.redirect.state(),
            &session.authentication_methods,
        ),
        created_at: cx.now,
        expires_at: cx.now.plus(cx.policy.code_lifetime),
        state: GrantState::Pending(PendingCode {
            redirect_uri: request.redirect_uri,
            response_uri: request.redirect.uri().clone(),
            challenge: request.challenge,
        }),
    })));
    let mut parameters = vec![("code", code.encode())];
    complete(&mut parameters, &request.redirect, cx.issuer);
    Decision::accept(
        AuthorizationResponse {
            redirect: request.redirect,
            parameters,
        },
        changes,
    )
}

/// What tokens have to know of the request beyond its scope. The contexts were checked before the person was asked.
fn openid(hints: Hints, state: Option<&str>, methods: &[String]) -> Option<Box<OpenidRequest>> {
    let acr = context_class(&hints.acr_values, &hints.claims, methods).unwrap_or_default();
    let hashed = hints.claims.id_token.contains_key(STATE_HASH);
    let openid = OpenidRequest {
        acr,
        state: state.filter(|_| hashed).map(str::to_owned),
        claims: hints.claims,
        claims_locales: hints.claims_locales,
    };
    (openid != OpenidRequest::default()).then(|| Box::new(openid))
}

/// The error response (RFC 6749 4.1.2.1).
pub fn error_response(issuer: &Issuer, redirect: ValidatedRedirect, cause: Cause) -> AuthorizationResponse {
    let mut parameters = vec![
        ("error", cause.code().as_str().to_owned()),
        ("error_description", cause.description().to_owned()),
    ];
    complete(&mut parameters, &redirect, issuer);
    AuthorizationResponse { redirect, parameters }
}

/// Adds `state` ("REQUIRED if the "state" parameter was present in the client authorization request. The exact value
/// received from the client.", RFC 6749 4.1.2) and `iss` ("In authorization responses to the client, including error
/// responses, an authorization server supporting this specification MUST indicate its identity", RFC 9207 2).
fn complete(parameters: &mut Vec<(&'static str, String)>, redirect: &ValidatedRedirect, issuer: &Issuer) {
    if let Some(state) = redirect.state() {
        parameters.push(("state", state.to_owned()));
    }
    parameters.push(("iss", issuer.as_str().to_owned()));
}
