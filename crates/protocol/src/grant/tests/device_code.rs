//! Asking for the tokens of a device (RFC 8628 3.4 and 3.5).

use std::sync::Arc;

use grantor_jose::digest;
use grantor_types::{
    DeviceAuthorizationId, GrantId, GrantType, Resource, Seconds, SecretHash, SessionId, Thumbprint,
    Timestamp,
};

use crate::fixture::{
    API, CODE_SECRET, FILES, Form, NOW, RANDOM, SALT, World, authenticated, caller, client_id, confidential,
    parameters_with, public, resource, scope, user,
};
use crate::grant::{Caller, DeviceCode, DeviceFacts, Grant as _};
use crate::record::{
    ActiveGrant, Client, Consent, DeviceApproval, DeviceAuthorization, DeviceState, Grant, GrantState,
    RefreshState, UserCodeKey,
};
use crate::token::TokenReply;
use crate::token::handle::DeviceHandle;
use crate::{Cause, Change, Decision};

const DEVICE: DeviceAuthorizationId = DeviceAuthorizationId::from_bytes([8; 16]);

fn approval() -> DeviceApproval {
    DeviceApproval {
        user: user().id,
        session: SessionId::from_bytes([6; 16]),
        auth_time: NOW.minus(Seconds(10)),
        authentication_methods: vec!["pwd".to_owned()],
    }
}

fn device(state: DeviceState) -> DeviceAuthorization {
    DeviceAuthorization {
        id: DEVICE,
        secret: SecretHash::from_digest(digest::sha256(&CODE_SECRET)),
        user_code: UserCodeKey::from_bytes([1; 32]),
        client: client_id("app"),
        scope: scope("openid read"),
        resources: vec![resource(API), resource(FILES)],
        device: "TV".to_owned(),
        created_at: NOW.minus(Seconds(60)),
        expires_at: NOW.plus(Seconds(60)),
        state,
    }
}

fn consent(tokens: &str) -> Consent {
    Consent {
        user: user().id,
        client: client_id("app"),
        scope: scope(tokens),
        resources: vec![resource(FILES), resource(API)],
        granted_at: NOW,
    }
}

/// What an answer is decided from.
struct Case {
    world: World,
    client: Client,
    facts: DeviceFacts,
    dpop_key: Option<Thumbprint>,
}

impl Case {
    fn of(state: DeviceState) -> Self {
        Self {
            world: World::new(),
            client: confidential(),
            facts: DeviceFacts {
                device: Some(Arc::new(device(state))),
                last_poll: None,
                user: Some(Arc::new(user())),
                consent: Some(consent("openid profile read")),
            },
            dpop_key: None,
        }
    }

    fn approved() -> Self {
        Self::of(DeviceState::Approved(approval()))
    }

    fn at(mut self, now: Timestamp) -> Self {
        self.world.now = now;
        self
    }

    fn decide(self, changes: Form<'_>) -> Decision<TokenReply> {
        let code = DeviceHandle {
            id: DEVICE,
            secret: CODE_SECRET,
        }
        .encode();
        let form = parameters_with(&[("device_code", code.as_str())], changes);
        let request = match DeviceCode::parse(&form) {
            Ok(request) => request,
            Err(cause) => return Decision::refuse(cause),
        };
        let client = authenticated(self.client);
        let caller = Caller {
            dpop_key: self.dpop_key,
            ..caller(&client)
        };
        DeviceCode::decide(&self.world.cx(), &RANDOM, &caller, &request, self.facts)
    }

    /// The cause of a refusal, which never writes.
    fn refusal(self, changes: Form<'_>) -> Option<Cause> {
        let decision = self.decide(changes);
        let cause = decision.outcome.err();
        assert!(cause.is_none() || decision.changes.is_empty(), "{cause:?} writes");
        cause
    }
}

#[test]
fn an_approved_device_gets_its_tokens() {
    let decision = Case::approved().decide(&[]);
    let grant = GrantId::new(NOW, RANDOM.row);
    let [
        Change::RedeemDevice { device, grant: noted },
        Change::CreateGrant(created),
    ] = decision.changes.as_slice()
    else {
        panic!("{:?}", decision.changes)
    };
    assert_eq!((*device, *noted), (DEVICE, grant));
    let expected = Grant {
        id: grant,
        client: client_id("app"),
        user: user().id,
        session: Some(approval().session),
        scope: scope("openid read"),
        resources: vec![resource(API), resource(FILES)],
        nonce: None,
        auth_time: approval().auth_time,
        authentication_methods: approval().authentication_methods,
        code: created.code,
        salt: SALT,
        dpop_key: None,
        exchange: None,
        openid: None,
        created_at: NOW,
        expires_at: NOW.plus(Seconds::days(30)),
        state: GrantState::Active(ActiveGrant {
            refresh: Some(RefreshState {
                generation: 0,
                rotated_at: NOW,
            }),
        }),
    };
    assert_eq!(**created, expected);
    let reply = decision.outcome.unwrap();
    assert_eq!(reply.scope, scope("openid read"));
    assert_eq!(reply.refresh_token.unwrap().grant, grant);
    let id_token = reply.id_token.unwrap().claims;
    assert_eq!(
        (id_token.nonce, id_token.sid, id_token.auth_time),
        (None, Some(approval().session), NOW.as_seconds() - 10)
    );
    let claims = reply.access_token.claims;
    assert_eq!(
        (claims.sub, claims.grant, claims.cnf),
        (user().id.to_string(), Some(grant), None)
    );
}

#[test]
fn what_is_not_granted_is_not_handed_out() {
    let mut case = Case::approved();
    case.client.grant_types = vec![GrantType::DeviceCode];
    Arc::make_mut(case.facts.device.as_mut().unwrap()).scope = scope("read");
    let decision = case.decide(&[("resource", FILES)]);
    let Some(Change::CreateGrant(grant)) = decision.changes.last() else {
        panic!("{:?}", decision.changes)
    };
    assert_eq!(grant.expires_at, NOW.plus(Seconds::hours(1)));
    assert_eq!(grant.state, GrantState::Active(ActiveGrant { refresh: None }));
    let reply = decision.outcome.unwrap();
    assert!(reply.refresh_token.is_none() && reply.id_token.is_none());
    assert_eq!(reply.access_token.claims.aud.values(), [FILES]);
    assert_eq!(
        Case::approved().refusal(&[("resource", "https://else.example")]),
        Some(Cause::ResourceNotGranted)
    );
}

/// The access token is bound for every client, the refresh token for public ones (RFC 9449 5).
#[test]
fn tokens_are_bound_to_the_key_that_was_proven() {
    let key = Thumbprint::from_digest([5; 32]);
    for (client, bound) in [(public(), Some(key)), (confidential(), None)] {
        let case = Case {
            client,
            dpop_key: Some(key),
            ..Case::approved()
        };
        let decision = case.decide(&[]);
        let Some(Change::CreateGrant(grant)) = decision.changes.last() else {
            panic!("{:?}", decision.changes)
        };
        assert_eq!(grant.dpop_key, bound);
        let confirmation = decision.outcome.unwrap().access_token.claims.cnf;
        assert_eq!(confirmation.map(|confirmation| confirmation.jkt), Some(key));
    }
}

#[test]
fn every_state_has_its_answer() {
    let approved = || DeviceState::Approved(approval());
    let redeemed = DeviceState::Redeemed(GrantId::from_bytes([5; 16]));
    let (alive, ended) = (NOW.plus(Seconds(59)), NOW.plus(Seconds(60)));
    let rows = [
        (DeviceState::Pending, alive, Some(Cause::AuthorizationPending)),
        (DeviceState::Pending, ended, Some(Cause::DeviceCodeExpired)),
        (approved(), alive, None),
        (approved(), ended, Some(Cause::DeviceCodeExpired)),
        (DeviceState::Denied, alive, Some(Cause::DeviceDenied)),
        (DeviceState::Denied, ended, Some(Cause::DeviceDenied)),
        (redeemed.clone(), alive, Some(Cause::DeviceCodeUsed)),
        (redeemed, ended, Some(Cause::DeviceCodeUsed)),
    ];
    for (state, now, expected) in rows {
        let shown = format!("{state:?} at {now:?}");
        assert_eq!(Case::of(state).at(now).refusal(&[]), expected, "{shown}");
    }
}

/// The first question is free; the others are measured from the one before, with a second of tolerance.
#[test]
fn the_pace() {
    let pending = Cause::AuthorizationPending;
    let rows = [
        (None, pending),
        (Some(0), Cause::PollTooEarly),
        (Some(3_999), Cause::PollTooEarly),
        (Some(4_000), pending),
        (Some(5_000), pending),
        (Some(3_600_000), pending),
    ];
    for (ago, expected) in rows {
        let last_poll = ago.map(|ago| Timestamp::from_milliseconds(NOW.as_milliseconds() - ago));
        let with = |mut case: Case| {
            case.facts.last_poll = last_poll;
            case
        };
        let pending = with(Case::of(DeviceState::Pending));
        assert_eq!(pending.refusal(&[]), Some(expected), "{ago:?}");
        // What there is to say is said at any pace.
        assert_eq!(with(Case::approved()).refusal(&[]), None, "{ago:?}");
        let denied = with(Case::of(DeviceState::Denied));
        assert_eq!(denied.refusal(&[]), Some(Cause::DeviceDenied), "{ago:?}");
        let ended = with(Case::of(DeviceState::Pending)).at(NOW.plus(Seconds::hours(2)));
        assert_eq!(ended.refusal(&[]), Some(Cause::DeviceCodeExpired), "{ago:?}");
    }
    // A clock that was set back makes nobody wait longer than the interval.
    let mut case = Case::of(DeviceState::Pending);
    case.facts.last_poll = Some(NOW.plus(Seconds(100)));
    assert_eq!(case.refusal(&[]), Some(Cause::PollTooEarly));
}

#[test]
fn codes_that_are_not_the_clients_own() {
    let unknown = Some(Cause::DeviceCodeUnknown);
    let other = |id, secret| DeviceHandle { id, secret }.encode();
    let another_id = other(DeviceAuthorizationId::from_bytes([9; 16]), CODE_SECRET);
    let another_secret = other(DEVICE, [0; 32]);
    for code in ["x", another_id.as_str(), another_secret.as_str()] {
        assert_eq!(
            Case::approved().refusal(&[("device_code", code)]),
            unknown,
            "{code}"
        );
    }
    let mut case = Case::approved();
    case.facts.device = None;
    assert_eq!(case.refusal(&[]), unknown);
    assert_eq!(
        Case::approved().refusal(&[("device_code", "")]),
        Some(Cause::DeviceCodeMissing)
    );
    // Whatever state it is in, a stranger hears the same.
    for state in [
        DeviceState::Pending,
        DeviceState::Approved(approval()),
        DeviceState::Denied,
        DeviceState::Redeemed(GrantId::from_bytes([5; 16])),
    ] {
        let mut case = Case::of(state);
        case.client.id = client_id("other");
        assert_eq!(case.refusal(&[]), Some(Cause::DeviceCodeOfAnotherClient));
    }
    let mut case = Case::approved();
    case.client
        .grant_types
        .retain(|grant| *grant != GrantType::DeviceCode);
    assert_eq!(case.refusal(&[]), Some(Cause::GrantTypeNotAllowed));
}

#[test]
fn what_changed_after_the_approval_counts() {
    let mut case = Case::approved();
    case.facts.user = None;
    assert_eq!(case.refusal(&[]), Some(Cause::UserDisabled));
    let without: Resource = resource(API);
    let narrower = Consent {
        resources: vec![without],
        ..consent("openid read")
    };
    for consent in [None, Some(consent("openid")), Some(narrower)] {
        let mut case = Case::approved();
        case.facts.consent = consent;
        assert_eq!(case.refusal(&[]), Some(Cause::DeviceDenied));
    }
}
