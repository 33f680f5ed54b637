//! Who may sign whom out, where the browser goes, who is told, and what may be registered.

mod delivery;

use std::sync::Arc;

use grantor_types::{Issuer, RedirectUri, Seconds, SecretHash, SessionId, TokenId, UserId, WebUri};
use serde_json::json;

use super::{
    EndingSession, LogoutHint, LogoutRequest, check_registration, client_id, end, frame_address, join,
    login_address, logout_token, validate,
};
use crate::fixture::{Edit, Form, NOW, RANDOM, World, confidential, parameters, pending_grant, user};
use crate::record::{Client, Job, Session, SingleUseKey, Task};
use crate::token::{IdTokenClaims, id_token};
use crate::{Cause, Change};

const GOODBYE: &str = "https://app.example/goodbye?keep=1";

fn session() -> Session {
    Session {
        id: SessionId::from_bytes([6; 16]),
        secret: SecretHash::from_digest([0; 32]),
        user: user().id,
        auth_time: NOW,
        authentication_methods: Vec::new(),
        user_agent: String::new(),
        expires_at: NOW.plus(Seconds(100)),
    }
}

fn client() -> Client {
    let mut client = confidential();
    client.metadata.post_logout_redirect_uris = ["https://app.example/goodbye", GOODBYE, "app:/out"]
        .map(|uri| RedirectUri::parse(uri).unwrap())
        .into();
    client
}

fn claims() -> IdTokenClaims {
    let jti = TokenId::new(NOW, RANDOM.token);
    id_token(
        &World::new().cx(),
        (&client(), &user()),
        &pending_grant(),
        jti,
        None,
    )
    .claims
}

fn checked(form: Form<'_>, with_hint: bool, known: Option<Client>) -> Result<LogoutRequest, Cause> {
    let parameters = parameters(form);
    let hint = with_hint.then(claims);
    let named = client_id(&parameters, hint.as_ref())?;
    let client = named.and(known).map(Arc::new);
    validate(&parameters, hint.map(LogoutHint::from), client)
}

#[allow(clippy::too_many_lines, reason = "a table")]
#[test]
fn where_the_browser_goes() {
    use Cause::{
        ClientDisabled, ClientIdMalformed, ClientUnknownAtAuthorize, LogoutClientMismatch,
        PostLogoutRedirectUriUnregistered as Unregistered, PostLogoutRedirectUriWithoutClient as Nobodys,
    };
    const URI: &str = "post_logout_redirect_uri";
    let disabled = || Client {
        disabled: true,
        ..client()
    };
    type Row<'a> = (
        Form<'a>,
        bool,
        Option<Client>,
        Result<Option<&'static str>, Cause>,
    );
    let known = || Some(client());
    let rows: Vec<Row<'_>> = vec![
        (&[], false, None, Ok(None)),
        (&[("state", "s")], false, None, Ok(None)),
        (&[("logout_hint", "x"), ("unknown", "y")], false, None, Ok(None)),
        (&[], true, known(), Ok(None)),
        (
            &[(URI, "https://app.example/goodbye")],
            true,
            known(),
            Ok(Some("https://app.example/goodbye")),
        ),
        (
            &[(URI, "https://app.example/goodbye"), ("state", "a b&c=é#")],
            true,
            known(),
            Ok(Some("https://app.example/goodbye?state=a+b%26c%3D%C3%A9%23")),
        ),
        (
            &[(URI, GOODBYE), ("state", "s"), ("client_id", "app")],
            true,
            known(),
            Ok(Some("https://app.example/goodbye?keep=1&state=s")),
        ),
        (
            &[(URI, "app:/out"), ("client_id", "app")],
            false,
            known(),
            Ok(Some("app:/out")),
        ),
        (&[(URI, GOODBYE)], false, None, Err(Nobodys)),
        (&[(URI, GOODBYE)], true, None, Err(Nobodys)),
        (
            &[(URI, "https://app.example/goodbye/")],
            true,
            known(),
            Err(Unregistered),
        ),
        (
            &[(URI, "https://app.example/goodbye?keep=1&x=2")],
            true,
            known(),
            Err(Unregistered),
        ),
        (
            &[(URI, "HTTPS://app.example/goodbye")],
            true,
            known(),
            Err(Unregistered),
        ),
        (
            &[(URI, "https://app.example/cb")],
            true,
            known(),
            Err(Unregistered),
        ),
        (&[(URI, GOODBYE)], true, Some(disabled()), Err(ClientDisabled)),
        (&[], true, Some(disabled()), Ok(None)),
        (
            &[("client_id", "other")],
            true,
            known(),
            Err(LogoutClientMismatch),
        ),
        (
            &[("client_id", "gone")],
            false,
            None,
            Err(ClientUnknownAtAuthorize),
        ),
        (&[("client_id", "\u{7f}")], false, None, Err(ClientIdMalformed)),
    ];
    for (form, with_hint, known, expected) in rows {
        let found = checked(form, with_hint, known);
        let found = found.map(|request| request.redirect.map(|redirect| redirect.address()));
        assert_eq!(
            found,
            expected.map(|uri| uri.map(str::to_owned)),
            "{form:?} {with_hint}"
        );
    }
}

/// What is kept while a person is asked says the same again.
#[test]
fn what_is_kept_is_the_request_without_its_hint() {
    let form: Form<'_> = &[
        ("post_logout_redirect_uri", GOODBYE),
        ("state", "s t"),
        ("ui_locales", "de"),
        ("id_token_hint", "x"),
        ("logout_hint", "alice"),
    ];
    let request = checked(form, true, Some(client())).unwrap();
    let kept = request.parameters();
    assert_eq!(
        kept.encode(),
        "client_id=app&post_logout_redirect_uri=https%3A%2F%2Fapp.example%2Fgoodbye%3Fkeep%3D1&state=s+t&ui_locales=de"
    );
    let again = validate(&kept, request.hint.clone(), request.client.clone()).unwrap();
    assert_eq!(again.redirect, request.redirect);
    assert_eq!(again.parameters().encode(), kept.encode());
}

#[test]
fn a_hint_is_about_its_session_and_its_user() {
    let other_user = UserId::from_bytes([1; 16]);
    let other_session = SessionId::from_bytes([1; 16]);
    let rows: [(Edit<Session>, bool); 4] = [
        (Box::new(|_| {}), true),
        (Box::new(move |session| session.id = other_session), true),
        (Box::new(move |session| session.user = other_user), true),
        (
            Box::new(move |session| (session.id, session.user) = (other_session, other_user)),
            false,
        ),
    ];
    let world = World::new();
    let with = checked(&[], true, Some(client())).unwrap();
    let without = checked(&[("client_id", "app")], false, Some(client())).unwrap();
    for (number, (edit, expected)) in rows.into_iter().enumerate() {
        let mut present = session();
        edit(&mut present);
        assert_eq!(with.is_about(&world.cx(), &present), expected, "row {number}");
        assert!(!without.is_about(&world.cx(), &present));
    }
}

fn told(id: &str, edit: impl FnOnce(&mut Client)) -> Arc<Client> {
    let mut client = Client {
        id: crate::fixture::client_id(id),
        ..confidential()
    };
    client.metadata.backchannel_logout_uri = Some(WebUri::parse("https://app.example/backchannel").unwrap());
    edit(&mut client);
    Arc::new(client)
}

fn frame(client: &mut Client) {
    client.metadata.backchannel_logout_uri = None;
    client.metadata.frontchannel_logout_uri = Some(WebUri::parse("https://app.example/frame?a=b").unwrap());
}

#[test]
fn the_end_of_a_session_tells_each_client_once_and_takes_its_grants() {
    let mut world = World::new();
    let clients = vec![
        told("one", |_| {}),
        told("two", |_| {}),
        told("frame", frame),
        told("retired", |client| client.disabled = true),
    ];
    let ending = EndingSession {
        session: session(),
        clients,
    };
    let changes = end(NOW, &world.policy, &ending);
    let mut jobs: Vec<&Job> = Vec::new();
    for change in &changes {
        if let Change::CreateJob(job) = change {
            jobs.push(job);
        }
    }
    let [one, two] = jobs.as_slice() else {
        panic!("{changes:?}")
    };
    assert_ne!(one.id, two.id);
    let task = |client| Task::BackchannelLogout {
        client: crate::fixture::client_id(client),
        user: user().id,
        session: session().id,
    };
    assert_eq!((&one.task, &two.task), (&task("one"), &task("two")));
    assert_eq!((one.attempts, one.due_at), (0, NOW));
    let once = Change::UseOnce {
        key: SingleUseKey::of("end of session", &[session().id.as_bytes()]),
        expires_at: session().expires_at,
    };
    let revoke = Change::RevokeGrantsOfSession {
        user: user().id,
        session: session().id,
        at: NOW,
    };
    assert_eq!(changes[2..], [once, Change::EndSession(session().id), revoke]);

    world.policy.revoke_grants_at_logout = false;
    let ending = EndingSession {
        clients: Vec::new(),
        ..ending
    };
    assert_eq!(
        end(NOW, &world.policy, &ending),
        [Change::EndSession(session().id)]
    );
}

#[test]
fn clients_join_a_session_when_they_want_to_hear_of_its_end() {
    assert_eq!(join(&session(), &confidential()), None);
    for client in [told("app", |_| {}), told("app", frame)] {
        let expected = Change::JoinSession {
            session: session().id,
            client: client.id.clone(),
            expires_at: session().expires_at,
        };
        assert_eq!(join(&session(), &client), Some(expected));
    }
}

#[test]
fn a_logout_token_says_what_the_specification_says_and_nothing_more() {
    let world = World::new();
    let token = logout_token(&world.cx(), &RANDOM, &client(), user().id, session().id);
    assert_eq!(token.algorithm, world.policy.id_token_algorithm);
    let now = NOW.as_seconds();
    let expected = json!({
        "iss": "https://id.example",
        "sub": user().id.to_string(),
        "aud": "app",
        "iat": now,
        "exp": now + 120,
        "jti": token.claims.jti.to_string(),
        "sid": session().id.to_string(),
        "events": { "http://schemas.openid.net/event/backchannel-logout": {} },
    });
    assert_eq!(serde_json::to_value(&token.claims).unwrap(), expected);
}

#[test]
fn frames_and_logins_begun_here_name_the_issuer() {
    let issuer = Issuer::parse("https://id.example").unwrap();
    let framed = told("frame", frame);
    let expected = format!(
        "https://app.example/frame?a=b&iss=https%3A%2F%2Fid.example&sid={}",
        session().id
    );
    assert_eq!(frame_address(&issuer, &framed, session().id), Some(expected));
    assert_eq!(frame_address(&issuer, &told("back", |_| {}), session().id), None);

    assert_eq!(login_address(&issuer, &client()), None);
    let begun = told("app", |client| {
        client.metadata.initiate_login_uri = Some(WebUri::parse("https://app.example/begin").unwrap());
    });
    assert_eq!(
        login_address(&issuer, &begun).as_deref(),
        Some("https://app.example/begin?iss=https%3A%2F%2Fid.example")
    );
}

#[test]
fn what_may_be_registered() {
    let uri = |text: &str| Some(WebUri::parse(text).unwrap());
    let rows: [(Edit<Client>, bool); 8] = [
        (Box::new(|_| {}), true),
        (
            Box::new(move |client| {
                client.metadata.backchannel_logout_uri = uri("https://elsewhere.example/x?y=z")
            }),
            true,
        ),
        (
            Box::new(move |client| client.metadata.backchannel_logout_uri = uri("https://app.example/x#y")),
            false,
        ),
        (
            Box::new(move |client| {
                client.metadata.frontchannel_logout_uri = uri("https://app.example/x?y=z")
            }),
            true,
        ),
        (
            Box::new(move |client| client.metadata.frontchannel_logout_uri = uri("https://app.example/x#y")),
            false,
        ),
        (
            Box::new(move |client| {
                client.metadata.frontchannel_logout_uri = uri("https://app.example:8443/x")
            }),
            false,
        ),
        (
            Box::new(move |client| client.metadata.initiate_login_uri = uri("https://app.example/begin")),
            true,
        ),
        (
            Box::new(move |client| client.metadata.initiate_login_uri = uri("https://app.example/begin#x")),
            false,
        ),
    ];
    for (number, (edit, allowed)) in rows.into_iter().enumerate() {
        let mut client = confidential();
        edit(&mut client);
        assert_eq!(check_registration(&client).is_ok(), allowed, "row {number}");
    }
    for refused in ["http://app.example/x", "ftp://app.example/x", "/x", "app:/x"] {
        assert!(WebUri::parse(refused).is_err(), "{refused}");
    }
}
