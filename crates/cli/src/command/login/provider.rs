//! Where to sign in: a provider by its issuer, or one that is known beforehand.

use grantor_client::{Endpoint, Error, InvalidAnswer, Preset, ProviderMetadata};
use grantor_types::Issuer;

use crate::output::CommandError;
use crate::vault::{address, client_error, metadata, preset};

/// Where to sign in.
pub(super) struct Provider {
    /// As it was named.
    pub(super) address: String,
    /// What is known of it beforehand.
    pub(super) known: Preset,
    pub(super) metadata: ProviderMetadata,
}

impl Provider {
    /// The provider at this address, whose metadata are read. Whether a slash stands at the end of its name is for the provider to
    /// say, and not for people to know.
    pub(super) async fn find(address: &str) -> Result<Self, CommandError> {
        let other = match address.strip_suffix('/') {
            Some(without) => without.to_owned(),
            None => format!("{address}/"),
        };
        let found = match Self::at(address).await {
            Err(Error::InvalidAnswer(InvalidAnswer::Issuer { .. })) => Self::at(&other).await,
            found => found,
        };
        found.map_err(|error| client_error(address, &error))
    }

    async fn at(address: &str) -> Result<Self, Error> {
        let known = preset(address);
        let metadata = metadata(&known).await?;
        let address = address.to_owned();
        Ok(Self {
            address,
            known,
            metadata,
        })
    }

    /// What suits this provider, for somebody who names no scope: who they are, and a refresh token.
    pub(super) fn usual_scope(&self) -> String {
        let listed = self.metadata.list("scopes_supported").map(Vec::from_iter);
        let has = |scope: &str| listed.as_ref().is_some_and(|list| list.contains(&scope));
        let is_renewed_otherwise = self.known.deviations.offline_access.is_some();
        let mut usual: Vec<&str> = match &listed {
            Some(_) => ["openid", "profile", "email"]
                .into_iter()
                .filter(|scope| has(scope))
                .collect(),
            // One without metadata has no ID tokens either.
            None if self.known.endpoints.is_empty() && self.metadata.has(Endpoint::Userinfo) => {
                vec!["openid"]
            }
            None => Vec::new(),
        };
        if has("offline_access") || is_renewed_otherwise {
            usual.push("offline_access");
        }
        usual.join(" ")
    }
}

/// A provider that somebody names: by a word, or by an issuer.
pub(super) fn named(text: &str) -> Result<String, String> {
    let address = address(text);
    // As it was written: to some a slash at the end belongs.
    Issuer::parse(address)
        .map(|_| address.to_owned())
        .map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_usual_scope_is_what_the_provider_has() {
        let bare = || ProviderMetadata::new("https://as.example").unwrap();
        let scope = |known: Preset, metadata: ProviderMetadata| {
            let address = known.issuer.clone();
            let provider = Provider {
                address,
                known,
                metadata,
            };
            provider.usual_scope()
        };
        let listed = |scopes: &[&str]| bare().member("scopes_supported", json!(scopes));
        let any = || Preset::discovered("https://as.example");
        let userinfo = || {
            bare()
                .endpoint(Endpoint::Userinfo, "https://as.example/u")
                .unwrap()
        };
        assert_eq!(scope(any(), bare()), "");
        assert_eq!(scope(any(), userinfo()), "openid");
        assert_eq!(
            scope(any(), listed(&["offline_access", "api", "openid"])),
            "openid offline_access"
        );
        assert_eq!(scope(any(), listed(&["api"])), "");
        // What it does in place of offline_access the client library knows.
        let google = listed(&["openid", "email", "profile"]);
        assert_eq!(
            scope(Preset::google(), google),
            "openid profile email offline_access"
        );
        assert_eq!(scope(Preset::github(), userinfo()), "offline_access");
    }

    #[test]
    fn providers_have_words_or_issuers() {
        assert_eq!(named("github").as_deref(), Ok("https://github.com"));
        assert_eq!(
            named("https://id.example/a").as_deref(),
            Ok("https://id.example/a")
        );
        for bad in ["", "example", "http://id.example", "https://id.example?a"] {
            assert!(named(bad).is_err(), "{bad}");
        }
    }
}
