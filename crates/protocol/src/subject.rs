//! Who a user is to a client: the `sub` claim
//! ([OpenID Connect Core 8](https://openid.net/specs/openid-connect-core-1_0.html#SubjectIDTypes)).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use grantor_jose::digest::{HmacKey, hmac_sha256};
use grantor_types::{RedirectUri, SubjectType, UserId, WebUri};

use crate::Cx;
use crate::record::Client;

/// The key that pairwise identifiers are made with. It never changes: with it, every user would become somebody else to
/// every client.
#[derive(Debug)]
pub struct PairwiseKey(HmacKey);

impl PairwiseKey {
    /// The key.
    pub fn new(key: HmacKey) -> Self {
        Self(key)
    }
}

/// The `sub` of a user for a client: the user's id, or for a pairwise client a keyed hash of it and of the client's sector.
/// "The Subject Identifier value MUST NOT be reversible by any party other than the OpenID Provider." and "Distinct Sector
/// Identifier values MUST result in distinct Subject Identifier values." (OpenID Connect Core 8.1)
pub fn subject(cx: &Cx<'_>, client: &Client, user: UserId) -> String {
    match client.metadata.subject_type {
        SubjectType::Public => user.to_string(),
        SubjectType::Pairwise => {
            // The id has a fixed length, so that nothing has to separate the two.
            let sector = sector(client);
            let parts = [user.as_bytes().as_slice(), sector.as_bytes()];
            URL_SAFE_NO_PAD.encode(hmac_sha256(&cx.pairwise.0, &parts))
        }
    }
}

/// The sector of a client: "the host component of the sector_identifier_uri", else that "of the registered redirect_uri"
/// (OpenID Connect Core 8.1); a client that has neither is a sector of its own.
pub fn sector(client: &Client) -> String {
    let listed = client
        .metadata
        .sector_identifier_uri
        .as_ref()
        .and_then(WebUri::host);
    let redirect = || client.redirect_uris.first().and_then(RedirectUri::host);
    listed.or_else(redirect).unwrap_or_else(|| client.id.to_string())
}

#[cfg(test)]
mod tests {
    use grantor_types::{RedirectUri, SubjectType, WebUri};

    use super::subject;
    use crate::fixture::{World, client_id, confidential, user};
    use crate::record::Client;

    fn pairwise(id: &str, redirect_uri: &str, sector: Option<&str>) -> Client {
        let mut client = confidential();
        client.id = client_id(id);
        client.redirect_uris = vec![RedirectUri::parse(redirect_uri).unwrap()];
        client.metadata.subject_type = SubjectType::Pairwise;
        client.metadata.sector_identifier_uri = sector.map(|uri| WebUri::parse(uri).unwrap());
        client
    }

    #[test]
    fn one_for_all_or_one_for_each_sector() {
        let world = World::new();
        let (cx, id) = (world.cx(), user().id);
        assert_eq!(subject(&cx, &confidential(), id), id.to_string());

        let one = subject(&cx, &pairwise("one", "https://a.example/cb", None), id);
        assert_ne!(one, id.to_string());
        assert_eq!(one.len(), 43);
        let same_host = pairwise("two", "https://a.example/other", None);
        assert_eq!(subject(&cx, &same_host, id), one);
        let other_host = pairwise("three", "https://b.example/cb", None);
        assert_ne!(subject(&cx, &other_host, id), one);
        let listed = pairwise(
            "four",
            "https://b.example/cb",
            Some("https://a.example/sector.json"),
        );
        assert_eq!(subject(&cx, &listed, id), one);
    }
}
