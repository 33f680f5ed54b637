//! The userinfo endpoint ([OpenID Connect Core 5.3](https://openid.net/specs/openid-connect-core-1_0.html#UserInfo)).

use grantor_types::{Scope, SigningAlgorithm, claims_of_scope};
use serde_json::{Map, Value};

use crate::dpop::Presentation;
use crate::personal_access_token::PersonalTokenFacts;
use crate::record::{Client, User};
use crate::subject::subject;
use crate::token::{AccessTokenFacts, Encryption};
use crate::{Cause, Cx};

/// The claims, and the form in which the client wants them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserinfoResponse {
    /// The claims.
    pub claims: Map<String, Value>,
    /// Plain JSON or a JWT.
    pub form: UserinfoForm,
}

/// The form of the answer (OpenID Connect Core 5.3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserinfoForm {
    /// A JSON object.
    Json,
    /// A JWT that is signed, encrypted, or both.
    Jwt {
        /// How it is signed.
        signature: Option<SigningAlgorithm>,
        /// How it is encrypted.
        encryption: Option<Encryption>,
    },
}

impl UserinfoForm {
    fn of(client: &Client) -> Self {
        let metadata = &client.metadata;
        let signature = metadata.userinfo_signed_response_alg;
        let encryption = Encryption::of(
            metadata.userinfo_encrypted_response_alg,
            metadata.userinfo_encrypted_response_enc,
        );
        match (signature, encryption) {
            (None, None) => Self::Json,
            (signature, encryption) => Self::Jwt {
                signature,
                encryption,
            },
        }
    }
}

/// Answers with the claims that the token's scopes ask for. "The sub (subject) Claim MUST always be returned in the
/// UserInfo Response."
///
/// # Errors
/// `invalid_token` for a token that is no longer good or has no user, `insufficient_scope` without `openid`.
pub fn userinfo(
    cx: &Cx<'_>,
    facts: &AccessTokenFacts,
    presentation: Presentation,
) -> Result<UserinfoResponse, Cause> {
    facts.check(cx.now)?;
    presentation.check(facts.claims.cnf.map(|cnf| cnf.jkt))?;
    let Some(user) = facts.user.as_ref().filter(|_| facts.is_users()) else {
        return Err(Cause::UserinfoWithoutUser);
    };
    // A token whose client is gone did not come so far.
    let client = facts.client.as_deref().ok_or(Cause::TokenRevoked)?;
    let (token, sub) = (&facts.claims, subject(cx, client, user.id));
    let mut claims = claims_of(
        user,
        sub,
        &token.scope,
        (&token.userinfo_claims, &token.claims_locales),
    )?;
    let form = UserinfoForm::of(client);
    if let UserinfoForm::Jwt { .. } = form {
        // "If signed, the UserInfo Response MUST contain the Claims iss (issuer) and aud (audience) as members."
        claims.insert("iss".to_owned(), cx.issuer.as_str().into());
        claims.insert("aud".to_owned(), client.id.as_str().into());
    }
    Ok(UserinfoResponse { claims, form })
}

/// The same for a personal access token.
///
/// # Errors
/// `invalid_token` for a token that is no longer good, `insufficient_scope` without `openid`.
pub fn personal_userinfo(cx: &Cx<'_>, facts: &PersonalTokenFacts) -> Result<Map<String, Value>, Cause> {
    let user = facts.check(cx.now)?;
    claims_of(user, user.id.to_string(), &facts.record.scope, (&[], &[]))
}

fn claims_of(
    user: &User,
    sub: String,
    scope: &Scope,
    (asked, locales): (&[String], &[String]),
) -> Result<Map<String, Value>, Cause> {
    if !scope.contains("openid") {
        return Err(Cause::TokenLacksScope);
    }
    let mut claims = Map::new();
    claims.insert("sub".to_owned(), Value::String(sub));
    // "the resulting Claims are additional to those" of the scopes (OpenID Connect Core 5.5)
    let names = claims_of_scope(scope).chain(asked.iter().map(String::as_str));
    claims.append(&mut user.claims.released(names, locales));
    Ok(claims)
}

#[cfg(test)]
mod tests;
