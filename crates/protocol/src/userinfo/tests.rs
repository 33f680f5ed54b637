//! What userinfo tells, and to whom.

use std::sync::Arc;

use grantor_types::Timestamp;
use serde_json::json;

use super::userinfo;
use crate::Cause;
use crate::dpop::Presentation;
use crate::fixture::{Edit, NOW, World, access_facts, confidential, scope, user};
use crate::record::{Client, User};
use crate::token::AccessTokenFacts;

fn ask(change: impl FnOnce(&mut AccessTokenFacts)) -> Result<serde_json::Value, Cause> {
    let mut facts = access_facts();
    change(&mut facts);
    userinfo(&World::new().cx(), &facts, Presentation::Bearer)
        .map(|response| serde_json::Value::Object(response.claims))
}

#[test]
fn the_claims_of_the_scopes() {
    let sub = user().id.to_string();
    for (text, expected) in [
        ("openid", json!({ "sub": sub })),
        ("openid read", json!({ "sub": sub })),
        ("openid profile", json!({ "sub": sub, "name": "Alice" })),
        (
            "openid email",
            json!({ "sub": sub, "email": "alice@example.com" }),
        ),
        ("openid address phone", json!({ "sub": sub })),
        (
            "openid profile email",
            json!({ "sub": sub, "name": "Alice", "email": "alice@example.com" }),
        ),
    ] {
        assert_eq!(
            ask(|facts| facts.claims.scope = scope(text)),
            Ok(expected),
            "{text}"
        );
    }
}

#[test]
fn refusals_in_their_order() {
    let off = Client {
        disabled: true,
        ..confidential()
    };
    let user_off = User {
        disabled: true,
        ..user()
    };
    let own = |facts: &mut AccessTokenFacts| {
        facts.claims.grant = None;
        facts.user = None;
    };
    let cases: [(Cause, Edit<AccessTokenFacts>); 9] = [
        (
            Cause::TokenExpired,
            Box::new(|facts| {
                facts.claims.exp = NOW.as_seconds();
                facts.revoked = true;
            }),
        ),
        (
            Cause::TokenRevoked,
            Box::new(|facts| {
                facts.revoked = true;
                facts.user = None;
            }),
        ),
        (Cause::TokenRevoked, Box::new(|facts| facts.client = None)),
        (
            Cause::TokenRevoked,
            Box::new(move |facts| facts.client = Some(Arc::new(off))),
        ),
        (Cause::TokenDisabledUser, Box::new(|facts| facts.user = None)),
        (
            Cause::TokenDisabledUser,
            Box::new(move |facts| {
                facts.user = Some(Arc::new(user_off));
                facts.claims.scope = scope("read");
            }),
        ),
        (Cause::UserinfoWithoutUser, Box::new(own)),
        (
            Cause::UserinfoWithoutUser,
            Box::new(move |facts| {
                own(facts);
                facts.claims.scope = scope("read");
            }),
        ),
        (
            Cause::TokenLacksScope,
            Box::new(|facts| facts.claims.scope = scope("read profile")),
        ),
    ];
    for (cause, change) in cases {
        assert_eq!(ask(change), Err(cause));
    }
}

#[test]
fn the_last_moment() {
    let end = access_facts().claims.exp * 1000;
    for (at, expected) in [(end - 1, None), (end, Some(Cause::TokenExpired))] {
        let world = World::at(Timestamp::from_milliseconds(at));
        assert_eq!(
            userinfo(&world.cx(), &access_facts(), Presentation::Bearer).err(),
            expected
        );
    }
}

/// A client whose id is a user's id still has no user.
#[test]
fn a_clients_own_token_is_never_a_users() {
    let found = ask(|facts| facts.claims.grant = None);
    assert_eq!(found, Err(Cause::UserinfoWithoutUser));
}
