//! The authorization code grant ([RFC 6749 §4.1.3](https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3)).

use std::sync::Arc;

use grantor_jose::digest;
use grantor_types::{CodeVerifier, GrantType, Parameters, PkceError, Resource};

use super::issue::first_tokens;
use super::{Caller, Grant};
use crate::authorize::requested_resources;
use crate::record::{self, GrantState, PendingCode, RevocationReason, User};
use crate::token::TokenReply;
use crate::token::handle::CodeHandle;
use crate::{Cause, Change, Cx, Decision, Random};

/// The grant.
#[derive(Debug)]
pub struct AuthorizationCode;

/// Its parameters.
#[derive(Debug)]
pub struct CodeRequest {
    /// The code; `None` when it is not of our form and so cannot be known.
    pub code: Option<CodeHandle>,
    redirect_uri: Option<String>,
    verifier: Option<CodeVerifier>,
    resources: Vec<Resource>,
}

/// What is known of the code.
#[derive(Debug)]
pub struct CodeFacts {
    /// The grant that the code names.
    pub grant: Option<record::Grant>,
    /// Its user, who can still log in.
    pub user: Option<Arc<User>>,
}

impl Grant for AuthorizationCode {
    const TYPE: GrantType = GrantType::AuthorizationCode;
    type Request = CodeRequest;
    type Facts = CodeFacts;

    fn parse(form: &Parameters) -> Result<Self::Request, Cause> {
        let code = form.value("code").ok_or(Cause::CodeMissing)?;
        let verifier = form.value("code_verifier").map(CodeVerifier::parse).transpose();
        Ok(CodeRequest {
            code: CodeHandle::parse(code),
            redirect_uri: form.value("redirect_uri").map(str::to_owned),
            verifier: verifier.map_err(|_: PkceError| Cause::CodeVerifierMalformed)?,
            resources: requested_resources(form, |_| true, Cause::ResourceNotGranted)?,
        })
    }

    fn decide(
        cx: &Cx<'_>,
        random: &Random,
        caller: &Caller<'_>,
        request: &Self::Request,
        facts: Self::Facts,
    ) -> Decision<TokenReply> {
        let known = request
            .code
            .as_ref()
            .zip(facts.grant)
            .filter(|(code, grant)| code.id == grant.id && code.hash() == grant.code);
        let Some((_, grant)) = known else {
            return Decision::refuse(Cause::CodeUnknown);
        };
        // "ensure that the authorization code was issued to the authenticated confidential client, or if the client
        // is public, ensure that the code was issued to "client_id" in the request" (RFC 6749 4.1.3). Another
        // client's attempt changes nothing, so that a thief cannot end the grant of the rightful client.
        if grant.client != caller.client().id {
            return Decision::refuse(Cause::CodeOfAnotherClient);
        }
        let pending = match &grant.state {
            GrantState::Pending(pending) => pending,
            // "If an authorization code is used more than once, the authorization server MUST deny the request and
            // SHOULD revoke (when possible) all tokens previously issued based on that authorization code."
            // (RFC 6749 4.1.2)
            GrantState::Active(_) | GrantState::Revoked { .. } => {
                let revoke = Change::RevokeGrant {
                    grant: grant.id,
                    at: cx.now,
                    reason: RevocationReason::CodeReplay,
                };
                return Decision::refuse_after(Cause::CodeReplayed, vec![revoke]);
            }
        };
        match check(cx, request, pending, &grant, caller, facts.user.as_deref()) {
            Ok((resources, user)) => redeem(cx, random, caller, request, (&grant, user, resources)),
            Err(cause) => Decision::refuse(cause),
        }
    }
}

/// Checks everything, and says for which resource servers the access token is, and whose.
fn check<'a>(
    cx: &Cx<'_>,
    request: &'a CodeRequest,
    pending: &PendingCode,
    grant: &'a record::Grant,
    caller: &Caller<'_>,
    user: Option<&'a User>,
) -> Result<(&'a [Resource], &'a User), Cause> {
    if !caller.client().may_use(GrantType::AuthorizationCode) {
        return Err(Cause::GrantTypeNotAllowed);
    }
    // "The authorization code MUST expire shortly after it is issued" (RFC 6749 4.1.2)
    if grant.expires_at.is_past(cx.now) {
        return Err(Cause::CodeExpired);
    }
    check_redirect_uri(request, pending)?;
    check_verifier(request, pending)?;
    // "the authorization server MUST [...] verify that the thumbprint of the public key in the DPoP proof matches" the
    // `dpop_jkt` of the authorization request (RFC 9449 10)
    caller.check_binding(grant.dpop_key)?;
    let resources = super::granted_resources(&request.resources, grant)?;
    Ok((resources, user.ok_or(Cause::UserDisabled)?))
}

/// RFC 6749 4.1.3 wants `redirect_uri` when the authorization request had it; OAuth 2.1 drops it, since PKCE already
/// binds the code. So it may be left out with PKCE, and when it is sent it has to be right.
fn check_redirect_uri(request: &CodeRequest, pending: &PendingCode) -> Result<(), Cause> {
    match (&request.redirect_uri, &pending.redirect_uri) {
        (Some(sent), Some(asked)) if sent == asked => Ok(()),
        (Some(sent), None) if sent == pending.response_uri.as_str() => Ok(()),
        (Some(_), _) => Err(Cause::RedirectUriMismatch),
        (None, Some(_)) if pending.challenge.is_none() => Err(Cause::RedirectUriMismatch),
        (None, _) => Ok(()),
    }
}

/// "If the values are not equal, an error response indicating "invalid_grant" [...] MUST be returned." (RFC 7636 4.6).
/// A verifier without a challenge is refused too: it is the sign of a downgrade (RFC 9700 2.1.1).
fn check_verifier(request: &CodeRequest, pending: &PendingCode) -> Result<(), Cause> {
    match (&request.verifier, &pending.challenge) {
        (Some(verifier), Some(challenge)) => {
            let digest = digest::sha256(verifier.expose().as_bytes());
            if digest::constant_time_eq(&digest, challenge.as_bytes()) {
                Ok(())
            } else {
                Err(Cause::CodeVerifierWrong)
            }
        }
        (None, Some(_)) => Err(Cause::CodeVerifierMissing),
        (Some(_), None) => Err(Cause::CodeVerifierUnexpected),
        (None, None) => Ok(()),
    }
}

fn redeem(
    cx: &Cx<'_>,
    random: &Random,
    caller: &Caller<'_>,
    request: &CodeRequest,
    (grant, user, resources): (&record::Grant, &User, &[Resource]),
) -> Decision<TokenReply> {
    let mut tokens = first_tokens(cx, random, caller, resources, (grant, user));
    if let (Some(id_token), Some(code)) = (&mut tokens.reply.id_token, &request.code) {
        id_token.bind(code, grant);
    }
    let redeem = Change::RedeemCode {
        grant: grant.id,
        refresh: tokens.refresh,
        dpop_key: super::refresh_token_key(caller),
        expires_at: tokens.expires_at,
    };
    Decision::accept(tokens.reply, vec![redeem])
}
