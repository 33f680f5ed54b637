//! How guessing slows down, and what a login leaves behind.

use std::net::IpAddr;
use std::sync::Arc;

use grantor_jose::digest;
use grantor_types::{Seconds, SecretHash, SessionId, Timestamp, UserId, WebUri};

use super::{
    Admitted, AttemptKeys, AttemptsSoFar, Blocked, NewSession, admit, session_is_valid, start_session,
};
use crate::Change;
use crate::fixture::{CODE_SECRET, NOW, RANDOM, World, confidential, user};
use crate::logout::{EndingSession, end};
use crate::record::{Client, LoginAttempts, Session};

fn keys(username: &str, address: &str) -> AttemptKeys {
    AttemptKeys::of(username, address.parse::<IpAddr>().unwrap())
}

fn seen(count: u32, ago: u64) -> AttemptsSoFar {
    AttemptsSoFar {
        failed: LoginAttempts {
            count,
            last_at: NOW.minus(Seconds(ago)),
        },
        under_way: 0,
    }
}

fn beside(under_way: u32, so_far: AttemptsSoFar) -> AttemptsSoFar {
    AttemptsSoFar { under_way, ..so_far }
}

const NONE: AttemptsSoFar = AttemptsSoFar {
    failed: LoginAttempts {
        count: 0,
        last_at: Timestamp::from_milliseconds(0),
    },
    under_way: 0,
};

/// The seconds to wait, of an account and an address with these attempts.
fn waits(world: &World, account: AttemptsSoFar, address: AttemptsSoFar) -> Result<(), u64> {
    match admit(&world.cx(), keys("alice", "192.0.2.1"), account, address) {
        Ok(_) => Ok(()),
        Err(Blocked(wait)) => Err(wait.0),
    }
}

#[test]
fn the_delay_doubles_up_to_its_longest() {
    let day = 86_400;
    #[rustfmt::skip]
    let rows = [
        // attempts so far, seconds since the last
        (seen(0, 0), Ok(())),
        (seen(1, 0), Ok(())),
        (seen(4, 0), Ok(())),
        // The fifth and later ones wait: 1 s, 2 s, 4 s, ...
        (seen(5, 0), Err(1)),
        (seen(5, 1), Ok(())),
        (seen(6, 0), Err(2)),
        (seen(6, 1), Err(1)),
        (seen(6, 2), Ok(())),
        (seen(7, 3), Err(1)),
        (seen(7, 4), Ok(())),
        (seen(14, 511), Err(1)),
        (seen(14, 512), Ok(())),
        // ... up to 15 minutes.
        (seen(15, 0), Err(900)),
        (seen(15, 899), Err(1)),
        (seen(15, 900), Ok(())),
        (seen(16, 900), Ok(())),
        (seen(1000, 899), Err(1)),
        (seen(1000, 900), Ok(())),
        (seen(u32::MAX, 0), Err(900)),
        // After a day they are forgotten.
        (seen(1000, day), Ok(())),
        (seen(1000, day + 1), Ok(())),
        (seen(4, day + 1), Ok(())),
    ];
    for (attempts, expected) in rows {
        assert_eq!(waits(&World::new(), attempts, NONE), expected, "{attempts:?}");
    }
}

/// Others under way count as if they had just failed, and past the limit there is room for one.
#[test]
fn attempts_under_way_count_like_those_that_failed() {
    let day = 86_400;
    #[rustfmt::skip]
    let rows = [
        // others under way, attempts so far, seconds since the last
        (beside(4, seen(0, 0)), Ok(())),
        (beside(5, seen(0, 0)), Err(1)),
        (beside(6, seen(0, 0)), Err(2)),
        (beside(49, seen(0, 0)), Err(900)),
        (beside(1, seen(3, 0)), Ok(())),
        (beside(2, seen(3, 0)), Err(1)),
        (beside(2, seen(3, 800)), Err(1)),
        // The wait is over, and somebody was there first: the next is after theirs.
        (beside(0, seen(5, 1)), Ok(())),
        (beside(1, seen(5, 1)), Err(2)),
        (beside(1, seen(5, 900)), Err(2)),
        (beside(1, seen(15, 900)), Err(900)),
        (beside(2, seen(5, 0)), Err(4)),
        (beside(u32::MAX, seen(u32::MAX, 0)), Err(900)),
        // What is forgotten makes room, and those under way fill it.
        (beside(4, seen(1000, day + 1)), Ok(())),
        (beside(5, seen(1000, day + 1)), Err(1)),
    ];
    for (attempts, expected) in rows {
        let world = World::new();
        assert_eq!(waits(&world, attempts, NONE), expected, "{attempts:?}");
        let mut world = World::new();
        world.policy.login.address_attempts = 5;
        assert_eq!(waits(&world, NONE, attempts), expected, "{attempts:?}");
    }
    // Even where nobody has to wait.
    let mut world = World::new();
    world.policy.login.first_delay = Seconds(0);
    assert_eq!(waits(&world, seen(5, 0), NONE), Ok(()));
    assert_eq!(waits(&world, beside(1, seen(5, 0)), NONE), Err(0));
}

#[test]
fn addresses_have_a_limit_of_their_own() {
    let world = World::new();
    let of = |account, address| waits(&world, account, address);
    assert_eq!(of(seen(0, 0), seen(99, 0)), Ok(()));
    assert_eq!(of(seen(0, 0), seen(100, 0)), Err(1));
    assert_eq!(of(seen(0, 0), seen(100, 1)), Ok(()));
    assert_eq!(of(seen(0, 0), seen(102, 1)), Err(3));
    // Whoever is blocked by both hears of the account first.
    assert_eq!(of(seen(5, 0), seen(110, 0)), Err(1));
    assert_eq!(of(seen(9, 100_000), seen(200, 100_000)), Ok(()));
}

#[test]
fn the_operators_numbers_count() {
    let mut world = World::new();
    world.policy.login.account_attempts = 1;
    world.policy.login.first_delay = Seconds(10);
    world.policy.login.longest_delay = Seconds(15);
    world.policy.login.memory = Seconds(100);
    let of = |attempts| waits(&world, attempts, NONE);
    assert_eq!(of(seen(0, 0)), Ok(()));
    assert_eq!(of(seen(1, 0)), Err(10));
    assert_eq!(of(seen(2, 0)), Err(15));
    assert_eq!(of(seen(2, 100)), Ok(()));
    assert_eq!(of(beside(1, seen(2, 100))), Err(15));
    // Forgotten: the one under way is the first again.
    assert_eq!(of(seen(2, 101)), Ok(()));
    assert_eq!(of(beside(1, seen(2, 101))), Err(10));
}

#[test]
fn a_failure_is_counted_for_the_account_and_the_address() {
    let world = World::new();
    let keys = keys("alice", "192.0.2.1");
    let count = |key| Change::CountLoginAttempt {
        key,
        at: NOW,
        since: NOW.minus(Seconds::days(1)),
    };
    for account in [NONE, seen(4, 0), seen(1000, 900), seen(1000, 100_000)] {
        let admitted = admit(&world.cx(), keys, account, NONE).unwrap();
        let counted = [count(keys.account), count(keys.address)];
        assert_eq!(admitted.failed(&world.cx()), counted);
    }
}

#[test]
fn whose_attempts_count() {
    let same = |a: (&str, &str), b: (&str, &str)| {
        let (a, b) = (keys(a.0, a.1), keys(b.0, b.1));
        (a.account == b.account, a.address == b.address)
    };
    #[rustfmt::skip]
    let rows = [
        (("alice", "192.0.2.1"), ("alice", "192.0.2.1"), (true, true)),
        (("alice", "192.0.2.1"), ("ALICE", "192.0.2.1"), (true, true)),
        (("alice", "192.0.2.1"), ("bob", "192.0.2.1"), (false, true)),
        (("alice", "192.0.2.1"), ("alice", "192.0.2.2"), (true, false)),
        // IPv6 counts by its /64, which one customer holds whole.
        (("a", "2001:db8:1:2::1"), ("a", "2001:db8:1:2:ffff::9"), (true, true)),
        (("a", "2001:db8:1:2::1"), ("a", "2001:db8:1:3::1"), (true, false)),
        (("a", "::1"), ("a", "::2"), (true, true)),
        (("a", "0.0.0.1"), ("a", "::1"), (true, false)),
    ];
    for (a, b, expected) in rows {
        assert_eq!(same(a, b), expected, "{a:?} {b:?}");
    }
    // A name cannot be an address.
    let name = keys("address:192.0.2.1", "192.0.2.9");
    assert_ne!(name.account, keys("x", "192.0.2.1").address);
}

/// A socket that takes both families names an IPv4 peer `::ffff:a.b.c.d`; all of them would share one /64.
#[test]
fn an_ipv4_address_in_ipv6_form_is_that_ipv4_address() {
    let plain = keys("a", "192.0.2.1").address;
    assert_eq!(keys("a", "::ffff:192.0.2.1").address, plain);
    assert_ne!(keys("a", "::ffff:192.0.2.2").address, plain);
}

/// An attempt on an account with so many failures.
fn after(failures: u32) -> Admitted {
    let (world, address) = (World::new(), seen(9, 0));
    admit(
        &world.cx(),
        keys("alice", "192.0.2.1"),
        seen(failures, 900),
        address,
    )
    .unwrap()
}

#[test]
fn a_login_starts_a_session_or_goes_on_with_that_of_the_same_user() {
    let world = World::new();
    let previous = || Some(session_of(user().id));
    for (before, failures) in [(None, 0), (None, 3), (previous(), 0), (previous(), 7)] {
        let long = "é".repeat(300);
        let login = NewSession {
            user: user().id,
            authentication_methods: vec!["pwd".to_owned()],
            user_agent: &long,
            previous: before.clone(),
        };
        let (session, mut changes) = start_session(&world.cx(), &RANDOM, login);
        changes.extend(after(failures).succeeded());
        assert_eq!(
            session.secret,
            SecretHash::from_digest(digest::sha256(&CODE_SECRET))
        );
        assert_eq!((session.user, session.auth_time), (user().id, NOW));
        assert_eq!(session.user_agent.chars().count(), 256);
        assert_eq!(session.expires_at, NOW.plus(Seconds::hours(12)));
        let mut expected = match before {
            None => {
                assert_eq!(session.id, SessionId::new(NOW, [1; 10]));
                vec![Change::CreateSession(session)]
            }
            // Clients know it by this id.
            Some(before) => {
                assert_eq!(session.id, before.session.id);
                assert_ne!(session.login_id(), before.session.login_id());
                vec![Change::RenewSession(session)]
            }
        };
        // The account's failures are forgotten where there are any, the address's never.
        let account = keys("alice", "192.0.2.1").account;
        expected.extend((failures > 0).then_some(Change::ForgetLoginAttempts(account)));
        assert_eq!(changes, expected);
    }
}

/// A session that the browser had before.
fn session_of(user: UserId) -> EndingSession {
    EndingSession {
        session: Session {
            id: SessionId::from_bytes([8; 16]),
            secret: SecretHash::from_digest([0; 32]),
            user,
            auth_time: NOW.minus(Seconds(60)),
            authentication_methods: Vec::new(),
            user_agent: String::new(),
            expires_at: NOW.plus(Seconds(60)),
        },
        clients: Vec::new(),
    }
}

/// The applications of whoever logs in again stay with them; those of somebody else are told that they have left.
#[test]
fn a_login_takes_over_the_session_of_the_same_user_alone() {
    let world = World::new();
    let mut client = confidential();
    client.metadata.backchannel_logout_uri = Some(WebUri::parse("https://app.example/out").unwrap());
    let client = Arc::new(client);
    let log_in = |before: &EndingSession| {
        let login = NewSession {
            user: user().id,
            authentication_methods: Vec::new(),
            user_agent: "",
            previous: Some(before.clone()),
        };
        let (session, changes) = start_session(&world.cx(), &RANDOM, login);
        (session, changes.into_iter().skip(1).collect::<Vec<_>>())
    };
    let clients: Vec<Arc<Client>> = vec![client];
    let own = EndingSession {
        clients: clients.clone(),
        ..session_of(user().id)
    };
    assert_eq!(log_in(&own).1, []);

    let somebody_elses = EndingSession {
        clients,
        ..session_of(UserId::from_bytes([1; 16]))
    };
    let (session, changes) = log_in(&somebody_elses);
    assert_ne!(session.id, somebody_elses.session.id);
    assert_eq!(changes, end(NOW, &world.policy, &somebody_elses));
}

#[test]
fn a_session_needs_its_secret_and_ends() {
    let login = NewSession {
        user: user().id,
        authentication_methods: Vec::new(),
        user_agent: "",
        previous: None,
    };
    let (session, _) = start_session(&World::new().cx(), &RANDOM, login);
    let end = session.expires_at.as_milliseconds();
    for (at, secret, expected) in [
        (NOW.as_milliseconds(), CODE_SECRET, true),
        (NOW.as_milliseconds(), [0; 32], false),
        (end - 1, CODE_SECRET, true),
        (end, CODE_SECRET, false),
    ] {
        assert_eq!(
            session_is_valid(Timestamp::from_milliseconds(at), &session, &secret),
            expected
        );
    }
}
