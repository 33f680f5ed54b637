//! The refresh token grant ([RFC 6749 §6](https://www.rfc-editor.org/rfc/rfc6749#section-6)), idempotent and with
//! proof of receipt.
//!
//! Generation `p` is presented, `g` is current. `p = g` rotates to `g+1` under a guard. `p = g-1` while the successor
//! has not been used gives the same successor again and writes nothing: a retry, or the second of two processes that
//! share a token, gets what the first got. Presenting `g` itself is the proof that it was received, after which `g-1`
//! is a replay. A race of two rotations ends in a conflict, which decides again and lands in the second case.

use std::sync::Arc;

use grantor_types::{GrantType, Parameters, Resource, Scope, Seconds, Timestamp};

use super::{Caller, Grant};
use crate::authorize::requested_resources;
use crate::record::{self, Client, GrantState, RefreshState, RevocationReason, User};
use crate::token::handle::RefreshHandle;
use crate::token::{AccessTokenFor, DerivationKeys, RefreshToken, TokenReply, access_token, id_token};
use crate::{Cause, Change, Cx, Decision, Random};

/// The grant.
#[derive(Debug)]
pub struct RefreshTokenGrant;

/// Its parameters.
#[derive(Debug)]
pub struct RefreshRequest {
    /// The token; `None` when it is not of our form and so cannot be known.
    pub token: Option<RefreshHandle>,
    scope: Option<Scope>,
    resources: Vec<Resource>,
}

/// What is known of the token.
#[derive(Debug)]
pub struct RefreshFacts {
    /// The grant that the token names.
    pub grant: Option<record::Grant>,
    /// Its user, who can still log in.
    pub user: Option<Arc<User>>,
    /// The keys that it may have been derived with.
    pub keys: DerivationKeys,
}

impl Grant for RefreshTokenGrant {
    const TYPE: GrantType = GrantType::RefreshToken;
    type Request = RefreshRequest;
    type Facts = RefreshFacts;

    fn parse(form: &Parameters) -> Result<Self::Request, Cause> {
        let token = form.value("refresh_token").ok_or(Cause::RefreshTokenMissing)?;
        let scope = form
            .value("scope")
            .map(Scope::parse)
            .transpose()
            .map_err(|_| Cause::ScopeMalformed)?;
        Ok(RefreshRequest {
            token: RefreshHandle::parse(token),
            scope: scope.filter(|scope| !scope.is_empty()),
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
        let client = caller.client();
        let (handle, grant) = match find(request, facts.grant, &facts.keys) {
            Some(found) => found,
            None => return Decision::refuse(Cause::RefreshTokenUnknown),
        };
        // "the authorization server MUST [...] ensure that the refresh token was issued to the authenticated client"
        // (RFC 6749 6). Another client's attempt changes nothing.
        if grant.client != client.id {
            return Decision::refuse(Cause::RefreshTokenOfAnotherClient);
        }
        if !client.may_use(GrantType::RefreshToken) {
            return Decision::refuse(Cause::GrantTypeNotAllowed);
        }
        let state = match live_state(cx, &grant) {
            Ok(state) => state,
            Err(cause) => return Decision::refuse(cause),
        };
        // "the refresh token [...] the client MUST present a DPoP proof for the same key" (RFC 9449 5). Before a replay is
        // called one: who does not hold the key cannot end the grant.
        if let Err(cause) = caller.check_binding(grant.dpop_key) {
            return Decision::refuse(cause);
        }
        let step = match rotation(cx, client, &grant, handle.generation, state) {
            Some(step) => step,
            None => {
                let revoke = Change::RevokeGrant {
                    grant: grant.id,
                    at: cx.now,
                    reason: RevocationReason::RefreshTokenReplay,
                };
                return Decision::refuse_after(Cause::RefreshTokenReplayed, vec![revoke]);
            }
        };
        let Some(user) = &facts.user else {
            return Decision::refuse(Cause::UserDisabled);
        };
        answer(cx, random, caller, request, (&grant, user, step))
    }
}

/// What to do with a valid token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// It is the current one: move on from this generation.
    Rotate(u64),
    /// It is the one before, and the current one has not been used: give the current one again.
    Repeat(u64),
}

/// A token whose HMAC is wrong is just unknown, and touches nothing.
fn find(
    request: &RefreshRequest,
    grant: Option<record::Grant>,
    keys: &DerivationKeys,
) -> Option<(RefreshHandle, record::Grant)> {
    let (handle, grant) = request.token.clone().zip(grant)?;
    (handle.grant == grant.id && keys.verify(&handle, grant.salt)).then_some((handle, grant))
}

fn live_state(cx: &Cx<'_>, grant: &record::Grant) -> Result<RefreshState, Cause> {
    match grant.state {
        GrantState::Revoked { .. } => Err(Cause::RefreshTokenRevoked),
        GrantState::Pending(_) => Err(Cause::RefreshTokenUnknown),
        GrantState::Active(_) if grant.expires_at.is_past(cx.now) => Err(Cause::RefreshTokenExpired),
        GrantState::Active(active) => active.refresh.ok_or(Cause::RefreshTokenUnknown),
    }
}

/// `None` is a replay. "refresh tokens MUST be sender-constrained or use refresh token rotation" for public clients
/// (RFC 9700 2.2.2); a token that is bound to the client's authentication or to a key stays good until the successor is
/// used, a bearer token of a public client only for a short window.
fn rotation(
    cx: &Cx<'_>,
    client: &Client,
    grant: &record::Grant,
    presented: u64,
    state: RefreshState,
) -> Option<Step> {
    if presented == state.generation {
        return Some(Step::Rotate(presented));
    }
    if presented.checked_add(1) != Some(state.generation) {
        return None;
    }
    let window = client
        .lifetimes
        .refresh_replay_window
        .unwrap_or(cx.policy.refresh_replay_window);
    let within = window > Seconds(0) && cx.now.since(state.rotated_at) <= window;
    let bound = !client.is_public() || grant.dpop_key.is_some();
    (within || bound).then_some(Step::Repeat(state.generation))
}

fn answer(
    cx: &Cx<'_>,
    random: &Random,
    caller: &Caller<'_>,
    request: &RefreshRequest,
    (grant, user, step): (&record::Grant, &User, Step),
) -> Decision<TokenReply> {
    let client = caller.client();
    let scope = request.scope.as_ref().unwrap_or(&grant.scope);
    // "The requested scope MUST NOT include any scope not originally granted by the resource owner" (RFC 6749 6)
    if !scope.is_subset(&grant.scope) {
        return Decision::refuse(Cause::ScopeWidened);
    }
    let resources = match super::granted_resources(&request.resources, grant) {
        Ok(resources) => resources,
        Err(cause) => return Decision::refuse(cause),
    };
    // A repeat writes nothing, so its token has to end by the time that the row is kept until.
    let until = match step {
        Step::Rotate(_) => end_of_life(cx, grant),
        Step::Repeat(_) => grant.expires_at,
    };
    let access_token = access_token(
        cx,
        random,
        &AccessTokenFor {
            client,
            grant: Some(grant),
            scope,
            resources,
            until: Some(until),
            dpop_key: caller.dpop_key,
        },
    );
    let (generation, changes) = match step {
        Step::Repeat(current) => (current, Vec::new()),
        Step::Rotate(from) => {
            let expires_at = refresh_expiry(cx, client, grant).max(access_token.expires_at());
            let rotate = Change::RotateRefreshToken {
                grant: grant.id,
                from,
                at: cx.now,
                expires_at,
            };
            (from + 1, vec![rotate])
        }
    };
    let named = access_token.claims.jti;
    let reply = TokenReply {
        access_token,
        refresh_token: Some(RefreshToken {
            grant: grant.id,
            generation,
            salt: grant.salt,
        }),
        // "it SHOULD NOT have a nonce Claim" after a refresh (OpenID Connect Core 12.2)
        id_token: scope
            .contains("openid")
            .then(|| id_token(cx, (client, user), grant, named, None)),
        scope: scope.clone(),
        issued_token_type: None,
    };
    Decision::accept(reply, changes)
}

/// When a refresh token that is handed out now ends: each use starts its life anew, up to the life of the grant.
pub(super) fn refresh_expiry(cx: &Cx<'_>, client: &Client, grant: &record::Grant) -> Timestamp {
    let lifetime = client
        .lifetimes
        .refresh_token
        .unwrap_or(cx.policy.refresh_token_lifetime);
    cx.now.plus(lifetime).min(end_of_life(cx, grant))
}

/// When a grant ends, however often it is refreshed.
pub(super) fn end_of_life(cx: &Cx<'_>, grant: &record::Grant) -> Timestamp {
    let end = grant.created_at.plus(cx.policy.grant_lifetime);
    grant
        .exchange
        .as_ref()
        .map_or(end, |exchange| end.min(exchange.until))
}
