//! `redirect_uri`, `response_mode` and `state`: where the response goes.

use grantor_types::{Parameters, RedirectUri, ResponseMode};

use crate::Cause;
use crate::record::Client;

/// A place that responses and errors may be sent to. Only the check of the redirect URI makes one, so that an open
/// redirect does not compile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValidatedRedirect {
    uri: RedirectUri,
    mode: ResponseMode,
    state: Option<String>,
}

impl ValidatedRedirect {
    /// The URI, with the port of this request where the registration leaves it open.
    pub fn uri(&self) -> &RedirectUri {
        &self.uri
    }

    /// How the response travels.
    pub fn mode(&self) -> ResponseMode {
        self.mode
    }

    /// `state`, byte for byte as it came.
    pub fn state(&self) -> Option<&str> {
        self.state.as_deref()
    }
}

/// "The authorization server MUST compare the two URIs using simple string comparison" (OAuth 2.1 2.3.1), with the
/// exception of the loopback port.
pub(super) fn check(parameters: &Parameters, client: &Client) -> Result<ValidatedRedirect, Cause> {
    let uri = match (parameters.value("redirect_uri"), client.redirect_uris.as_slice()) {
        (Some(requested), registered) => {
            if !registered.iter().any(|uri| uri.matches(requested)) {
                return Err(Cause::RedirectUriUnregistered);
            }
            RedirectUri::parse(requested).map_err(|_| Cause::RedirectUriUnregistered)?
        }
        // OpenID Connect Core 3.1.2.1 makes redirect_uri REQUIRED; OAuth lets it go when there is only one.
        (None, [only]) if !asks_for_openid(parameters) => only.clone(),
        (None, _) => return Err(Cause::RedirectUriMissing),
    };
    // An unknown mode is reported by the default one; check_response_mode refuses it.
    let mode = parameters
        .value("response_mode")
        .and_then(ResponseMode::from_name)
        .unwrap_or(ResponseMode::Query);
    Ok(ValidatedRedirect {
        uri,
        mode,
        state: parameters.value("state").map(str::to_owned),
    })
}

fn asks_for_openid(parameters: &Parameters) -> bool {
    parameters
        .value("scope")
        .is_some_and(|scope| scope.split(' ').any(|token| token == "openid"))
}

pub(super) fn check_response_mode(parameters: &Parameters) -> Result<(), Cause> {
    match parameters.value("response_mode").map(ResponseMode::from_name) {
        Some(None) => Err(Cause::ResponseModeUnsupported),
        None | Some(Some(_)) => Ok(()),
    }
}
