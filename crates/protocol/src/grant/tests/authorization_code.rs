//! Redeeming a code (RFC 6749 4.1.3, RFC 7636 4.6).

mod binding;

use std::sync::Arc;

use grantor_types::{Audience, GrantId, GrantType, Seconds, Timestamp};

use crate::fixture::{
    API, CALLBACK, CODE_SECRET, FILES, Form, NOW, RANDOM, VERIFIER, World, active_grant, authenticated,
    caller, client_id, confidential, parameters_with, pending_grant, public, scope, user,
};
use crate::grant::{AuthorizationCode, CodeFacts, Grant as _};
use crate::record::{ActiveGrant, Client, Grant, GrantState, Lifetimes, RefreshState, RevocationReason};
use crate::token::TokenReply;
use crate::token::handle::CodeHandle;
use crate::{Cause, Change, Decision};

fn code() -> String {
    CodeHandle {
        id: pending_grant().id,
        secret: CODE_SECRET,
    }
    .encode()
}

/// What a redemption is decided from.
struct Case {
    world: World,
    client: Client,
    grant: Option<Grant>,
    user_enabled: bool,
}

impl Case {
    fn new() -> Self {
        Self {
            world: World::new(),
            client: confidential(),
            grant: Some(pending_grant()),
            user_enabled: true,
        }
    }

    fn decide(self, changes: Form<'_>) -> Decision<TokenReply> {
        let code = code();
        let good = [
            ("code", code.as_str()),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
        ];
        let request = match AuthorizationCode::parse(&parameters_with(&good, changes)) {
            Ok(request) => request,
            Err(cause) => return Decision::refuse(cause),
        };
        let facts = CodeFacts {
            grant: self.grant,
            user: self.user_enabled.then(|| Arc::new(user())),
        };
        AuthorizationCode::decide(
            &self.world.cx(),
            &RANDOM,
            &caller(&authenticated(self.client)),
            &request,
            facts,
        )
    }

    /// The cause of a refusal that writes nothing.
    fn refusal(self, changes: Form<'_>) -> Option<Cause> {
        let decision = self.decide(changes);
        let cause = decision.outcome.err();
        assert!(cause.is_none() || decision.changes.is_empty(), "{cause:?} writes");
        cause
    }
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
fn a_code_becomes_tokens_once() {
    let decision = Case::new().decide(&[]);
    let refresh = RefreshState {
        generation: 0,
        rotated_at: NOW,
    };
    let redeem = Change::RedeemCode {
        grant: pending_grant().id,
        refresh: Some(refresh),
        dpop_key: None,
        expires_at: NOW.plus(Seconds::days(30)),
    };
    assert_eq!(decision.changes, [redeem]);
    let reply = decision.outcome.unwrap();
    assert_eq!(reply.scope, scope("openid read"));
    let refresh_token = reply.refresh_token.unwrap();
    assert_eq!(
        (refresh_token.grant, refresh_token.generation, refresh_token.salt),
        (pending_grant().id, 0, pending_grant().salt)
    );
    let id_token = reply.id_token.unwrap().claims;
    assert_eq!(id_token.nonce.as_deref(), Some("n0nce"));
    assert_eq!(id_token.auth_time, NOW.as_seconds() - 10);
    let claims = reply.access_token.claims;
    assert_eq!(claims.sub, pending_grant().user.to_string());
    assert_eq!(claims.grant, Some(pending_grant().id));
    assert_eq!(
        claims.aud,
        Audience::Many(vec![
            API.to_owned(),
            FILES.to_owned(),
            "https://id.example".to_owned()
        ])
    );
}

#[test]
fn what_is_not_granted_is_not_handed_out() {
    let without_refresh = Client {
        grant_types: vec![GrantType::AuthorizationCode],
        ..confidential()
    };
    let decision = Case {
        client: without_refresh,
        grant: Some(Grant {
            scope: scope("read"),
            ..pending_grant()
        }),
        ..Case::new()
    }
    .decide(&[]);
    // Without a refresh token the grant ends with its access token.
    let redeem = Change::RedeemCode {
        grant: pending_grant().id,
        refresh: None,
        dpop_key: None,
        expires_at: NOW.plus(Seconds::hours(1)),
    };
    assert_eq!(decision.changes, [redeem]);
    let reply = decision.outcome.unwrap();
    assert!(reply.refresh_token.is_none() && reply.id_token.is_none());
}

/// The row is kept until the last token of the grant has ended, whichever that is.
#[test]
fn the_grant_lasts_as_long_as_its_longest_token() {
    for (refresh, expected) in [(60, 3600), (3600, 3600), (3601, 3601)] {
        let lifetimes = Lifetimes {
            refresh_token: Some(Seconds(refresh)),
            ..Lifetimes::default()
        };
        let case = Case {
            client: Client {
                lifetimes,
                ..confidential()
            },
            ..Case::new()
        };
        let [Change::RedeemCode { expires_at, .. }] = case.decide(&[]).changes[..] else {
            panic!("not redeemed")
        };
        assert_eq!(expires_at, NOW.plus(Seconds(expected)));
    }
}

#[test]
fn parameters_are_read_before_anything_is_looked_up() {
    let long = "a".repeat(129);
    for (changes, expected) in [
        ([("code", "")], Cause::CodeMissing),
        ([("code_verifier", "short")], Cause::CodeVerifierMalformed),
        ([("code_verifier", &long[..42])], Cause::CodeVerifierMalformed),
        ([("code_verifier", &long)], Cause::CodeVerifierMalformed),
        (
            [("code_verifier", "a-verifier-with-a-space-that-is-long enough")],
            Cause::CodeVerifierMalformed,
        ),
        ([("resource", "x y")], Cause::ResourceMalformed),
    ] {
        let case = Case {
            grant: None,
            ..Case::new()
        };
        assert_eq!(case.refusal(&changes), Some(expected), "{changes:?}");
    }
}

#[test]
fn a_code_that_is_not_ours_is_unknown() {
    let code = code();
    let other_secret = CodeHandle {
        id: pending_grant().id,
        secret: [0; 32],
    }
    .encode();
    let flipped = format!("{}A", &code[..63]);
    for wrong in [
        "x",
        &code[1..],
        &format!("{code}A"),
        &other_secret,
        &flipped,
        &code.to_uppercase(),
    ] {
        assert_eq!(
            Case::new().refusal(&[("code", wrong)]),
            Some(Cause::CodeUnknown),
            "{wrong}"
        );
    }
    let gone = Case {
        grant: None,
        ..Case::new()
    };
    assert_eq!(gone.refusal(&[]), Some(Cause::CodeUnknown));
    // A store that answered with another row changes nothing.
    let another_row = Case {
        grant: Some(Grant {
            id: GrantId::from_bytes([0; 16]),
            ..pending_grant()
        }),
        ..Case::new()
    };
    assert_eq!(another_row.refusal(&[]), Some(Cause::CodeUnknown));
}

/// Another client's attempt changes nothing, so that a thief cannot end the grant of the rightful client.
#[test]
fn another_clients_attempt_changes_nothing_whatever_the_state() {
    for grant in [pending_grant(), active_grant(0), revoked(active_grant(0))] {
        for client in [confidential(), public()] {
            let case = Case {
                client: Client {
                    id: client_id("thief"),
                    ..client
                },
                grant: Some(grant.clone()),
                ..Case::new()
            };
            assert_eq!(case.refusal(&[]), Some(Cause::CodeOfAnotherClient));
        }
    }
}

#[test]
fn a_second_use_ends_the_grant() {
    let spent = Grant {
        state: GrantState::Active(ActiveGrant { refresh: None }),
        ..active_grant(0)
    };
    for grant in [active_grant(0), active_grant(7), spent, revoked(pending_grant())] {
        // Neither the time nor the verifier matters: the code itself is what was used twice.
        for changes in [
            [("code_verifier", VERIFIER)],
            [("code_verifier", "")],
            [("redirect_uri", "https://evil.example")],
        ] {
            let case = Case {
                world: World::at(NOW.plus(Seconds(1000))),
                grant: Some(grant.clone()),
                user_enabled: false,
                ..Case::new()
            };
            let decision = case.decide(&changes);
            assert_eq!(decision.outcome.err(), Some(Cause::CodeReplayed));
            let revoke = Change::RevokeGrant {
                grant: grant.id,
                at: NOW.plus(Seconds(1000)),
                reason: RevocationReason::CodeReplay,
            };
            assert_eq!(decision.changes, [revoke]);
        }
    }
}

#[test]
fn a_code_ends_after_its_lifetime() {
    for (after, expected) in [
        (0, None),
        (59_999, None),
        (60_000, Some(Cause::CodeExpired)),
        (60_001, Some(Cause::CodeExpired)),
    ] {
        let case = Case {
            world: World::at(Timestamp::from_milliseconds(NOW.as_milliseconds() + after)),
            ..Case::new()
        };
        assert_eq!(case.refusal(&[]), expected, "after {after} ms");
    }
}

#[test]
fn a_client_that_lost_the_grant_type_and_a_user_that_is_switched_off() {
    let lost = Case {
        client: Client {
            grant_types: vec![GrantType::RefreshToken],
            ..confidential()
        },
        ..Case::new()
    };
    assert_eq!(lost.refusal(&[]), Some(Cause::GrantTypeNotAllowed));
    let switched_off = Case {
        user_enabled: false,
        ..Case::new()
    };
    assert_eq!(switched_off.refusal(&[]), Some(Cause::UserDisabled));
}
