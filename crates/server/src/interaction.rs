//! What a person is in the middle of, carried through the browser: sealed, so that nothing in it can be changed, and
//! with an end. The server keeps nothing until there is a grant.

use grantor_pages::field;
use grantor_protocol::authorize::Origin;
use grantor_protocol::record::{LoginId, Session};
use grantor_types::{DeviceAuthorizationId, Parameters, SessionId, Timestamp};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use grantor_protocol::Cause;

use crate::app::{App, Failure};
use crate::browser::Browser;

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
    /// The login when it began.
    pub(crate) login_at_start: Option<LoginId>,
    /// The session whose account the person chose on the account page.
    pub(crate) chosen: Option<SessionId>,
}

impl Interaction {
    /// Begins one.
    pub(crate) fn new(app: &App, target: Target, session: Option<&Session>) -> Self {
        Self {
            target,
            started_at: app.now(),
            login_at_start: session.map(Session::login_id),
            chosen: None,
        }
    }

    /// The one that a page was opened in, or a new one that leads to the account.
    pub(crate) fn of_page(app: &App, browser: &Browser, query: &Parameters) -> Result<Self, Failure> {
        match query.value(field::INTERACTION) {
            None => Ok(Self::new(app, Target::Account, browser.session())),
            sealed => Self::open(app, sealed),
        }
    }

    /// The text that pages carry.
    pub(crate) fn seal(&self, app: &App) -> Result<String, Failure> {
        seal(app, PURPOSE, self)
    }

    /// Reads it back.
    pub(crate) fn open(app: &App, sealed: Option<&str>) -> Result<Self, Failure> {
        open::<Self>(app, PURPOSE, sealed)
            .filter(|found| is_live(app, found.started_at))
            .ok_or(Failure::from(Cause::InteractionExpired))
    }

    /// The path of a page of ours that goes on with it.
    pub(crate) fn path_of(&self, app: &App, page: &str) -> Result<String, Failure> {
        Ok(format!("{}?interaction={}", app.path(page), self.seal(app)?))
    }
}

/// Seals something that a page carries. `purpose` keeps one kind apart from another.
pub(crate) fn seal<T: Serialize>(app: &App, purpose: &str, value: &T) -> Result<String, Failure> {
    let plain = serde_json::to_vec(value).map_err(|error| Failure::internal("interaction", error))?;
    app.keys
        .load()
        .sealing()
        .seal(purpose, &plain)
        .map_err(|error| Failure::internal("interaction", error))
}

/// Reads it back; `None` when we did not seal it for this purpose.
pub(crate) fn open<T: DeserializeOwned>(app: &App, purpose: &str, sealed: Option<&str>) -> Option<T> {
    let opened = app.keys.load().sealing().open(purpose, sealed?).ok()?;
    serde_json::from_slice(opened.expose()).ok()
}

/// Whether a page that was begun at this time may still be used.
pub(crate) fn is_live(app: &App, started_at: Timestamp) -> bool {
    let end = started_at.plus(app.settings.policy.interaction_lifetime);
    !end.is_past(app.now())
}
