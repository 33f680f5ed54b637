//! What flows leave behind while they are under way: devices, pushed requests, personal access tokens, things used once.

use grantor_protocol::Change;
use grantor_protocol::record::{
    DeviceApproval, DeviceAuthorization, DeviceState, InitialAccessToken, Job, PersonalAccessToken,
    PushedRequest, SingleUseKey, SubjectMapping, Task, TrustedIssuer, UserCodeKey,
};
use grantor_types::{
    DeviceAuthorizationId, InitialAccessTokenId, JobId, PersonalAccessTokenId, PushedRequestId, Seconds,
    SecretHash, SigningAlgorithm, WebUri,
};

use super::{at, bytes, client_id, grant_id, resource, scope, session_id, user_id};

fn digest(kind: u8, number: u32) -> [u8; 32] {
    let [a, b, c, d] = number.to_be_bytes();
    let mut digest = [kind; 32];
    digest[..4].copy_from_slice(&[a, b, c, d]);
    digest
}

pub(in crate::contract) fn device_id(number: u32) -> DeviceAuthorizationId {
    DeviceAuthorizationId::from_bytes(bytes(5, number))
}

pub(in crate::contract) fn user_code(number: u32) -> UserCodeKey {
    UserCodeKey::from_bytes(digest(20, number))
}

/// A pending device authorization of client 1 that ends half an hour into the play.
pub(in crate::contract) fn device(number: u32) -> DeviceAuthorization {
    DeviceAuthorization {
        id: device_id(number),
        secret: SecretHash::from_digest(digest(21, number)),
        user_code: user_code(number),
        client: client_id(1),
        scope: scope("openid profile"),
        resources: vec![resource(2), resource(1)],
        device: "TV/1.0 (\u{2603})".into(),
        created_at: at(7),
        expires_at: at(1_800),
        state: DeviceState::Pending,
    }
}

pub(in crate::contract) fn create_device(device: DeviceAuthorization) -> Change {
    Change::CreateDeviceAuthorization(Box::new(device))
}

pub(in crate::contract) fn approval(user: u32) -> DeviceApproval {
    DeviceApproval {
        user: user_id(user),
        session: session_id(user),
        auth_time: at(6),
        authentication_methods: vec!["pwd".into(), "otp, with \"quotes\"".into()],
    }
}

pub(in crate::contract) fn approve(number: u32, user: u32) -> Change {
    Change::ApproveDevice {
        device: device_id(number),
        approval: approval(user),
    }
}

pub(in crate::contract) fn deny_device(number: u32) -> Change {
    Change::DenyDevice(device_id(number))
}

pub(in crate::contract) fn redeem_device(number: u32, grant: u32) -> Change {
    Change::RedeemDevice {
        device: device_id(number),
        grant: grant_id(grant),
    }
}

pub(in crate::contract) fn pushed_id(number: u32) -> PushedRequestId {
    PushedRequestId::from_bytes(bytes(6, number))
}

/// A pushed request that ends 90 seconds into the play.
pub(in crate::contract) fn pushed(number: u32) -> PushedRequest {
    PushedRequest {
        id: pushed_id(number),
        secret: SecretHash::from_digest(digest(22, number)),
        client: client_id(1),
        parameters: "scope=openid+profile&state=%E2%98%83".into(),
        expires_at: at(90),
    }
}

pub(in crate::contract) fn push(request: PushedRequest) -> Change {
    Change::CreatePushedRequest(Box::new(request))
}

pub(in crate::contract) fn personal_id(number: u32) -> PersonalAccessTokenId {
    PersonalAccessTokenId::from_bytes(bytes(7, number))
}

pub(in crate::contract) fn personal_hash(number: u32) -> SecretHash {
    SecretHash::from_digest(digest(23, number))
}

/// A personal access token that ends an hour into the play and has not been used.
pub(in crate::contract) fn personal(number: u32, user: u32) -> PersonalAccessToken {
    PersonalAccessToken {
        id: personal_id(number),
        hash: personal_hash(number),
        user: user_id(user),
        client: number.is_multiple_of(2).then(|| client_id(1)),
        name: format!("Script {number} \u{1f511}"),
        scope: scope("read write"),
        created_at: at(5),
        expires_at: at(3_600),
        last_used_at: None,
    }
}

pub(in crate::contract) fn make(token: PersonalAccessToken) -> Change {
    Change::CreatePersonalAccessToken(Box::new(token))
}

pub(in crate::contract) fn touch(number: u32, seconds: u64) -> Change {
    Change::TouchPersonalAccessToken {
        token: personal_id(number),
        at: at(seconds),
    }
}

pub(in crate::contract) fn delete_personal(number: u32, user: u32) -> Change {
    Change::DeletePersonalAccessToken {
        user: user_id(user),
        token: personal_id(number),
    }
}

pub(in crate::contract) fn once(number: u32) -> SingleUseKey {
    SingleUseKey::from_bytes(digest(24, number))
}

pub(in crate::contract) fn use_once(number: u32, end: u64) -> Change {
    Change::UseOnce {
        key: once(number),
        expires_at: at(end),
    }
}

pub(in crate::contract) fn trusted_issuer(number: u32) -> TrustedIssuer {
    TrustedIssuer {
        issuer: format!("https://issuer-{number:05}.example"),
        jwks: None,
        jwks_uri: WebUri::parse("https://issuer.example/keys").ok(),
        algorithms: vec![SigningAlgorithm::Es256],
        subject: SubjectMapping::Username,
        scope: scope("read"),
        clients: vec![client_id(1), client_id(2)],
        max_lifetime: Some(Seconds(60)),
        software_statements: true,
    }
}

pub(in crate::contract) fn put_issuer(issuer: TrustedIssuer) -> Change {
    Change::PutTrustedIssuer(Box::new(issuer))
}

pub(in crate::contract) fn delete_issuer(number: u32) -> Change {
    Change::DeleteTrustedIssuer(trusted_issuer(number).issuer)
}

pub(in crate::contract) fn join(session: u32, client: u32, end: u64) -> Change {
    Change::JoinSession {
        session: session_id(session),
        client: client_id(client),
        expires_at: at(end),
    }
}

pub(in crate::contract) fn initial_id(number: u32) -> InitialAccessTokenId {
    InitialAccessTokenId::from_bytes(bytes(8, number))
}

pub(in crate::contract) fn initial_hash(number: u32) -> SecretHash {
    SecretHash::from_digest(digest(25, number))
}

/// An initial access token that ends an hour into the play; every second number has two uses.
pub(in crate::contract) fn initial(number: u32) -> InitialAccessToken {
    InitialAccessToken {
        id: initial_id(number),
        hash: initial_hash(number),
        name: format!("Partner {number}"),
        uses_left: number.is_multiple_of(2).then_some(2),
        created_at: at(5),
        expires_at: at(3_600),
    }
}

pub(in crate::contract) fn make_initial(token: InitialAccessToken) -> Change {
    Change::CreateInitialAccessToken(Box::new(token))
}

pub(in crate::contract) fn use_initial(number: u32) -> Change {
    Change::UseInitialAccessToken(initial_id(number))
}

pub(in crate::contract) fn job_id(number: u32) -> JobId {
    JobId::from_bytes(bytes(9, number))
}

/// A job that is due at once.
pub(in crate::contract) fn job(number: u32, due: u64) -> Job {
    Job {
        id: job_id(number),
        task: Task::BackchannelLogout {
            client: client_id(1),
            user: user_id(1),
            session: session_id(number),
        },
        attempts: 0,
        due_at: at(due),
    }
}

pub(in crate::contract) fn create_job(job: Job) -> Change {
    Change::CreateJob(Box::new(job))
}

pub(in crate::contract) fn move_job(number: u32, from: u64, to: u64, attempts: u32) -> Change {
    Change::MoveJob {
        job: job_id(number),
        from: at(from),
        to: at(to),
        attempts,
    }
}
