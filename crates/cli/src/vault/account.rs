//! What a login was made with: it is kept with its tokens, so that they can be renewed and ended, and the login repeated.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use grantor_client::{Client, ClientAuthentication, ClientBuilder, Error, ProviderMetadata, SigningKey};
use grantor_types::{ClientAuthMethod, Secret, SecretBytes, SigningAlgorithm};
use grantor_vault::{Credential, CredentialBuilder};

use super::preset;
use crate::output::CommandError;

/// The algorithm of DPoP proofs that providers take above all (RFC 9449 5.1 leaves the choice to them).
const DPOP_ALGORITHM: SigningAlgorithm = SigningAlgorithm::Es256;
/// Between the values of a list; no URI holds one, and what a person types on a command line neither.
const SEPARATOR: char = '\n';

/// The client that a login was made by, and what it asked for.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    /// The provider, as it was named: see [`preset`].
    pub(crate) issuer: String,
    /// The client.
    pub(crate) client_id: String,
    /// How it authenticates.
    pub(crate) method: ClientAuthMethod,
    /// What with.
    pub(crate) client_secret: Option<Secret>,
    /// How its ID tokens are signed.
    pub(crate) id_token_algorithm: SigningAlgorithm,
    /// The key that its tokens are bound to.
    pub(crate) dpop: Option<DpopKey>,
    /// How it was signed in.
    pub(crate) way: Way,
    /// What it asks for.
    pub(crate) asked: Asked,
    /// How it came to be registered, if it did that itself.
    pub(crate) registration: Option<Registration>,
}

/// How somebody signs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// In a browser that comes back to this machine (RFC 8252 7.3).
    Browser,
    /// In a browser elsewhere (RFC 8628).
    Device,
    /// Nobody does: the client acts for itself (RFC 6749 4.4).
    ClientCredentials,
}

/// What a login asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    /// Scopes, separated by spaces. `None` is what suits the provider.
    pub(crate) scope: Option<String>,
    /// Resources (RFC 8707).
    pub(crate) resources: Vec<String>,
    /// The names of services, as some providers have it in place of resources.
    pub(crate) audiences: Vec<String>,
}

/// A registration that the command made (RFC 7591).
#[derive(Clone, Debug)]
pub(crate) struct Registration {
    /// Whether it is good for the device grant too.
    pub(crate) for_devices: bool,
    /// Where it can be deleted, and with what (RFC 7592).
    pub(crate) management: Option<(String, Secret)>,
}

/// A key of DPoP proofs, and the document that keeps it.
#[derive(Clone, Debug)]
pub(crate) struct DpopKey(SecretBytes);

impl DpopKey {
    /// Makes one.
    ///
    /// # Errors
    /// When there is no randomness.
    pub(crate) fn generate() -> Result<Self, CommandError> {
        SigningKey::generate(DPOP_ALGORITHM)
            .map(|(_, document)| Self(document))
            .map_err(|error| CommandError::caused_by("the key for DPoP", &error))
    }

    fn key(&self) -> Result<SigningKey, Error> {
        Ok(SigningKey::from_pkcs8("dpop", DPOP_ALGORITHM, &self.0)?)
    }
}

impl Asked {
    /// What the token is to be for, as the parameters of whatever request asks for it.
    pub(crate) fn targets(&self) -> impl Iterator<Item = (&str, &str)> {
        let resources = self
            .resources
            .iter()
            .map(|resource| ("resource", resource.as_str()));
        let audiences = self
            .audiences
            .iter()
            .map(|audience| ("audience", audience.as_str()));
        resources.chain(audiences)
    }
}

impl Way {
    const ALL: [Self; 3] = [Self::Browser, Self::Device, Self::ClientCredentials];

    /// Its name in the vault and in JSON.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Browser => "browser",
            Self::Device => "device",
            Self::ClientCredentials => "client_credentials",
        }
    }
}

impl Account {
    /// The client, at a provider whose metadata are known.
    ///
    /// # Errors
    /// When a setting cannot be used.
    pub(crate) fn client(
        &self,
        metadata: ProviderMetadata,
        redirect_uri: Option<&str>,
    ) -> Result<Client, Error> {
        let mut builder = self.builder()?;
        if let Some(uri) = redirect_uri {
            builder = builder.redirect_uri(uri);
        }
        builder.build(metadata)
    }

    /// The client, at a provider that is not asked for anything.
    ///
    /// # Errors
    /// When a setting cannot be used.
    pub(crate) fn offline(&self) -> Result<Client, Error> {
        let issuer = preset(&self.issuer).issuer;
        self.builder()?.build(ProviderMetadata::new(&issuer)?)
    }

    /// The client, at the provider as it is now.
    ///
    /// # Errors
    /// When the provider cannot be asked, or a setting cannot be used.
    pub(crate) async fn discover(&self) -> Result<Client, Error> {
        self.builder()?.discover().await
    }

    fn builder(&self) -> Result<ClientBuilder, Error> {
        let mut builder = preset(&self.issuer)
            .client(&self.client_id)
            .authentication(self.authentication())
            .id_token_algorithm(self.id_token_algorithm);
        if let Some(key) = &self.dpop {
            builder = builder.dpop(key.key()?);
        }
        Ok(builder)
    }

    fn authentication(&self) -> ClientAuthentication {
        match (&self.client_secret, self.method) {
            (Some(secret), ClientAuthMethod::ClientSecretPost) => {
                ClientAuthentication::SecretPost(secret.clone())
            }
            (Some(secret), ClientAuthMethod::ClientSecretBasic) => {
                ClientAuthentication::SecretBasic(secret.clone())
            }
            (Some(_) | None, _) => ClientAuthentication::None,
        }
    }

    /// Writes it beside the tokens.
    pub(crate) fn write_to(&self, mut credential: CredentialBuilder) -> CredentialBuilder {
        credential = credential
            .client_secret(self.client_secret.clone())
            .attribute(PROVIDER, &self.issuer)
            .attribute(METHOD, self.method.as_str())
            .attribute(ID_TOKEN_ALGORITHM, self.id_token_algorithm.as_str())
            .attribute(WAY, self.way.as_str());
        if let Some(scope) = &self.asked.scope {
            credential = credential.attribute(SCOPE, scope);
        }
        for (name, values) in [
            (RESOURCES, &self.asked.resources),
            (AUDIENCES, &self.asked.audiences),
        ] {
            if !values.is_empty() {
                credential = credential.attribute(name, values.join(&SEPARATOR.to_string()));
            }
        }
        if let Some(DpopKey(document)) = &self.dpop {
            let text = URL_SAFE_NO_PAD.encode(document.expose());
            credential = credential.secret(DPOP_KEY, Secret::new(text));
        }
        if let Some(registration) = &self.registration {
            let grants = if registration.for_devices {
                "device"
            } else {
                "browser"
            };
            credential = credential.attribute(REGISTERED_FOR, grants);
            if let Some((uri, token)) = &registration.management {
                credential = credential
                    .attribute(REGISTRATION_URI, uri)
                    .secret(REGISTRATION_TOKEN, token.clone());
            }
        }
        credential
    }

    /// Reads what [`Account::write_to`] wrote. `None` when something else stored the credential.
    pub(crate) fn of(credential: &Credential) -> Option<Self> {
        let list = |name| {
            let text = credential.attribute(name).unwrap_or_default();
            let values = text.split(SEPARATOR).filter(|value| !value.is_empty());
            values.map(str::to_owned).collect()
        };
        let dpop = match credential.secret(DPOP_KEY) {
            Some(text) => Some(DpopKey(SecretBytes::new(
                URL_SAFE_NO_PAD.decode(text.expose()).ok()?,
            ))),
            None => None,
        };
        let registration = credential.attribute(REGISTERED_FOR).map(|grants| Registration {
            for_devices: grants == "device",
            management: credential
                .attribute(REGISTRATION_URI)
                .map(str::to_owned)
                .zip(credential.secret(REGISTRATION_TOKEN).cloned()),
        });
        let way = credential.attribute(WAY)?;
        Some(Self {
            issuer: credential.attribute(PROVIDER)?.to_owned(),
            client_id: credential.client_id()?.to_owned(),
            method: ClientAuthMethod::from_name(credential.attribute(METHOD)?)?,
            client_secret: credential.client_secret().cloned(),
            id_token_algorithm: SigningAlgorithm::from_name(credential.attribute(ID_TOKEN_ALGORITHM)?)?,
            dpop,
            way: Way::ALL.into_iter().find(|own| own.as_str() == way)?,
            asked: Asked {
                scope: credential.attribute(SCOPE).map(str::to_owned),
                resources: list(RESOURCES),
                audiences: list(AUDIENCES),
            },
            registration,
        })
    }
}

// The names that a credential has these under.
const PROVIDER: &str = "provider";
const METHOD: &str = "token_endpoint_auth_method";
const ID_TOKEN_ALGORITHM: &str = "id_token_signed_response_alg";
const WAY: &str = "way";
const SCOPE: &str = "asked_scope";
const RESOURCES: &str = "resource";
const AUDIENCES: &str = "audience";
const DPOP_KEY: &str = "dpop_key";
const REGISTERED_FOR: &str = "registered_for";
const REGISTRATION_URI: &str = "registration_client_uri";
const REGISTRATION_TOKEN: &str = "registration_access_token";

#[cfg(test)]
mod tests {
    use super::*;

    fn account() -> Account {
        Account {
            issuer: "https://as.example".into(),
            client_id: "app".into(),
            method: ClientAuthMethod::None,
            client_secret: None,
            id_token_algorithm: SigningAlgorithm::Rs256,
            dpop: None,
            way: Way::Browser,
            asked: Asked::default(),
            registration: None,
        }
    }

    fn kept(account: &Account) -> Account {
        let credential = Credential::builder(Secret::new("at")).client_id(&account.client_id);
        Account::of(&account.write_to(credential).build().unwrap()).unwrap()
    }

    #[test]
    fn what_was_written_is_read() {
        let plain = kept(&account());
        assert_eq!((plain.method, plain.way), (ClientAuthMethod::None, Way::Browser));
        assert_eq!(plain.asked, Asked::default());
        assert!(plain.registration.is_none() && plain.dpop.is_none());

        let key = DpopKey::generate().unwrap();
        let full = Account {
            method: ClientAuthMethod::ClientSecretPost,
            client_secret: Some(Secret::new("secret")),
            id_token_algorithm: SigningAlgorithm::EdDsa,
            dpop: Some(key.clone()),
            way: Way::ClientCredentials,
            asked: Asked {
                scope: Some("read write".into()),
                resources: vec!["https://a.example".into(), "https://b.example".into()],
                audiences: vec!["some api".into()],
            },
            registration: Some(Registration {
                for_devices: true,
                management: Some(("https://as.example/r".into(), Secret::new("rat"))),
            }),
            ..account()
        };
        let read = kept(&full);
        assert_eq!((&read.asked, read.way), (&full.asked, full.way));
        assert_eq!(read.id_token_algorithm, full.id_token_algorithm);
        let authentication = format!("{:?}", read.authentication());
        assert!(authentication.starts_with("SecretPost"), "{authentication}");
        assert_eq!(
            read.dpop.unwrap().key().unwrap().public_jwk(),
            key.key().unwrap().public_jwk()
        );
        let registration = read.registration.unwrap();
        assert!(registration.for_devices);
        assert_eq!(registration.management.unwrap().1.expose(), "rat");
    }

    #[test]
    fn what_others_stored_is_no_account() {
        let credential = Credential::builder(Secret::new("at")).build().unwrap();
        assert!(Account::of(&credential).is_none());
    }
}
