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
    // A mode that cannot be is reported by the default one; check_response_mode refuses it.
    Ok(ValidatedRedirect {
        mode: requested_mode(parameters, &uri).unwrap_or(ResponseMode::Query),
        uri,
        state: parameters.value("state").map(str::to_owned),
    })
}

fn asks_for_openid(parameters: &Parameters) -> bool {
    parameters
        .value("scope")
        .is_some_and(|scope| scope.split(' ').any(|token| token == "openid"))
}

pub(super) fn check_response_mode(
    parameters: &Parameters,
    redirect: &ValidatedRedirect,
) -> Result<(), Cause> {
    requested_mode(parameters, &redirect.uri).map(|_| ())
}

fn requested_mode(parameters: &Parameters, uri: &RedirectUri) -> Result<ResponseMode, Cause> {
    let Some(name) = parameters.value("response_mode") else {
        return Ok(ResponseMode::Query);
    };
    match ResponseMode::from_name(name) {
        // A form can be posted to a web address, not to an application's own scheme.
        Some(ResponseMode::FormPost) if !is_web(uri) => Err(Cause::ResponseModeUnsupported),
        Some(mode) => Ok(mode),
        None => Err(Cause::ResponseModeUnsupported),
    }
}

fn is_web(uri: &RedirectUri) -> bool {
    uri.to_url()
        .is_some_and(|url| matches!(url.scheme(), "http" | "https"))
}
