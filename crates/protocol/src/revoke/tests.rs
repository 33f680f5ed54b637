//! Who may revoke what, and what it changes.

use grantor_types::{Seconds, Timestamp};

use super::{Revoker, check_bearer, revoke};
use crate::fixture::{
    NOW, World, access_facts, active_grant, authenticated, client_id, confidential, keys, pending_grant,
    public, refresh_token,
};
use crate::introspect::TokenFacts;
use crate::record::{Client, Grant, GrantState, RevocationReason};
use crate::token::AccessTokenFacts;
use crate::token::handle::RefreshHandle;
use crate::{Cause, Change};

fn access(change: impl FnOnce(&mut AccessTokenFacts)) -> TokenFacts {
    let mut facts = access_facts();
    change(&mut facts);
    TokenFacts::Access(Box::new(facts))
}

fn refresh(grant: Option<Grant>, generation: u64) -> TokenFacts {
    TokenFacts::Refresh {
        handle: RefreshHandle::parse(&refresh_token(&active_grant(0), generation)).unwrap(),
        grant: grant.map(Box::new),
        client: None,
        user_enabled: true,
        keys: keys(),
    }
}

fn denied() -> Vec<Change> {
    let claims = access_facts().claims;
    vec![Change::DenyToken {
        token: claims.jti,
        expires_at: Timestamp::from_seconds(claims.exp),
    }]
}

fn ended() -> Vec<Change> {
    vec![Change::RevokeGrant {
        grant: active_grant(0).id,
        at: NOW,
        reason: RevocationReason::Client,
    }]
}

/// What the revocation by a client changes. The answer is a success, whatever the token was.
fn changes_by(caller: Client, facts: TokenFacts) -> Vec<Change> {
    let caller = authenticated(caller);
    let decision = revoke(&World::new().cx(), Revoker::Client(&caller), None, facts);
    assert!(decision.outcome.is_ok());
    decision.changes
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
fn the_client_of_the_token() {
    for client in [confidential(), public()] {
        assert_eq!(changes_by(client.clone(), access(|_| {})), denied());
        // Any generation will do: the client means the whole grant.
        for generation in [0, 2, 3] {
            let facts = refresh(Some(active_grant(2)), generation);
            assert_eq!(changes_by(client.clone(), facts), ended());
        }
        assert_eq!(changes_by(client, refresh(Some(pending_grant()), 0)), ended());
    }
}

#[test]
fn what_has_ended_is_not_ended_again() {
    let salted = Grant {
        salt: [0; 16],
        ..active_grant(0)
    };
    for (name, facts) in [
        ("expired", access(|facts| facts.claims.exp = NOW.as_seconds())),
        ("revoked", access(|facts| facts.revoked = true)),
        ("grant revoked", refresh(Some(revoked(active_grant(0))), 0)),
        ("no grant", refresh(None, 0)),
        ("wrong authenticator", refresh(Some(salted), 0)),
        ("unknown", TokenFacts::Unknown),
    ] {
        assert_eq!(changes_by(confidential(), facts), [], "{name}");
    }
    let almost = access(|facts| facts.claims.exp = NOW.plus(Seconds(1)).as_seconds());
    assert_eq!(changes_by(confidential(), almost).len(), 1);
}

/// Another client's token is treated as an unknown one: nothing happens, and nothing is told.
#[test]
fn another_client() {
    for client in [confidential(), public()] {
        let other = Client {
            id: client_id("other"),
            ..client
        };
        assert_eq!(changes_by(other.clone(), access(|_| {})), []);
        assert_eq!(changes_by(other, refresh(Some(active_grant(0)), 0)), []);
    }
}

/// Holding the token is enough for a token of a public client, and for no other.
#[test]
fn nobody_in_particular() {
    let changes = |owner: Option<&Client>, facts| {
        let decision = revoke(&World::new().cx(), Revoker::Bearer, owner, facts);
        assert!(decision.outcome.is_ok());
        decision.changes
    };
    let other = Client {
        id: client_id("other"),
        ..public()
    };
    let token = || refresh(Some(active_grant(0)), 0);
    assert_eq!(changes(Some(&public()), access(|_| {})), denied());
    assert_eq!(changes(Some(&public()), token()), ended());
    for owner in [None, Some(&confidential()), Some(&other)] {
        assert_eq!(changes(owner, access(|_| {})), []);
        assert_eq!(changes(owner, token()), []);
    }
    assert_eq!(
        changes(Some(&public()), refresh(Some(active_grant(0)), 9)),
        ended()
    );
}

/// Unless the operator lets the token be enough for every client's.
#[test]
fn nobody_in_particular_where_the_operator_allows_it() {
    let mut world = World::new();
    world.policy.danger_anonymous_revocation = true;
    let changes = |owner: Option<&Client>, facts| {
        let decision = revoke(&world.cx(), Revoker::Bearer, owner, facts);
        assert!(decision.outcome.is_ok());
        decision.changes
    };
    let other = Client {
        id: client_id("other"),
        ..confidential()
    };
    let token = || refresh(Some(active_grant(0)), 0);
    assert_eq!(changes(Some(&confidential()), access(|_| {})), denied());
    assert_eq!(changes(Some(&confidential()), token()), ended());
    for owner in [None, Some(&other)] {
        assert_eq!(changes(owner, access(|_| {})), []);
        assert_eq!(changes(owner, token()), []);
    }
}

#[test]
fn a_token_of_a_confidential_client_needs_its_client() {
    let (world, mut open) = (World::new(), World::new());
    assert_eq!(check_bearer(&world.cx(), None), Ok(()));
    assert_eq!(check_bearer(&world.cx(), Some(&public())), Ok(()));
    assert_eq!(
        check_bearer(&world.cx(), Some(&confidential())),
        Err(Cause::ClientAuthenticationMissing)
    );
    open.policy.danger_anonymous_revocation = true;
    assert_eq!(check_bearer(&open.cx(), Some(&confidential())), Ok(()));
}
