//! Which tokens rotate, repeat, end the grant, or are not ours at all.

use grantor_jose::digest;
use grantor_types::{GrantId, Seconds};

use super::{Case, Step, revoked, step};
use crate::Cause;
use crate::fixture::{
    active_grant, confidential, derivation_key, keys, pending_grant, public, refresh_token,
};
use crate::record::{Client, Grant, Lifetimes};
use crate::token::handle::RefreshHandle;
use crate::token::{DerivationKeys, RefreshToken};

fn window(client: Client, seconds: u64) -> Client {
    let lifetimes = Lifetimes {
        refresh_replay_window: Some(Seconds(seconds)),
        ..Lifetimes::default()
    };
    Client { lifetimes, ..client }
}

#[test]
fn generations() {
    use Step::{Repeats, Replay, Rotates};
    let week = 7 * 86_400_000;
    #[rustfmt::skip]
    let rows: Vec<(Client, u64, u64, u64, Step)> = vec![
        // client, current, presented, milliseconds since the rotation
        (public(), 0, 0, 0, Rotates(1)),
        (public(), 5, 5, week, Rotates(6)),
        (confidential(), 0, 0, 0, Rotates(1)),
        (confidential(), 5, 5, week, Rotates(6)),
        // The one before, in and out of the window of 30 s. Whole seconds count, so the window ends at 31 s.
        (public(), 1, 0, 0, Repeats(1)),
        (public(), 1, 0, 30_000, Repeats(1)),
        (public(), 1, 0, 30_999, Repeats(1)),
        (public(), 1, 0, 31_000, Replay),
        (public(), 1, 0, week, Replay),
        (confidential(), 1, 0, 0, Repeats(1)),
        (confidential(), 1, 0, 31_000, Repeats(1)),
        (confidential(), 1, 0, week, Repeats(1)),
        // The window of the client comes before that of the policy.
        (window(public(), 5), 1, 0, 5_999, Repeats(1)),
        (window(public(), 5), 1, 0, 6_000, Replay),
        (window(public(), 600), 1, 0, 600_000, Repeats(1)),
        // 0 switches it off.
        (window(public(), 0), 1, 0, 0, Replay),
        (window(confidential(), 0), 1, 0, 0, Repeats(1)),
        // Older ones.
        (public(), 2, 0, 0, Replay),
        (confidential(), 2, 0, 0, Replay),
        (public(), 7, 5, 0, Replay),
        (confidential(), 7, 5, 0, Replay),
        (confidential(), u64::MAX, 0, 0, Replay),
        // One that was never handed out: somebody has the key, or the row went back in time.
        (public(), 0, 1, 0, Replay),
        (confidential(), 0, 1, 0, Replay),
        (confidential(), 0, u64::MAX, 0, Replay),
        (confidential(), 3, 5, 0, Replay),
    ];
    for (client, current, presented, after, expected) in rows {
        let kind = if client.is_public() {
            "public"
        } else {
            "confidential"
        };
        assert_eq!(
            step(Case::at(client, current).after(after), presented),
            expected,
            "{kind} g={current} p={presented} after {after} ms"
        );
    }
}

/// The policy's window counts for clients without one of their own.
#[test]
fn the_policys_window() {
    for (policy, client, expected) in [
        (0, public(), Step::Replay),
        (0, window(public(), 30), Step::Repeats(1)),
        (0, confidential(), Step::Repeats(1)),
        (3600, public(), Step::Repeats(1)),
        (3600, window(public(), 0), Step::Replay),
    ] {
        let mut case = Case::at(client, 1).after(10_000);
        case.world.policy.refresh_replay_window = Seconds(policy);
        assert_eq!(step(case, 0), expected, "policy {policy}");
    }
}

#[test]
fn a_repeat_gives_the_same_successor_however_often() {
    let successor = |after: u64| {
        let case = Case::at(confidential(), 1).after(after);
        let token = refresh_token(&active_grant(0), 0);
        case.decide(&token, &[]).outcome.unwrap().refresh_token.unwrap()
    };
    let first = Case::at(confidential(), 0)
        .decide(&refresh_token(&active_grant(0), 0), &[])
        .outcome
        .unwrap()
        .refresh_token
        .unwrap();
    assert_eq!(first, successor(0));
    assert_eq!(first, successor(1_000_000));
    assert_eq!(keys().derive(&first), Some(refresh_token(&active_grant(0), 1)));
}

/// A token whose HMAC is wrong is just unknown, and touches nothing, whatever else it says.
#[test]
fn a_wrong_authenticator_touches_nothing() {
    let grant = active_grant(2);
    let good = RefreshHandle::parse(&refresh_token(&grant, 2)).unwrap();
    let mut flipped = good.clone();
    flipped.authenticator[31] ^= 1;
    let mut renumbered = good.clone();
    renumbered.generation = 0;
    let other_salt = refresh_token(
        &Grant {
            salt: [0; 16],
            ..grant.clone()
        },
        2,
    );
    let text = good.encode();
    for token in [
        flipped.encode(),
        renumbered.encode(),
        other_salt,
        text[1..].to_owned(),
        format!("{text}A"),
        "x".to_owned(),
        text.to_uppercase(),
    ] {
        for grant in [
            Some(grant.clone()),
            Some(revoked(grant.clone())),
            Some(pending_grant()),
            None,
        ] {
            let case = Case {
                grant,
                ..Case::at(confidential(), 2)
            };
            assert_eq!(
                case.refusal(&token, &[]),
                Some(Cause::RefreshTokenUnknown),
                "{token}"
            );
        }
    }
}

#[test]
fn every_key_verifies_and_the_first_derives() {
    let token = refresh_token(&active_grant(0), 0);
    for (keys, expected) in [
        (vec![derivation_key(7)], None),
        (vec![derivation_key(8), derivation_key(7)], None),
        (vec![derivation_key(8)], Some(Cause::RefreshTokenUnknown)),
        (Vec::new(), Some(Cause::RefreshTokenUnknown)),
    ] {
        let case = Case {
            keys: DerivationKeys::new(keys),
            ..Case::at(confidential(), 0)
        };
        assert_eq!(case.refusal(&token, &[]), expected);
    }
    assert_eq!(
        DerivationKeys::new(Vec::new()).derive(&RefreshToken {
            grant: active_grant(0).id,
            generation: 0,
            salt: [0; 16],
        }),
        None
    );
}

#[test]
fn the_authenticator_covers_grant_generation_and_salt() {
    let token = |grant: u8, generation, salt: u8| {
        let grant = Grant {
            id: GrantId::from_bytes([grant; 16]),
            salt: [salt; 16],
            ..active_grant(0)
        };
        RefreshHandle::parse(&refresh_token(&grant, generation))
            .unwrap()
            .authenticator
    };
    let base = token(1, 0, 0);
    for other in [token(2, 0, 0), token(1, 1, 0), token(1, 0, 1)] {
        assert!(!digest::constant_time_eq(&base, &other));
    }
    assert_eq!(base, token(1, 0, 0));
}
