//! What the person answers (RFC 8628 3.3).

use crate::record::{Client, Consent, DeviceApproval, DeviceAuthorization, DeviceState, Session};
use crate::{Change, Cx, logout};

/// Why nothing can be answered to a user code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unanswerable {
    /// No device waits under it.
    Unknown,
    /// It has expired.
    Expired,
    /// It was answered before.
    Answered,
}

/// The device that waits for an answer.
///
/// # Errors
/// [`Unanswerable`].
pub fn waiting(cx: &Cx<'_>, found: Option<DeviceAuthorization>) -> Result<DeviceAuthorization, Unanswerable> {
    let device = found.ok_or(Unanswerable::Unknown)?;
    if device.expires_at.is_past(cx.now) {
        return Err(Unanswerable::Expired);
    }
    match device.state {
        DeviceState::Pending => Ok(device),
        DeviceState::Approved(_) | DeviceState::Denied | DeviceState::Redeemed(_) => {
            Err(Unanswerable::Answered)
        }
    }
}

/// The person of this session allows the device. It is remembered as a consent, so that they find the application on
/// their account page and can take the access back, even before the device has come for its tokens. Its client hears when
/// the session ends.
pub fn approve(cx: &Cx<'_>, client: &Client, device: &DeviceAuthorization, session: &Session) -> Vec<Change> {
    let mut changes = vec![
        Change::ApproveDevice {
            device: device.id,
            approval: DeviceApproval {
                user: session.user,
                session: session.id,
                auth_time: session.auth_time,
                authentication_methods: session.authentication_methods.clone(),
            },
        },
        Change::AddConsent(Consent {
            user: session.user,
            client: device.client.clone(),
            scope: device.scope.clone(),
            resources: device.resources.clone(),
            granted_at: cx.now,
        }),
    ];
    changes.extend(logout::join(session, client));
    changes
}

/// The person does not allow the device.
pub fn deny(device: &DeviceAuthorization) -> Vec<Change> {
    vec![Change::DenyDevice(device.id)]
}
