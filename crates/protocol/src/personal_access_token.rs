//! Personal access tokens: what a person makes for a script of theirs, instead of giving it their password.
//!
//! `gpat_`, the base64url of 32 random bytes, and a checksum: 54 characters that scanners for leaked secrets find by
//! `gpat_[A-Za-z0-9_-]{49}` and can tell from chance without asking anybody.

use std::sync::Arc;

use grantor_jose::digest;
use grantor_types::{
    ActiveToken, Audience, ClientId, PersonalAccessTokenId, Scope, ScopeToken, Seconds, Secret, SecretHash,
    Timestamp, TokenType, UserId,
};

use crate::record::{Client, MAX_PERSONAL_ACCESS_TOKENS, PersonalAccessToken, User};
use crate::token::AccessTokenFacts;
use crate::{Cause, Change, Cx, Decision, Random, scannable};

/// What every personal access token begins with.
pub const PREFIX: &str = "gpat_";
/// Longest name, in characters.
pub const MAX_NAME: usize = 100;
/// The use of a token is noted once in this time, so that a busy script does not write with every call.
const NOTED_EVERY: Seconds = Seconds(60);

/// A token to be made.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// What its owner calls it.
    pub name: String,
    /// What it is to allow.
    pub scope: Scope,
    /// How long it is to live; as policy has it when absent.
    pub lifetime: Option<Seconds>,
}

/// Who makes a token, and with what right.
#[derive(Clone, Copy, Debug)]
pub enum Maker<'a> {
    /// The person, on a page of ours, or an administrator for them.
    Owner(UserId),
    /// A client that acts for the person, with this access token.
    Client(&'a AccessTokenFacts),
}

/// A token that was made. This is the only time that its text is there.
#[derive(Clone, Debug)]
pub struct MadeToken {
    /// The text.
    pub token: Secret,
    /// What is kept of it.
    pub record: PersonalAccessToken,
}

/// Makes a token. `held` is how many the person has.
pub fn make(
    cx: &Cx<'_>,
    random: &Random,
    maker: Maker<'_>,
    wanted: NewToken,
    held: usize,
) -> Decision<MadeToken> {
    Decision::of(record(cx, random, maker, wanted, held).map(|made| {
        let change = Change::CreatePersonalAccessToken(Box::new(made.record.clone()));
        (made, vec![change])
    }))
}

fn record(
    cx: &Cx<'_>,
    random: &Random,
    maker: Maker<'_>,
    wanted: NewToken,
    held: usize,
) -> Result<MadeToken, Cause> {
    let (user, client) = right(cx, maker, &wanted.scope)?;
    let name = wanted.name.trim().to_owned();
    if name.is_empty() || name.chars().count() > MAX_NAME || name.chars().any(char::is_control) {
        return Err(Cause::PersonalTokenName);
    }
    let known = |scope: &ScopeToken| cx.catalogue.scopes.iter().any(|declared| declared.name == *scope);
    if wanted.scope.is_empty() || !wanted.scope.iter().all(known) {
        return Err(Cause::PersonalTokenScope);
    }
    let most = cx.policy.personal_access_token_lifetime;
    let lifetime = wanted.lifetime.unwrap_or(most);
    if lifetime == Seconds(0) || lifetime > most {
        return Err(Cause::PersonalTokenLifetime);
    }
    if held >= MAX_PERSONAL_ACCESS_TOKENS {
        return Err(Cause::PersonalTokenTooMany);
    }
    let token = scannable::text(PREFIX, &random.secret);
    let record = PersonalAccessToken {
        id: PersonalAccessTokenId::new(cx.now, random.row),
        hash: digest::secret_hash(&token),
        user,
        client,
        name,
        scope: wanted.scope,
        created_at: cx.now,
        expires_at: cx.now.plus(lifetime),
        last_used_at: None,
    };
    Ok(MadeToken {
        token: Secret::new(token),
        record,
    })
}

/// Only within the rights of who asks: a client needs the registration, a token of the person themselves that is still
/// good, and no more scope than that token has.
fn right(cx: &Cx<'_>, maker: Maker<'_>, wanted: &Scope) -> Result<(UserId, Option<ClientId>), Cause> {
    let facts = match maker {
        Maker::Owner(user) => return Ok((user, None)),
        Maker::Client(facts) => facts,
    };
    let (user, client) = owner(cx, facts)?;
    if !client.personal_access_tokens {
        return Err(Cause::PersonalTokenClient);
    }
    if !wanted.is_subset(&facts.claims.scope) {
        return Err(Cause::PersonalTokenWidened);
    }
    Ok((user, Some(client.id.clone())))
}

/// The person that a client with this access token acts for, and the client. Its own token speaks for nobody, and one that
/// was exchanged for somebody else to act speaks for two.
///
/// # Errors
/// `invalid_token`, or [`Cause::PersonalTokenWithoutUser`].
pub fn owner<'a>(cx: &Cx<'_>, facts: &'a AccessTokenFacts) -> Result<(UserId, &'a Arc<Client>), Cause> {
    facts.check(cx.now)?;
    let user = facts
        .user
        .as_ref()
        .filter(|_| facts.is_users() && facts.claims.act.is_none());
    let user = user.ok_or(Cause::PersonalTokenWithoutUser)?;
    let client = facts.client.as_ref().ok_or(Cause::TokenRevoked)?;
    Ok((user.id, client))
}

/// What is known of a personal access token that was presented.
#[derive(Clone, Debug)]
pub struct PersonalTokenFacts {
    /// What is kept of it.
    pub record: PersonalAccessToken,
    /// Its owner, if they still exist.
    pub user: Option<Arc<User>>,
    /// The client that it was made with, if there was one and it still exists.
    pub client: Option<Arc<Client>>,
}

impl PersonalTokenFacts {
    /// Its owner, when it can still be used.
    ///
    /// # Errors
    /// Why it cannot. All are `invalid_token`.
    pub fn check(&self, now: Timestamp) -> Result<&Arc<User>, Cause> {
        if self.record.expires_at.is_past(now) {
            return Err(Cause::TokenExpired);
        }
        let client_is_off = || self.client.as_ref().is_none_or(|client| client.disabled);
        if self.record.client.is_some() && client_is_off() {
            return Err(Cause::TokenRevoked);
        }
        let user = self.user.as_ref().filter(|user| !user.disabled);
        user.ok_or(Cause::TokenDisabledUser)
    }

    /// The change that notes its use, unless that was done a moment ago.
    pub fn note_use(&self, now: Timestamp) -> Option<Change> {
        let noted = |at: Timestamp| !at.plus(NOTED_EVERY).is_past(now);
        let due = !self.record.last_used_at.is_some_and(noted);
        due.then_some(Change::TouchPersonalAccessToken {
            token: self.record.id,
            at: now,
        })
    }

    /// The resource servers that it is for: those of a request that names none.
    pub(crate) fn audience(cx: &Cx<'_>) -> Audience {
        let default = cx.policy.default_audience.as_ref();
        let mut values = vec![default.map_or_else(|| cx.issuer.as_str().to_owned(), ToString::to_string)];
        if !values.iter().any(|value| value == cx.issuer.as_str()) {
            values.push(cx.issuer.as_str().to_owned());
        }
        Audience::of(values)
    }

    /// The introspection answer of a live one.
    pub(crate) fn introspection(self, cx: &Cx<'_>) -> Option<ActiveToken> {
        let user = self.check(cx.now).ok()?;
        Some(ActiveToken {
            active: true,
            username: Some(user.username.clone()),
            sub: user.id.to_string(),
            scope: self.record.scope.clone(),
            client_id: self.record.client.clone(),
            token_type: Some(TokenType::Bearer),
            exp: self.record.expires_at.as_seconds(),
            iat: Some(self.record.created_at.as_seconds()),
            aud: Some(Self::audience(cx)),
            iss: cx.issuer.as_str().to_owned(),
            jti: None,
            auth_time: None,
            acr: None,
            cnf: None,
            act: None,
            may_act: None,
        })
    }
}

/// Reads a text in the form of our personal access tokens, and gives the hash that its row is found by. `None` for
/// anything else: no query is made for it.
pub fn parse(text: &str) -> Option<SecretHash> {
    scannable::parse(PREFIX, text)
}

#[cfg(test)]
mod tests;
