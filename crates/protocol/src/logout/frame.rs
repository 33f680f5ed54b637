//! The address that a frame of the logged-out page loads (Front-Channel Logout 1.0, 2).

use grantor_types::{Issuer, SessionId, with_query};

use crate::record::Client;

/// The client's `frontchannel_logout_uri` with `iss` and `sid`, of which either never comes alone. They are always there:
/// whoever did not ask for them ignores them. `None` when the client wants no frame.
pub fn frame_address(issuer: &Issuer, client: &Client, session: SessionId) -> Option<String> {
    let uri = client.metadata.frontchannel_logout_uri.as_ref()?;
    let wanted = !client.disabled;
    wanted.then(|| {
        let sid = session.to_string();
        with_query(uri.as_str(), &[("iss", issuer.as_str()), ("sid", &sid)])
    })
}
