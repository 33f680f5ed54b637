//! What a grant gives out the first time.

use grantor_types::{GrantType, Resource, Timestamp};

use super::{Caller, refresh_token};
use crate::record::{self, RefreshState, User};
use crate::token::{AccessTokenFor, RefreshToken, TokenReply, access_token, id_token};
use crate::{Cx, Random};

/// The first tokens of a grant, and what has to be stored of them.
pub(super) struct FirstTokens {
    pub(super) reply: TokenReply,
    /// Where its refresh tokens begin, if the client has them.
    pub(super) refresh: Option<RefreshState>,
    /// When the last of them ends.
    pub(super) expires_at: Timestamp,
}

/// Makes the tokens of a grant that begins: an access token; a refresh token when the client may refresh; an ID token
/// when `openid` was granted.
pub(super) fn first_tokens(
    cx: &Cx<'_>,
    random: &Random,
    caller: &Caller<'_>,
    resources: &[Resource],
    (grant, user): (&record::Grant, &User),
) -> FirstTokens {
    let client = caller.client();
    let access_token = access_token(
        cx,
        random,
        &AccessTokenFor {
            client,
            grant: Some(grant),
            scope: &grant.scope,
            resources,
            until: Some(refresh_token::end_of_life(cx, grant)),
            dpop_key: caller.dpop_key,
        },
    );
    let refresh = client.may_use(GrantType::RefreshToken).then_some(RefreshState {
        generation: 0,
        rotated_at: cx.now,
    });
    let expires_at = match refresh {
        Some(_) => refresh_token::refresh_expiry(cx, client, grant).max(access_token.expires_at()),
        None => access_token.expires_at(),
    };
    let named = access_token.claims.jti;
    let reply = TokenReply {
        access_token,
        refresh_token: refresh.map(|refresh| RefreshToken {
            grant: grant.id,
            generation: refresh.generation,
            salt: grant.salt,
        }),
        id_token: grant
            .scope
            .contains("openid")
            .then(|| id_token(cx, (client, user), grant, named, grant.nonce.clone())),
        scope: grant.scope.clone(),
        issued_token_type: None,
    };
    FirstTokens {
        reply,
        refresh,
        expires_at,
    }
}
