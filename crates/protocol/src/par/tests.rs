use grantor_types::{Parameters, Timestamp};

use super::*;
use crate::fixture::{CALLBACK, Form, NOW, RANDOM, World, authenticated, confidential, parameters_with};

const GOOD: Form<'_> = &[
    ("response_type", "code"),
    ("client_id", "app"),
    ("redirect_uri", CALLBACK),
    ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
    ("code_challenge_method", "S256"),
];

fn pushed(changes: Form<'_>) -> Decision<PushedAuthorizationResponse> {
    let form = parameters_with(GOOD, changes);
    push(
        &World::new().cx(),
        &RANDOM,
        &authenticated(confidential()),
        form,
        None,
        false,
    )
}

fn stored(decision: &Decision<PushedAuthorizationResponse>) -> PushedRequest {
    match &decision.changes[..] {
        [Change::CreatePushedRequest(request)] => (**request).clone(),
        changes => panic!("{changes:?}"),
    }
}

fn handle(decision: &Decision<PushedAuthorizationResponse>) -> PushedRequestHandle {
    let uri = &decision.outcome.as_ref().unwrap().request_uri;
    let parameters = Parameters::default().with("request_uri", uri);
    reference(&parameters).unwrap().unwrap()
}

#[test]
fn the_request_is_kept_and_the_credentials_are_not() {
    let decision = pushed(&[("client_secret", "the secret"), ("unknown", "x"), ("state", "s")]);
    let request = stored(&decision);
    assert!(!request.parameters.contains("secret") && !request.parameters.contains("unknown"));
    assert!(request.parameters.contains("state=s") && request.parameters.contains("client_id=app"));
    assert_eq!(request.expires_at, NOW.plus(Seconds(60)));
    assert_eq!(decision.outcome.as_ref().unwrap().expires_in, Seconds(60));
    assert_eq!(handle(&decision).id, request.id);
    // The client is the one that authenticated, named or not.
    assert!(
        stored(&pushed(&[("client_id", "")]))
            .parameters
            .contains("client_id=app")
    );
}

#[test]
fn a_wrong_request_is_refused_and_not_kept() {
    let cases: [(Form<'_>, Cause); 5] = [
        (&[("request_uri", "urn:x")], Cause::RequestUriPushed),
        (&[("client_id", "other")], Cause::ClientAuthenticationMultiple),
        (
            &[("redirect_uri", "https://evil.example/cb")],
            Cause::RedirectUriUnregistered,
        ),
        (&[("code_challenge", "")], Cause::CodeChallengeMissing),
        (&[("scope", "admin")], Cause::ScopeNotAllowed),
    ];
    for (changes, cause) in cases {
        let decision = pushed(changes);
        assert_eq!(decision.outcome.err(), Some(cause), "{changes:?}");
        assert_eq!(decision.changes, [], "{changes:?}");
    }
}

#[test]
fn a_reference_is_good_for_its_client_its_time_and_once() {
    let decision = pushed(&[]);
    let (request, good) = (stored(&decision), handle(&decision));
    let forged = PushedRequestHandle {
        secret: [9; 32],
        ..good.clone()
    };
    let other = ClientId::parse("other").unwrap();
    let app = request.client.clone();
    let resolved = |after: u64, client: &ClientId, handle: &PushedRequestHandle, used| {
        let world = World::at(Timestamp::from_seconds(NOW.as_seconds() + after));
        resolve(&world.cx(), client, handle, Some(request.clone()), used).map(|found| found.encode())
    };
    assert_eq!(resolved(59, &app, &good, false), Ok(request.parameters.clone()));
    assert_eq!(resolved(60, &app, &good, false), Err(Cause::RequestUriExpired));
    assert_eq!(resolved(0, &app, &good, true), Err(Cause::RequestUriUsed));
    assert_eq!(resolved(0, &other, &good, false), Err(Cause::RequestUriUnknown));
    assert_eq!(resolved(0, &app, &forged, false), Err(Cause::RequestUriUnknown));
    let missing = resolve(&World::new().cx(), &app, &good, None, false);
    assert_eq!(missing.map(|found| found.encode()), Err(Cause::RequestUriUnknown));
}

#[test]
fn references_that_are_not_ours() {
    let reference = |uri: &str| reference(&Parameters::default().with("request_uri", uri));
    assert!(reference("https://app.example/request.jwt").is_none());
    assert!(reference("").is_none());
    assert!(
        reference("urn:ietf:params:oauth:request_uri:short")
            .unwrap()
            .is_none()
    );
}
