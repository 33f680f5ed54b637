//! The provider of a login: asked for its metadata, for new tokens, and to forget a client.

use async_trait::async_trait;
use grantor_client::{Error, Preset, ProviderMetadata, Request};
use grantor_fetch::{Fetch as _, Guard, GuardedFetch, authorization};
use grantor_types::Secret;
use grantor_vault::{Credential, Reason, Refresh, RefreshError, Refreshed};
use http::header::AUTHORIZATION;
use http::{Method, StatusCode};
use url::Url;

use super::Account;

/// Renews each credential at its own provider, as its own client.
#[derive(Clone, Copy, Debug)]
pub(super) struct Provider;

#[async_trait]
impl Refresh for Provider {
    async fn refresh(&self, credential: &Credential) -> Result<Refreshed, RefreshError> {
        let account = Account::of(credential).ok_or_else(|| {
            RefreshError::Refused(Reason::new("something else than `grantor login` stored it"))
        })?;
        let client = account.discover().await.map_err(not_asked)?;
        Refresh::refresh(&client, credential).await
    }
}

/// Nothing but metadata was read until now, so the token is as good as it was.
fn not_asked(error: Error) -> RefreshError {
    let retry_after = match &error {
        Error::NotApplied(not_applied) => not_applied.retry_after,
        Error::UserRequired(_)
        | Error::Refused(_)
        | Error::OutcomeUnknown(_)
        | Error::InvalidAnswer(_)
        | Error::Misuse(_)
        | Error::TimedOut => None,
    };
    RefreshError::NotApplied {
        reason: Reason::new(&format!("the metadata of the provider: {error}")),
        retry_after: retry_after.map(|wait| std::time::Duration::from_secs(wait.0)),
    }
}

/// The providers that have a word as well as an address.
const WORDS: [(&str, &str); 4] = [
    ("github", "https://github.com"),
    ("gitlab", "https://gitlab.com"),
    ("google", "https://accounts.google.com"),
    ("microsoft", "https://login.microsoftonline.com/common/v2.0"),
];

/// The address that a word stands for; any other text as it is.
pub(crate) fn address(text: &str) -> &str {
    let known = WORDS.iter().find(|(word, _)| *word == text);
    known.map_or(text, |(_, address)| *address)
}

/// A provider by its address: one whose ways are known beforehand, or any other, which has to keep to the specifications.
pub(crate) fn preset(address: &str) -> Preset {
    let url = Url::parse(address).ok();
    let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
    let mut path = url.as_ref().and_then(Url::path_segments).into_iter().flatten();
    match (host, path.next(), path.next()) {
        ("github.com", ..) => Preset::github(),
        ("gitlab.com", ..) => Preset::gitlab(host),
        ("accounts.google.com", ..) => Preset::google(),
        ("login.microsoftonline.com", Some(tenant), Some("v2.0")) => Preset::microsoft(tenant),
        _ => Preset::discovered(address),
    }
}

/// What the provider says about itself.
///
/// # Errors
/// As [`grantor_client::ClientBuilder::discover`].
pub(crate) async fn metadata(provider: &Preset) -> Result<ProviderMetadata, Error> {
    let anybody = provider.client("nobody-yet").discover().await?;
    Ok(anybody.metadata().clone())
}

/// Deletes the registration of a client (RFC 7592 2.3). Whether it is gone.
pub(crate) async fn delete_registration(uri: &str, token: &Secret) -> bool {
    let delete = async {
        let url = Url::parse(uri).ok()?;
        let value = authorization("Bearer", token.expose()).ok()?;
        let fetch = GuardedFetch::new(Guard::for_configured_servers()).ok()?;
        let request = Request::new(Method::DELETE, url, Vec::new()).header(AUTHORIZATION, value);
        Some(fetch.send(request).await.ok()?.status)
    };
    // RFC 7592 2.3: "If a client has been successfully deprovisioned, the authorization server MUST respond with an HTTP 204
    // No Content message." 401 is what it says of one that is not there.
    matches!(
        delete.await,
        Some(StatusCode::NO_CONTENT | StatusCode::UNAUTHORIZED | StatusCode::NOT_FOUND)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn providers_that_are_known_are_found_by_their_address() {
        let cases = [
            ("github", Preset::github()),
            ("https://github.com/login/oauth", Preset::github()),
            ("gitlab", Preset::gitlab("gitlab.com")),
            ("google", Preset::google()),
            ("microsoft", Preset::microsoft("common")),
            (
                "https://login.microsoftonline.com/0f1d/v2.0",
                Preset::microsoft("0f1d"),
            ),
            ("https://id.example/a", Preset::discovered("https://id.example/a")),
            (
                "https://github.com.example",
                Preset::discovered("https://github.com.example"),
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(preset(address(text)), expected, "{text}");
        }
    }
}
