//! Which client to be: the one that is named, the one of the login before, one that the command registered, or a new one.

use grantor_client::{Endpoint, Error, ProviderMetadata};
use grantor_types::{ClientAuthMethod, GrantType, Secret, SigningAlgorithm, is_loopback};
use grantor_vault::CredentialManager;
use serde_json::{Value, json};
use url::Url;

use super::Login;
use super::provider::Provider;
use crate::output::CommandError;
use crate::vault::{Account, Registration, Way, client_error};

/// The client of the fixtures of `grantor dev` that is meant for this command.
const DEVELOPMENT_CLIENT: &str = "cli";
/// What it may ask for.
const DEVELOPMENT_SCOPE: &str = "openid profile email offline_access read write";
/// What a registration names: providers let the port differ (RFC 8252 7.3).
const REDIRECT_URI: &str = "http://127.0.0.1/callback";

/// A client that could sign in.
pub(super) enum Candidate {
    /// One that is known, and whether a provider that does not know it makes us try the next.
    Known(Account, Doubt),
    /// One that is yet to be registered.
    New(Account),
}

/// Whether the provider may not know a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doubt {
    /// Somebody named it: if it is wrong they have to know.
    No,
    /// The provider may have forgotten it, or never have had it.
    Yes,
}

impl Login {
    /// The clients to try, one after the other. There is at least one.
    pub(super) async fn candidates(
        &self,
        vault: &CredentialManager,
        provider: &Provider,
        before: Option<&Account>,
        wanted: Account,
    ) -> Result<Vec<Candidate>, CommandError> {
        let metadata = &provider.metadata;
        if self.client_id.is_some() {
            return Ok(vec![Candidate::Known(wanted, Doubt::No)]);
        }
        let can_register = metadata.has(Endpoint::Registration) && wanted.way != Way::ClientCredentials;
        let doubt = if can_register { Doubt::Yes } else { Doubt::No };
        let as_client = |other: &Account| Account {
            client_id: other.client_id.clone(),
            method: other.method,
            client_secret: other.client_secret.clone(),
            id_token_algorithm: other.id_token_algorithm,
            registration: other.registration.clone(),
            ..wanted.clone()
        };
        let mut candidates = Vec::new();
        match before {
            Some(before) if before.registration.is_none() => {
                return Ok(vec![Candidate::Known(as_client(before), Doubt::No)]);
            }
            Some(_) | None => {}
        }
        if is_development(metadata, wanted.way) {
            let mut account = Account {
                client_id: DEVELOPMENT_CLIENT.to_owned(),
                ..wanted.clone()
            };
            account.asked.scope.get_or_insert(DEVELOPMENT_SCOPE.to_owned());
            candidates.push(Candidate::Known(account, doubt));
        }
        let registered = registered(vault, &wanted).await;
        candidates.extend(registered.map(|other| Candidate::Known(as_client(&other), doubt)));
        if can_register {
            candidates.push(Candidate::New(wanted));
        }
        if candidates.is_empty() {
            return Err(CommandError::usage(format!(
                "{} does not let everybody register a client: register a public one for native applications there, with the \
                 redirect URI {REDIRECT_URI}, and name it with --client-id",
                provider.address
            )));
        }
        Ok(candidates)
    }
}

/// Before a browser is sent anywhere a development server can be asked whether it knows its own client, by a pushed request or
/// by that of a device. Whoever else is on this machine says no.
fn is_development(provider: &ProviderMetadata, way: Way) -> bool {
    let is_here = Url::parse(provider.issuer()).is_ok_and(|issuer| is_loopback(&issuer));
    let says_no_at_once = match way {
        Way::Browser => provider.has(Endpoint::PushedAuthorizationRequest),
        Way::Device => true,
        Way::ClientCredentials => false,
    };
    is_here && says_no_at_once
}

/// A client that the command registered at this provider for another login, and that can do what is wanted now.
async fn registered(vault: &CredentialManager, wanted: &Account) -> Option<Account> {
    let listed = vault.list().await.ok()?;
    for login in listed {
        let Ok(summary) = &login.summary else {
            continue;
        };
        if summary.issuer.as_deref() != Some(&wanted.issuer) {
            continue;
        }
        let Ok(stored) = vault.get(&login.id).await else {
            continue;
        };
        let account = Account::of(&stored.credential);
        let fits = |account: &Account| {
            let registration = account.registration.as_ref();
            registration.is_some_and(|own| own.for_devices || wanted.way != Way::Device)
        };
        if let Some(account) = account.filter(fits) {
            return Some(account);
        }
    }
    None
}

/// Registers the command as a public client for native applications (RFC 8252 8.4, RFC 7591 2).
pub(super) async fn register(provider: &Provider, wanted: Account) -> Result<Account, CommandError> {
    eprintln!("Registering a client at {}…", provider.address);
    let for_devices = wanted.way == Way::Device;
    let asking = provider.known.client("unregistered");
    let document = document(&wanted, for_devices);
    let registered = asking.register(&provider.metadata, &document, None).await;
    let registered = registered.map_err(|error| {
        let refused = client_error("registering a client", &error);
        match error {
            Error::Refused(_) | Error::UserRequired(_) => CommandError::usage(format!(
                "{refused}. Register one there for native applications, with the redirect URI {REDIRECT_URI}, and name it \
                 with --client-id"
            )),
            Error::NotApplied(_)
            | Error::OutcomeUnknown(_)
            | Error::InvalidAnswer(_)
            | Error::Misuse(_)
            | Error::TimedOut => refused,
        }
    })?;
    let method = registered
        .metadata
        .get("token_endpoint_auth_method")
        .and_then(Value::as_str);
    Ok(Account {
        client_id: registered.client_id,
        method: method
            .and_then(ClientAuthMethod::from_name)
            .unwrap_or(ClientAuthMethod::ClientSecretBasic),
        client_secret: registered.client_secret,
        registration: Some(Registration {
            for_devices,
            management: registered.management,
        }),
        ..wanted
    })
}

fn document(wanted: &Account, for_devices: bool) -> Value {
    let mut grants = vec![GrantType::AuthorizationCode, GrantType::RefreshToken];
    if for_devices {
        grants.push(GrantType::DeviceCode);
    }
    let mut document = json!({
        "client_name": "Grantor command line",
        "application_type": "native",
        "token_endpoint_auth_method": ClientAuthMethod::None,
        "grant_types": grants,
        "response_types": ["code"],
        "redirect_uris": [REDIRECT_URI],
    });
    if let Some(members) = document.as_object_mut() {
        if let Some(scope) = &wanted.asked.scope {
            members.insert("scope".to_owned(), json!(scope));
        }
        // "The default, if omitted, is RS256." (OpenID Connect Dynamic Client Registration 2)
        if wanted.id_token_algorithm != SigningAlgorithm::Rs256 {
            let algorithm = json!(wanted.id_token_algorithm);
            members.insert("id_token_signed_response_alg".to_owned(), algorithm);
        }
    }
    document
}

/// How a client with a secret authenticates, of the methods that the provider has. "If omitted, the default is
/// "client_secret_basic"" (RFC 8414 2).
pub(super) fn method(provider: &Provider, secret: Option<&Secret>) -> ClientAuthMethod {
    if secret.is_none() {
        return ClientAuthMethod::None;
    }
    if provider.known.secret_in_form {
        return ClientAuthMethod::ClientSecretPost;
    }
    let offers = |method: ClientAuthMethod| {
        let list = provider.metadata.list("token_endpoint_auth_methods_supported");
        list.is_some_and(|mut list| list.any(|own| own == method.as_str()))
    };
    match !offers(ClientAuthMethod::ClientSecretBasic) && offers(ClientAuthMethod::ClientSecretPost) {
        true => ClientAuthMethod::ClientSecretPost,
        false => ClientAuthMethod::ClientSecretBasic,
    }
}

/// RS256, which every provider has to have, unless it says that it does not: then the first that we know.
pub(super) fn id_token_algorithm(provider: &ProviderMetadata) -> SigningAlgorithm {
    let names = provider.list("id_token_signing_alg_values_supported");
    let names = names.into_iter().flatten();
    let known: Vec<_> = names.filter_map(SigningAlgorithm::from_name).collect();
    if known.contains(&SigningAlgorithm::Rs256) {
        return SigningAlgorithm::Rs256;
    }
    known.first().copied().unwrap_or(SigningAlgorithm::Rs256)
}

#[cfg(test)]
mod tests {
    use super::*;
    use grantor_client::Preset;

    fn provider(name: &str, value: Value) -> ProviderMetadata {
        ProviderMetadata::new("https://as.example")
            .unwrap()
            .member(name, value)
    }

    #[test]
    fn what_the_provider_has_is_taken() {
        let secret = Secret::new("s");
        for (list, expected) in [
            (json!(null), ClientAuthMethod::ClientSecretBasic),
            (json!(["client_secret_post"]), ClientAuthMethod::ClientSecretPost),
            (
                json!(["client_secret_post", "client_secret_basic"]),
                ClientAuthMethod::ClientSecretBasic,
            ),
            (json!(["private_key_jwt"]), ClientAuthMethod::ClientSecretBasic),
        ] {
            let metadata = provider("token_endpoint_auth_methods_supported", list.clone());
            let known = Preset::discovered("https://as.example");
            let mut provider = Provider {
                address: known.issuer.clone(),
                known,
                metadata,
            };
            assert_eq!(method(&provider, Some(&secret)), expected, "{list}");
            assert_eq!(method(&provider, None), ClientAuthMethod::None);
            provider.known = Preset::google();
            assert_eq!(
                method(&provider, Some(&secret)),
                ClientAuthMethod::ClientSecretPost
            );
        }
        for (list, expected) in [
            (json!(null), SigningAlgorithm::Rs256),
            (json!(["ES256", "RS256"]), SigningAlgorithm::Rs256),
            (json!(["HS256", "EdDSA", "ES256"]), SigningAlgorithm::EdDsa),
            (json!(["none"]), SigningAlgorithm::Rs256),
        ] {
            let provider = provider("id_token_signing_alg_values_supported", list.clone());
            assert_eq!(id_token_algorithm(&provider), expected, "{list}");
        }
    }

    #[test]
    fn only_a_server_that_can_say_no_is_asked_for_the_client_of_the_fixtures() {
        let here = || ProviderMetadata::new("http://localhost:8080").unwrap();
        let pushed = |provider: ProviderMetadata| {
            let url = "http://localhost:8080/par";
            provider
                .endpoint(Endpoint::PushedAuthorizationRequest, url)
                .unwrap()
        };
        assert!(!is_development(&here(), Way::Browser));
        assert!(is_development(&pushed(here()), Way::Browser));
        assert!(is_development(&here(), Way::Device));
        assert!(!is_development(&pushed(here()), Way::ClientCredentials));
        let elsewhere = ProviderMetadata::new("https://as.example").unwrap();
        assert!(!is_development(&pushed(elsewhere), Way::Browser));
    }
}
