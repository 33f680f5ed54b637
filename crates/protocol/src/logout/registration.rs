//! What a client may register about logins and logouts that begin elsewhere.

use grantor_types::{Issuer, RedirectUri, WebUri, with_query};

use crate::record::Client;

/// Checks the addresses that logouts and logins begun by others lead to. That each is `https`, or `http` on this machine,
/// and absolute, its type holds.
///
/// # Errors
/// What is wrong and what to do, as the rest of a sentence about the client.
pub fn check_registration(client: &Client) -> Result<(), &'static str> {
    let metadata = &client.metadata;
    let addresses = [
        (
            &metadata.backchannel_logout_uri,
            "has a backchannel_logout_uri with a fragment (#...)",
        ),
        (
            &metadata.frontchannel_logout_uri,
            "has a frontchannel_logout_uri with a fragment (#...)",
        ),
        (
            &metadata.initiate_login_uri,
            "has an initiate_login_uri with a fragment (#...)",
        ),
    ];
    for (uri, problem) in addresses {
        if uri.as_ref().is_some_and(has_fragment) {
            return Err(problem);
        }
    }
    match &metadata.frontchannel_logout_uri {
        Some(uri) if !is_at_redirect_uri(uri, &client.redirect_uris) => Err(
            "has a frontchannel_logout_uri whose scheme, host and port are those of none of its redirect_uris",
        ),
        _ => Ok(()),
    }
}

/// Whether there is a fragment, which no address that we call, or add parameters to, may have: "The back-channel logout URI
/// MUST be an absolute URI [...]. The back-channel logout URI MAY include an application/x-www-form-urlencoded formatted
/// query component [...]. The back-channel logout URI MUST NOT include a fragment component." (Back-Channel Logout 1.0, 2.2)
pub(crate) fn has_fragment(uri: &WebUri) -> bool {
    uri.as_str().contains('#')
}

/// "The domain, port, and scheme of this URL MUST be the same as that of a registered Redirection URI value."
/// (Front-Channel Logout 1.0, 2)
pub(crate) fn is_at_redirect_uri(frontchannel_logout_uri: &WebUri, redirect_uris: &[RedirectUri]) -> bool {
    let own = frontchannel_logout_uri.to_url().map(|url| url.origin());
    let mut registered = redirect_uris.iter().filter_map(RedirectUri::to_url);
    own.is_some_and(|own| registered.any(|url| url.origin() == own))
}

/// Where a login at this client begins when we begin it: its `initiate_login_uri` with `iss` (OpenID Connect Core 4).
pub fn login_address(issuer: &Issuer, client: &Client) -> Option<String> {
    let uri = client.metadata.initiate_login_uri.as_ref()?;
    let usable = !client.disabled;
    usable.then(|| with_query(uri.as_str(), &[("iss", issuer.as_str())]))
}
