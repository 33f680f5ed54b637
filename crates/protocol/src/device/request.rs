//! What a device asks for, and what it is told (RFC 8628 3.1 and 3.2).

use grantor_jose::digest::HmacKey;
use grantor_types::{DeviceAuthorizationId, GrantType, Parameters, Seconds};

use super::UserCode;
use crate::authorize::{requested_resources, requested_scope};
use crate::client_auth::Authenticated;
use crate::record::{DeviceAuthorization, DeviceState};
use crate::token::handle::DeviceHandle;
use crate::{Cause, Change, Cx, Decision, Random};

/// Longest name of a device that is kept, in characters.
const MAX_DEVICE: usize = 256;

/// A request of a device.
#[derive(Debug)]
pub struct NewDevice<'a> {
    /// Its parameters.
    pub form: &'a Parameters,
    /// What it calls itself: a hint for the person who is asked, and no more.
    pub device: &'a str,
    /// The user code that it will show.
    pub user_code: UserCode,
    /// The key that user codes are stored under.
    pub key: &'a HmacKey,
}

/// What the device is told.
#[derive(Clone, Debug)]
pub struct DeviceCodes {
    /// What it asks the token endpoint with.
    pub device_code: DeviceHandle,
    /// What it shows.
    pub user_code: UserCode,
    /// How long both live.
    pub expires_in: Seconds,
    /// How long it has to wait between two questions.
    pub interval: Seconds,
}

/// Takes the request of a device. A user code that is taken already is a conflict: decide again with another one.
pub fn request(
    cx: &Cx<'_>,
    random: &Random,
    client: &Authenticated,
    new: &NewDevice<'_>,
) -> Decision<DeviceCodes> {
    let device_code = DeviceHandle {
        id: DeviceAuthorizationId::new(cx.now, random.row),
        secret: random.secret,
    };
    Decision::of(wanted(cx, &device_code, client, new).map(|device| {
        let codes = DeviceCodes {
            device_code,
            user_code: new.user_code,
            expires_in: cx.policy.device_code_lifetime,
            interval: cx.policy.device_interval,
        };
        (codes, vec![Change::CreateDeviceAuthorization(Box::new(device))])
    }))
}

fn wanted(
    cx: &Cx<'_>,
    device_code: &DeviceHandle,
    client: &Authenticated,
    new: &NewDevice<'_>,
) -> Result<DeviceAuthorization, Cause> {
    let client = client.client();
    if !client.may_use(GrantType::DeviceCode) {
        return Err(Cause::GrantTypeNotAllowed);
    }
    let allowed = |resource: &_| client.audiences.contains(resource);
    Ok(DeviceAuthorization {
        id: device_code.id,
        secret: device_code.hash(),
        user_code: new.user_code.key(new.key),
        client: client.id.clone(),
        scope: requested_scope(new.form.value("scope"), &client.scope)?,
        resources: requested_resources(new.form, allowed, Cause::ResourceNotAllowed)?,
        device: new.device.chars().take(MAX_DEVICE).collect(),
        created_at: cx.now,
        expires_at: cx.now.plus(cx.policy.device_code_lifetime),
        state: DeviceState::Pending,
    })
}
