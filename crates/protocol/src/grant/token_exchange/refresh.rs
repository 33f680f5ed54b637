//! A refresh token from an exchange: a grant of the client's own, which ends with everything that it came from.

use grantor_jose::digest;
use grantor_types::{AccessTokenClaims, GrantId, GrantType, SecretHash, Timestamp, TokenTypeUri, UserId};

use super::Wanted;
use crate::grant::{Caller, refresh_token, refresh_token_key};
use crate::record::{ActiveGrant, Exchange, Grant, GrantState, RefreshState};
use crate::token::{AccessTokenFor, RefreshToken, TokenReply, UnsignedAccessToken, access_token};
use crate::{Cause, Change, Cx, Random};

/// Issues it. A client that stands for itself needs none, and a JWT of a trusted issuer soon ends: what they come from is
/// as good.
///
/// # Errors
/// [`Cause::RefreshTokenNotAllowed`] without a grant of a user, or when the client may not refresh.
pub(super) fn issue(
    cx: &Cx<'_>,
    random: &Random,
    caller: &Caller<'_>,
    wanted: Wanted<'_>,
) -> Result<(TokenReply, Vec<Change>), Cause> {
    let client = caller.client();
    let may_refresh = client.may_use(GrantType::RefreshToken);
    let (Some(_), Some(user), true) = (wanted.subject.grant, wanted.subject.user, may_refresh) else {
        return Err(Cause::RefreshTokenNotAllowed);
    };
    let until = wanted.until();
    let grant = grant(cx, random, caller, user, until, &wanted);
    let grant = Grant {
        expires_at: refresh_token::refresh_expiry(cx, client, &grant),
        ..grant
    };
    let token = access_token(
        cx,
        random,
        &AccessTokenFor {
            client,
            grant: Some(&grant),
            scope: &grant.scope,
            resources: &grant.resources,
            until: Some(until),
            dpop_key: caller.dpop_key,
        },
    );
    let reply = TokenReply {
        // Stands in for the refresh token, which is what is handed out, and says how long that lives.
        access_token: UnsignedAccessToken {
            claims: AccessTokenClaims {
                exp: grant.expires_at.as_seconds(),
                ..token.claims
            },
            ..token
        },
        refresh_token: Some(RefreshToken {
            grant: grant.id,
            generation: 0,
            salt: grant.salt,
        }),
        id_token: None,
        scope: grant.scope.clone(),
        issued_token_type: Some(TokenTypeUri::RefreshToken),
    };
    let mut changes = wanted.used;
    changes.push(Change::CreateGrant(Box::new(grant)));
    Ok((reply, changes))
}

fn grant(
    cx: &Cx<'_>,
    random: &Random,
    caller: &Caller<'_>,
    user: UserId,
    until: Timestamp,
    wanted: &Wanted<'_>,
) -> Grant {
    let subject = &wanted.subject;
    let grants = subject.earlier_grants.iter().copied().chain(subject.grant);
    Grant {
        id: GrantId::new(cx.now, random.row),
        client: caller.client().id.clone(),
        user,
        session: None,
        scope: wanted.scope.clone(),
        resources: wanted.targets.clone(),
        nonce: None,
        auth_time: subject.auth_time.map_or(cx.now, Timestamp::from_seconds),
        authentication_methods: Vec::new(),
        // There was no code: what this is the hash of was never handed out.
        code: SecretHash::from_digest(digest::sha256(&random.secret)),
        salt: random.salt,
        dpop_key: refresh_token_key(caller),
        exchange: Some(Box::new(Exchange {
            grants: grants.collect(),
            tokens: wanted.ancestors.clone(),
            until,
            act: wanted.act.clone(),
            may_act: subject.may_act.clone(),
        })),
        openid: None,
        created_at: cx.now,
        expires_at: until,
        state: GrantState::Active(ActiveGrant {
            refresh: Some(RefreshState {
                generation: 0,
                rotated_at: cx.now,
            }),
        }),
    }
}
