//! The device authorization grant at the token endpoint
//! ([RFC 8628 §3.4](https://www.rfc-editor.org/rfc/rfc8628#section-3.4)).
//!
//! A question that comes too early hears `slow_down`, but the interval is never made longer on our side, and tokens that
//! are ready are handed out however early the question: so a client that slows down for one question only, or not at all,
//! gets through all the same.

use std::sync::Arc;

use grantor_jose::digest;
use grantor_types::{GrantId, GrantType, Parameters, Resource, SecretHash, Timestamp};

use super::issue::first_tokens;
use super::{Caller, Grant};
use crate::authorize::requested_resources;
use crate::record::{
    self, ActiveGrant, Consent, DeviceApproval, DeviceAuthorization, DeviceState, GrantState, User,
};
use crate::token::TokenReply;
use crate::token::handle::DeviceHandle;
use crate::{Cause, Change, Cx, Decision, Random};

/// How much earlier than the interval a question may come, in milliseconds: timers and networks are not exact.
const TOLERANCE: u64 = 1_000;

/// The grant.
#[derive(Debug)]
pub struct DeviceCode;

/// Its parameters.
#[derive(Debug)]
pub struct DeviceRequest {
    /// The code; `None` when it is not of our form and so cannot be known.
    pub code: Option<DeviceHandle>,
    resources: Vec<Resource>,
}

/// What is known of the code.
#[derive(Debug)]
pub struct DeviceFacts {
    /// The device authorization that the code names.
    pub device: Option<Arc<DeviceAuthorization>>,
    /// When it was asked for last.
    pub last_poll: Option<Timestamp>,
    /// The user who approved it, who can still log in.
    pub user: Option<Arc<User>>,
    /// What that user allows the client by now.
    pub consent: Option<Consent>,
}

impl Grant for DeviceCode {
    const TYPE: GrantType = GrantType::DeviceCode;
    type Request = DeviceRequest;
    type Facts = DeviceFacts;

    fn parse(form: &Parameters) -> Result<Self::Request, Cause> {
        let code = form.value("device_code").ok_or(Cause::DeviceCodeMissing)?;
        Ok(DeviceRequest {
            code: DeviceHandle::parse(code),
            resources: requested_resources(form, |_| true, Cause::ResourceNotGranted)?,
        })
    }

    fn decide(
        cx: &Cx<'_>,
        random: &Random,
        caller: &Caller<'_>,
        request: &Self::Request,
        facts: Self::Facts,
    ) -> Decision<TokenReply> {
        let client = caller.client();
        let known = request.code.as_ref().zip(facts.device.as_ref());
        let known = known.filter(|(code, device)| code.id == device.id && code.hash() == device.secret);
        let Some((_, device)) = known else {
            return Decision::refuse(Cause::DeviceCodeUnknown);
        };
        if device.client != client.id {
            return Decision::refuse(Cause::DeviceCodeOfAnotherClient);
        }
        if !client.may_use(GrantType::DeviceCode) {
            return Decision::refuse(Cause::GrantTypeNotAllowed);
        }
        let tokens = approved(cx, device, &facts)
            .and_then(|(approval, user)| redeem(cx, random, caller, request, (device, approval, user)));
        Decision::of(tokens)
    }
}

/// Whether the device may have its tokens.
///
/// A code that was redeemed is refused and nothing more happens. Whoever asks by polling asks again when an answer was
/// lost on the way; a code never passes through a browser, where others could have read it; and whoever stole it can do
/// nothing with it after the device. So a second use is no sign of a theft that is worth the login of the person.
fn approved<'a>(
    cx: &Cx<'_>,
    device: &'a DeviceAuthorization,
    facts: &'a DeviceFacts,
) -> Result<(&'a DeviceApproval, &'a User), Cause> {
    let expired = device.expires_at.is_past(cx.now);
    match &device.state {
        DeviceState::Redeemed(_) => Err(Cause::DeviceCodeUsed),
        DeviceState::Denied => Err(Cause::DeviceDenied),
        DeviceState::Pending | DeviceState::Approved(_) if expired => Err(Cause::DeviceCodeExpired),
        DeviceState::Pending if too_early(cx, facts.last_poll) => Err(Cause::PollTooEarly),
        DeviceState::Pending => Err(Cause::AuthorizationPending),
        DeviceState::Approved(approval) => {
            let user = facts.user.as_deref().ok_or(Cause::UserDisabled)?;
            let covered = facts
                .consent
                .as_ref()
                .is_some_and(|consent| consent.covers(&device.scope, &device.resources));
            // The person took it back on the account page before the device came.
            if covered {
                Ok((approval, user))
            } else {
                Err(Cause::DeviceDenied)
            }
        }
    }
}

/// The first question is never too early; every other one is measured from the one before it.
fn too_early(cx: &Cx<'_>, last_poll: Option<Timestamp>) -> bool {
    let interval = cx.policy.device_interval.0.saturating_mul(1_000);
    last_poll.is_some_and(|last| {
        let passed = cx.now.as_milliseconds().saturating_sub(last.as_milliseconds());
        passed.saturating_add(TOLERANCE) < interval
    })
}

fn redeem(
    cx: &Cx<'_>,
    random: &Random,
    caller: &Caller<'_>,
    request: &DeviceRequest,
    (device, approval, user): (&DeviceAuthorization, &DeviceApproval, &User),
) -> Result<(TokenReply, Vec<Change>), Cause> {
    let mut grant = record::Grant {
        id: GrantId::new(cx.now, random.row),
        client: device.client.clone(),
        user: approval.user,
        session: Some(approval.session),
        scope: device.scope.clone(),
        resources: device.resources.clone(),
        nonce: None,
        auth_time: approval.auth_time,
        authentication_methods: approval.authentication_methods.clone(),
        // No authorization code belongs to this grant: the hash is that of a secret that nobody is told.
        code: SecretHash::from_digest(digest::sha256(&random.secret)),
        salt: random.salt,
        dpop_key: super::refresh_token_key(caller),
        exchange: None,
        openid: None,
        created_at: cx.now,
        expires_at: cx.now,
        state: GrantState::Active(ActiveGrant { refresh: None }),
    };
    let resources = super::granted_resources(&request.resources, &grant)?;
    let tokens = first_tokens(cx, random, caller, resources, (&grant, user));
    grant.expires_at = tokens.expires_at;
    grant.state = GrantState::Active(ActiveGrant {
        refresh: tokens.refresh,
    });
    let redeem = Change::RedeemDevice {
        device: device.id,
        grant: grant.id,
    };
    let changes = vec![redeem, Change::CreateGrant(Box::new(grant))];
    Ok((tokens.reply, changes))
}
