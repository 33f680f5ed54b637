//! What binds a code to the request it came from: redirect URI, PKCE and resources.

use grantor_types::{Audience, RedirectUri, Seconds};

use super::Case;
use crate::Cause;
use crate::fixture::{API, CALLBACK, FILES, Form, NOW, VERIFIER, World, confidential, pending_grant};
use crate::record::{Client, Grant, GrantState, PendingCode};

fn grant_with(change: impl FnOnce(&mut PendingCode)) -> Grant {
    let mut grant = pending_grant();
    if let GrantState::Pending(pending) = &mut grant.state {
        change(pending);
    }
    grant
}

#[test]
fn redirect_uris() {
    let asked = |uri: Option<&str>, pkce: bool| {
        grant_with(|pending| {
            pending.redirect_uri = uri.map(str::to_owned);
            pending.response_uri = RedirectUri::parse(uri.unwrap_or(CALLBACK)).unwrap();
            if !pkce {
                pending.challenge = None;
            }
        })
    };
    let wrong = Some(Cause::RedirectUriMismatch);
    #[rustfmt::skip]
    let rows: &[(Option<&str>, bool, &str, Option<Cause>)] = &[
        // what the authorization request had, with PKCE, what the token request has
        (Some(CALLBACK), true, CALLBACK, None),
        (Some(CALLBACK), true, "", None),
        (Some(CALLBACK), true, "https://app.example/cb/", wrong),
        (Some(CALLBACK), true, "https://app.example/CB", wrong),
        (Some(CALLBACK), true, "not a uri", wrong),
        (Some(CALLBACK), false, CALLBACK, None),
        (Some(CALLBACK), false, "", wrong),
        (None, true, CALLBACK, None),
        (None, true, "", None),
        (None, true, "https://evil.example/cb", wrong),
        (None, false, "", None),
        (None, false, CALLBACK, None),
        (Some("http://127.0.0.1:9000/cb"), true, "http://127.0.0.1:9000/cb", None),
        (Some("http://127.0.0.1:9000/cb"), true, "http://127.0.0.1:9001/cb", wrong),
        (Some("http://127.0.0.1:9000/cb"), true, "http://127.0.0.1/cb", wrong),
    ];
    for (asked_uri, pkce, sent, expected) in rows {
        let case = Case {
            grant: Some(asked(*asked_uri, *pkce)),
            ..Case::new()
        };
        let verifier = if *pkce { VERIFIER } else { "" };
        let refusal = case.refusal(&[("redirect_uri", sent), ("code_verifier", verifier)]);
        assert_eq!(refusal, *expected, "{asked_uri:?} {pkce} {sent}");
    }
}

#[test]
fn pkce() {
    let without = grant_with(|pending| pending.challenge = None);
    let other = VERIFIER.to_uppercase();
    let longer = format!("{VERIFIER}x");
    let padded = format!("{VERIFIER}=");
    #[rustfmt::skip]
    let rows: &[(Grant, &str, Option<Cause>)] = &[
        (pending_grant(), VERIFIER, None),
        (pending_grant(), "", Some(Cause::CodeVerifierMissing)),
        (pending_grant(), &other, Some(Cause::CodeVerifierWrong)),
        (pending_grant(), &longer, Some(Cause::CodeVerifierWrong)),
        (pending_grant(), &padded, Some(Cause::CodeVerifierWrong)),
        (without.clone(), "", None),
        (without, VERIFIER, Some(Cause::CodeVerifierUnexpected)),
    ];
    for (grant, verifier, expected) in rows {
        let case = Case {
            grant: Some(grant.clone()),
            ..Case::new()
        };
        assert_eq!(
            case.refusal(&[("code_verifier", verifier)]),
            *expected,
            "{verifier}"
        );
    }
}

/// The challenge may be the verifier itself for whoever saw the request: that is what `plain` was.
#[test]
fn the_challenge_is_not_a_verifier() {
    let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    let grant = grant_with(|pending| {
        pending.challenge = Some(grantor_types::CodeChallenge::parse(challenge).unwrap());
    });
    let verify = |verifier: &str| {
        let case = Case {
            grant: Some(grant.clone()),
            ..Case::new()
        };
        case.refusal(&[("code_verifier", verifier)])
    };
    assert_eq!(verify(challenge), Some(Cause::CodeVerifierWrong));
    // The example of RFC 7636, appendix B.
    assert_eq!(verify("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"), None);
}

#[test]
fn resources_narrow_the_audience_and_never_widen_it() {
    let audience = |resources: Form<'_>| {
        let decision = Case::new().decide(resources);
        decision.outcome.map(|reply| reply.access_token.claims.aud)
    };
    let with_issuer = |resource: &str| {
        Ok(Audience::Many(vec![
            resource.to_owned(),
            "https://id.example".to_owned(),
        ]))
    };
    assert_eq!(
        audience(&[("resource", API)]).map_err(|cause| cause.id()),
        with_issuer(API)
    );
    assert_eq!(
        audience(&[("resource", FILES)]).map_err(|cause| cause.id()),
        with_issuer(FILES)
    );
    assert_eq!(
        audience(&[("resource", API), ("resource", "https://other.example")]).unwrap_err(),
        Cause::ResourceNotGranted
    );
}

/// Each row has two things wrong; the first of the checks is the one that is told.
#[test]
fn the_checks_come_in_their_order() {
    let lost = Client {
        grant_types: Vec::new(),
        ..confidential()
    };
    let late = World::at(NOW.plus(Seconds(60)));
    let (wrong_uri, wrong_verifier) = (("redirect_uri", "https://x.example"), ("code_verifier", ""));
    let not_granted = ("resource", "https://other.example");
    #[rustfmt::skip]
    let rows = [
        (Case { client: lost, world: late.clone(), ..Case::new() }, [wrong_uri, wrong_verifier], Cause::GrantTypeNotAllowed),
        (Case { world: late, ..Case::new() }, [wrong_uri, wrong_verifier], Cause::CodeExpired),
        (Case::new(), [wrong_uri, wrong_verifier], Cause::RedirectUriMismatch),
        (Case::new(), [wrong_verifier, not_granted], Cause::CodeVerifierMissing),
        (Case { user_enabled: false, ..Case::new() }, [not_granted, not_granted], Cause::ResourceNotGranted),
    ];
    for (case, changes, expected) in rows {
        assert_eq!(case.refusal(&changes), Some(expected));
    }
}
