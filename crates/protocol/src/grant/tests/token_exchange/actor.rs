//! Who acts: delegation, impersonation, `may_act`.

use grantor_types::{Actor, Thumbprint};

use super::{Case, gateway, own, rule};
use crate::Cause;
use crate::fixture::{access_facts, client_id, confidential};
use crate::record::ExchangeRule;
use crate::token::AccessTokenFacts;

fn actor(sub: &str) -> Actor {
    Actor {
        sub: sub.to_owned(),
        iss: None,
        client_id: None,
        act: None,
    }
}

/// The actor that a client is for itself.
fn client_actor(id: &str, before: Option<Actor>) -> Actor {
    Actor {
        client_id: Some(client_id(id)),
        act: before.map(Box::new),
        ..actor(id)
    }
}

/// So many actors, one within the other.
fn chain(length: usize) -> Option<Actor> {
    (0..length).fold(None, |before, _| {
        Some(Actor {
            act: before.map(Box::new),
            ..actor("someone")
        })
    })
}

fn by(delegation: bool, impersonation: bool) -> Case {
    Case::of(ExchangeRule {
        delegation,
        impersonation,
        ..rule()
    })
}

fn gateways_token() -> AccessTokenFacts {
    own(&gateway(Vec::new()))
}

#[test]
fn delegation_and_impersonation_by_policy() {
    let gateway = || Some(client_actor("gateway", None));
    #[rustfmt::skip]
    let rows = [
        (true, true, false, Ok(None)),
        (true, true, true, Ok(gateway())),
        (true, false, false, Ok(gateway())),
        (true, false, true, Ok(gateway())),
        (false, true, false, Ok(None)),
        (false, true, true, Err(Cause::ActorTokenNotAllowed)),
        (false, false, false, Err(Cause::ActorTokenMissing)),
        (false, false, true, Err(Cause::ActorTokenNotAllowed)),
    ];
    for (delegation, impersonation, with_token, expected) in rows {
        let mut case = by(delegation, impersonation);
        if with_token {
            case = case.actor(gateways_token());
        }
        let found = case.outcome(&[]).map(|reply| reply.access_token.claims.act);
        assert_eq!(found, expected, "{delegation} {impersonation} {with_token}");
    }
}

#[test]
fn earlier_actors_stay_within() {
    let before = client_actor("frontend", None);
    let case =
        |delegation| by(delegation, !delegation).subject(|facts| facts.claims.act = Some(before.clone()));
    let act = |case: Case| case.outcome(&[]).unwrap().access_token.claims.act;
    assert_eq!(
        act(case(true)),
        Some(client_actor("gateway", Some(before.clone())))
    );
    // Whoever impersonates does not hide those who acted before.
    assert_eq!(act(case(false)), Some(before.clone()));
    // The user of the actor token acts.
    let mut users = access_facts();
    users.claims.client_id = client_id("gateway");
    let expected = Actor {
        sub: users.claims.sub.clone(),
        ..client_actor("gateway", Some(before.clone()))
    };
    assert_eq!(act(case(true).actor(users)), Some(expected));
}

#[test]
fn the_chain_is_bounded() {
    for (length, expected) in [(6, None), (7, None), (8, Some(Cause::ExchangedTooOften))] {
        let case = by(true, false).subject(|facts| facts.claims.act = chain(length));
        assert_eq!(case.refusal(&[]), expected, "{length}");
    }
    for (length, expected) in [(15, None), (16, Some(Cause::ExchangedTooOften))] {
        let token = grantor_types::TokenId::from_bytes([1; 16]);
        let case = by(false, true).subject(|facts| facts.claims.ancestors = vec![token; length]);
        assert_eq!(case.refusal(&[]), expected, "{length}");
    }
}

#[test]
fn may_act_is_honoured() {
    let gateway = || actor("gateway");
    let with = |edit: fn(&mut Actor)| {
        let mut named = gateway();
        edit(&mut named);
        named
    };
    #[rustfmt::skip]
    let rows = [
        (gateway(), None),
        (with(|named| named.client_id = Some(client_id("gateway"))), None),
        (with(|named| named.iss = Some("https://id.example".to_owned())), None),
        (with(|named| named.iss = Some("https://other.example".to_owned())), Some(Cause::ActorNotNamed)),
        (with(|named| named.client_id = Some(client_id("other"))), Some(Cause::ActorNotNamed)),
        (actor("other"), Some(Cause::ActorNotNamed)),
        (actor("Gateway"), Some(Cause::ActorNotNamed)),
    ];
    for (named, expected) in rows {
        // By the client itself, by its token, and by impersonation.
        for (delegation, impersonation, with_token) in
            [(true, false, false), (true, false, true), (false, true, false)]
        {
            let mut case =
                by(delegation, impersonation).subject(|facts| facts.claims.may_act = Some(named.clone()));
            if with_token {
                case = case.actor(gateways_token());
            }
            match case.outcome(&[]) {
                // Those who come after are bound by it too.
                Ok(reply) => assert_eq!(reply.access_token.claims.may_act, Some(named.clone())),
                Err(cause) => assert_eq!(Some(cause), expected, "{named:?}"),
            }
        }
    }
}

#[test]
fn actor_tokens_that_are_refused() {
    let with = |edit: fn(&mut AccessTokenFacts)| {
        let mut facts = gateways_token();
        edit(&mut facts);
        facts
    };
    let rows = [
        (own(&confidential()), Cause::ActorTokenNotAllowed),
        (access_facts(), Cause::ActorTokenNotAllowed),
        (
            with(|facts| facts.claims.act = chain(1)),
            Cause::ActorTokenNotAllowed,
        ),
        (
            with(|facts| facts.claims.exp = facts.claims.iat),
            Cause::ActorTokenExpired,
        ),
        (with(|facts| facts.revoked = true), Cause::ActorTokenInvalid),
        (with(|facts| facts.client = None), Cause::ActorTokenInvalid),
        (
            with(|facts| {
                let jkt = Thumbprint::from_digest([1; 32]);
                facts.claims.cnf = Some(grantor_types::Confirmation { jkt });
            }),
            Cause::PresentedTokenBound,
        ),
    ];
    for (facts, cause) in rows {
        let shown = format!("{:?}", facts.claims);
        assert_eq!(by(true, true).actor(facts).refusal(&[]), Some(cause), "{shown}");
    }
    let unknown = Case {
        actor: Some(crate::grant::PresentedToken::Unknown),
        ..by(true, true)
    };
    assert_eq!(unknown.refusal(&[]), Some(Cause::ActorTokenInvalid));
}
