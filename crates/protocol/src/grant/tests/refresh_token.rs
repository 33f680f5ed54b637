//! Refreshing: generation `p` is presented, `g` is current.

mod generations;
mod reply;

use std::sync::Arc;

use grantor_types::{GrantType, Timestamp};

use crate::fixture::{
    Form, NOW, RANDOM, World, active_grant, authenticated, caller, client_id, confidential, keys,
    parameters_with, pending_grant, public, refresh_token, user,
};
use crate::grant::{Grant as _, RefreshFacts, RefreshTokenGrant};
use crate::record::{ActiveGrant, Client, Grant, GrantState, RevocationReason};
use crate::token::{DerivationKeys, TokenReply};
use crate::{Cause, Change, Decision};

/// What a refresh is decided from.
struct Case {
    world: World,
    client: Client,
    grant: Option<Grant>,
    user_enabled: bool,
    keys: DerivationKeys,
}

impl Case {
    /// A client whose grant is at this generation.
    fn at(client: Client, generation: u64) -> Self {
        Self {
            world: World::new(),
            client,
            grant: Some(active_grant(generation)),
            user_enabled: true,
            keys: keys(),
        }
    }

    fn after(mut self, milliseconds: u64) -> Self {
        self.world = World::at(Timestamp::from_milliseconds(NOW.as_milliseconds() + milliseconds));
        self
    }

    fn decide(self, token: &str, changes: Form<'_>) -> Decision<TokenReply> {
        let form = parameters_with(&[("refresh_token", token)], changes);
        let request = match RefreshTokenGrant::parse(&form) {
            Ok(request) => request,
            Err(cause) => return Decision::refuse(cause),
        };
        let facts = RefreshFacts {
            grant: self.grant,
            user: self.user_enabled.then(|| Arc::new(user())),
            keys: self.keys,
        };
        RefreshTokenGrant::decide(
            &self.world.cx(),
            &RANDOM,
            &caller(&authenticated(self.client)),
            &request,
            facts,
        )
    }

    /// The cause of a refusal that writes nothing.
    fn refusal(self, token: &str, changes: Form<'_>) -> Option<Cause> {
        let decision = self.decide(token, changes);
        let cause = decision.outcome.err();
        assert!(cause.is_none() || decision.changes.is_empty(), "{cause:?} writes");
        cause
    }
}

/// What one presentation of a token comes to.
#[derive(Debug, PartialEq, Eq)]
enum Step {
    /// It rotates to this generation.
    Rotates(u64),
    /// The successor of this generation is given again, and nothing is written.
    Repeats(u64),
    /// The grant is revoked.
    Replay,
}

fn step(case: Case, presented: u64) -> Step {
    let now = case.world.now;
    let decision = case.decide(&refresh_token(&active_grant(0), presented), &[]);
    match decision.outcome {
        Ok(reply) => {
            let generation = reply.refresh_token.unwrap().generation;
            match decision.changes.as_slice() {
                [] => Step::Repeats(generation),
                [Change::RotateRefreshToken { grant, from, at, .. }] => {
                    assert_eq!((*grant, *from, *at), (active_grant(0).id, presented, now));
                    Step::Rotates(generation)
                }
                other => panic!("{other:?}"),
            }
        }
        Err(Cause::RefreshTokenReplayed) => {
            let revoke = Change::RevokeGrant {
                grant: active_grant(0).id,
                at: now,
                reason: RevocationReason::RefreshTokenReplay,
            };
            assert_eq!(decision.changes, [revoke]);
            Step::Replay
        }
        Err(other) => panic!("{other:?}"),
    }
}

fn revoked(grant: Grant) -> Grant {
    Grant {
        state: GrantState::Revoked {
            at: NOW,
            reason: RevocationReason::User,
        },
        ..grant
    }
}

#[test]
fn grants_that_have_no_live_refresh_token() {
    let refreshless = Grant {
        state: GrantState::Active(ActiveGrant { refresh: None }),
        ..active_grant(0)
    };
    let ends = |grant: Grant, milliseconds: u64| Grant {
        expires_at: Timestamp::from_milliseconds(NOW.as_milliseconds() + milliseconds),
        ..grant
    };
    for (grant, expected) in [
        (pending_grant(), Some(Cause::RefreshTokenUnknown)),
        (refreshless, Some(Cause::RefreshTokenUnknown)),
        (revoked(active_grant(0)), Some(Cause::RefreshTokenRevoked)),
        (
            ends(revoked(active_grant(0)), 0),
            Some(Cause::RefreshTokenRevoked),
        ),
        (ends(active_grant(0), 0), Some(Cause::RefreshTokenExpired)),
        (ends(active_grant(0), 1), None),
    ] {
        let shown = format!("{:?}", grant.state);
        let case = Case {
            grant: Some(grant),
            ..Case::at(confidential(), 0)
        };
        assert_eq!(
            case.refusal(&refresh_token(&active_grant(0), 0), &[]),
            expected,
            "{shown}"
        );
    }
    // An old token of a grant that has expired is expired, no replay: there is nothing left to revoke.
    let expired = Case {
        grant: Some(ends(active_grant(5), 0)),
        ..Case::at(public(), 5)
    };
    assert_eq!(
        expired.refusal(&refresh_token(&active_grant(0), 0), &[]),
        Some(Cause::RefreshTokenExpired)
    );
}

/// Another client's attempt changes nothing: not the current token, and not one whose replay would end the grant.
#[test]
fn another_clients_attempt_changes_nothing() {
    for client in [confidential(), public()] {
        for presented in 0..4 {
            let thief = Client {
                id: client_id("thief"),
                ..client.clone()
            };
            let token = refresh_token(&active_grant(0), presented);
            assert_eq!(
                Case::at(thief, 2).refusal(&token, &[]),
                Some(Cause::RefreshTokenOfAnotherClient)
            );
        }
    }
}

#[test]
fn a_client_that_lost_the_grant_type_and_a_user_that_is_switched_off() {
    let token = refresh_token(&active_grant(0), 0);
    let lost = Client {
        grant_types: vec![GrantType::AuthorizationCode],
        ..confidential()
    };
    assert_eq!(
        Case::at(lost, 0).refusal(&token, &[]),
        Some(Cause::GrantTypeNotAllowed)
    );
    let switched_off = |generation| Case {
        user_enabled: false,
        ..Case::at(public(), generation)
    };
    assert_eq!(switched_off(0).refusal(&token, &[]), Some(Cause::UserDisabled));
    assert_eq!(switched_off(1).refusal(&token, &[]), Some(Cause::UserDisabled));
    // A replay is one even when the user is switched off.
    assert_eq!(step(switched_off(2), 0), Step::Replay);
}

#[test]
fn parameters_are_read_before_anything_is_looked_up() {
    for (token, changes, expected) in [
        ("", ("scope", ""), Cause::RefreshTokenMissing),
        ("x", ("scope", "re\"ad"), Cause::ScopeMalformed),
        ("x", ("resource", "x y"), Cause::ResourceMalformed),
    ] {
        assert_eq!(
            Case::at(confidential(), 0).refusal(token, &[changes]),
            Some(expected)
        );
    }
}
