//! The tokens that were presented: what each says once its seal or signature has been checked, and whether it lives.

use grantor_types::{Actor, ClientId, GrantId, Scope, Thumbprint, Timestamp, TokenId, TokenTypeUri, UserId};

use crate::assertion::AssertionFacts;
use crate::record::{Grant, GrantState};
use crate::token::handle::RefreshHandle;
use crate::token::{AccessTokenFacts, DerivationKeys, IdTokenClaims};
use crate::{Cause, Change, Cx};

/// What is known of a subject or actor token.
#[derive(Debug)]
pub enum PresentedToken {
    /// An access token of ours.
    Access(Box<AccessTokenFacts>),
    /// A text in the form of our refresh tokens, and the grant it names.
    Refresh {
        /// The text, read.
        handle: RefreshHandle,
        /// The grant, with who holds it.
        grant: Box<HeldGrant>,
        /// The keys that it may have been derived with.
        keys: DerivationKeys,
    },
    /// An ID token of ours.
    Id {
        /// What it says.
        claims: Box<IdTokenClaims>,
        /// The grant that it names, with who holds it.
        grant: Box<HeldGrant>,
    },
    /// A JWT of a trusted issuer.
    Assertion(Box<AssertionFacts>),
    /// Nothing that we could trust.
    Unknown,
}

/// A grant and whether those who hold it can still use it.
#[derive(Clone, Debug)]
pub struct HeldGrant {
    /// The grant.
    pub grant: Grant,
    /// Whether its client can still authenticate.
    pub client_enabled: bool,
    /// Whether its user can still log in.
    pub user_enabled: bool,
}

/// Which of the two tokens it is: their refusals have names of their own.
#[derive(Clone, Copy, Debug)]
pub(super) enum Role {
    Subject,
    Actor,
}

/// Whom a token stands for and what it allows, whatever its kind.
#[derive(Debug)]
pub(super) struct Party {
    pub(super) token_type: TokenTypeUri,
    /// The client that it was issued to, or that may present it.
    pub(super) client: ClientId,
    pub(super) sub: String,
    /// The user of ours that it stands for.
    pub(super) user: Option<UserId>,
    /// The issuer that knows `sub`, when it is not ours.
    pub(super) iss: Option<String>,
    pub(super) scope: Scope,
    pub(super) expires_at: Timestamp,
    pub(super) grant: Option<GrantId>,
    /// The key that it is bound to.
    pub(super) dpop_key: Option<Thumbprint>,
    pub(super) auth_time: Option<u64>,
    pub(super) acr: Option<String>,
    pub(super) act: Option<Actor>,
    pub(super) may_act: Option<Actor>,
    /// The token and those that it came from.
    pub(super) lineage: Vec<TokenId>,
    /// The grants before its own that it came from.
    pub(super) earlier_grants: Vec<GrantId>,
}

impl Party {
    /// Whether a client stands for itself.
    pub(super) fn is_client(&self) -> bool {
        let ours = self.token_type == TokenTypeUri::AccessToken && self.grant.is_none();
        ours && self.sub == self.client.as_str()
    }
}

impl Role {
    const fn invalid(self) -> Cause {
        match self {
            Self::Subject => Cause::SubjectTokenInvalid,
            Self::Actor => Cause::ActorTokenInvalid,
        }
    }

    const fn expired(self) -> Cause {
        match self {
            Self::Subject => Cause::SubjectTokenExpired,
            Self::Actor => Cause::ActorTokenExpired,
        }
    }

    const fn not_allowed(self) -> Cause {
        match self {
            Self::Subject => Cause::SubjectTokenNotAllowed,
            Self::Actor => Cause::ActorTokenNotAllowed,
        }
    }

    /// What is wrong with a token that is presented elsewhere, in the words of the exchange: all are `invalid_request`.
    fn refusal(self, cause: Cause) -> Cause {
        if cause == Cause::TokenExpired || cause == Cause::AssertionExpired {
            self.expired()
        } else if cause == Cause::AssertionNotAllowed {
            self.not_allowed()
        } else {
            self.invalid()
        }
    }
}

impl PresentedToken {
    /// What the token says. That it still lives is another question.
    pub(super) fn party(&self, cx: &Cx<'_>, client: &ClientId, role: Role) -> Result<Party, Cause> {
        match self {
            Self::Access(facts) => Ok(of_access_token(facts)),
            Self::Refresh { handle, grant, keys } if keys.verify(handle, grant.grant.salt) => {
                Ok(of_grant(&grant.grant, TokenTypeUri::RefreshToken))
            }
            Self::Id { claims, grant } if claims.aud == grant.grant.client.as_str() => Ok(Party {
                expires_at: Timestamp::from_seconds(claims.exp),
                // Nobody proves the possession of an ID token.
                dpop_key: None,
                ..of_grant(&grant.grant, TokenTypeUri::IdToken)
            }),
            Self::Assertion(facts) => of_assertion(cx, client, facts, role),
            Self::Refresh { .. } | Self::Id { .. } | Self::Unknown => Err(role.invalid()),
        }
    }

    /// Whether the token lives, and what marks it as used when it may be used once.
    ///
    /// "the authorization server MUST perform the appropriate validation procedures for the indicated token type and,
    /// if the actor token is present, also perform the appropriate validation procedures for its indicated token type."
    /// (RFC 8693 2.1)
    pub(super) fn check(&self, cx: &Cx<'_>, client: &ClientId, role: Role) -> Result<Option<Change>, Cause> {
        let now = cx.now;
        let live = match self {
            Self::Access(facts) => {
                let checked = facts.check(now).map(|()| None);
                return checked.map_err(|cause| role.refusal(cause));
            }
            Self::Assertion(facts) => {
                let issuer = facts.issuer(cx, client);
                let checked = issuer.and_then(|issuer| facts.check(cx, issuer)).map(Some);
                return checked.map_err(|cause| role.refusal(cause));
            }
            Self::Refresh { handle, grant, .. } => match grant.grant.state {
                GrantState::Active(active) => active
                    .refresh
                    .is_some_and(|refresh| refresh.generation == handle.generation),
                GrantState::Pending(_) | GrantState::Revoked { .. } => false,
            }
            .then_some(grant),
            Self::Id { claims, .. } if Timestamp::from_seconds(claims.exp).is_past(now) => {
                return Err(role.expired());
            }
            Self::Id { grant, .. } => matches!(grant.grant.state, GrantState::Active(_)).then_some(grant),
            Self::Unknown => None,
        };
        let held = live.filter(|held| held.client_enabled && held.user_enabled);
        match held {
            None => Err(role.invalid()),
            Some(held) if held.grant.expires_at.is_past(now) => Err(role.expired()),
            Some(_) => Ok(None),
        }
    }
}

/// A subject is a user of ours; an actor is whom the issuer says.
fn of_assertion(cx: &Cx<'_>, client: &ClientId, facts: &AssertionFacts, role: Role) -> Result<Party, Cause> {
    let issuer = facts.issuer(cx, client).map_err(|cause| role.refusal(cause))?;
    let claims = &facts.claims;
    let (sub, user, iss) = match role {
        Role::Subject => {
            let user = facts.user().map_err(|cause| role.refusal(cause))?;
            (user.id.to_string(), Some(user.id), None)
        }
        Role::Actor => (claims.sub.clone(), None, Some(claims.iss.clone())),
    };
    Ok(Party {
        token_type: TokenTypeUri::Jwt,
        client: client.clone(),
        sub,
        user,
        iss,
        scope: facts.scope(issuer),
        expires_at: Timestamp::from_seconds(claims.exp),
        grant: None,
        dpop_key: None,
        auth_time: claims.auth_time,
        acr: None,
        act: claims.named(claims.act.as_ref()),
        may_act: claims.named(claims.may_act.as_ref()),
        lineage: Vec::new(),
        earlier_grants: Vec::new(),
    })
}

fn of_access_token(facts: &AccessTokenFacts) -> Party {
    let claims = &facts.claims;
    let mut lineage = claims.ancestors.clone();
    lineage.push(claims.jti);
    Party {
        token_type: TokenTypeUri::AccessToken,
        client: claims.client_id.clone(),
        sub: claims.sub.clone(),
        user: facts.user.as_ref().map(|user| user.id),
        iss: None,
        scope: claims.scope.clone(),
        expires_at: Timestamp::from_seconds(claims.exp),
        grant: claims.grant,
        dpop_key: claims.cnf.map(|cnf| cnf.jkt),
        auth_time: claims.auth_time,
        acr: claims.acr.clone(),
        act: claims.act.clone(),
        may_act: claims.may_act.clone(),
        lineage,
        earlier_grants: claims.ancestor_grants.clone(),
    }
}

fn of_grant(grant: &Grant, token_type: TokenTypeUri) -> Party {
    let exchange = grant.exchange.as_deref();
    Party {
        token_type,
        client: grant.client.clone(),
        sub: grant.user.to_string(),
        user: Some(grant.user),
        iss: None,
        scope: grant.scope.clone(),
        expires_at: grant.expires_at,
        grant: Some(grant.id),
        dpop_key: grant.dpop_key,
        auth_time: Some(grant.auth_time.as_seconds()),
        acr: grant.openid.as_deref().and_then(|openid| openid.acr.clone()),
        act: exchange.and_then(|exchange| exchange.act.clone()),
        may_act: exchange.and_then(|exchange| exchange.may_act.clone()),
        lineage: exchange
            .map(|exchange| exchange.tokens.clone())
            .unwrap_or_default(),
        earlier_grants: exchange
            .map(|exchange| exchange.grants.clone())
            .unwrap_or_default(),
    }
}
