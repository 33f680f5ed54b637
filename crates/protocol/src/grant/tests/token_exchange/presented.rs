//! Subject tokens of every kind, dead and alive.

use std::sync::Arc;

use grantor_types::{Confirmation, Seconds, Thumbprint, TokenId, TokenTypeUri};

use super::{ACCESS_TOKEN, Case, ID_TOKEN, REFRESH_TOKEN, gateway, rule};
use crate::Cause;
use crate::fixture::{
    Edit, NOW, World, active_grant, confidential, keys, pending_grant, refresh_token, user,
};
use crate::grant::{HeldGrant, PresentedToken};
use crate::record::{ActiveGrant, Client, ExchangeRule, Grant, GrantState, RevocationReason};
use crate::token::handle::RefreshHandle;
use crate::token::{AccessTokenFacts, IdTokenClaims, id_token};

#[test]
fn access_tokens() {
    let rows: Vec<(Edit<AccessTokenFacts>, Cause)> = vec![
        (Box::new(|facts| facts.revoked = true), Cause::SubjectTokenInvalid),
        (
            Box::new(|facts| facts.claims.exp = NOW.as_seconds()),
            Cause::SubjectTokenExpired,
        ),
        (Box::new(|facts| facts.client = None), Cause::SubjectTokenInvalid),
        (
            Box::new(|facts| {
                facts.client = Some(Arc::new(Client {
                    disabled: true,
                    ..confidential()
                }));
            }),
            Cause::SubjectTokenInvalid,
        ),
        (Box::new(|facts| facts.user = None), Cause::SubjectTokenInvalid),
        (
            Box::new(|facts| {
                let mut user = user();
                user.disabled = true;
                facts.user = Some(Arc::new(user));
            }),
            Cause::SubjectTokenInvalid,
        ),
    ];
    for (index, (edit, cause)) in rows.into_iter().enumerate() {
        assert_eq!(
            Case::of(rule()).subject(edit).refusal(&[]),
            Some(cause),
            "{index}"
        );
    }
    let unknown = Case {
        subject: PresentedToken::Unknown,
        ..Case::of(rule())
    };
    assert_eq!(unknown.refusal(&[]), Some(Cause::SubjectTokenInvalid));
}

/// Who may not exchange a token does not learn whether it lives.
#[test]
fn policy_comes_before_life() {
    let case = Case::of(rule()).subject(|facts| facts.revoked = true);
    let refused = Case {
        client: gateway(Vec::new()),
        ..case
    };
    assert_eq!(refused.refusal(&[]), Some(Cause::SubjectTokenNotAllowed));
}

#[test]
fn a_bound_token_wants_its_key() {
    let key = |byte| Some(Thumbprint::from_digest([byte; 32]));
    for (bound_to, proven, expected) in [
        (None, None, None),
        (None, key(1), None),
        (key(1), key(1), None),
        (key(1), key(2), Some(Cause::PresentedTokenBound)),
        (key(1), None, Some(Cause::PresentedTokenBound)),
    ] {
        let mut case =
            Case::of(rule()).subject(|facts| facts.claims.cnf = bound_to.map(|jkt| Confirmation { jkt }));
        case.dpop_key = proven;
        match case.outcome(&[]) {
            // What is issued is bound to what was proven, whatever the subject token was.
            Ok(reply) => assert_eq!(reply.access_token.claims.cnf.map(|cnf| cnf.jkt), proven),
            Err(cause) => assert_eq!(Some(cause), expected),
        }
    }
}

fn held(grant: Grant) -> HeldGrant {
    HeldGrant {
        grant,
        client_enabled: true,
        user_enabled: true,
    }
}

fn revoked() -> Grant {
    Grant {
        state: GrantState::Revoked {
            at: NOW,
            reason: RevocationReason::User,
        },
        ..active_grant(1)
    }
}

fn ended() -> Grant {
    Grant {
        expires_at: NOW,
        ..active_grant(1)
    }
}

fn without_refresh_token() -> Grant {
    Grant {
        state: GrantState::Active(ActiveGrant { refresh: None }),
        ..active_grant(1)
    }
}

fn off(client_enabled: bool, user_enabled: bool) -> HeldGrant {
    HeldGrant {
        client_enabled,
        user_enabled,
        ..held(active_grant(1))
    }
}

fn of_kind(kind: TokenTypeUri, subject: PresentedToken) -> Case {
    Case {
        subject,
        ..Case::of(ExchangeRule {
            subject_token_types: vec![kind],
            ..rule()
        })
    }
}

#[test]
fn refresh_tokens() {
    let subject = |generation: u64, grant: HeldGrant| PresentedToken::Refresh {
        handle: RefreshHandle::parse(&refresh_token(&grant.grant, generation)).unwrap(),
        grant: Box::new(grant),
        keys: keys(),
    };
    let mut foreign = active_grant(1);
    foreign.salt = [9; 16];
    let forged = PresentedToken::Refresh {
        handle: RefreshHandle::parse(&refresh_token(&foreign, 1)).unwrap(),
        grant: Box::new(held(active_grant(1))),
        keys: keys(),
    };
    #[rustfmt::skip]
    let rows = [
        (subject(1, held(active_grant(1))), None),
        // One that was rotated is refused, and its grant lives on: it is not the client's that holds it who asks.
        (subject(0, held(active_grant(1))), Some(Cause::SubjectTokenInvalid)),
        (subject(2, held(active_grant(1))), Some(Cause::SubjectTokenInvalid)),
        (subject(1, held(revoked())), Some(Cause::SubjectTokenInvalid)),
        (subject(1, held(pending_grant())), Some(Cause::SubjectTokenInvalid)),
        (subject(1, held(without_refresh_token())), Some(Cause::SubjectTokenInvalid)),
        (subject(1, held(ended())), Some(Cause::SubjectTokenExpired)),
        (subject(1, off(false, true)), Some(Cause::SubjectTokenInvalid)),
        (subject(1, off(true, false)), Some(Cause::SubjectTokenInvalid)),
        (forged, Some(Cause::SubjectTokenInvalid)),
    ];
    for (index, (subject, expected)) in rows.into_iter().enumerate() {
        let case = of_kind(TokenTypeUri::RefreshToken, subject);
        assert_eq!(
            case.refusal(&[("subject_token_type", REFRESH_TOKEN)]),
            expected,
            "{index}"
        );
    }
    let not_allowed = Case {
        subject: subject(1, held(active_grant(1))),
        ..Case::of(rule())
    };
    assert_eq!(not_allowed.refusal(&[]), Some(Cause::SubjectTokenNotAllowed));
}

fn claims() -> IdTokenClaims {
    let token = TokenId::from_bytes([7; 16]);
    id_token(
        &World::new().cx(),
        (&confidential(), &user()),
        &active_grant(1),
        token,
        None,
    )
    .claims
}

#[test]
fn id_tokens() {
    let subject = |claims: IdTokenClaims, grant: HeldGrant| PresentedToken::Id {
        claims: Box::new(claims),
        grant: Box::new(grant),
    };
    let expired = IdTokenClaims {
        exp: NOW.as_seconds(),
        ..claims()
    };
    let of_another = IdTokenClaims {
        aud: "other".to_owned(),
        ..claims()
    };
    #[rustfmt::skip]
    let rows = [
        (subject(claims(), held(active_grant(1))), None),
        (subject(claims(), held(without_refresh_token())), None),
        (subject(expired, held(active_grant(1))), Some(Cause::SubjectTokenExpired)),
        (subject(of_another, held(active_grant(1))), Some(Cause::SubjectTokenInvalid)),
        (subject(claims(), held(revoked())), Some(Cause::SubjectTokenInvalid)),
        (subject(claims(), held(pending_grant())), Some(Cause::SubjectTokenInvalid)),
        (subject(claims(), held(ended())), Some(Cause::SubjectTokenExpired)),
        (subject(claims(), off(false, true)), Some(Cause::SubjectTokenInvalid)),
        (subject(claims(), off(true, false)), Some(Cause::SubjectTokenInvalid)),
    ];
    for (index, (subject, expected)) in rows.into_iter().enumerate() {
        let case = of_kind(TokenTypeUri::IdToken, subject);
        assert_eq!(
            case.refusal(&[("subject_token_type", ID_TOKEN)]),
            expected,
            "{index}"
        );
    }
    let not_allowed = Case {
        subject: subject(claims(), held(active_grant(1))),
        ..Case::of(rule())
    };
    assert_eq!(not_allowed.refusal(&[]), Some(Cause::SubjectTokenNotAllowed));
}

/// The new token ends with the subject token, whatever its kind.
#[test]
fn life_and_scope_come_from_the_token() {
    let refresh = PresentedToken::Refresh {
        handle: RefreshHandle::parse(&refresh_token(&active_grant(1), 1)).unwrap(),
        grant: Box::new(held(Grant {
            expires_at: NOW.plus(Seconds(100)),
            ..active_grant(1)
        })),
        keys: keys(),
    };
    let id = PresentedToken::Id {
        claims: Box::new(IdTokenClaims {
            exp: NOW.plus(Seconds(200)).as_seconds(),
            ..claims()
        }),
        grant: Box::new(held(active_grant(1))),
    };
    for (kind, name, subject, seconds) in [
        (TokenTypeUri::RefreshToken, REFRESH_TOKEN, refresh, 100),
        (TokenTypeUri::IdToken, ID_TOKEN, id, 200),
    ] {
        let reply = of_kind(kind, subject)
            .outcome(&[("subject_token_type", name)])
            .unwrap();
        assert_eq!(reply.access_token.expires_in(), seconds);
        let claims = reply.access_token.claims;
        assert_eq!(
            (claims.grant, claims.scope.to_string()),
            (Some(active_grant(1).id), "read".to_owned())
        );
        assert_eq!(
            (claims.sub, claims.ancestors),
            (user().id.to_string(), Vec::new())
        );
    }
    for (life, seconds) in [(30, 30), (3600, 3600), (7200, 3600)] {
        let case = Case::of(rule()).subject(|facts| facts.claims.exp = NOW.plus(Seconds(life)).as_seconds());
        let reply = case.outcome(&[("subject_token_type", ACCESS_TOKEN)]).unwrap();
        assert_eq!(reply.access_token.expires_in(), seconds);
    }
}
