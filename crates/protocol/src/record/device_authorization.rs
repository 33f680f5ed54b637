//! A device authorization ([RFC 8628](https://www.rfc-editor.org/rfc/rfc8628)): what a device code, and the user code
//! that a person types, stand for.

use grantor_types::{
    ClientId, DeviceAuthorizationId, GrantId, Resource, Scope, Seconds, SecretHash, SessionId, Timestamp,
    UserId,
};

/// A device's request for authorization. The row stays a while after its end, so that the device hears that the code
/// has expired and not that it never was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceAuthorization {
    /// Its id, carried by the device code.
    pub id: DeviceAuthorizationId,
    /// SHA-256 of the device code's secret.
    pub secret: SecretHash,
    /// What the user code is found by.
    pub user_code: UserCodeKey,
    /// Who asks.
    pub client: ClientId,
    /// What is asked for.
    pub scope: Scope,
    /// For which resource servers.
    pub resources: Vec<Resource>,
    /// What the device calls itself, for the person who is asked.
    pub device: String,
    /// When it was asked.
    pub created_at: Timestamp,
    /// When the codes end.
    pub expires_at: Timestamp,
    /// Where it stands.
    pub state: DeviceState,
}

/// The keyed hash of a user code: a user code is short, so a plain hash would hide nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UserCodeKey([u8; 32]);

impl UserCodeKey {
    /// A key with these bytes: an HMAC.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes, for storing.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// The life of a device authorization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeviceState {
    /// Nobody has answered.
    Pending,
    /// Somebody allowed it; the device has not come for its tokens.
    Approved(DeviceApproval),
    /// Somebody denied it.
    Denied,
    /// The device has its tokens.
    Redeemed(GrantId),
}

/// Who allowed a device, and how they had logged in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceApproval {
    /// Who.
    pub user: UserId,
    /// In which session.
    pub session: SessionId,
    /// When they had logged in.
    pub auth_time: Timestamp,
    /// How they had logged in: `amr` values.
    pub authentication_methods: Vec<String>,
}

/// How long the row of a device authorization stays after its codes have ended.
pub const DEVICE_REMEMBERED_FOR: Seconds = Seconds::hours(1);
