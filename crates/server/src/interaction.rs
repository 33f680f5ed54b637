//! What a person is in the middle of, carried through the browser: sealed, so that nothing in it can be changed, and
//! with an end. The server keeps nothing until there is a grant.

use grantor_protocol::authorize::Origin;
use grantor_types::{DeviceAuthorizationId, SessionId, Timestamp};
use serde::{Deserialize, Serialize};

use grantor_protocol::Cause;

use crate::app::{App, Failure};

const PURPOSE: &str = "interaction";

/// Where it leads.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Target {
    /// Back to an application, with the answer to its authorization request, encoded as it came.
    Authorize {
        /// The parameters.
        parameters: String,
        /// What vouches for them.
        origin: Origin,
    },
    /// To the question about a device, with the code that was typed.
    Device {
        /// The device.
        device: DeviceAuthorizationId,
        /// The code as it is shown.
        user_code: String,
    },
    /// To the account page.
    Account,
}

/// Something a person is in the middle of.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Interaction {
    pub(crate) target: Target,
    /// When it began.
    pub(crate) started_at: Timestamp,
    /// The session when it began; a login gives another one.
    pub(crate) session_at_start: Option<SessionId>,
    /// The session whose account the person chose on the account page.
    pub(crate) chosen: Option<SessionId>,
}

impl Interaction {
    /// Begins one.
    pub(crate) fn new(app: &App, target: Target, session: Option<SessionId>) -> Self {
        Self {
            target,
            started_at: app.now(),
            session_at_start: session,
            chosen: None,
        }
    }

    /// The text that pages carry.
    pub(crate) fn seal(&self, app: &App) -> Result<String, Failure> {
        let plain = serde_json::to_vec(self).map_err(|error| Failure::internal("interaction", error))?;
        app.keys
            .load()
            .sealing()
            .seal(PURPOSE, &plain)
            .map_err(|error| Failure::internal("interaction", error))
    }

    /// Reads it back.
    pub(crate) fn open(app: &App, sealed: Option<&str>) -> Result<Self, Failure> {
        let opened = sealed.and_then(|sealed| app.keys.load().sealing().open(PURPOSE, sealed).ok());
        let interaction = opened.and_then(|plain| serde_json::from_slice::<Self>(plain.expose()).ok());
        let live = |found: &Self| {
            !found
                .started_at
                .plus(app.settings.policy.interaction_lifetime)
                .is_past(app.now())
        };
        interaction
            .filter(live)
            .ok_or(Failure::from(Cause::InteractionExpired))
    }

    /// The path of a page of ours that goes on with it.
    pub(crate) fn path_of(&self, app: &App, page: &str) -> Result<String, Failure> {
        Ok(format!("{}?interaction={}", app.path(page), self.seal(app)?))
    }
}
