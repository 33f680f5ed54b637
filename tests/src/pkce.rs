//! The authorization request of a client that the tests themselves play.

use url::Url;

/// The code verifier of RFC 7636 appendix B.
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
/// The challenge of [`VERIFIER`].
pub const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// An authorization request with PKCE; `more` is added to its parameters.
pub fn authorization_url(
    issuer: &str,
    client_id: &str,
    redirect_uri: &str,
    scope: &str,
    more: &[(&str, &str)],
) -> String {
    let mut url = Url::parse(&format!("{issuer}/oauth/authorize")).expect("an issuer is a URL");
    url.query_pairs_mut()
        .append_pair("response_type", "code")
        .append_pair("client_id", client_id)
        .append_pair("redirect_uri", redirect_uri)
        .append_pair("scope", scope)
        .append_pair("state", "a state & more")
        .append_pair("code_challenge", CHALLENGE)
        .append_pair("code_challenge_method", "S256")
        .extend_pairs(more);
    url.into()
}
