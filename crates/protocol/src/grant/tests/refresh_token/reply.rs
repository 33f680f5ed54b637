//! What a refresh hands out, and until when.

use grantor_types::Seconds;

use super::Case;
use crate::fixture::{API, FILES, Form, NOW, active_grant, confidential, refresh_token, scope};
use crate::record::{Client, Lifetimes};
use crate::{Cause, Change};

#[test]
fn scope_and_resources_narrow_and_never_widen() {
    type Row<'a> = (Form<'a>, Result<(&'a str, bool), Cause>);
    #[rustfmt::skip]
    let rows: &[Row<'_>] = &[
        // parameters; the scope that comes out and whether there is an ID token
        (&[], Ok(("openid read", true))),
        (&[("scope", "")], Ok(("openid read", true))),
        (&[("scope", "read openid")], Ok(("openid read", true))),
        (&[("scope", "read")], Ok(("read", false))),
        (&[("scope", "openid")], Ok(("openid", true))),
        (&[("scope", "read write")], Err(Cause::ScopeWidened)),
        (&[("scope", "admin")], Err(Cause::ScopeWidened)),
        (&[("resource", API)], Ok(("openid read", true))),
        (&[("resource", "https://other.example")], Err(Cause::ResourceNotGranted)),
        (&[("resource", API), ("resource", "https://other.example")], Err(Cause::ResourceNotGranted)),
        (&[("scope", "write"), ("resource", "https://other.example")], Err(Cause::ScopeWidened)),
    ];
    for (form, expected) in rows {
        // With the current token, and with the one before it.
        for generation in [0, 1] {
            let token = refresh_token(&active_grant(0), 0);
            let decision = Case::at(confidential(), generation).decide(&token, form);
            assert!(decision.outcome.is_ok() || decision.changes.is_empty());
            let found = decision.outcome.map(|reply| {
                assert_eq!(reply.access_token.claims.scope, reply.scope);
                (reply.scope.to_string(), reply.id_token.is_some())
            });
            assert_eq!(
                found,
                expected.map(|(scope, id)| (scope.to_owned(), id)),
                "{form:?}"
            );
        }
    }
}

#[test]
fn a_narrow_refresh_does_not_narrow_the_next_one() {
    let token = refresh_token(&active_grant(1), 1);
    let narrow = Case::at(confidential(), 1).decide(&token, &[("scope", "read"), ("resource", FILES)]);
    assert_eq!(narrow.outcome.unwrap().scope, scope("read"));
    // The grant keeps what it has: no change says anything of scope or resources.
    assert!(matches!(
        narrow.changes.as_slice(),
        [Change::RotateRefreshToken { .. }]
    ));
}

#[test]
fn an_id_token_after_a_refresh_has_no_nonce() {
    let token = refresh_token(&active_grant(0), 0);
    let reply = Case::at(confidential(), 0).decide(&token, &[]).outcome.unwrap();
    let claims = reply.id_token.unwrap().claims;
    assert_eq!(claims.nonce, None);
    assert_eq!(claims.auth_time, active_grant(0).auth_time.as_seconds());
    assert_eq!(claims.sub, active_grant(0).user.to_string());
    assert_eq!(claims.sid, active_grant(0).session);
}

/// Each use starts the life of the refresh token anew, up to the life of the grant.
#[test]
fn lifetimes_of_the_grant() {
    let days = |count: u64| count * 86_400_000;
    let expires_at = |client: Client, created_ago: Seconds, after: u64| {
        let mut case = Case::at(client, 0).after(after);
        if let Some(grant) = &mut case.grant {
            grant.created_at = NOW.minus(created_ago);
            grant.expires_at = NOW.plus(Seconds::days(400));
        }
        let decision = case.decide(&refresh_token(&active_grant(0), 0), &[]);
        let token_ends = decision.outcome.unwrap().access_token.expires_at();
        match decision.changes.as_slice() {
            [Change::RotateRefreshToken { expires_at, .. }] => (*expires_at, token_ends),
            other => panic!("{other:?}"),
        }
    };
    let in_days = |count| NOW.plus(Seconds::days(count));
    let in_hours = |count| NOW.plus(Seconds::hours(count));
    let quick = Lifetimes {
        refresh_token: Some(Seconds(60)),
        ..Lifetimes::default()
    };
    let quick = Client {
        lifetimes: quick,
        ..confidential()
    };
    assert_eq!(
        expires_at(confidential(), Seconds(0), 0),
        (in_days(30), in_hours(1))
    );
    assert_eq!(
        expires_at(confidential(), Seconds(0), days(10)),
        (in_days(40), in_days(10).plus(Seconds::hours(1)))
    );
    // The grant's own end.
    assert_eq!(
        expires_at(confidential(), Seconds::days(364), 0),
        (in_days(1), in_hours(1))
    );
    let half_an_hour_left = Seconds(Seconds::days(365).0 - 1800);
    let end = NOW.plus(Seconds(1800));
    assert_eq!(expires_at(confidential(), half_an_hour_left, 0), (end, end));
    // A refresh token that lives shorter than the access token does not end it.
    assert_eq!(expires_at(quick, Seconds(0), 0), (in_hours(1), in_hours(1)));
}

/// The row of a grant is swept when its last token has ended. A repeat writes nothing, so its access token has to end
/// by the time that was written at the rotation.
#[test]
fn the_access_token_of_a_repeat_ends_with_the_row() {
    let mut case = Case::at(confidential(), 1);
    if let Some(grant) = &mut case.grant {
        grant.expires_at = NOW.plus(Seconds(600));
    }
    let decision = case.decide(&refresh_token(&active_grant(0), 0), &[]);
    assert_eq!(decision.changes, []);
    let token = decision.outcome.unwrap().access_token;
    assert_eq!(token.expires_at(), NOW.plus(Seconds(600)));
    assert_eq!(token.expires_in(), 600);
}
