//! The provider of a login: asked for its metadata, for new tokens, and to forget a client.

use async_trait::async_trait;
use grantor_client::{Client, Error, ProviderMetadata, Request};
use grantor_fetch::{Fetch as _, Guard, GuardedFetch};
use grantor_types::Secret;
use grantor_vault::{Credential, Reason, Refresh, RefreshError, Refreshed};
use http::header::{AUTHORIZATION, HeaderValue};
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

/// What the issuer says about itself.
///
/// # Errors
/// As [`grantor_client::ClientBuilder::discover`].
pub(crate) async fn metadata(issuer: &str) -> Result<ProviderMetadata, Error> {
    let anybody = Client::builder(issuer, "nobody-yet").discover().await?;
    Ok(anybody.metadata().clone())
}

/// Deletes the registration of a client (RFC 7592 2.3). Whether it is gone.
pub(crate) async fn delete_registration(uri: &str, token: &Secret) -> bool {
    let delete = async {
        let url = Url::parse(uri).ok()?;
        let mut value = HeaderValue::from_str(&format!("Bearer {}", token.expose())).ok()?;
        value.set_sensitive(true);
        let fetch = GuardedFetch::new(Guard::for_configured_servers()).ok()?;
        let request = Request::new(Method::DELETE, url, Vec::new()).header(AUTHORIZATION, value);
        Some(fetch.send(request).await.ok()?.status)
    };
    // RFC 7592 2.3: "If a client has been successfully deprovisioned, the authorization server MUST respond with an HTTP 204
    // No Content status code." 401 is what it says of one that is not there.
    matches!(
        delete.await,
        Some(StatusCode::NO_CONTENT | StatusCode::UNAUTHORIZED | StatusCode::NOT_FOUND)
    )
}
