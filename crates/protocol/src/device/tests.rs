//! What a device is told, and what is answered to it (RFC 8628 3.1 to 3.3 and 6.1).

use grantor_types::{DeviceAuthorizationId, GrantId, GrantType, Seconds, SecretHash, SessionId, Timestamp};

use super::{NewDevice, Unanswerable, UserCode, approve, deny, request, waiting};
use crate::fixture::{
    API, CODE_SECRET, FILES, Form, NOW, RANDOM, World, authenticated, client_id, confidential,
    derivation_key, parameters, resource, scope, user,
};
use crate::record::{
    Client, Consent, DeviceApproval, DeviceAuthorization, DeviceState, Session, UserCodeKey,
};
use crate::{Cause, Change, Decision};

fn code() -> UserCode {
    UserCode::parse("BCDF-GHJK").unwrap()
}

fn asked(client: Client, form: Form<'_>, device: &str) -> Decision<super::DeviceCodes> {
    let new = NewDevice {
        form: &parameters(form),
        device,
        user_code: code(),
        key: &derivation_key(7),
    };
    request(&World::new().cx(), &RANDOM, &authenticated(client), &new)
}

#[test]
fn a_request_becomes_a_row_and_two_codes() {
    let decision = asked(
        confidential(),
        &[("scope", "openid read"), ("resource", API), ("resource", API)],
        "TV/1.0",
    );
    let [Change::CreateDeviceAuthorization(device)] = decision.changes.as_slice() else {
        panic!("{:?}", decision.changes)
    };
    let expected = DeviceAuthorization {
        id: DeviceAuthorizationId::new(NOW, RANDOM.row),
        secret: SecretHash::from_digest(grantor_jose::digest::sha256(&CODE_SECRET)),
        user_code: code().key(&derivation_key(7)),
        client: client_id("app"),
        scope: scope("openid read"),
        resources: vec![resource(API)],
        device: "TV/1.0".to_owned(),
        created_at: NOW,
        expires_at: NOW.plus(Seconds::minutes(30)),
        state: DeviceState::Pending,
    };
    assert_eq!(**device, expected);
    let codes = decision.outcome.unwrap();
    assert_eq!(
        (codes.device_code.id, codes.device_code.secret),
        (expected.id, CODE_SECRET)
    );
    assert_eq!(codes.user_code, code());
    assert_eq!(
        (codes.expires_in, codes.interval),
        (Seconds::minutes(30), Seconds(5))
    );
}

#[test]
fn what_may_be_asked_for() {
    let device_only = Client {
        grant_types: vec![GrantType::DeviceCode],
        ..confidential()
    };
    let without = Client {
        grant_types: vec![GrantType::AuthorizationCode, GrantType::RefreshToken],
        ..confidential()
    };
    let rows: [(Client, Form<'_>, Option<Cause>); 7] = [
        (device_only, &[], None),
        (without, &[], Some(Cause::GrantTypeNotAllowed)),
        (
            confidential(),
            &[("scope", "admin")],
            Some(Cause::ScopeNotAllowed),
        ),
        (confidential(), &[("scope", "\"")], Some(Cause::ScopeMalformed)),
        (confidential(), &[("resource", FILES)], None),
        (
            confidential(),
            &[("resource", "https://else.example")],
            Some(Cause::ResourceNotAllowed),
        ),
        (
            confidential(),
            &[("resource", "#")],
            Some(Cause::ResourceMalformed),
        ),
    ];
    for (client, form, expected) in rows {
        let decision = asked(client, form, "");
        assert_eq!(decision.changes.is_empty(), expected.is_some());
        assert_eq!(decision.outcome.err(), expected, "{form:?}");
    }
    // Without a scope everything that the client is registered for; a long name is cut.
    let decision = asked(confidential(), &[], &"\u{2603}".repeat(1_000));
    let Some(Change::CreateDeviceAuthorization(device)) = decision.changes.first() else {
        panic!("{:?}", decision.changes)
    };
    assert_eq!(device.scope, confidential().scope);
    assert_eq!(device.device, "\u{2603}".repeat(256));
}

#[test]
fn codes_as_people_type_them() {
    for typed in [
        "BCDF-GHJK",
        "bcdfghjk",
        "  bcdf ghjk ",
        "b c d f - g h j k",
        "BcDf\u{2013}gHjK.",
        "BCDF\u{a0}GHJK",
    ] {
        assert_eq!(UserCode::parse(typed), Some(code()), "{typed:?}");
    }
    for wrong in [
        "",
        "BCDF-GHJ",
        "BCDF-GHJKL",
        // A vowel, a digit, a letter that only looks like one of ours.
        "ACDF-GHJK",
        "BCDF-GHJ1",
        "\u{412}CDF-GHJK",
        &"-".repeat(65),
    ] {
        assert_eq!(UserCode::parse(wrong), None, "{wrong:?}");
    }
    assert_eq!(code().shown(), "BCDF-GHJK");
    assert_eq!(format!("{:?}", code()), "UserCode([redacted])");
}

#[test]
fn codes_are_drawn_from_all_letters() {
    assert_eq!(UserCode::draw([0; 16]).shown(), "BBBB-BBBB");
    let mut random = [0; 16];
    let mut seen = std::collections::BTreeSet::new();
    for number in 0..200_u8 {
        random[15] = number;
        random[3] = number.wrapping_mul(37);
        let drawn = UserCode::draw(random).shown();
        assert_eq!(UserCode::parse(&drawn).unwrap().shown(), drawn);
        seen.extend(drawn.chars().filter(|letter| *letter != '-'));
    }
    assert_eq!(seen.into_iter().collect::<String>(), "BCDFGHJKLMNPQRSTVWXZ");
}

#[test]
fn a_code_is_stored_under_a_key() {
    let other = UserCode::parse("BCDF-GHJL").unwrap();
    assert_eq!(code().key(&derivation_key(7)), code().key(&derivation_key(7)));
    assert_ne!(code().key(&derivation_key(7)), code().key(&derivation_key(8)));
    assert_ne!(code().key(&derivation_key(7)), other.key(&derivation_key(7)));
}

fn device(state: DeviceState) -> DeviceAuthorization {
    DeviceAuthorization {
        id: DeviceAuthorizationId::from_bytes([8; 16]),
        secret: SecretHash::from_digest([1; 32]),
        user_code: UserCodeKey::from_bytes([2; 32]),
        client: client_id("app"),
        scope: scope("openid read"),
        resources: vec![resource(API)],
        device: String::new(),
        created_at: NOW,
        expires_at: NOW.plus(Seconds(60)),
        state,
    }
}

fn session() -> Session {
    Session {
        id: SessionId::from_bytes([6; 16]),
        secret: SecretHash::from_digest([3; 32]),
        user: user().id,
        auth_time: NOW.minus(Seconds(10)),
        authentication_methods: vec!["pwd".to_owned()],
        user_agent: String::new(),
        expires_at: NOW.plus(Seconds::hours(1)),
    }
}

#[test]
fn who_waits_for_an_answer() {
    let approval = DeviceApproval {
        user: user().id,
        session: session().id,
        auth_time: NOW,
        authentication_methods: Vec::new(),
    };
    let (alive, ended) = (NOW.plus(Seconds(59)), NOW.plus(Seconds(60)));
    let answered = Some(Unanswerable::Answered);
    let rows: [(Option<DeviceState>, Timestamp, Option<Unanswerable>); 7] = [
        (None, alive, Some(Unanswerable::Unknown)),
        (Some(DeviceState::Pending), alive, None),
        (Some(DeviceState::Pending), ended, Some(Unanswerable::Expired)),
        (Some(DeviceState::Approved(approval)), alive, answered),
        (Some(DeviceState::Denied), alive, answered),
        (Some(DeviceState::Denied), ended, Some(Unanswerable::Expired)),
        (
            Some(DeviceState::Redeemed(GrantId::from_bytes([5; 16]))),
            alive,
            answered,
        ),
    ];
    for (state, now, expected) in rows {
        let shown = format!("{state:?} at {now:?}");
        let found = waiting(&World::at(now).cx(), state.map(device));
        assert_eq!(found.err(), expected, "{shown}");
    }
}

#[test]
fn an_answer_says_who_gave_it() {
    let world = World::new();
    let waiting = device(DeviceState::Pending);
    let approval = DeviceApproval {
        user: user().id,
        session: session().id,
        auth_time: session().auth_time,
        authentication_methods: session().authentication_methods,
    };
    let expected = [
        Change::ApproveDevice {
            device: waiting.id,
            approval,
        },
        Change::AddConsent(Consent {
            user: user().id,
            client: client_id("app"),
            scope: waiting.scope.clone(),
            resources: waiting.resources.clone(),
            granted_at: NOW,
        }),
    ];
    assert_eq!(
        approve(&world.cx(), &confidential(), &waiting, &session()),
        expected
    );
    assert_eq!(deny(&waiting), [Change::DenyDevice(waiting.id)]);
}
