//! Finding a provider's metadata.

use grantor_fetch::{Fetch, Limits, Request};
use grantor_types::well_known;
use http::header::{ACCEPT, HeaderValue};
use url::Url;

use crate::answer::{Effect, without_answer};
use crate::{Error, InvalidAnswer, Preset, ProviderMetadata};

/// The places where the metadata of an issuer may be, in the order in which they are asked:
///
/// 1. appended to the issuer, as OpenID Connect Discovery §4 has it;
/// 2. `oauth-authorization-server` between host and path, RFC 8414 §3.1;
/// 3. `openid-configuration` between host and path, which RFC 8414 §5 allows.
///
/// ```
/// let urls = grantor_client::well_known_urls(&"https://as.example/tenant".parse()?);
/// let texts: Vec<&str> = urls.iter().map(|url| url.as_str()).collect();
/// assert_eq!(texts, [
///     "https://as.example/tenant/.well-known/openid-configuration",
///     "https://as.example/.well-known/oauth-authorization-server/tenant",
///     "https://as.example/.well-known/openid-configuration/tenant",
/// ]);
/// # Ok::<(), url::ParseError>(())
/// ```
pub fn well_known_urls(issuer: &Url) -> Vec<Url> {
    // Discovery §4.1: "If the Issuer value contains a path component, any terminating / MUST be removed before appending
    // /.well-known/openid-configuration."
    let path = issuer.path().trim_end_matches('/');
    let mut appended = issuer.clone();
    appended.set_path(&format!("{path}/.well-known/openid-configuration"));
    let mut urls = vec![appended, well_known(issuer, "oauth-authorization-server")];
    if !path.is_empty() {
        urls.push(well_known(issuer, "openid-configuration"));
    }
    urls
}

/// Asks at each place until one has a document. A document of another issuer, and trouble with the connection, end the
/// search: what lies behind could be anybody's.
pub(crate) async fn discover(
    fetch: &dyn Fetch,
    provider: &Preset,
    limits: Limits,
) -> Result<ProviderMetadata, Error> {
    // The issuer is looked at before anything is sent there.
    ProviderMetadata::new(&provider.issuer)?;
    let at = provider.metadata_at.as_ref().unwrap_or(&provider.issuer);
    ProviderMetadata::new(at)?;
    let at = Url::parse(at).map_err(|error| Error::setting("the issuer", error))?;
    for url in well_known_urls(&at) {
        let request = Request::get(url)
            .header(ACCEPT, HeaderValue::from_static("application/json"))
            .limits(limits);
        let response = fetch.send(request).await;
        let response = response.map_err(|error| without_answer(error, Effect::Repeatable))?;
        if response.status.is_client_error() && response.status.as_u16() != 429 {
            continue;
        }
        return ProviderMetadata::read(&provider.issuer, &response);
    }
    Err(InvalidAnswer::NoMetadata.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Script, response};

    fn urls(issuer: &str) -> Vec<String> {
        well_known_urls(&issuer.parse().unwrap())
            .into_iter()
            .map(Into::into)
            .collect()
    }

    #[test]
    fn places() {
        for issuer in ["https://as.example", "https://as.example/"] {
            assert_eq!(
                urls(issuer),
                [
                    "https://as.example/.well-known/openid-configuration",
                    "https://as.example/.well-known/oauth-authorization-server",
                ]
            );
        }
        assert_eq!(urls("https://as.example/a/"), urls("https://as.example/a"));
    }

    #[tokio::test]
    async fn the_next_place_is_asked_when_there_is_nothing() {
        let json = "application/json";
        let good = r#"{"issuer":"https://as.example/a"}"#;
        let (missing, html) = (response(404, "text/html", ""), response(200, "text/html", ""));
        let document = response(200, json, good);
        let other = response(200, json, r#"{"issuer":"https://evil.example"}"#);
        let redirect = response(302, json, good);
        let expected = "https://as.example/a".to_owned();
        let cases = [
            (vec![document.clone()], None, 1),
            (vec![missing.clone(), document.clone()], None, 2),
            (vec![missing.clone(), missing.clone(), document.clone()], None, 3),
            (vec![missing.clone(); 3], Some(InvalidAnswer::NoMetadata), 3),
            (
                vec![other, document.clone()],
                Some(InvalidAnswer::Issuer { expected }),
                1,
            ),
            (
                vec![html, document.clone()],
                Some(InvalidAnswer::MediaType("text/html".into())),
                1,
            ),
            (vec![redirect, document], Some(InvalidAnswer::Redirect(302)), 1),
        ];
        let preset = Preset::discovered("https://as.example/a");
        for (answers, expected, asked) in cases {
            let script = Script::of(answers);
            let found = discover(&script, &preset, Limits::default()).await;
            assert_eq!(found.err(), expected.map(Error::InvalidAnswer));
            assert_eq!(script.requests().len(), asked);
        }
    }
}
