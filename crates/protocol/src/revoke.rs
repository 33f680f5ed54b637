//! Token revocation ([RFC 7009](https://www.rfc-editor.org/rfc/rfc7009)).

use grantor_types::{ClientId, Timestamp};

use crate::client_auth::Authenticated;
use crate::introspect::TokenFacts;
use crate::record::{Client, GrantState, RevocationReason};
use crate::{Cause, Change, Cx, Decision};

/// Who asks for a revocation.
#[derive(Clone, Copy, Debug)]
pub enum Revoker<'a> {
    /// A client that authenticated or, being public, named itself.
    Client(&'a Authenticated),
    /// Nobody in particular: the token alone was sent. Enough for a token of a public client, which could prove no
    /// more than that it holds the token; for any other where the operator says so.
    Bearer,
}

/// Decides. "the authorization server [...] verifies whether the token was issued to the client making the revocation
/// request. If this validation fails, the request is refused" and "The authorization server responds with HTTP status
/// code 200 if the token has been revoked successfully or if the client submitted an invalid token." (RFC 7009 2.1,
/// 2.2). Another client's token is treated as an unknown one: nothing happens, and nothing is told.
pub fn revoke(cx: &Cx<'_>, revoker: Revoker<'_>, owner: Option<&Client>, facts: TokenFacts) -> Decision<()> {
    let changes = match facts {
        TokenFacts::Access(facts) if may_revoke(cx, revoker, owner, &facts.claims.client_id) => {
            let expires_at = Timestamp::from_seconds(facts.claims.exp);
            let live = !expires_at.is_past(cx.now) && !facts.revoked;
            live.then_some(Change::DenyToken {
                token: facts.claims.jti,
                expires_at,
            })
        }
        // "If the particular token is a refresh token and the authorization server supports the revocation of access
        // tokens, then the authorization server SHOULD also invalidate all access tokens based on the same
        // authorization grant" (RFC 7009 2.1)
        TokenFacts::Refresh {
            handle,
            grant: Some(grant),
            keys,
            ..
        } if keys.verify(&handle, grant.salt) && may_revoke(cx, revoker, owner, &grant.client) => {
            match grant.state {
                GrantState::Pending(_) | GrantState::Active(_) => Some(Change::RevokeGrant {
                    grant: grant.id,
                    at: cx.now,
                    reason: RevocationReason::Client,
                }),
                GrantState::Revoked { .. } => None,
            }
        }
        // Whoever holds it may end it, as a scanner for leaked secrets does: it is its owner's, and no client's.
        TokenFacts::Personal(facts) => Some(Change::DeletePersonalAccessToken {
            user: facts.record.user,
            token: facts.record.id,
        }),
        TokenFacts::Access(_) | TokenFacts::Refresh { .. } | TokenFacts::Unknown => None,
    };
    Decision::accept((), changes.into_iter().collect())
}

fn may_revoke(cx: &Cx<'_>, revoker: Revoker<'_>, owner: Option<&Client>, owner_id: &ClientId) -> bool {
    match revoker {
        Revoker::Client(caller) => caller.client().id == *owner_id,
        Revoker::Bearer => {
            let enough = |owner: &Client| owner.is_public() || cx.policy.danger_anonymous_revocation;
            owner.is_some_and(|owner| owner.id == *owner_id && enough(owner))
        }
    }
}

/// Whether a request without credentials is worth looking at: its token may be a public client's. A token of a
/// confidential client is answered as missing authentication, unless the operator lets the token itself be enough.
///
/// # Errors
/// [`Cause::ClientAuthenticationMissing`].
pub fn check_bearer(cx: &Cx<'_>, owner: Option<&Client>) -> Result<(), Cause> {
    match owner {
        Some(owner) if !owner.is_public() && !cx.policy.danger_anonymous_revocation => {
            Err(Cause::ClientAuthenticationMissing)
        }
        Some(_) | None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
