//! Device authorizations.

use grantor_protocol::record::{DeviceApproval, DeviceAuthorization, DeviceState, UserCodeKey};
use grantor_store::StoreError;
use grantor_types::{DeviceAuthorizationId, GrantId, Scope, SecretHash, SessionId, UserId};
use rusqlite::Connection;

use crate::column::Columns;
use crate::statement::one;

const TABLE: &str = "device_authorizations";

/// The columns in the order in which [`device`] reads them.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, secret, user_code, client, scope, resources, device, created_at, expires_at, state, user, \
             session, auth_time, authentication_methods, redeemed_grant FROM device_authorizations ",
            $rest
        )
    };
}

/// A device authorization by id.
pub(crate) fn by_id(
    connection: &Connection,
    id: DeviceAuthorizationId,
) -> Result<Option<DeviceAuthorization>, StoreError> {
    let sql = select!("WHERE id = ?1");
    one(connection, (TABLE, sql), [id.as_bytes()], device)
}

/// A device authorization by its user code.
pub(crate) fn by_user_code(
    connection: &Connection,
    user_code: &UserCodeKey,
) -> Result<Option<DeviceAuthorization>, StoreError> {
    let sql = select!("WHERE user_code = ?1");
    one(connection, (TABLE, sql), [user_code.as_bytes()], device)
}

fn device(columns: &mut Columns<'_>) -> Result<DeviceAuthorization, StoreError> {
    Ok(DeviceAuthorization {
        id: columns.bytes().map(DeviceAuthorizationId::from_bytes)?,
        secret: columns.bytes().map(SecretHash::from_digest)?,
        user_code: columns.bytes().map(UserCodeKey::from_bytes)?,
        client: columns.client()?,
        scope: columns.parsed(Scope::parse)?,
        resources: columns.json()?,
        device: columns.text()?,
        created_at: columns.time()?,
        expires_at: columns.time()?,
        state: state(columns)?,
    })
}

/// The name of the state and the columns of all states, of which those of the others are null.
fn state(columns: &mut Columns<'_>) -> Result<DeviceState, StoreError> {
    let name = columns.text()?;
    let user = columns.optional(Columns::bytes)?.map(UserId::from_bytes);
    let session = columns.optional(Columns::bytes)?.map(SessionId::from_bytes);
    let auth_time = columns.optional(Columns::time)?;
    let authentication_methods = columns.optional(Columns::json)?;
    let grant = columns.optional(Columns::bytes)?.map(GrantId::from_bytes);
    let approval = match (user, session, auth_time, authentication_methods) {
        (Some(user), Some(session), Some(auth_time), Some(authentication_methods)) => Some(DeviceApproval {
            user,
            session,
            auth_time,
            authentication_methods,
        }),
        (_, _, _, _) => None,
    };
    let state = match name.as_str() {
        "pending" => Some(DeviceState::Pending),
        "approved" => approval.map(DeviceState::Approved),
        "denied" => Some(DeviceState::Denied),
        "redeemed" => grant.map(DeviceState::Redeemed),
        _ => None,
    };
    state.ok_or_else(|| columns.inconsistent(&format!("the columns do not make a device that is {name}")))
}
