//! Every check of an authorization request, and the order they come in.

use std::sync::Arc;

use grantor_types::{ClaimRequest, ClaimsRequest, Display, GrantType, Profile, Prompt, Seconds};

use super::super::{AuthorizeError, Hints, client_id};
use super::{checked, checked_under};
use crate::Cause;
use crate::fixture::{
    API, CALLBACK, FILES, Form, confidential, parameters, parameters_with, public, resource, scope,
};
use crate::record::Client;

const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
pub(super) const GOOD: Form<'_> = &[
    ("response_type", "code"),
    ("client_id", "app"),
    ("redirect_uri", CALLBACK),
    ("state", "st4te"),
    ("code_challenge", CHALLENGE),
    ("code_challenge_method", "S256"),
];

/// Where a refusal is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    OnPage(Cause),
    ByRedirect(Cause),
}

use Told::{ByRedirect, OnPage};

fn outcome(changes: Form<'_>, client: Option<Client>) -> Result<(), Told> {
    match checked(&parameters_with(GOOD, changes), client.map(Arc::new)) {
        Ok(_) => Ok(()),
        Err(AuthorizeError::Page(cause)) => Err(OnPage(cause)),
        Err(AuthorizeError::Redirect(redirect, cause)) => {
            assert_eq!(redirect.uri().as_str(), CALLBACK);
            Err(ByRedirect(cause))
        }
    }
}

#[test]
fn client_ids() {
    let too_long = "x".repeat(256);
    for (value, expected) in [
        ("app", Ok("app")),
        ("", Err(Cause::ClientIdMissing)),
        ("käfer", Err(Cause::ClientIdMalformed)),
        ("a\nb", Err(Cause::ClientIdMalformed)),
        (&too_long, Err(Cause::ClientIdMalformed)),
        (&too_long[1..], Ok(&too_long[1..])),
    ] {
        let found = client_id(&parameters(&[("client_id", value)]));
        assert_eq!(found.map(|id| id.to_string()), expected.map(str::to_owned));
    }
    assert_eq!(client_id(&parameters(&[])), Err(Cause::ClientIdMissing));
}

#[test]
fn a_client_that_is_not_there_is_told_to_the_person() {
    assert_eq!(outcome(&[], None), Err(OnPage(Cause::ClientUnknownAtAuthorize)));
    let disabled = Client {
        disabled: true,
        ..confidential()
    };
    assert_eq!(outcome(&[], Some(disabled)), Err(OnPage(Cause::ClientDisabled)));
}

#[test]
fn a_client_may_be_registered_without_the_grant() {
    let client = Client {
        grant_types: vec![GrantType::ClientCredentials, GrantType::RefreshToken],
        ..confidential()
    };
    assert_eq!(
        outcome(&[], Some(client)),
        Err(ByRedirect(Cause::GrantTypeNotAllowed))
    );
}

/// Name, value, and what comes of a good request with it.
type Row<'a> = (&'a str, &'a str, Result<(), Told>);

fn check(rows: &[Row<'_>]) {
    for (name, value, expected) in rows {
        let shown = value.chars().take(60).collect::<String>();
        assert_eq!(
            outcome(&[(name, value)], Some(confidential())),
            *expected,
            "{name}={shown}"
        );
    }
}

const fn refused(cause: Cause) -> Result<(), Told> {
    Err(ByRedirect(cause))
}

#[test]
fn how_the_answer_travels() {
    let (fits, too_long) = ("x".repeat(4096), "x".repeat(4097));
    let (fits, too_long) = (fits.as_str(), too_long.as_str());
    #[rustfmt::skip]
    check(&[
        ("response_mode", "query", Ok(())),
        ("response_mode", "fragment", Ok(())),
        ("response_mode", "form_post", Ok(())),
        ("response_mode", "web_message", refused(Cause::ResponseModeUnsupported)),
        ("response_mode", "Query", refused(Cause::ResponseModeUnsupported)),
        ("response_mode", "query.jwt", refused(Cause::ResponseModeUnsupported)),
        ("state", "", Ok(())),
        ("state", fits, Ok(())),
        ("state", too_long, refused(Cause::ParameterTooLong)),
        ("nonce", fits, Ok(())),
        ("nonce", too_long, refused(Cause::ParameterTooLong)),
        ("login_hint", too_long, refused(Cause::ParameterTooLong)),
        ("ui_locales", too_long, refused(Cause::ParameterTooLong)),
        ("claims_locales", too_long, refused(Cause::ParameterTooLong)),
        ("acr_values", too_long, refused(Cause::ParameterTooLong)),
        ("response_type", "", refused(Cause::ResponseTypeMissing)),
        ("response_type", "token", refused(Cause::ResponseTypeUnsupported)),
        ("response_type", "id_token", refused(Cause::ResponseTypeUnsupported)),
        ("response_type", "code id_token", refused(Cause::ResponseTypeUnsupported)),
        ("response_type", "CODE", refused(Cause::ResponseTypeUnsupported)),
        ("acr_values", "a b", Ok(())),
    ]);
}

#[test]
fn what_is_not_supported() {
    #[rustfmt::skip]
    check(&[
        ("registration", "{}", refused(Cause::RegistrationUnsupported)),
        ("claims", "{\"userinfo\":{}}", Ok(())),
        ("unknown", "is ignored", Ok(())),
    ]);
}

#[test]
fn pkce() {
    let padded = format!("{CHALLENGE}=");
    #[rustfmt::skip]
    check(&[
        ("code_challenge", "", refused(Cause::CodeChallengeMissing)),
        ("code_challenge", "short", refused(Cause::CodeChallengeMalformed)),
        ("code_challenge", &CHALLENGE[1..], refused(Cause::CodeChallengeMalformed)),
        ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM", refused(Cause::CodeChallengeMalformed)),
        ("code_challenge", &padded, Ok(())),
        ("code_challenge_method", "", refused(Cause::CodeChallengeMethodUnsupported)),
        ("code_challenge_method", "plain", refused(Cause::CodeChallengeMethodUnsupported)),
        ("code_challenge_method", "s256", refused(Cause::CodeChallengeMethodUnsupported)),
    ]);
}

#[test]
fn scope_and_resource() {
    let too_long = "x".repeat(4097);
    let too_long = too_long.as_str();
    #[rustfmt::skip]
    check(&[
        ("scope", "", Ok(())),
        ("scope", "   ", Ok(())),
        ("scope", "read", Ok(())),
        ("scope", "read write openid profile", Ok(())),
        ("scope", "read admin", refused(Cause::ScopeNotAllowed)),
        ("scope", "READ", refused(Cause::ScopeNotAllowed)),
        ("scope", "read\twrite", refused(Cause::ScopeMalformed)),
        ("scope", "re\"ad", refused(Cause::ScopeMalformed)),
        ("scope", too_long, refused(Cause::ScopeMalformed)),
        ("resource", API, Ok(())),
        ("resource", "https://other.example", refused(Cause::ResourceNotAllowed)),
        ("resource", "https://api.example/", refused(Cause::ResourceNotAllowed)),
        ("resource", "https://api.example#f", refused(Cause::ResourceMalformed)),
        ("resource", "/relative", refused(Cause::ResourceMalformed)),
    ]);
}

#[test]
fn how_the_person_is_asked() {
    #[rustfmt::skip]
    check(&[
        ("prompt", "", Ok(())),
        ("prompt", "none", Ok(())),
        ("prompt", "none none", Ok(())),
        ("prompt", "login consent select_account", Ok(())),
        ("prompt", "none login", refused(Cause::PromptMalformed)),
        ("prompt", "login none", refused(Cause::PromptMalformed)),
        ("prompt", "create", refused(Cause::PromptCreateClosed)),
        ("prompt", "Login", refused(Cause::PromptMalformed)),
        ("max_age", "0", Ok(())),
        ("max_age", "18446744073709551615", Ok(())),
        ("max_age", "18446744073709551616", refused(Cause::MaxAgeMalformed)),
        ("max_age", "-1", refused(Cause::MaxAgeMalformed)),
        ("max_age", "+1", refused(Cause::MaxAgeMalformed)),
        ("max_age", "1.5", refused(Cause::MaxAgeMalformed)),
        ("max_age", " 1", refused(Cause::MaxAgeMalformed)),
        ("max_age", "1h", refused(Cause::MaxAgeMalformed)),
        ("display", "popup", Ok(())),
        ("display", "hologram", refused(Cause::DisplayUnknown)),
    ]);
}

/// Each row has two things wrong; the first of the checks is the one that is told.
#[test]
fn the_checks_come_in_their_order() {
    let long = "x".repeat(5000);
    #[rustfmt::skip]
    let rows: &[(Form<'_>, Told)] = &[
        (&[("redirect_uri", "https://evil.example"), ("response_mode", "x")], OnPage(Cause::RedirectUriUnregistered)),
        (&[("response_mode", "x"), ("state", &long)], ByRedirect(Cause::ResponseModeUnsupported)),
        (&[("state", &long), ("request", "x")], ByRedirect(Cause::ParameterTooLong)),
        
        
        (&[("registration", "x"), ("response_type", "")], ByRedirect(Cause::RegistrationUnsupported)),
        (&[("response_type", "x"), ("code_challenge", "")], ByRedirect(Cause::ResponseTypeUnsupported)),
        (&[("code_challenge", ""), ("code_challenge_method", "plain")], ByRedirect(Cause::CodeChallengeMissing)),
        (&[("code_challenge_method", "plain"), ("code_challenge", "x")], ByRedirect(Cause::CodeChallengeMethodUnsupported)),
        (&[("code_challenge", "x"), ("scope", "\"")], ByRedirect(Cause::CodeChallengeMalformed)),
        (&[("scope", "\""), ("resource", "x y")], ByRedirect(Cause::ScopeMalformed)),
        (&[("resource", "x y"), ("prompt", "x")], ByRedirect(Cause::ResourceMalformed)),
        (&[("prompt", "x"), ("max_age", "x")], ByRedirect(Cause::PromptMalformed)),
        (&[("max_age", "x"), ("display", "x")], ByRedirect(Cause::MaxAgeMalformed)),
    ];
    for (changes, expected) in rows {
        assert_eq!(
            outcome(changes, Some(confidential())),
            Err(*expected),
            "{expected:?}"
        );
    }
}

#[test]
fn what_is_asked_for_is_read() {
    let changes = [
        ("scope", "write read"),
        ("resource", API),
        ("nonce", "n+1 &"),
        ("prompt", "login consent"),
        ("max_age", "300"),
        ("display", "page"),
        ("login_hint", "alice"),
        ("id_token_hint", "a.b.c"),
        ("ui_locales", "de fr"),
        ("acr_values", "one  two"),
        (
            "claims",
            r#"{"userinfo":{"name":null,"nonsense":{}},"id_token":{"acr":{"essential":true}},"more":1}"#,
        ),
        ("claims_locales", "fr-CA en"),
    ];
    let request = checked(&parameters_with(GOOD, &changes), Some(Arc::new(confidential()))).unwrap();
    assert_eq!(request.client.id.as_str(), "app");
    assert_eq!(request.redirect_uri.as_deref(), Some(CALLBACK));
    assert_eq!(request.redirect.state(), Some("st4te"));
    assert_eq!(request.scope, scope("read write"));
    assert_eq!(request.resources, [resource(API)]);
    assert_eq!(request.nonce.as_deref(), Some("n+1 &"));
    assert!(request.challenge.is_some());
    let expected = Hints {
        prompt: vec![Prompt::Login, Prompt::Consent],
        max_age: Some(Seconds(300)),
        display: Some(Display::Page),
        login_hint: Some("alice".to_owned()),
        id_token_hint: Some("a.b.c".to_owned()),
        ui_locales: Some("de fr".to_owned()),
        acr_values: vec!["one".to_owned(), "two".to_owned()],
        claims: ClaimsRequest {
            userinfo: [
                ("name".to_owned(), None),
                ("nonsense".to_owned(), Some(ClaimRequest::default())),
            ]
            .into(),
            id_token: [(
                "acr".to_owned(),
                Some(ClaimRequest {
                    essential: true,
                    ..ClaimRequest::default()
                }),
            )]
            .into(),
        },
        claims_locales: vec!["fr-CA".to_owned(), "en".to_owned()],
    };
    assert_eq!(request.hints, expected);
    assert!(request.hints.asks_for(Prompt::Login) && !request.hints.asks_for(Prompt::None));
}

/// What the registration says holds where the request is silent.
#[test]
fn the_registration_has_defaults() {
    let mut client = confidential();
    client.metadata.default_max_age = Some(Seconds(60));
    client.metadata.default_acr_values = vec!["1".to_owned()];
    let request = checked(&parameters(GOOD), Some(Arc::new(client.clone()))).unwrap();
    assert_eq!(request.hints.max_age, Some(Seconds(60)));
    assert_eq!(request.hints.acr_values, ["1"]);
    let said = [("max_age", "5"), ("acr_values", "2")];
    let request = checked(&parameters_with(GOOD, &said), Some(Arc::new(client.clone()))).unwrap();
    assert_eq!(request.hints.max_age, Some(Seconds(5)));
    assert_eq!(request.hints.acr_values, ["2"]);
}

/// Under the profile of OpenID Connect a client that authenticates may do without PKCE, if it is registered so. What it
/// sends is enforced, and a public client has no choice.
#[test]
fn pkce_is_left_out_by_profile_and_registration_alone() {
    use Profile::{Oauth21, Oidc};
    let nothing: Form<'_> = &[("code_challenge", ""), ("code_challenge_method", "")];
    let method_alone: Form<'_> = &[("code_challenge", ""), ("code_challenge_method", "S256")];
    let plain: Form<'_> = &[("code_challenge_method", "plain")];
    // The profile of the server, that of the client if it has one, the client, what it is registered for.
    for (profile, own, client, asks, changes, good) in [
        (Oidc, None, confidential(), true, nothing, true),
        (Oidc, None, confidential(), true, &[] as Form<'_>, true),
        (Oidc, None, confidential(), true, method_alone, false),
        (Oidc, None, confidential(), true, plain, false),
        (Oidc, None, confidential(), false, nothing, false),
        (Oidc, None, public(), true, nothing, false),
        (Oauth21, None, confidential(), true, nothing, false),
        (Oauth21, Some(Oidc), confidential(), true, nothing, true),
        (Oauth21, Some(Oidc), public(), true, nothing, false),
        (Oidc, Some(Oauth21), confidential(), true, nothing, false),
    ] {
        let mut client = client;
        client.metadata.profile = own;
        client.metadata.danger_pkce_optional = asks;
        let found = checked_under(
            profile,
            &parameters_with(GOOD, changes),
            Some(Arc::new(client.clone())),
        );
        assert_eq!(found.is_ok(), good, "{profile} {} {asks} {changes:?}", client.id);
    }
}

#[test]
fn without_scope_everything_that_is_registered_is_asked_for() {
    let request = checked(&parameters(GOOD), Some(Arc::new(confidential()))).unwrap();
    assert_eq!(request.scope, confidential().scope);
    assert_eq!(request.resources, []);
    assert_eq!(request.hints, Hints::default());
}

#[test]
fn resources_may_repeat_and_count_once() {
    let with = |resources: &[&str]| {
        let mut pairs = GOOD.to_vec();
        pairs.extend(resources.iter().map(|resource| ("resource", *resource)));
        checked(&parameters(&pairs), Some(Arc::new(confidential())))
    };
    assert_eq!(
        with(&[API, FILES, API]).unwrap().resources,
        [resource(API), resource(FILES)]
    );
    assert_eq!(with(&[API; 50]).unwrap().resources, [resource(API)]);
}

#[test]
fn a_request_names_sixteen_resources_at_most() {
    let names: Vec<String> = (0..17).map(|n| format!("https://{n}.example")).collect();
    let client = Arc::new(Client {
        audiences: names.iter().map(|name| resource(name)).collect(),
        ..confidential()
    });
    let with = |count: usize| {
        let mut pairs = GOOD.to_vec();
        pairs.extend(names.iter().take(count).map(|name| ("resource", name.as_str())));
        checked(&parameters(&pairs), Some(Arc::clone(&client)))
    };
    assert_eq!(with(16).unwrap().resources.len(), 16);
    assert!(matches!(
        with(17),
        Err(AuthorizeError::Redirect(_, Cause::ParameterTooMany))
    ));
}
