//! The authorization response and what is stored with it.

use std::sync::Arc;

use grantor_jose::digest;
use grantor_types::{CodeChallenge, GrantId, Seconds, SecretHash, SessionId, Timestamp};

use super::super::{AuthorizationRequest, AuthorizeError, error_response, issue};
use super::checked;
use super::validate::GOOD;
use crate::fixture::{
    API, CALLBACK, CODE_SECRET, Form, NOW, RANDOM, SALT, World, confidential, parameters_with, resource,
    scope, user,
};
use crate::record::{Consent, Grant, GrantState, PendingCode, Session};
use crate::token::handle::CodeHandle;
use crate::{Cause, Change};

fn request(changes: Form<'_>) -> AuthorizationRequest {
    checked(&parameters_with(GOOD, changes), Some(Arc::new(confidential()))).unwrap()
}

fn session() -> Session {
    Session {
        id: SessionId::from_bytes([6; 16]),
        secret: SecretHash::from_digest([0; 32]),
        user: user().id,
        auth_time: NOW.minus(Seconds(100)),
        authentication_methods: vec!["pwd".to_owned()],
        user_agent: String::new(),
        expires_at: NOW.plus(Seconds(100)),
    }
}

#[test]
fn a_code_and_its_grant() {
    let world = World::new();
    let asked = [("scope", "openid read"), ("resource", API), ("nonce", "n0nce")];
    let decision = issue(&world.cx(), &RANDOM, request(&asked), &session(), false);
    let response = decision.outcome.unwrap();
    let names: Vec<&str> = response.parameters.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["code", "state", "iss"]);
    assert_eq!(response.parameters[1].1, "st4te");
    assert_eq!(response.parameters[2].1, "https://id.example");
    assert_eq!(response.redirect.uri().as_str(), CALLBACK);

    let code = CodeHandle::parse(&response.parameters[0].1).unwrap();
    assert_eq!(code.id, GrantId::new(NOW, [1; 10]));
    assert_eq!(code.secret, CODE_SECRET);
    let Some(challenge) = request(&[]).challenge else {
        panic!("no challenge")
    };
    let expected = Grant {
        id: code.id,
        client: confidential().id,
        user: user().id,
        session: Some(session().id),
        scope: scope("openid read"),
        resources: vec![resource(API)],
        nonce: Some("n0nce".to_owned()),
        auth_time: session().auth_time,
        authentication_methods: vec!["pwd".to_owned()],
        code: SecretHash::from_digest(digest::sha256(&CODE_SECRET)),
        salt: SALT,
        dpop_key: None,
        exchange: None,
        openid: None,
        created_at: NOW,
        expires_at: NOW.plus(Seconds(60)),
        state: GrantState::Pending(PendingCode {
            redirect_uri: Some(CALLBACK.to_owned()),
            response_uri: confidential().redirect_uris[0].clone(),
            challenge: Some(CodeChallenge::from_digest(*challenge.as_bytes())),
        }),
    };
    // No code without the session that it was issued in.
    let required = Change::RequireSession(session().id);
    assert_eq!(
        decision.changes,
        [required, Change::CreateGrant(Box::new(expected))]
    );
}

#[test]
fn what_was_just_allowed_is_remembered_with_the_grant() {
    let world = World::new();
    let asked = [("scope", "read"), ("resource", API)];
    let decision = issue(&world.cx(), &RANDOM, request(&asked), &session(), true);
    let consent = Consent {
        user: user().id,
        client: confidential().id,
        scope: scope("read"),
        resources: vec![resource(API)],
        granted_at: NOW,
    };
    assert_eq!(decision.changes.len(), 3);
    assert_eq!(decision.changes[0], Change::AddConsent(consent));
    assert!(matches!(decision.changes[2], Change::CreateGrant(_)));
}

#[test]
fn the_lifetime_of_a_code_is_policy() {
    let mut world = World::new();
    world.policy.code_lifetime = Seconds(7);
    let decision = issue(&world.cx(), &RANDOM, request(&[]), &session(), false);
    let Some(Change::CreateGrant(grant)) = decision.changes.last() else {
        panic!("no grant")
    };
    assert_eq!(grant.expires_at, Timestamp::from_seconds(NOW.as_seconds() + 7));
}

#[test]
fn a_redirect_uri_that_was_left_out_is_remembered_as_left_out() {
    let world = World::new();
    let asked = [("redirect_uri", ""), ("scope", "read")];
    let decision = issue(&world.cx(), &RANDOM, request(&asked), &session(), false);
    let Some(Change::CreateGrant(grant)) = decision.changes.last() else {
        panic!("no grant")
    };
    let GrantState::Pending(pending) = &grant.state else {
        panic!("not pending")
    };
    assert_eq!(pending.redirect_uri, None);
    assert_eq!(pending.response_uri.as_str(), CALLBACK);
}

#[test]
fn no_state_in_no_state_out() {
    let world = World::new();
    let decision = issue(&world.cx(), &RANDOM, request(&[("state", "")]), &session(), false);
    let names: Vec<&str> = decision
        .outcome
        .unwrap()
        .parameters
        .iter()
        .map(|(name, _)| *name)
        .collect();
    assert_eq!(names, ["code", "iss"]);
}

#[test]
fn an_error_says_what_where_and_who() {
    let world = World::new();
    for (state, expected) in [
        ("st4te", vec!["error", "error_description", "state", "iss"]),
        ("", vec!["error", "error_description", "iss"]),
    ] {
        let refused = parameters_with(GOOD, &[("state", state), ("scope", "admin")]);
        let Err(AuthorizeError::Redirect(redirect, cause)) =
            checked(&refused, Some(Arc::new(confidential())))
        else {
            panic!("not refused")
        };
        let response = error_response(&world.issuer, *redirect, cause);
        let names: Vec<&str> = response.parameters.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, expected);
        assert_eq!(response.parameters[0].1, "invalid_scope");
        assert_eq!(response.parameters[1].1, Cause::ScopeNotAllowed.description());
        assert_eq!(response.parameters.last().unwrap().1, "https://id.example");
    }
}
