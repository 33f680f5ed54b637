//! The request to the end-session endpoint (RP-Initiated Logout 1.0, 2 and 3).

use std::sync::Arc;

use grantor_types::{ClientId, Parameters, RedirectUri, SessionId, with_query};
use serde::{Deserialize, Serialize};

use crate::record::{Client, Session};
use crate::subject::subject;
use crate::token::IdTokenClaims;
use crate::{Cause, Cx};

/// What an ID token says about whom it was issued to and in which session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogoutHint {
    /// Its `sub`.
    pub sub: String,
    /// Its `sid`.
    pub sid: Option<SessionId>,
}

impl From<IdTokenClaims> for LogoutHint {
    /// The claims have to come from a token of ours whose signature was checked.
    fn from(claims: IdTokenClaims) -> Self {
        Self {
            sub: claims.sub,
            sid: claims.sid,
        }
    }
}

/// A request that may be acted on.
#[derive(Clone, Debug)]
pub struct LogoutRequest {
    /// The client that it speaks for, if it is known and switched on.
    pub client: Option<Arc<Client>>,
    /// What its `id_token_hint` says.
    pub hint: Option<LogoutHint>,
    /// Where the browser goes afterwards.
    pub redirect: Option<PostLogoutRedirect>,
    /// The languages of our pages, as they were asked for.
    pub ui_locales: Option<String>,
    state: Option<String>,
}

/// A place that the browser may be sent to after the logout. Only the check of the registration makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostLogoutRedirect {
    uri: RedirectUri,
    state: Option<String>,
}

impl PostLogoutRedirect {
    /// The registered URI.
    pub fn uri(&self) -> &RedirectUri {
        &self.uri
    }

    /// The URI with `state` added: "If included in the logout request, the OP passes this value back to the RP using the
    /// state parameter when redirecting the User Agent back to the RP." (RP-Initiated Logout 1.0, 2) Nothing else is
    /// added, and the URI keeps its own query.
    pub fn address(&self) -> String {
        match &self.state {
            Some(state) => with_query(self.uri.as_str(), &[("state", state)]),
            None => self.uri.as_str().to_owned(),
        }
    }
}

/// The client that a request speaks for: the audience of its `id_token_hint`, or `client_id`.
///
/// # Errors
/// "When both client_id and id_token_hint are present, the OP MUST verify that the Client Identifier matches the one used
/// when issuing the ID Token." (RP-Initiated Logout 1.0, 2)
pub fn client_id(parameters: &Parameters, hint: Option<&IdTokenClaims>) -> Result<Option<ClientId>, Cause> {
    let named = parameters
        .value("client_id")
        .map(|text| ClientId::parse(text).map_err(|_| Cause::ClientIdMalformed))
        .transpose()?;
    let Some(hint) = hint else { return Ok(named) };
    let audience = ClientId::parse(&hint.aud).map_err(|_| Cause::IdTokenHintInvalid)?;
    match named {
        Some(named) if named != audience => Err(Cause::LogoutClientMismatch),
        Some(_) | None => Ok(Some(audience)),
    }
}

/// Checks a request. `client` is the one that [`client_id`] named, as it is registered now. `logout_hint` and parameters
/// that nobody knows are ignored.
///
/// # Errors
/// What keeps the request from being acted on: it belongs on a page, never in a redirect.
pub fn validate(
    parameters: &Parameters,
    hint: Option<LogoutHint>,
    client: Option<Arc<Client>>,
) -> Result<LogoutRequest, Cause> {
    if parameters.value("client_id").is_some() && client.is_none() {
        return Err(Cause::ClientUnknownAtAuthorize);
    }
    let state = parameters.value("state").map(str::to_owned);
    let redirect = match parameters.value("post_logout_redirect_uri") {
        Some(uri) => Some(redirect(uri, state.clone(), client.as_deref())?),
        None => None,
    };
    Ok(LogoutRequest {
        client: client.filter(|client| !client.disabled),
        hint,
        redirect,
        ui_locales: parameters.value("ui_locales").map(str::to_owned),
        state,
    })
}

/// "The OP also MUST NOT perform post-logout redirection if the post_logout_redirect_uri value supplied does not exactly match
/// one of the previously registered post_logout_redirect_uris values" (RP-Initiated Logout 1.0, 3). Whose they are has to
/// be known, from a hint or a `client_id`.
fn redirect(
    requested: &str,
    state: Option<String>,
    client: Option<&Client>,
) -> Result<PostLogoutRedirect, Cause> {
    let client = client.ok_or(Cause::PostLogoutRedirectUriWithoutClient)?;
    if client.disabled {
        return Err(Cause::ClientDisabled);
    }
    let mut registered = client.metadata.post_logout_redirect_uris.iter();
    let uri = registered.find(|uri| uri.as_str() == requested);
    Ok(PostLogoutRedirect {
        uri: uri.cloned().ok_or(Cause::PostLogoutRedirectUriUnregistered)?,
        state,
    })
}

impl LogoutRequest {
    /// Whether the hint proves that the request is about this session: then nobody has to be asked. "The OP [...] MUST ask
    /// the End-User this question if an id_token_hint was not provided or if the supplied ID Token does not belong to the
    /// current OP session with the RP and/or currently logged in End-User." (RP-Initiated Logout 1.0, 2)
    pub fn is_about(&self, cx: &Cx<'_>, session: &Session) -> bool {
        let Some(hint) = &self.hint else { return false };
        let same_user = |client: &Arc<Client>| hint.sub == subject(cx, client, session.user);
        hint.sid == Some(session.id) || self.client.as_ref().is_some_and(same_user)
    }

    /// The parameters that have to be kept while a person is asked: all but the hint, which [`validate`] takes beside
    /// them.
    pub fn parameters(&self) -> Parameters {
        let mut parameters = Parameters::default();
        let kept = [
            ("client_id", self.client.as_ref().map(|client| client.id.as_str())),
            (
                "post_logout_redirect_uri",
                self.redirect.as_ref().map(|redirect| redirect.uri.as_str()),
            ),
            ("state", self.state.as_deref()),
            ("ui_locales", self.ui_locales.as_deref()),
        ];
        for (name, value) in kept {
            if let Some(value) = value {
                parameters = parameters.with(name, value);
            }
        }
        parameters
    }
}
