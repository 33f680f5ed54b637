//! Device authorizations.

use grantor_protocol::record::{DeviceAuthorization, DeviceState};
use grantor_types::{DeviceAuthorizationId, GrantId};

use super::{Changed, Conflict, require};
use crate::memory::tables::Tables;

pub(super) fn create(tables: &mut Tables, device: DeviceAuthorization) -> Changed {
    let taken = |other: &DeviceAuthorization| other.id == device.id || other.user_code == device.user_code;
    require(!tables.devices.rows().values().any(taken))?;
    Ok(tables.devices.put(device.id, device))
}

pub(super) fn answer(tables: &mut Tables, id: DeviceAuthorizationId, state: DeviceState) -> Changed {
    change(tables, id, state, |found| *found == DeviceState::Pending)
}

pub(super) fn redeem(tables: &mut Tables, id: DeviceAuthorizationId, grant: GrantId) -> Changed {
    let approved = |found: &DeviceState| matches!(found, DeviceState::Approved(_));
    change(tables, id, DeviceState::Redeemed(grant), approved)
}

fn change(
    tables: &mut Tables,
    id: DeviceAuthorizationId,
    state: DeviceState,
    guard: impl Fn(&DeviceState) -> bool,
) -> Changed {
    let found = tables.devices.rows().get(&id).ok_or(Conflict)?;
    require(guard(&found.state))?;
    let changed = DeviceAuthorization {
        state,
        ..found.clone()
    };
    Ok(tables.devices.put(id, changed))
}
