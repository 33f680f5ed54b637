//! What a client may register about logins and logouts that begin elsewhere.

use grantor_types::{Issuer, WebUri};

use super::frame::with_query;
use crate::record::Client;

/// Checks the addresses that logouts and logins begun by others lead to. That each is `https`, or `http` on this machine,
/// and absolute, its type holds.
///
/// # Errors
/// What is wrong and what to do, as the rest of a sentence about the client.
pub fn check_registration(client: &Client) -> Result<(), &'static str> {
    let metadata = &client.metadata;
    let has_fragment = |uri: &Option<WebUri>| uri.as_ref().is_some_and(|uri| uri.as_str().contains('#'));
    // "The back-channel logout URI MUST be an absolute URI [...]. The back-channel logout URI MAY include an
    // application/x-www-form-urlencoded formatted query component [...]. The back-channel logout URI MUST NOT include a
    // fragment component." (Back-Channel Logout 1.0, 2.2)
    if has_fragment(&metadata.backchannel_logout_uri) {
        return Err("has a backchannel_logout_uri with a fragment (#...)");
    }
    if has_fragment(&metadata.frontchannel_logout_uri) {
        return Err("has a frontchannel_logout_uri with a fragment (#...)");
    }
    if has_fragment(&metadata.initiate_login_uri) {
        return Err("has an initiate_login_uri with a fragment (#...)");
    }
    if let Some(uri) = &metadata.frontchannel_logout_uri {
        // "The domain, port, and scheme of this URL MUST be the same as that of a registered Redirection URI value."
        // (Front-Channel Logout 1.0, 2)
        let origin = uri.to_url().map(|url| url.origin());
        let mut registered = client.redirect_uris.iter();
        if !registered.any(|redirect| redirect.to_url().map(|url| url.origin()) == origin) {
            return Err(
                "has a frontchannel_logout_uri whose scheme, host and port are those of none of its redirect_uris",
            );
        }
    }
    Ok(())
}

/// Where a login at this client begins when we begin it: its `initiate_login_uri` with `iss` (OpenID Connect Core 4).
pub fn login_address(issuer: &Issuer, client: &Client) -> Option<String> {
    let uri = client.metadata.initiate_login_uri.as_ref()?;
    let usable = !client.disabled;
    usable.then(|| with_query(uri.as_str(), &[("iss", issuer.as_str())]))
}
