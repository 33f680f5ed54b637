//! What the person has to do: sessions, `prompt`, `max_age`, `id_token_hint` and consent, in every combination.

use std::sync::Arc;

use grantor_types::{Prompt, Seconds, SecretHash, SessionId, Timestamp, UserId};

use super::super::{AuthorizationRequest, Next, Visit, next};
use super::checked;
use super::validate::GOOD;
use crate::Cause;
use crate::fixture::{API, FILES, Form, NOW, World, confidential, parameters_with, resource, scope, user};
use crate::record::{Client, Consent, ConsentRule, LoginId, Session};

const ASKED_AT: Timestamp = NOW.minus(Seconds(5));

fn session(auth_time: Timestamp) -> Session {
    Session {
        id: SessionId::from_bytes([1; 16]),
        secret: SecretHash::from_digest([0; 32]),
        user: user().id,
        auth_time,
        authentication_methods: Vec::new(),
        user_agent: String::new(),
        expires_at: NOW.plus(Seconds(1000)),
    }
}

fn here() -> LoginId {
    session(NOW).login_id()
}

/// The login that the same session stood at before.
fn before() -> LoginId {
    let session = Session {
        secret: SecretHash::from_digest([1; 32]),
        ..session(NOW)
    };
    session.login_id()
}

fn consent(text: &str, resources: &[&str]) -> Consent {
    Consent {
        user: user().id,
        client: confidential().id,
        scope: scope(text),
        resources: resources.iter().map(|id| resource(id)).collect(),
        granted_at: NOW,
    }
}

fn request(changes: Form<'_>, rule: ConsentRule) -> AuthorizationRequest {
    let client = Client {
        consent: rule,
        ..confidential()
    };
    let mut all = vec![("scope", "read")];
    all.extend(changes);
    checked(&parameters_with(GOOD, &all), Some(Arc::new(client))).unwrap()
}

/// A browser as one row of a table has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    /// Nobody is logged in.
    Nobody,
    /// Somebody who logged in this many seconds ago, before the request.
    Here(u64),
    /// Somebody who logged in for this request, from no session or from another one.
    JustLoggedIn,
}

fn decide(who: Who, request: &AuthorizationRequest, visit: Visit<'_>) -> Result<Next, Cause> {
    let session = match who {
        Who::Nobody => None,
        Who::Here(ago) => Some(session(NOW.minus(Seconds(ago)))),
        Who::JustLoggedIn => Some(session(ASKED_AT)),
    };
    let login_at_start = match who {
        Who::Nobody => None,
        Who::Here(_) => Some(here()),
        Who::JustLoggedIn => visit.login_at_start,
    };
    let visit = Visit {
        session: session.as_ref(),
        login_at_start,
        ..visit
    };
    next(&World::new().cx(), request, &visit)
}

fn visit() -> Visit<'static> {
    Visit {
        session: None,
        asked_at: ASKED_AT,
        login_at_start: None,
        account_chosen: false,
        hint_names_another: false,
        consent: None,
        consent_given: false,
    }
}

#[test]
fn prompt_and_max_age() {
    use Next::{Consent as AskConsent, Issue, Login, SelectAccount};
    use Who::{Here, JustLoggedIn, Nobody};
    #[rustfmt::skip]
    let rows: &[(Who, &str, &str, Result<Next, Cause>)] = &[
        // who, prompt, max_age; the consent is there
        (Nobody, "", "", Ok(Login)),
        (Nobody, "login", "", Ok(Login)),
        (Nobody, "consent", "", Ok(Login)),
        (Nobody, "select_account", "", Ok(Login)),
        (Nobody, "none", "", Err(Cause::LoginRequired)),
        (Nobody, "", "600", Ok(Login)),
        (Here(600), "", "", Ok(Issue)),
        (Here(600), "none", "", Ok(Issue)),
        (Here(600), "login", "", Ok(Login)),
        (Here(600), "consent", "", Ok(AskConsent)),
        (Here(600), "select_account", "", Ok(SelectAccount)),
        (Here(600), "login consent", "", Ok(Login)),
        (Here(600), "login select_account", "", Ok(Login)),
        (Here(600), "consent select_account", "", Ok(SelectAccount)),
        (Here(600), "", "601", Ok(Issue)),
        (Here(600), "", "600", Ok(Issue)),
        (Here(600), "", "599", Ok(Login)),
        (Here(600), "none", "600", Ok(Issue)),
        (Here(600), "none", "599", Err(Cause::LoginRequired)),
        (Here(600), "select_account", "599", Ok(Login)),
        (Here(600), "", "18446744073709551615", Ok(Issue)),
        (Here(6), "", "0", Ok(Login)),
        (Here(0), "", "0", Ok(Login)),
        (Here(0), "none", "0", Err(Cause::LoginRequired)),
        (Here(0), "", "1", Ok(Issue)),
        (JustLoggedIn, "", "", Ok(Issue)),
        (JustLoggedIn, "login", "", Ok(Issue)),
        (JustLoggedIn, "select_account", "", Ok(Issue)),
        (JustLoggedIn, "login select_account", "0", Ok(Issue)),
        (JustLoggedIn, "consent", "", Ok(AskConsent)),
        (JustLoggedIn, "", "0", Ok(Issue)),
        (JustLoggedIn, "", "1", Ok(Issue)),
    ];
    let covering = consent("read", &[]);
    for (who, prompt, max_age, expected) in rows {
        let request = request(&[("prompt", prompt), ("max_age", max_age)], ConsentRule::Ask);
        let visit = Visit {
            consent: Some(&covering),
            ..visit()
        };
        assert_eq!(
            decide(*who, &request, visit),
            *expected,
            "{who:?} prompt={prompt} max_age={max_age}"
        );
    }
}

#[test]
fn a_chosen_account_is_not_asked_for_again() {
    let request = request(&[("prompt", "select_account")], ConsentRule::Implied);
    let chosen = Visit {
        account_chosen: true,
        ..visit()
    };
    assert_eq!(decide(Who::Here(600), &request, chosen), Ok(Next::Issue));
    assert_eq!(decide(Who::Here(600), &request, visit()), Ok(Next::SelectAccount));
}

#[test]
fn an_id_token_hint_has_to_name_who_is_here() {
    let somebody_else = UserId::from_bytes([8; 16]);
    let rows = [
        (Who::Here(600), "", user().id, Ok(Next::Issue)),
        (Who::Here(600), "none", user().id, Ok(Next::Issue)),
        (Who::Here(600), "", somebody_else, Ok(Next::Login)),
        (Who::Here(600), "none", somebody_else, Err(Cause::LoginRequired)),
        (Who::JustLoggedIn, "", somebody_else, Ok(Next::Login)),
        (Who::JustLoggedIn, "", user().id, Ok(Next::Issue)),
        (Who::Nobody, "", user().id, Ok(Next::Login)),
        (Who::Nobody, "none", user().id, Err(Cause::LoginRequired)),
    ];
    for (who, prompt, hinted, expected) in rows {
        let request = request(&[("prompt", prompt)], ConsentRule::Implied);
        let visit = Visit {
            hint_names_another: hinted != user().id,
            ..visit()
        };
        assert_eq!(
            decide(who, &request, visit),
            expected,
            "{who:?} {prompt} {hinted:?}"
        );
    }
}

/// The client's rule, scope and resources of the request, what was allowed before, whether it was just allowed.
type ConsentRow<'a> = (ConsentRule, &'a str, &'a [&'a str], Option<Consent>, bool, Next);

#[test]
fn consent_is_asked_for_what_was_not_allowed_before() {
    use ConsentRule::{Ask, Implied};
    use Next::{Consent as AskConsent, Issue};
    #[rustfmt::skip]
    let rows: &[ConsentRow<'_>] = &[
        (Ask, "read", &[], None, false, AskConsent),
        (Ask, "read", &[], None, true, Issue),
        (Ask, "read", &[], Some(consent("read", &[])), false, Issue),
        (Ask, "read", &[], Some(consent("read write", &[API])), false, Issue),
        (Ask, "read write", &[], Some(consent("read", &[])), false, AskConsent),
        (Ask, "read", &[API], Some(consent("read", &[])), false, AskConsent),
        (Ask, "read", &[API], Some(consent("read", &[API, FILES])), false, Issue),
        (Ask, "read", &[API, FILES], Some(consent("read", &[API])), false, AskConsent),
        (Ask, "write", &[], Some(consent("read", &[])), false, AskConsent),
        (Implied, "read", &[API], None, false, Issue),
        (Implied, "read", &[], None, true, Issue),
    ];
    for (rule, scope, resources, allowed, given, expected) in rows {
        let mut changes = vec![("scope", *scope)];
        changes.extend(resources.iter().map(|id| ("resource", *id)));
        let request = request_of(&changes, *rule);
        let visit = Visit {
            consent: allowed.as_ref(),
            consent_given: *given,
            ..visit()
        };
        assert_eq!(
            decide(Who::Here(600), &request, visit),
            Ok(*expected),
            "{rule:?} {scope} {resources:?} {allowed:?} {given}"
        );
    }
}

fn request_of(changes: Form<'_>, rule: ConsentRule) -> AuthorizationRequest {
    let client = Client {
        consent: rule,
        ..confidential()
    };
    checked(&parameters_with(GOOD, changes), Some(Arc::new(client))).unwrap()
}

#[test]
fn prompt_consent_asks_even_a_client_that_is_never_asked_about() {
    let covering = consent("read", &[]);
    for rule in [ConsentRule::Ask, ConsentRule::Implied] {
        let request = request(&[("prompt", "consent")], rule);
        let remembered = Visit {
            consent: Some(&covering),
            ..visit()
        };
        assert_eq!(decide(Who::Here(600), &request, remembered), Ok(Next::Consent));
        let given = Visit {
            consent_given: true,
            ..remembered
        };
        assert_eq!(decide(Who::Here(600), &request, given), Ok(Next::Issue));
    }
}

#[test]
fn without_asking_a_missing_consent_is_an_error() {
    let request = request(&[("prompt", "none")], ConsentRule::Ask);
    assert_eq!(
        decide(Who::Here(600), &request, visit()),
        Err(Cause::ConsentRequired)
    );
}

/// The pages of one browser's request may be opened in another browser, where a session was all along. That is no
/// login for this request, although the session is another one than at the start.
#[test]
fn a_session_from_before_the_request_is_no_new_login() {
    for (prompt, max_age) in [("login", ""), ("", "0"), ("", "60")] {
        let request = request(&[("prompt", prompt), ("max_age", max_age)], ConsentRule::Implied);
        for login_at_start in [None, Some(before())] {
            let old = session(NOW.minus(Seconds(600)));
            let visit = Visit {
                session: Some(&old),
                login_at_start,
                consent_given: true,
                ..visit()
            };
            assert_eq!(
                next(&World::new().cx(), &request, &visit),
                Ok(Next::Login),
                "prompt={prompt} max_age={max_age}"
            );
        }
    }
}

/// A login in the very millisecond of the request is one for it only if it is another one than the session stood at.
#[test]
fn the_login_of_the_request_itself_is_no_new_login() {
    let request = request(&[("prompt", "login")], ConsentRule::Implied);
    let same_moment = session(ASKED_AT);
    let decide = |login_at_start| {
        let visit = Visit {
            session: Some(&same_moment),
            login_at_start,
            ..visit()
        };
        next(&World::new().cx(), &request, &visit)
    };
    assert_eq!(decide(Some(here())), Ok(Next::Login));
    assert_eq!(decide(Some(before())), Ok(Next::Issue));
    assert_eq!(decide(None), Ok(Next::Issue));
}

/// Of all combinations: nothing is ever shown with `prompt=none`, and it succeeds exactly when nothing had to be
/// shown without it.
#[test]
fn prompt_none_answers_what_no_prompt_would_show() {
    let covering = consent("read", &[]);
    for who in [Who::Nobody, Who::Here(0), Who::Here(600), Who::JustLoggedIn] {
        for max_age in ["", "0", "60", "600"] {
            for allowed in [None, Some(&covering)] {
                for hint_names_another in [false, true] {
                    let visit = Visit {
                        consent: allowed,
                        hint_names_another,
                        ..visit()
                    };
                    let asked =
                        |prompt| request(&[("prompt", prompt), ("max_age", max_age)], ConsentRule::Ask);
                    assert!(asked("none").hints.asks_for(Prompt::None));
                    let silent = decide(who, &asked("none"), visit);
                    let expected = match decide(who, &asked(""), visit) {
                        Ok(Next::Issue) => Ok(Next::Issue),
                        Ok(Next::Login) => Err(Cause::LoginRequired),
                        Ok(Next::Consent) => Err(Cause::ConsentRequired),
                        other => panic!("{other:?}"),
                    };
                    assert_eq!(silent, expected);
                }
            }
        }
    }
}
