//! Token exchange ([RFC 8693](https://www.rfc-editor.org/rfc/rfc8693)): a token for one service becomes a token for
//! another, never for more than it allowed, never for longer, and only as the client's registration declares. The new
//! token hangs on the grant of the subject token, and ends with it and with the subject token itself, so nothing is
//! written. Only a JWT of a trusted issuer becomes a grant of its own, and is used up.

mod actor;
mod policy;
mod presented;
mod refresh;
mod request;

use grantor_types::{
    AccessTokenClaims, Actor, GrantType, Parameters, Resource, Scope, Timestamp, TokenFormat, TokenId,
    TokenTypeUri,
};

use self::policy::Rules;
pub use self::presented::{HeldGrant, PresentedToken};
use self::presented::{Party, Role};
use self::request::RequestedToken;
pub use self::request::{ExchangeRequest, PresentedText};
use super::{Caller, Grant};

use crate::assertion;
use crate::record::{self, Client};
use crate::subject::subject;
use crate::token::{AccessTokenFor, TokenReply, UnsignedAccessToken, access_token};
use crate::{Cause, Change, Cx, Decision, Random};

/// Most tokens that one came from: each adds to its length.
const MAX_ANCESTORS: usize = 16;

/// The grant.
#[derive(Debug)]
pub struct TokenExchange;

/// What is known of the tokens that were presented.
#[derive(Debug)]
pub struct ExchangeFacts {
    /// The subject token.
    pub subject: PresentedToken,
    /// The actor token, when there is one.
    pub actor: Option<PresentedToken>,
}

impl Grant for TokenExchange {
    const TYPE: GrantType = GrantType::TokenExchange;
    type Request = ExchangeRequest;
    type Facts = ExchangeFacts;

    fn parse(form: &Parameters) -> Result<Self::Request, Cause> {
        request::parse(form)
    }

    fn decide(
        cx: &Cx<'_>,
        random: &Random,
        caller: &Caller<'_>,
        request: &Self::Request,
        facts: Self::Facts,
    ) -> Decision<TokenReply> {
        let issued = check(cx, caller, request, &facts).and_then(|wanted| wanted.issue(cx, random, caller));
        Decision::of(issued)
    }
}

/// What is to be issued, once everything is checked.
struct Wanted<'a> {
    request: &'a ExchangeRequest,
    facts: &'a ExchangeFacts,
    /// What marks the tokens as used.
    used: Vec<Change>,
    subject: Party,
    actor_ends: Option<Timestamp>,
    /// The tokens that the new one comes from: it ends with each of them.
    ancestors: Vec<TokenId>,
    act: Option<Actor>,
    targets: Vec<Resource>,
    scope: Scope,
}

/// Whether the client may comes before whether the tokens live: who may not exchange a token learns nothing about it.
fn check<'a>(
    cx: &Cx<'_>,
    caller: &Caller<'_>,
    request: &'a ExchangeRequest,
    facts: &'a ExchangeFacts,
) -> Result<Wanted<'a>, Cause> {
    let client = caller.client();
    // A token that was stolen must not become others in the hands of a client that anybody can be (RFC 8693 5).
    if !client.may_use(GrantType::TokenExchange) || client.is_public() {
        return Err(Cause::GrantTypeNotAllowed);
    }
    let subject = facts.subject.party(cx, &client.id, Role::Subject)?;
    let rules = Rules::for_subject(client, &subject)?;
    let mut used: Vec<Change> = facts
        .subject
        .check(cx, &client.id, Role::Subject)?
        .into_iter()
        .collect();
    check_key(caller, &subject)?;
    let actor = actor(cx, caller, facts, &mut used)?;
    let (rules, targets) = rules.for_targets(&request.targets)?;
    let rules = rules.for_issuing(request.requested)?;
    let acting = rules.acting(actor.is_some())?;
    let act = actor::act(cx.issuer, client, &subject, acting, actor.as_ref())?;
    let scope = scope(client, &subject, request.scope.as_ref())?;
    Ok(Wanted {
        request,
        facts,
        used,
        ancestors: ancestors(&subject, actor.as_ref())?,
        actor_ends: actor.map(|actor| actor.expires_at),
        subject,
        act,
        targets,
        scope,
    })
}

fn actor(
    cx: &Cx<'_>,
    caller: &Caller<'_>,
    facts: &ExchangeFacts,
    used: &mut Vec<Change>,
) -> Result<Option<Party>, Cause> {
    let Some(token) = &facts.actor else {
        return Ok(None);
    };
    let client = &caller.client().id;
    let actor = token.party(cx, client, Role::Actor)?;
    let once = token.check(cx, client, Role::Actor)?;
    // What may be used once is used by being the subject token.
    if once.as_ref().is_some_and(|once| used.contains(once)) {
        return Err(Cause::ActorTokenInvalid);
    }
    used.extend(once);
    check_key(caller, &actor)?;
    Ok(Some(actor))
}

/// A token that is bound to a key is worth something to the holder of the key alone (RFC 9449 7), at this endpoint too:
/// otherwise a stolen one could be exchanged for one that is not bound.
fn check_key(caller: &Caller<'_>, party: &Party) -> Result<(), Cause> {
    if party.dpop_key.is_some() && party.dpop_key != caller.dpop_key {
        return Err(Cause::PresentedTokenBound);
    }
    Ok(())
}

/// Never more than the subject token allowed and than the client may ask for; all of that when the request names
/// nothing. `openid` stays behind: the new token is for the services that policy names, and userinfo is none of them.
fn scope(client: &Client, subject: &Party, asked: Option<&Scope>) -> Result<Scope, Cause> {
    let may_ask: Scope = client
        .scope
        .iter()
        .filter(|token| token.as_str() != "openid")
        .cloned()
        .collect();
    let Some(asked) = asked else {
        return Ok(subject.scope.intersection(&may_ask));
    };
    if !asked.is_subset(&subject.scope) {
        return Err(Cause::ExchangeScopeWidened);
    }
    if asked.is_subset(&may_ask) {
        Ok(asked.clone())
    } else {
        Err(Cause::ScopeNotAllowed)
    }
}

impl Wanted<'_> {
    fn issue(
        mut self,
        cx: &Cx<'_>,
        random: &Random,
        caller: &Caller<'_>,
    ) -> Result<(TokenReply, Vec<Change>), Cause> {
        if self.request.requested == RequestedToken::RefreshToken {
            return refresh::issue(cx, random, caller, self);
        }
        let token = access_token(
            cx,
            random,
            &AccessTokenFor {
                client: caller.client(),
                grant: None,
                scope: &self.scope,
                resources: &self.targets,
                until: Some(self.until()),
                dpop_key: caller.dpop_key,
            },
        );
        let (format, issued) = form(cx, &self.targets, token.format, self.request.requested)?;
        if let PresentedToken::Assertion(facts) = &self.facts.subject {
            let grant = assertion::grant(cx, random, caller.client(), facts, &self.scope, &self.targets)?;
            self.subject.grant = Some(grant.id);
            self.used.push(Change::CreateGrant(Box::new(record::Grant {
                expires_at: token.expires_at(),
                ..grant
            })));
        }
        let claims = AccessTokenClaims {
            sub: match self.subject.user {
                Some(user) => subject(cx, caller.client(), user),
                None => self.subject.sub,
            },
            grant: self.subject.grant,
            auth_time: self.subject.auth_time,
            acr: self.subject.acr,
            act: self.act,
            may_act: self.subject.may_act,
            ancestors: self.ancestors,
            ancestor_grants: self.subject.earlier_grants,
            ..token.claims
        };
        let reply = TokenReply {
            access_token: UnsignedAccessToken {
                format,
                algorithm: token.algorithm,
                claims,
            },
            refresh_token: None,
            id_token: None,
            scope: self.scope,
            issued_token_type: Some(issued),
        };
        Ok((reply, self.used))
    }

    /// When the first of the tokens ends.
    fn until(&self) -> Timestamp {
        self.actor_ends
            .map_or(self.subject.expires_at, |end| end.min(self.subject.expires_at))
    }
}

fn ancestors(subject: &Party, actor: Option<&Party>) -> Result<Vec<TokenId>, Cause> {
    let mut ancestors = subject.lineage.clone();
    for token in actor.into_iter().flat_map(|actor| &actor.lineage) {
        if !ancestors.contains(token) {
            ancestors.push(*token);
        }
    }
    if ancestors.len() > MAX_ANCESTORS || subject.earlier_grants.len() > MAX_ANCESTORS {
        return Err(Cause::ExchangedTooOften);
    }
    Ok(ancestors)
}

/// The form of the new token. A resource server whose tokens nobody else shall read has the last word.
fn form(
    cx: &Cx<'_>,
    targets: &[Resource],
    usual: TokenFormat,
    requested: RequestedToken,
) -> Result<(TokenFormat, TokenTypeUri), Cause> {
    let keeps_to_itself = cx.catalogue.resources.iter().any(|server| {
        targets.contains(&server.id) && server.access_token_format == Some(TokenFormat::Opaque)
    });
    match requested {
        RequestedToken::AccessToken | RequestedToken::RefreshToken => Ok((usual, TokenTypeUri::AccessToken)),
        RequestedToken::Jwt if keeps_to_itself => Err(Cause::RequestedTokenTypeNotAllowed),
        RequestedToken::Jwt => Ok((TokenFormat::Jwt, TokenTypeUri::Jwt)),
    }
}
