//! JWTs of trusted issuers (RFC 7523).

use std::sync::Arc;

use grantor_types::{Actor, GrantType, Seconds};

use crate::assertion::{AssertionClaims, AssertionFacts, CLOCK_SKEW};
use crate::fixture::{
    API, FILES, Form, NOW, RANDOM, World, authenticated, caller, client_id, confidential, parameters_with,
    public, scope, user,
};
use crate::grant::{Grant as _, JwtBearer};
use crate::record::{ActiveGrant, Client, Grant, GrantState, SubjectMapping, TrustedIssuer};
use crate::token::TokenReply;
use crate::{Cause, Change, Decision};

const IDP: &str = "https://idp.example";

fn issuer() -> TrustedIssuer {
    TrustedIssuer {
        issuer: IDP.to_owned(),
        jwks: None,
        jwks_uri: None,
        algorithms: Vec::new(),
        subject: SubjectMapping::Username,
        scope: scope("read write"),
        clients: vec![client_id("app")],
        max_lifetime: None,
        software_statements: false,
    }
}

fn facts() -> AssertionFacts {
    AssertionFacts {
        claims: AssertionClaims {
            iss: IDP.to_owned(),
            sub: "alice".to_owned(),
            exp: NOW.plus(Seconds(300)).as_seconds(),
            jti: Some("1".to_owned()),
            auth_time: None,
            scope: None,
            act: None,
            may_act: None,
        },
        user: Some(Arc::new(user())),
        used: false,
    }
}

fn decide(
    issuer: TrustedIssuer,
    client: Client,
    facts: Option<AssertionFacts>,
    changes: Form<'_>,
) -> Decision<TokenReply> {
    let request = match JwtBearer::parse(&parameters_with(&[("assertion", "jwt")], changes)) {
        Ok(request) => request,
        Err(cause) => return Decision::refuse(cause),
    };
    let mut world = World::new();
    world.catalogue.trusted_issuers = vec![issuer];
    JwtBearer::decide(
        &world.cx(),
        &RANDOM,
        &caller(&authenticated(client)),
        &request,
        facts,
    )
}

#[test]
fn a_token_and_a_grant_without_refresh_token() {
    let decision = decide(issuer(), confidential(), Some(facts()), &[("resource", API)]);
    let reply = decision.outcome.unwrap();
    assert!(reply.refresh_token.is_none() && reply.id_token.is_none());
    assert_eq!(reply.scope, scope("read write"));
    let claims = reply.access_token.claims;
    assert_eq!((claims.sub, claims.auth_time), (user().id.to_string(), None));
    assert_eq!(claims.aud.values(), [API]);
    let [Change::UseOnce { key, expires_at }, Change::CreateGrant(grant)] = decision.changes.as_slice()
    else {
        panic!("{:?}", decision.changes);
    };
    assert_eq!(Some(*key), facts().claims.once());
    // For as long as somebody with a slow clock could present it.
    assert_eq!(*expires_at, NOW.plus(Seconds(300 + CLOCK_SKEW.0)));
    let Grant {
        id,
        user: of,
        state,
        expires_at,
        ..
    } = &**grant;
    assert_eq!((Some(*id), *of), (claims.grant, user().id));
    assert_eq!(*state, GrantState::Active(ActiveGrant { refresh: None }));
    assert_eq!(expires_at.as_seconds(), claims.exp);
}

#[test]
fn what_is_refused_and_writes_nothing() {
    let fact = |edit: fn(&mut AssertionFacts)| {
        let mut facts = facts();
        edit(&mut facts);
        Some(facts)
    };
    // The time of these tests.
    assert_eq!(NOW.as_seconds(), 1_750_000_000);
    #[rustfmt::skip]
    let rows = [
        (None, Cause::AssertionInvalid),
        (fact(|facts| facts.claims.iss = "https://other.example".to_owned()), Cause::AssertionInvalid),
        (fact(|facts| facts.claims.exp = 1_750_000_000 - 30), Cause::AssertionExpired),
        (fact(|facts| facts.claims.exp = 1_750_003_601), Cause::AssertionLivesTooLong),
        (fact(|facts| facts.claims.exp = u64::MAX), Cause::AssertionLivesTooLong),
        (fact(|facts| facts.claims.jti = None), Cause::AssertionWithoutId),
        (fact(|facts| facts.used = true), Cause::AssertionReplayed),
        (fact(|facts| facts.user = None), Cause::AssertionSubjectUnknown),
        (fact(|facts| {
            let mut user = user();
            user.disabled = true;
            facts.user = Some(Arc::new(user));
        }), Cause::UserDisabled),
    ];
    for (facts, cause) in rows {
        let decision = decide(issuer(), confidential(), facts, &[]);
        assert_eq!(
            (decision.outcome.err(), decision.changes),
            (Some(cause), Vec::new())
        );
    }
    for exp in [1_750_000_000 - 29, 1_750_003_600] {
        let mut facts = facts();
        facts.claims.exp = exp;
        assert!(
            decide(issuer(), confidential(), Some(facts), &[]).outcome.is_ok(),
            "{exp}"
        );
    }
}

#[test]
fn clients_issuers_and_parameters() {
    let unregistered = Client {
        grant_types: vec![GrantType::ClientCredentials],
        ..confidential()
    };
    let other = Client {
        id: client_id("other"),
        ..confidential()
    };
    let narrow = Client {
        scope: scope("read"),
        ..confidential()
    };
    #[rustfmt::skip]
    let rows: &[(Client, Form<'_>, Result<&str, Cause>)] = &[
        (confidential(), &[], Ok("read write")),
        (confidential(), &[("scope", "read")], Ok("read")),
        (narrow.clone(), &[], Ok("read")),
        // Whom the operator names may be public: the assertion is worth something once.
        (public(), &[], Ok("read write")),
        (confidential(), &[("assertion", "")], Err(Cause::AssertionMissing)),
        (confidential(), &[("scope", "openid")], Err(Cause::ScopeNotAllowed)),
        (narrow, &[("scope", "read write")], Err(Cause::ScopeNotAllowed)),
        (confidential(), &[("scope", "re\"ad")], Err(Cause::ScopeMalformed)),
        (confidential(), &[("resource", FILES), ("resource", "https://other.example")], Err(Cause::ResourceNotAllowed)),
        (unregistered, &[], Err(Cause::GrantTypeNotAllowed)),
        (other, &[], Err(Cause::AssertionNotAllowed)),
    ];
    for (client, changes, expected) in rows {
        let found = decide(issuer(), client.clone(), Some(facts()), changes).outcome;
        let found = found.map(|reply| reply.scope.to_string());
        assert_eq!(found, expected.map(str::to_owned), "{} {changes:?}", client.id);
    }
}

#[test]
fn the_assertion_narrows_and_a_declared_life_holds() {
    let mut narrow = facts();
    narrow.claims.scope = Some(scope("read admin"));
    let reply = decide(issuer(), confidential(), Some(narrow), &[])
        .outcome
        .unwrap();
    assert_eq!(reply.scope, scope("read"));
    let strict = TrustedIssuer {
        max_lifetime: Some(Seconds(299)),
        ..issuer()
    };
    let refused = decide(strict, confidential(), Some(facts()), &[]).outcome.err();
    assert_eq!(refused, Some(Cause::AssertionLivesTooLong));
}

#[test]
fn actors_that_an_issuer_names_are_its_own() {
    let actor = |sub: &str, iss: Option<&str>, act: Option<Actor>| Actor {
        sub: sub.to_owned(),
        iss: iss.map(str::to_owned),
        client_id: None,
        act: act.map(Box::new),
    };
    let inner = actor("b", Some("https://third.example"), None);
    let mut facts = facts();
    facts.claims.act = Some(actor("a", None, Some(inner.clone())));
    let reply = decide(issuer(), confidential(), Some(facts), &[])
        .outcome
        .unwrap();
    assert_eq!(
        reply.access_token.claims.act,
        Some(actor("a", Some(IDP), Some(inner)))
    );
}
