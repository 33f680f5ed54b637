//! `prompt=create` ([Initiating User Registration via OpenID Connect 1.0, 4]) where people may make accounts, and where they
//! may not.
//!
//! [Initiating User Registration via OpenID Connect 1.0, 4]: https://openid.net/specs/openid-connect-prompt-create-1_0.html#section-4

use std::sync::Arc;

use grantor_types::{Prompt, Seconds, SecretHash, SessionId};

use super::super::{
    AuthorizationRequest, AuthorizeError, Next, Origin, Visit, next, supported_prompts, validate,
};
use super::validate::GOOD;
use crate::fixture::{Form, NOW, World, confidential, parameters_with, user};
use crate::record::Session;
use crate::{Cause, Policy};

fn request(open: bool, changes: Form<'_>) -> Result<AuthorizationRequest, Cause> {
    let policy = Policy {
        self_registration: open,
        ..Policy::default()
    };
    let all: Vec<_> = [("scope", "read")]
        .into_iter()
        .chain(changes.iter().copied())
        .collect();
    let parameters = parameters_with(GOOD, &all);
    validate(
        &policy,
        &parameters,
        Some(Arc::new(confidential())),
        Origin::default(),
    )
    .map_err(|error| match error {
        AuthorizeError::Redirect(_, cause) => cause,
        AuthorizeError::Page(cause) => panic!("on a page: {cause:?}"),
    })
}

#[test]
fn it_stands_alone_where_it_is_supported() {
    for (open, prompt, expected) in [
        (true, "create", Ok(())),
        (true, "create create", Ok(())),
        (true, "create login", Err(Cause::PromptCreateCombined)),
        (true, "consent create", Err(Cause::PromptCreateCombined)),
        (true, "none create", Err(Cause::PromptMalformed)),
        (true, "Create", Err(Cause::PromptMalformed)),
        (false, "create", Err(Cause::PromptCreateClosed)),
        (false, "create login", Err(Cause::PromptCreateClosed)),
        (false, "login", Ok(())),
    ] {
        let found = request(open, &[("prompt", prompt)]).map(|_| ());
        assert_eq!(found, expected, "{prompt} where registration is open: {open}");
    }
    for cause in [Cause::PromptCreateClosed, Cause::PromptCreateCombined] {
        assert_eq!(cause.code().as_str(), "invalid_request");
    }
}

#[test]
fn what_the_metadata_lists_is_what_is_taken() {
    for open in [true, false] {
        let policy = Policy {
            self_registration: open,
            ..Policy::default()
        };
        for prompt in Prompt::ALL.iter().copied() {
            let listed = supported_prompts(&policy).any(|supported| supported == prompt);
            assert_eq!(
                request(open, &[("prompt", prompt.as_str())]).is_ok(),
                listed,
                "{prompt}"
            );
        }
    }
}

#[test]
fn it_asks_for_an_account_until_somebody_has_logged_in_for_it() {
    let session = |ago| Session {
        id: SessionId::from_bytes([1; 16]),
        secret: SecretHash::from_digest([0; 32]),
        user: user().id,
        auth_time: NOW.minus(Seconds(ago)),
        authentication_methods: Vec::new(),
        user_agent: String::new(),
        expires_at: NOW.plus(Seconds(1000)),
    };
    let here = session(600).login_id();
    for (max_age, session, login_at_start, expected) in [
        ("", None, None, Next::SignUp),
        ("0", None, None, Next::SignUp),
        ("", Some(session(600)), Some(here), Next::SignUp),
        ("0", Some(session(600)), Some(here), Next::SignUp),
        // From another browser, where somebody was logged in all along.
        ("", Some(session(600)), None, Next::SignUp),
        // Made an account, or logged in to the one there is.
        ("", Some(session(1)), None, Next::Consent),
    ] {
        let request = request(true, &[("prompt", "create"), ("max_age", max_age)]).unwrap();
        let visit = Visit {
            session: session.as_ref(),
            asked_at: NOW.minus(Seconds(5)),
            login_at_start,
            account_chosen: false,
            hint_names_another: false,
            consent: None,
            consent_given: false,
        };
        assert_eq!(
            next(&World::new().cx(), &request, &visit),
            Ok(expected),
            "{session:?}"
        );
    }
}

/// "An error SHOULD NOT result if some or all of the requested locales are not supported" (OpenID Connect Core 5.2).
#[test]
fn languages_for_claims_are_never_refused() {
    let many: Vec<String> = (10..40).map(|number| format!("x-{number}")).collect();
    for (text, expected) in [
        ("", ""),
        ("fr-ca  EN fr-CA", "fr-CA en"),
        ("no_such! de", "de"),
        (many.join(" ").as_str(), many[..16].join(" ").as_str()),
    ] {
        let request = request(false, &[("claims_locales", text)]).unwrap();
        assert_eq!(request.hints.claims_locales.join(" "), expected);
    }
}
