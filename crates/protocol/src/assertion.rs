//! JWTs of trusted issuers: as an authorization grant ([RFC 7523](https://www.rfc-editor.org/rfc/rfc7523)) and as a
//! token to exchange ([RFC 8693](https://www.rfc-editor.org/rfc/rfc8693)).
//!
//! The server has checked form, type, algorithm, signature, issuer, audience, `nbf` and `iat` before there are
//! [`AssertionFacts`]; the rest is decided here, from what the operator declared about the issuer.

use std::sync::Arc;

use grantor_jose::digest;
use grantor_types::{Actor, ClientId, GrantId, Resource, Scope, Seconds, SecretHash, Timestamp};
use serde::Deserialize;

use crate::record::{ActiveGrant, Client, Grant, GrantState, SingleUseKey, TrustedIssuer, User};
use crate::{Cause, Change, Cx, Random};

/// How far the clock of an issuer and ours may be apart.
pub const CLOCK_SKEW: Seconds = Seconds(30);

/// The longest life that an assertion may have left, unless its issuer is declared with another.
const MAX_LIFETIME: Seconds = Seconds::hours(1);

/// The claims that matter ([RFC 7523 §3](https://www.rfc-editor.org/rfc/rfc7523#section-3)); others are passed over.
#[derive(Clone, Deserialize)]
pub struct AssertionClaims {
    /// The issuer.
    pub iss: String,
    /// Whom it stands for, as the issuer calls them.
    pub sub: String,
    /// End of life, seconds since the epoch.
    pub exp: u64,
    /// Its own id.
    #[serde(default)]
    pub jti: Option<String>,
    /// When the user last logged in there.
    #[serde(default)]
    pub auth_time: Option<u64>,
    /// What it is good for, when the issuer says so.
    #[serde(default)]
    pub scope: Option<Scope>,
    /// Who acts for the subject (RFC 8693 4.1).
    #[serde(default)]
    pub act: Option<Actor>,
    /// Who may act for the subject (RFC 8693 4.4).
    #[serde(default)]
    pub may_act: Option<Actor>,
}

/// Shows the issuer alone: the rest is about people.
impl std::fmt::Debug for AssertionClaims {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AssertionClaims")
            .field("iss", &self.iss)
            .finish_non_exhaustive()
    }
}

/// What is known of an assertion whose signature was checked.
#[derive(Clone, Debug)]
pub struct AssertionFacts {
    /// What it says.
    pub claims: AssertionClaims,
    /// The user of ours that its subject is, if there is one.
    pub user: Option<Arc<User>>,
    /// Whether it was used before.
    pub used: bool,
}

impl AssertionClaims {
    /// What marks the assertion as used; `None` without `jti`.
    pub fn once(&self) -> Option<SingleUseKey> {
        let jti = self.jti.as_deref()?;
        Some(SingleUseKey::of(
            "assertion",
            &[self.iss.as_bytes(), jti.as_bytes()],
        ))
    }

    /// The actor as others read it: names that the issuer gave are its own.
    pub(crate) fn named(&self, actor: Option<&Actor>) -> Option<Actor> {
        let mut actor = actor?.clone();
        let mut current = Some(&mut actor);
        while let Some(who) = current {
            who.iss.get_or_insert_with(|| self.iss.clone());
            current = who.act.as_deref_mut();
        }
        Some(actor)
    }
}

impl AssertionFacts {
    /// The issuer as it is declared, if this client may present its assertions.
    ///
    /// # Errors
    /// [`Cause::AssertionInvalid`] when it is not declared any more, [`Cause::AssertionNotAllowed`].
    pub(crate) fn issuer<'a>(&self, cx: &Cx<'a>, client: &ClientId) -> Result<&'a TrustedIssuer, Cause> {
        let mut declared = cx.catalogue.trusted_issuers.iter();
        let issuer = declared
            .find(|issuer| issuer.issuer == self.claims.iss)
            .ok_or(Cause::AssertionInvalid)?;
        if issuer.clients.contains(client) {
            Ok(issuer)
        } else {
            Err(Cause::AssertionNotAllowed)
        }
    }

    /// The checks of RFC 7523 3 that are left, and the change that marks the assertion as used.
    ///
    /// # Errors
    /// The first that fails.
    pub(crate) fn check(&self, cx: &Cx<'_>, issuer: &TrustedIssuer) -> Result<Change, Cause> {
        // "The JWT MUST contain an "exp" (expiration time) claim that limits the time window during which the JWT can be
        // used. The authorization server MUST reject any JWT with an expiration time that has passed, subject to
        // allowable clock skew between systems. Note that the authorization server may reject JWTs with an "exp" claim
        // value that is unreasonably far in the future." (RFC 7523 3)
        let end = Timestamp::from_seconds(self.claims.exp);
        let last = end.plus(CLOCK_SKEW);
        if last.is_past(cx.now) {
            return Err(Cause::AssertionExpired);
        }
        if end.since(cx.now) > issuer.max_lifetime.unwrap_or(MAX_LIFETIME) {
            return Err(Cause::AssertionLivesTooLong);
        }
        // "The authorization server MAY ensure that JWTs are not replayed by maintaining the set of used "jti" values for
        // the length of time for which the JWT would be considered valid" (RFC 7523 3). We do, so there has to be one.
        let key = self.claims.once().ok_or(Cause::AssertionWithoutId)?;
        if self.used {
            return Err(Cause::AssertionReplayed);
        }
        Ok(Change::UseOnce {
            key,
            expires_at: last,
        })
    }

    /// The user of ours that it stands for.
    ///
    /// # Errors
    /// [`Cause::AssertionSubjectUnknown`] or [`Cause::UserDisabled`].
    pub(crate) fn user(&self) -> Result<&User, Cause> {
        let user = self.user.as_deref().ok_or(Cause::AssertionSubjectUnknown)?;
        if user.disabled {
            return Err(Cause::UserDisabled);
        }
        Ok(user)
    }

    /// The most that it is good for: what its issuer is trusted with, and no more than it says itself.
    pub(crate) fn scope(&self, issuer: &TrustedIssuer) -> Scope {
        let own = self.claims.scope.as_ref();
        own.map_or_else(|| issuer.scope.clone(), |own| own.intersection(&issuer.scope))
    }
}

/// A grant that comes from an assertion and not from a person at our pages: a row, so that it can be seen and revoked.
/// It has no refresh token, and its code was never handed out.
pub(crate) fn grant(
    cx: &Cx<'_>,
    random: &Random,
    client: &Client,
    facts: &AssertionFacts,
    scope: &Scope,
    resources: &[Resource],
) -> Result<Grant, Cause> {
    let logged_in = facts.claims.auth_time.map(Timestamp::from_seconds);
    Ok(Grant {
        id: GrantId::new(cx.now, random.row),
        client: client.id.clone(),
        user: facts.user()?.id,
        session: None,
        scope: scope.clone(),
        resources: resources.to_vec(),
        nonce: None,
        auth_time: logged_in.unwrap_or(cx.now).min(cx.now),
        authentication_methods: Vec::new(),
        code: SecretHash::from_digest(digest::sha256(&random.secret)),
        salt: random.salt,
        dpop_key: None,
        exchange: None,
        openid: None,
        created_at: cx.now,
        expires_at: cx.now,
        state: GrantState::Active(ActiveGrant { refresh: None }),
    })
}
