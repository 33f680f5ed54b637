use grantor_types::Actor;

use super::*;
use crate::fixture::{Edit, NOW, RANDOM, World, access_facts, confidential, scope, user};

fn wanted() -> NewToken {
    NewToken {
        name: "backup".to_owned(),
        scope: scope("read"),
        lifetime: Some(Seconds::days(1)),
    }
}

/// A token of a client that may make them.
fn facts() -> AccessTokenFacts {
    let mut facts = access_facts();
    facts.claims.scope = scope("openid read");
    facts.client = Some(Arc::new(Client {
        personal_access_tokens: true,
        ..confidential()
    }));
    facts
}

fn made_with(facts: &AccessTokenFacts, wanted: NewToken) -> Result<MadeToken, Cause> {
    make(&World::new().cx(), &RANDOM, Maker::Client(facts), wanted, 0).outcome
}

#[test]
fn what_is_kept_and_what_is_handed_out() {
    let decision = make(&World::new().cx(), &RANDOM, Maker::Client(&facts()), wanted(), 99);
    let made = decision.outcome.unwrap();
    let text = made.token.expose();
    assert_eq!((text.len(), &text[..5]), (54, PREFIX));
    assert_eq!(parse(text), Some(made.record.hash));
    assert_eq!(made.record.user, user().id);
    assert_eq!(made.record.client, Some(confidential().id));
    assert_eq!(made.record.expires_at, NOW.plus(Seconds::days(1)));
    assert_eq!(
        decision.changes,
        [Change::CreatePersonalAccessToken(Box::new(made.record))]
    );
}

#[test]
fn texts_that_are_none() {
    let good = scannable::text(PREFIX, &[7; 32]);
    assert!(parse(&good).is_some());
    let last = if good.ends_with('A') { 'B' } else { 'A' };
    for bad in [
        "",
        "gpat_",
        &good[1..],
        &good[..53],
        &format!("{good}A"),
        &format!("{}{last}", &good[..53]),
        &good.replace("gpat_", "ghp__"),
        &good.to_uppercase(),
    ] {
        assert!(parse(bad).is_none(), "{bad:?}");
    }
}

#[test]
fn only_within_the_rights_of_who_asks() {
    let cases: Vec<(Cause, Edit<AccessTokenFacts>)> = vec![
        (
            Cause::PersonalTokenWidened,
            Box::new(|facts| facts.claims.scope = scope("openid")),
        ),
        (
            Cause::PersonalTokenWithoutUser,
            Box::new(|facts| {
                facts.claims.grant = None;
                facts.user = None;
            }),
        ),
        (
            Cause::PersonalTokenWithoutUser,
            Box::new(|facts| {
                facts.claims.act = Some(Actor {
                    sub: "service".to_owned(),
                    iss: None,
                    client_id: None,
                    act: None,
                });
            }),
        ),
        (
            Cause::PersonalTokenClient,
            Box::new(|facts| facts.client = Some(Arc::new(confidential()))),
        ),
        (Cause::TokenRevoked, Box::new(|facts| facts.revoked = true)),
        (
            Cause::TokenExpired,
            Box::new(|facts| facts.claims.exp = NOW.as_seconds()),
        ),
        (Cause::TokenDisabledUser, Box::new(|facts| facts.user = None)),
    ];
    for (cause, change) in cases {
        let mut facts = facts();
        change(&mut facts);
        assert_eq!(made_with(&facts, wanted()).err(), Some(cause));
    }
}

#[test]
fn requests_that_are_refused() {
    let named = |name: &str| NewToken {
        name: name.to_owned(),
        ..wanted()
    };
    let for_seconds = |seconds| NewToken {
        lifetime: Some(Seconds(seconds)),
        ..wanted()
    };
    let scoped = |text: &str| NewToken {
        scope: scope(text),
        ..wanted()
    };
    let year = Seconds::days(366).0;
    let cases = [
        (named(""), Some(Cause::PersonalTokenName)),
        (named("   "), Some(Cause::PersonalTokenName)),
        (named("a\nb"), Some(Cause::PersonalTokenName)),
        (named(&"x".repeat(100)), None),
        (named(&"x".repeat(101)), Some(Cause::PersonalTokenName)),
        (for_seconds(0), Some(Cause::PersonalTokenLifetime)),
        (for_seconds(1), None),
        (for_seconds(year), None),
        (for_seconds(year + 1), Some(Cause::PersonalTokenLifetime)),
        (scoped(""), Some(Cause::PersonalTokenScope)),
    ];
    for (wanted, expected) in cases {
        assert_eq!(made_with(&facts(), wanted.clone()).err(), expected, "{wanted:?}");
    }
    let full = make(
        &World::new().cx(),
        &RANDOM,
        Maker::Client(&facts()),
        wanted(),
        100,
    );
    assert_eq!(full.outcome.err(), Some(Cause::PersonalTokenTooMany));
    let unknown = make(
        &World::new().cx(),
        &RANDOM,
        Maker::Owner(user().id),
        scoped("rule"),
        0,
    );
    assert_eq!(unknown.outcome.err(), Some(Cause::PersonalTokenScope));
}

#[test]
fn a_token_lives_as_long_as_its_owner_its_client_and_its_time() {
    let made = made_with(&facts(), wanted()).unwrap();
    let live = || PersonalTokenFacts {
        record: made.record.clone(),
        user: Some(Arc::new(user())),
        client: Some(Arc::new(confidential())),
    };
    let by_hand = |mut facts: PersonalTokenFacts| {
        facts.record.client = None;
        facts.client = None;
        facts
    };
    let off = Client {
        disabled: true,
        ..confidential()
    };
    let gone = User {
        disabled: true,
        ..user()
    };
    let cases = [
        (live(), 86_399, None),
        (by_hand(live()), 0, None),
        (live(), 86_400, Some(Cause::TokenExpired)),
        (
            PersonalTokenFacts {
                client: None,
                ..live()
            },
            0,
            Some(Cause::TokenRevoked),
        ),
        (
            PersonalTokenFacts {
                client: Some(Arc::new(off)),
                ..live()
            },
            0,
            Some(Cause::TokenRevoked),
        ),
        (
            PersonalTokenFacts {
                user: Some(Arc::new(gone)),
                ..live()
            },
            0,
            Some(Cause::TokenDisabledUser),
        ),
        (
            PersonalTokenFacts { user: None, ..live() },
            0,
            Some(Cause::TokenDisabledUser),
        ),
    ];
    for (facts, after, expected) in cases {
        assert_eq!(facts.check(NOW.plus(Seconds(after))).err(), expected);
    }
}

#[test]
fn its_use_is_noted_once_a_minute() {
    let made = made_with(&facts(), wanted()).unwrap();
    let used = |last: Option<Timestamp>| PersonalTokenFacts {
        record: PersonalAccessToken {
            last_used_at: last,
            ..made.record.clone()
        },
        user: None,
        client: None,
    };
    assert!(used(None).note_use(NOW).is_some());
    assert!(used(Some(NOW)).note_use(NOW.plus(Seconds(59))).is_none());
    assert!(used(Some(NOW)).note_use(NOW.plus(Seconds(60))).is_some());
}
