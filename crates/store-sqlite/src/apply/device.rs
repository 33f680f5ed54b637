//! Device authorizations. The columns of a state are null in the others.

use grantor_protocol::record::{DeviceApproval, DeviceAuthorization, DeviceState};
use grantor_store::StoreError;
use grantor_types::{DeviceAuthorizationId, GrantId};
use rusqlite::{Connection, named_params};

use super::{Changed, require};
use crate::column::{json, time};
use crate::statement::execute;

const TABLE: &str = "device_authorizations";

/// Inserts a device authorization whose id and user code are new.
pub(super) fn create(connection: &Connection, device: &DeviceAuthorization) -> Changed {
    let sql = "INSERT INTO device_authorizations (id, secret, user_code, client, scope, resources, device, created_at,
            expires_at, state, user, session, auth_time, authentication_methods, redeemed_grant)
        VALUES (:id, :secret, :user_code, :client, :scope, :resources, :device, :created_at,
            :expires_at, :state, :user, :session, :auth_time, :authentication_methods, :redeemed_grant)
        ON CONFLICT DO NOTHING";
    let state = StateColumns::of(&device.state);
    let values = named_params! {
        ":id": device.id.as_bytes(),
        ":secret": device.secret.as_bytes(),
        ":user_code": device.user_code.as_bytes(),
        ":client": device.client.as_str(),
        ":scope": device.scope.to_string(),
        ":resources": json(&device.resources)?,
        ":device": device.device,
        ":created_at": time(device.created_at),
        ":expires_at": time(device.expires_at),
        ":state": state.name,
        ":user": state.approval.map(|approval| approval.user.as_bytes()),
        ":session": state.approval.map(|approval| approval.session.as_bytes()),
        ":auth_time": state.approval.map(|approval| time(approval.auth_time)),
        ":authentication_methods": state.authentication_methods()?,
        ":redeemed_grant": state.grant.map(GrantId::as_bytes),
    };
    require(execute(connection, (TABLE, sql), values)?)
}

/// Allows a device that is pending.
pub(super) fn approve(
    connection: &Connection,
    id: DeviceAuthorizationId,
    approval: &DeviceApproval,
) -> Changed {
    answer(connection, id, &StateColumns::approved(approval))
}

/// Denies a device that is pending.
pub(super) fn deny(connection: &Connection, id: DeviceAuthorizationId) -> Changed {
    answer(connection, id, &StateColumns::empty("denied"))
}

/// Notes which grant a device got that was allowed.
pub(super) fn redeem(connection: &Connection, id: DeviceAuthorizationId, grant: GrantId) -> Changed {
    let sql = "UPDATE device_authorizations SET state = 'redeemed', redeemed_grant = ?2, user = NULL, session = NULL,
            auth_time = NULL, authentication_methods = NULL
        WHERE id = ?1 AND state = 'approved'";
    let values = (id.as_bytes(), grant.as_bytes());
    require(execute(connection, (TABLE, sql), values)?)
}

fn answer(connection: &Connection, id: DeviceAuthorizationId, state: &StateColumns<'_>) -> Changed {
    let sql = "UPDATE device_authorizations
        SET state = ?2, user = ?3, session = ?4, auth_time = ?5, authentication_methods = ?6
        WHERE id = ?1 AND state = 'pending'";
    let values = (
        id.as_bytes(),
        state.name,
        state.approval.map(|approval| approval.user.as_bytes()),
        state.approval.map(|approval| approval.session.as_bytes()),
        state.approval.map(|approval| time(approval.auth_time)),
        state.authentication_methods()?,
    );
    require(execute(connection, (TABLE, sql), values)?)
}

/// What the columns of a state hold.
struct StateColumns<'a> {
    name: &'static str,
    approval: Option<&'a DeviceApproval>,
    grant: Option<&'a GrantId>,
}

impl<'a> StateColumns<'a> {
    fn of(state: &'a DeviceState) -> Self {
        match state {
            DeviceState::Pending => Self::empty("pending"),
            DeviceState::Approved(approval) => Self::approved(approval),
            DeviceState::Denied => Self::empty("denied"),
            DeviceState::Redeemed(grant) => Self {
                grant: Some(grant),
                ..Self::empty("redeemed")
            },
        }
    }

    fn approved(approval: &'a DeviceApproval) -> Self {
        Self {
            approval: Some(approval),
            ..Self::empty("approved")
        }
    }

    fn empty(name: &'static str) -> Self {
        Self {
            name,
            approval: None,
            grant: None,
        }
    }

    fn authentication_methods(&self) -> Result<Option<String>, StoreError> {
        let methods = self.approval.map(|approval| &approval.authentication_methods);
        methods.map(json).transpose()
    }
}
