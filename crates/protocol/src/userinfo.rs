//! The userinfo endpoint ([OpenID Connect Core 5.3](https://openid.net/specs/openid-connect-core-1_0.html#UserInfo)).

use grantor_types::Scope;
use serde_json::{Map, Value};

use crate::dpop::Presentation;
use crate::personal_access_token::PersonalTokenFacts;
use crate::record::User;
use crate::subject::subject;
use crate::token::{AccessTokenFacts, released};
use crate::{Cause, Cx};

/// Answers with the claims that the token's scopes ask for. "The sub (subject) Claim MUST always be returned in the
/// UserInfo Response."
///
/// # Errors
/// `invalid_token` for a token that is no longer good or has no user, `insufficient_scope` without `openid`.
pub fn userinfo(
    cx: &Cx<'_>,
    facts: &AccessTokenFacts,
    presentation: Presentation,
) -> Result<Map<String, Value>, Cause> {
    facts.check(cx.now)?;
    presentation.check(facts.claims.cnf.map(|cnf| cnf.jkt))?;
    let Some(user) = facts.user.as_ref().filter(|_| facts.is_users()) else {
        return Err(Cause::UserinfoWithoutUser);
    };
    let sub = match &facts.client {
        Some(client) => subject(cx, client, user.id),
        None => user.id.to_string(),
    };
    let mut claims = claims_of(user, sub, &facts.claims.scope)?;
    // "the resulting Claims are additional to those" of the scopes (OpenID Connect Core 5.5)
    claims.append(&mut released(user, facts.claims.userinfo_claims.iter()));
    Ok(claims)
}

/// The same for a personal access token.
///
/// # Errors
/// `invalid_token` for a token that is no longer good, `insufficient_scope` without `openid`.
pub fn personal_userinfo(cx: &Cx<'_>, facts: &PersonalTokenFacts) -> Result<Map<String, Value>, Cause> {
    let user = facts.check(cx.now)?;
    claims_of(user, user.id.to_string(), &facts.record.scope)
}

fn claims_of(user: &User, sub: String, scope: &Scope) -> Result<Map<String, Value>, Cause> {
    if !scope.contains("openid") {
        return Err(Cause::TokenLacksScope);
    }
    let mut claims = Map::new();
    claims.insert("sub".to_owned(), Value::String(sub));
    claims.append(&mut user.claims.released_by(scope));
    Ok(claims)
}

#[cfg(test)]
mod tests;
