//! Who may see which token, and which tokens are active.

use std::sync::Arc;

use grantor_types::{ActiveToken, Audience, Introspection, Seconds, Timestamp};
use serde_json::json;

use super::{Introspector, TokenFacts, introspect, introspector};
use crate::Cause;
use crate::client_auth::Authenticated;
use crate::fixture::{
    API, Edit, FILES, NOW, World, access_facts, active_grant, authenticated, client_id, confidential, keys,
    pending_grant, public, refresh_token,
};
use crate::record::{ActiveGrant, Client, Grant, GrantState, IntrospectionRight, RevocationReason, User};
use crate::token::AccessTokenFacts;
use crate::token::handle::RefreshHandle;

fn caller(id: &str, introspection: IntrospectionRight) -> Authenticated {
    authenticated(Client {
        id: client_id(id),
        introspection,
        ..confidential()
    })
}

fn owner() -> Authenticated {
    caller("app", IntrospectionRight::Own)
}

fn ask(world: &World, caller: &Authenticated, facts: TokenFacts) -> Option<ActiveToken> {
    ask_as(world, Introspector::Client(caller), facts)
}

fn ask_as(world: &World, caller: Introspector<'_>, facts: TokenFacts) -> Option<ActiveToken> {
    let answer = introspect(&world.cx(), caller, facts);
    let json = serde_json::to_value(&answer).unwrap();
    match answer {
        Introspection::Active(token) => {
            assert_eq!(json["active"], json!(true));
            Some(*token)
        }
        Introspection::Inactive { .. } => {
            assert_eq!(json, json!({ "active": false }));
            None
        }
    }
}

fn access(facts: AccessTokenFacts) -> TokenFacts {
    TokenFacts::Access(Box::new(facts))
}

#[test]
fn an_access_token_says_what_it_is() {
    let token = ask(&World::new(), &owner(), access(access_facts())).unwrap();
    let expected = json!({
        "active": true,
        "scope": "openid read",
        "client_id": "app",
        "username": "alice",
        "token_type": "Bearer",
        "exp": NOW.as_seconds() + 3600,
        "iat": NOW.as_seconds(),
        "sub": active_grant(0).user.to_string(),
        "aud": API,
        "iss": "https://id.example",
        "jti": access_facts().claims.jti.to_string(),
        "auth_time": NOW.as_seconds() - 10,
    });
    assert_eq!(serde_json::to_value(token).unwrap(), expected);
}

#[test]
fn a_clients_own_token_has_no_user() {
    let mut facts = access_facts();
    (facts.claims.grant, facts.claims.auth_time, facts.user) = (None, None, None);
    facts.claims.sub = "app".to_owned();
    let token = ask(&World::new(), &owner(), access(facts)).unwrap();
    assert_eq!(
        (token.username, token.auth_time, token.sub.as_str()),
        (None, None, "app")
    );
}

#[test]
fn access_tokens_that_are_not_active() {
    let disabled_client = Client {
        disabled: true,
        ..confidential()
    };
    let disabled_user = User {
        disabled: true,
        ..crate::fixture::user()
    };
    let cases: [(&str, Edit<AccessTokenFacts>); 6] = [
        ("expired", Box::new(|facts| facts.claims.exp = NOW.as_seconds())),
        ("revoked", Box::new(|facts| facts.revoked = true)),
        ("client gone", Box::new(|facts| facts.client = None)),
        (
            "client off",
            Box::new(move |facts| facts.client = Some(Arc::new(disabled_client.clone()))),
        ),
        ("user gone", Box::new(|facts| facts.user = None)),
        (
            "user off",
            Box::new(move |facts| facts.user = Some(Arc::new(disabled_user.clone()))),
        ),
    ];
    for (name, change) in cases {
        let mut facts = access_facts();
        change(&mut facts);
        for caller in [owner(), caller("auditor", IntrospectionRight::All)] {
            assert!(
                ask(&World::new(), &caller, access(facts.clone())).is_none(),
                "{name}"
            );
        }
    }
    // The last millisecond, and the one after.
    let end = access_facts().claims.exp * 1000;
    for (at, active) in [(end - 1, true), (end, false)] {
        let world = World::at(Timestamp::from_milliseconds(at));
        assert_eq!(ask(&world, &owner(), access(access_facts())).is_some(), active);
    }
}

/// A caller sees its own tokens, those for an audience it speaks for, and all of them when registered so.
#[test]
fn who_sees_which_access_token() {
    let (own, all) = (IntrospectionRight::Own, IntrospectionRight::All);
    let mut world = World::new();
    world.catalogue.resources[0].introspectors = vec![client_id("api-backend")];
    let both = Audience::Many(vec![FILES.to_owned(), API.to_owned()]);
    let named = Audience::One("lamps".to_owned());
    let files = Audience::One(FILES.to_owned());
    let api = Audience::One(API.to_owned());
    #[rustfmt::skip]
    let rows = [
        ("app", own, &api, true),
        ("app", own, &files, true),
        ("api-backend", own, &api, true),
        ("api-backend", own, &both, true),
        ("api-backend", own, &files, false),
        ("stranger", own, &api, false),
        ("stranger", own, &both, false),
        ("stranger", all, &api, true),
        // A resource server that is a client of the name of its audience.
        ("lamps", own, &named, true),
        ("lamp", own, &named, false),
    ];
    for (id, right, audience, visible) in rows {
        let mut facts = access_facts();
        facts.claims.aud = audience.clone();
        let found = ask(&world, &caller(id, right), access(facts));
        assert_eq!(found.is_some(), visible, "{id} {right:?} {audience:?}");
    }
}

fn refresh(grant: Option<Grant>, generation: u64) -> TokenFacts {
    refresh_of(grant, generation, (true, true))
}

fn refresh_of(
    grant: Option<Grant>,
    generation: u64,
    (client_enabled, user_enabled): (bool, bool),
) -> TokenFacts {
    TokenFacts::Refresh {
        handle: RefreshHandle::parse(&refresh_token(&active_grant(0), generation)).unwrap(),
        grant: grant.map(Box::new),
        client: client_enabled.then(|| Arc::new(confidential())),
        user_enabled,
        keys: keys(),
    }
}

#[test]
fn a_refresh_token_says_what_it_is() {
    let token = ask(&World::new(), &owner(), refresh(Some(active_grant(3)), 3)).unwrap();
    let expected = json!({
        "active": true,
        "scope": "openid read",
        "client_id": "app",
        "exp": active_grant(0).expires_at.as_seconds(),
        "sub": active_grant(0).user.to_string(),
        "iss": "https://id.example",
        "auth_time": NOW.as_seconds() - 10,
    });
    assert_eq!(serde_json::to_value(token).unwrap(), expected);
}

#[test]
fn refresh_tokens_that_are_not_active() {
    let revoked = Grant {
        state: GrantState::Revoked {
            at: NOW,
            reason: RevocationReason::User,
        },
        ..active_grant(0)
    };
    let refreshless = Grant {
        state: GrantState::Active(ActiveGrant { refresh: None }),
        ..active_grant(0)
    };
    let expired = Grant {
        expires_at: NOW,
        ..active_grant(0)
    };
    let salted = Grant {
        salt: [0; 16],
        ..active_grant(0)
    };
    for (name, facts) in [
        ("unknown", TokenFacts::Unknown),
        ("no grant", refresh(None, 0)),
        ("older", refresh(Some(active_grant(1)), 0)),
        ("never made", refresh(Some(active_grant(0)), 1)),
        ("pending", refresh(Some(pending_grant()), 0)),
        ("revoked", refresh(Some(revoked), 0)),
        ("without refresh", refresh(Some(refreshless), 0)),
        ("expired", refresh(Some(expired), 0)),
        ("wrong authenticator", refresh(Some(salted), 0)),
        ("client off", refresh_of(Some(active_grant(0)), 0, (false, true))),
        ("user off", refresh_of(Some(active_grant(0)), 0, (true, false))),
    ] {
        assert!(ask(&World::new(), &owner(), facts).is_none(), "{name}");
    }
    let world = World::at(active_grant(0).expires_at.minus(Seconds(1)));
    assert!(ask(&world, &owner(), refresh(Some(active_grant(0)), 0)).is_some());
}

/// A refresh token has no audience: only its client and those that may see all are told of it.
#[test]
fn who_sees_which_refresh_token() {
    let mut world = World::new();
    world.catalogue.resources[0].introspectors = vec![client_id("api-backend")];
    for (id, right, visible) in [
        ("app", IntrospectionRight::Own, true),
        ("api-backend", IntrospectionRight::Own, false),
        ("stranger", IntrospectionRight::Own, false),
        ("stranger", IntrospectionRight::All, true),
    ] {
        let found = ask(&world, &caller(id, right), refresh(Some(active_grant(0)), 0));
        assert_eq!(found.is_some(), visible, "{id}");
    }
}

/// Who may ask at all, and what holding the token is enough for.
#[test]
fn who_asks() {
    let world = World::new();
    let mut open = World::new();
    open.policy.danger_anonymous_introspection = true;
    let (known, named) = (owner(), authenticated(public()));
    for world in [&world, &open] {
        let found = introspector(&world.cx(), Some(&known));
        assert!(matches!(found, Ok(Introspector::Client(_))));
    }
    let refused = |caller| introspector(&world.cx(), caller).err();
    assert_eq!(refused(None), Some(Cause::CallerUnauthenticated));
    assert_eq!(refused(Some(&named)), Some(Cause::ClientAuthenticationMethod));
    for caller in [None, Some(&named)] {
        let found = introspector(&open.cx(), caller);
        assert!(matches!(found, Ok(Introspector::Bearer)));
    }
    let seen = |facts| ask_as(&open, Introspector::Bearer, facts);
    assert!(seen(access(access_facts())).is_some());
    assert!(seen(refresh(Some(active_grant(0)), 0)).is_some());
    assert!(seen(refresh(Some(active_grant(1)), 0)).is_none());
    assert!(seen(TokenFacts::Unknown).is_none());
}
