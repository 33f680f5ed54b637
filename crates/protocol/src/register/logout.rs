//! Where a client hears of logouts, and where people go after them (RP-Initiated Logout 1.0, 3.1; Back-Channel Logout 1.0,
//! 2.2; Front-Channel Logout 1.0, 2).

use grantor_types::{MAX_URI_LENGTH, RedirectUri, WebUri};

use super::document::{Document, Refusal};
use super::{Context, Wanted, application};
use crate::Cause;
use crate::logout::{has_fragment, is_at_redirect_uri};

const AFTER: &str = "post_logout_redirect_uris";
const BACK: &str = "backchannel_logout_uri";
const FRONT: &str = "frontchannel_logout_uri";

pub(super) fn read(context: &Context<'_>, document: &Document, wanted: &mut Wanted) -> Result<(), Refusal> {
    for text in document.list(AFTER, MAX_URI_LENGTH)?.unwrap_or_default() {
        let uri = RedirectUri::parse(text).ok();
        let uri = uri.filter(|uri| application::is_allowed(context, wanted.application_type, uri));
        let refused = Refusal::of(AFTER, Cause::RegistrationPostLogoutUri);
        wanted
            .metadata
            .post_logout_redirect_uris
            .push(uri.ok_or(refused)?);
    }
    let back = address(context, document, BACK)?;
    let front = address(context, document, FRONT)?;
    if let Some(front) = &front
        && !is_at_redirect_uri(front, &wanted.redirect_uris)
    {
        return Err(Refusal::of(FRONT, Cause::RegistrationFrontchannelOrigin));
    }
    let metadata = &mut wanted.metadata;
    metadata.backchannel_logout_uri = back;
    metadata.backchannel_logout_session_required = document.flag("backchannel_logout_session_required")?;
    metadata.frontchannel_logout_uri = front;
    metadata.frontchannel_logout_session_required = document.flag("frontchannel_logout_session_required")?;
    Ok(())
}

/// An address that we call, or lead a browser to with parameters of ours.
pub(super) fn address(
    context: &Context<'_>,
    document: &Document,
    member: &'static str,
) -> Result<Option<WebUri>, Refusal> {
    match document.web_uri(context, member)? {
        Some(uri) if has_fragment(&uri) => Err(Refusal::of(member, Cause::RegistrationUriFragment)),
        uri => Ok(uri),
    }
}
