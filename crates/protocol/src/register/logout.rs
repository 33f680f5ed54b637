//! Where a client hears of logouts, and where people go after them (RP-Initiated Logout 1.0, 3.1; Back-Channel Logout 1.0,
//! 2.2; Front-Channel Logout 1.0, 2).

use grantor_types::{MAX_URI_LENGTH, RedirectUri};

use super::document::{Document, Refusal};
use super::{Context, Wanted, application};
use crate::Cause;

const AFTER: &str = "post_logout_redirect_uris";
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
    let back = document.web_uri(context, "backchannel_logout_uri")?;
    let front = document.web_uri(context, FRONT)?;
    // "The domain, port, and scheme of this URL MUST be the same as that of a registered Redirection URI value."
    // (Front-Channel Logout 1.0, 2)
    if let Some(front) = &front
        && !at_origin_of_redirect_uri(front.as_str(), wanted)
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

fn at_origin_of_redirect_uri(uri: &str, wanted: &Wanted) -> bool {
    let origin = |uri: RedirectUri| uri.to_url().map(|url| url.origin());
    let own = RedirectUri::parse(uri).ok().and_then(origin);
    let mut registered = wanted.redirect_uris.iter().cloned();
    own.is_some() && registered.any(|uri| origin(uri) == own)
}
