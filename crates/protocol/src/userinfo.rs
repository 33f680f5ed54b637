//! The userinfo endpoint ([OpenID Connect Core 5.3](https://openid.net/specs/openid-connect-core-1_0.html#UserInfo)).

use grantor_types::Scope;
use serde_json::{Map, Value};

use crate::dpop::Presentation;
use crate::personal_access_token::PersonalTokenFacts;
use crate::record::User;
use crate::token::AccessTokenFacts;
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
    released(user, &facts.claims.scope)
}

/// The same for a personal access token.
///
/// # Errors
/// `invalid_token` for a token that is no longer good, `insufficient_scope` without `openid`.
pub fn personal_userinfo(cx: &Cx<'_>, facts: &PersonalTokenFacts) -> Result<Map<String, Value>, Cause> {
    released(facts.check(cx.now)?, &facts.record.scope)
}

fn released(user: &User, scope: &Scope) -> Result<Map<String, Value>, Cause> {
    if !scope.contains("openid") {
        return Err(Cause::TokenLacksScope);
    }
    let mut claims = Map::new();
    claims.insert("sub".to_owned(), Value::String(user.id.to_string()));
    claims.append(&mut user.claims.released_by(scope));
    Ok(claims)
}

#[cfg(test)]
mod tests;
