//! What comes of an exchange.

use grantor_types::{GrantId, GrantType, Seconds, TokenFormat, TokenTypeUri};

use super::{ACCESS_TOKEN, Case, JWT, REFRESH_TOKEN, access, gateway, own, rule};
use crate::fixture::{API, FILES, NOW, World, access_facts, resource, resource_server, scope, user};
use crate::grant::PresentedToken;
use crate::record::{Exchange, ExchangeRule, ResourceServer};
use crate::{Cause, Change};

#[test]
fn the_token_stands_for_the_subject_and_hangs_on_it() {
    let subject = access_facts().claims;
    let reply = Case::of(rule()).outcome(&[]).unwrap();
    assert!(reply.refresh_token.is_none() && reply.id_token.is_none());
    assert_eq!(reply.issued_token_type, Some(TokenTypeUri::AccessToken));
    let claims = reply.access_token.claims;
    assert_eq!((&claims.sub, claims.grant), (&subject.sub, subject.grant));
    assert_eq!(claims.client_id.as_str(), "gateway");
    assert_eq!((claims.auth_time, claims.exp), (subject.auth_time, subject.exp));
    assert_eq!(claims.ancestors, [subject.jti]);
}

#[test]
fn it_ends_with_the_actor_token_and_the_tokens_before_it() {
    let mut actor = own(&gateway(Vec::new()));
    actor.claims.exp = NOW.plus(Seconds(60)).as_seconds();
    actor.claims.jti = grantor_types::TokenId::from_bytes([8; 16]);
    let earlier = grantor_types::TokenId::from_bytes([7; 16]);
    let case = Case::of(rule()).subject(|facts| facts.claims.ancestors = vec![earlier]);
    let expected = [earlier, access_facts().claims.jti, actor.claims.jti];
    let reply = case.actor(actor).outcome(&[]).unwrap();
    assert_eq!(reply.access_token.expires_in(), 60);
    assert_eq!(reply.access_token.claims.ancestors, expected);
}

#[test]
fn the_form_is_the_services_unless_a_jwt_is_asked_for() {
    let server = |access_token_format| ResourceServer {
        id: resource(FILES),
        access_token_format,
        ..resource_server(FILES)
    };
    let (opaque, jwt) = (TokenFormat::Opaque, TokenFormat::Jwt);
    #[rustfmt::skip]
    let rows = [
        (None, jwt, ACCESS_TOKEN, Ok((jwt, TokenTypeUri::AccessToken))),
        (None, jwt, JWT, Ok((jwt, TokenTypeUri::Jwt))),
        (None, opaque, ACCESS_TOKEN, Ok((opaque, TokenTypeUri::AccessToken))),
        (None, opaque, JWT, Ok((jwt, TokenTypeUri::Jwt))),
        (Some(opaque), jwt, ACCESS_TOKEN, Ok((opaque, TokenTypeUri::AccessToken))),
        (Some(opaque), jwt, JWT, Err(Cause::RequestedTokenTypeNotAllowed)),
    ];
    for (resources, usual, requested, expected) in rows {
        let mut world = World::new();
        world.policy.access_token_format = usual;
        world.catalogue.resources = vec![server(resources)];
        let case = Case {
            world,
            ..Case::of(rule())
        };
        let reply = case.outcome(&[("requested_token_type", requested)]);
        let found = reply.map(|reply| (reply.access_token.format, reply.issued_token_type.unwrap()));
        assert_eq!(found, expected, "{resources:?} {usual} {requested}");
    }
}

fn with_refresh() -> Case {
    let rule = ExchangeRule {
        refresh_token: true,
        ..rule()
    };
    Case::of(rule).subject(|facts| facts.claims.exp = NOW.plus(Seconds(600)).as_seconds())
}

#[test]
fn a_refresh_token_is_a_grant_that_knows_what_it_came_from() {
    let subject = access_facts().claims;
    let earlier = GrantId::from_bytes([6; 16]);
    let mut case = with_refresh();
    if let PresentedToken::Access(facts) = &mut case.subject {
        facts.claims.ancestor_grants = vec![earlier];
    }
    let decision = case.decide(&[("requested_token_type", REFRESH_TOKEN), ("scope", "read")]);
    let reply = decision.outcome.unwrap();
    assert_eq!(reply.issued_token_type, Some(TokenTypeUri::RefreshToken));
    assert_eq!(reply.access_token.expires_in(), 600);
    let [Change::CreateGrant(grant)] = decision.changes.as_slice() else {
        panic!("{:?}", decision.changes)
    };
    assert_eq!(
        reply.refresh_token.map(|token| (token.grant, token.generation)),
        Some((grant.id, 0))
    );
    assert_eq!((grant.client.as_str(), grant.user), ("gateway", user().id));
    assert_eq!(
        (&grant.scope, grant.resources.as_slice()),
        (&scope("read"), [resource(FILES)].as_slice())
    );
    let end = NOW.plus(Seconds(600));
    assert_eq!(grant.expires_at, end);
    let expected = Exchange {
        grants: vec![earlier, subject.grant.unwrap()],
        tokens: vec![subject.jti],
        until: end,
        act: None,
        may_act: None,
    };
    assert_eq!(grant.exchange.as_deref(), Some(&expected));
}

#[test]
fn refresh_tokens_that_are_not_issued() {
    let own = || {
        let mut case = with_refresh();
        case.subject = access(own(&case.client));
        case
    };
    let without_grant_type = || {
        let mut case = with_refresh();
        case.client
            .grant_types
            .retain(|grant| *grant != GrantType::RefreshToken);
        case
    };
    let rows = [
        (Case::of(rule()), FILES),
        (own(), API),
        (without_grant_type(), FILES),
    ];
    for (case, audience) in rows {
        let form = [("requested_token_type", REFRESH_TOKEN), ("audience", audience)];
        assert_eq!(
            case.refusal(&form),
            Some(Cause::RefreshTokenNotAllowed),
            "{audience}"
        );
    }
}
