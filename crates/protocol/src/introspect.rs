//! Token introspection ([RFC 7662](https://www.rfc-editor.org/rfc/rfc7662)).

use std::sync::Arc;

use grantor_types::{ActiveToken, ClientId, Confirmation, Introspection, Timestamp};

use crate::client_auth::Authenticated;
use crate::personal_access_token::PersonalTokenFacts;
use crate::record::{Client, Grant, GrantState, IntrospectionRight};
use crate::subject::subject;
use crate::token::{AccessTokenFacts, DerivationKeys, handle::RefreshHandle};
use crate::{Cause, Cx};

/// Who asks about a token.
#[derive(Clone, Copy, Debug)]
pub enum Introspector<'a> {
    /// A client that authenticated.
    Client(&'a Authenticated),
    /// Nobody in particular: the whole token was sent, and the operator lets that be enough.
    Bearer,
}

/// What is known of the token that is asked about.
#[derive(Debug)]
pub enum TokenFacts {
    /// An access token of ours.
    Access(Box<AccessTokenFacts>),
    /// A text in the form of our refresh tokens, and the grant it names.
    Refresh {
        /// The text, read.
        handle: RefreshHandle,
        /// The grant.
        grant: Option<Box<Grant>>,
        /// Its client, if it still exists.
        client: Option<Arc<Client>>,
        /// Whether its user can still log in.
        user_enabled: bool,
        /// The keys that it may have been derived with.
        keys: DerivationKeys,
    },
    /// A personal access token.
    Personal(Box<PersonalTokenFacts>),
    /// Not one of ours.
    Unknown,
}

/// Answers. "If the introspection call is properly authorized but the token is not active, does not exist on this
/// server, or the protected resource is not allowed to introspect this particular token, then the authorization server
/// MUST return an introspection response with the "active" field set to "false". Note that to avoid disclosing too
/// much of the authorization server's state to a third party, the authorization server SHOULD NOT include any
/// additional information about an inactive token, including why the token is inactive." (RFC 7662 2.2)
pub fn introspect(cx: &Cx<'_>, caller: Introspector<'_>, facts: TokenFacts) -> Introspection {
    let active = match facts {
        TokenFacts::Access(facts) => access_token(cx, caller, *facts),
        TokenFacts::Refresh {
            handle,
            grant,
            client: Some(client),
            user_enabled: true,
            keys,
        } if !client.disabled => {
            grant.and_then(|grant| refresh_token(cx, caller, &handle, (&grant, &client), &keys))
        }
        TokenFacts::Personal(facts) => personal_access_token(cx, caller, *facts),
        TokenFacts::Refresh { .. } | TokenFacts::Unknown => None,
    };
    active.map_or(Introspection::INACTIVE, |token| {
        Introspection::Active(Box::new(token))
    })
}

fn access_token(cx: &Cx<'_>, caller: Introspector<'_>, facts: AccessTokenFacts) -> Option<ActiveToken> {
    facts.check(cx.now).ok()?;
    let audiences = facts.claims.aud.values();
    if !may_see(cx, caller, Some(&facts.claims.client_id), audiences) {
        return None;
    }
    let claims = facts.claims;
    let token_type = Some(claims.token_type());
    Some(ActiveToken {
        active: true,
        scope: claims.scope,
        client_id: Some(claims.client_id),
        username: facts.user.map(|user| user.username.clone()),
        token_type,
        exp: claims.exp,
        iat: Some(claims.iat),
        sub: claims.sub,
        aud: Some(claims.aud),
        iss: claims.iss,
        jti: Some(claims.jti),
        auth_time: claims.auth_time,
        acr: claims.acr,
        cnf: claims.cnf,
        act: claims.act,
        may_act: claims.may_act,
    })
}

fn personal_access_token(
    cx: &Cx<'_>,
    caller: Introspector<'_>,
    facts: PersonalTokenFacts,
) -> Option<ActiveToken> {
    let audience = PersonalTokenFacts::audience(cx);
    if may_see(cx, caller, facts.record.client.as_ref(), audience.values()) {
        facts.introspection(cx)
    } else {
        None
    }
}

fn refresh_token(
    cx: &Cx<'_>,
    caller: Introspector<'_>,
    handle: &RefreshHandle,
    (grant, client): (&Grant, &Client),
    keys: &DerivationKeys,
) -> Option<ActiveToken> {
    if !keys.verify(handle, grant.salt) || !may_see(cx, caller, Some(&grant.client), &[]) {
        return None;
    }
    let live = |end: Timestamp| !end.is_past(cx.now);
    let current = match grant.state {
        GrantState::Active(active) => active
            .refresh
            .is_some_and(|refresh| refresh.generation == handle.generation),
        GrantState::Pending(_) | GrantState::Revoked { .. } => false,
    };
    (current && live(grant.expires_at)).then(|| ActiveToken {
        active: true,
        scope: grant.scope.clone(),
        client_id: Some(grant.client.clone()),
        username: None,
        token_type: None,
        exp: grant.expires_at.as_seconds(),
        iat: None,
        sub: subject(cx, client, grant.user),
        aud: None,
        iss: cx.issuer.as_str().to_owned(),
        jti: None,
        auth_time: Some(grant.auth_time.as_seconds()),
        acr: None,
        cnf: grant.dpop_key.map(|jkt| Confirmation { jkt }),
        act: None,
        may_act: None,
    })
}

/// A client sees its own tokens, those for an audience it speaks for, and all of them when registered so; a bearer the
/// one that it holds.
fn may_see(cx: &Cx<'_>, caller: Introspector<'_>, owner: Option<&ClientId>, audiences: &[String]) -> bool {
    let caller = match caller {
        Introspector::Client(caller) => caller.client(),
        Introspector::Bearer => return true,
    };
    let speaks_for = |audience: &String| {
        audience == caller.id.as_str()
            || cx
                .catalogue
                .resources
                .iter()
                .any(|server| server.id.as_str() == audience && server.introspectors.contains(&caller.id))
    };
    caller.introspection == IntrospectionRight::All
        || owner == Some(&caller.id)
        || audiences.iter().any(speaks_for)
}

/// Who asks. "To prevent token scanning attacks, the endpoint MUST also require some form of authorization to access
/// this endpoint" (RFC 7662 2.1): a public client's mere name is none. Where the operator says so, the token itself is
/// enough.
///
/// # Errors
/// [`Cause::CallerUnauthenticated`] for nobody, [`Cause::ClientAuthenticationMethod`] for a public client.
pub fn introspector<'a>(cx: &Cx<'_>, caller: Option<&'a Authenticated>) -> Result<Introspector<'a>, Cause> {
    match caller {
        Some(caller) if !caller.client().is_public() => Ok(Introspector::Client(caller)),
        Some(_) | None if cx.policy.danger_anonymous_introspection => Ok(Introspector::Bearer),
        Some(_) => Err(Cause::ClientAuthenticationMethod),
        None => Err(Cause::CallerUnauthenticated),
    }
}

#[cfg(test)]
mod tests;
