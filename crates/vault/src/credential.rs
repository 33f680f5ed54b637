//! What the vault keeps: tokens, and what is needed to renew them.

use std::collections::BTreeMap;
use std::time::Duration;

use grantor_types::{Scope, ScopeError, Seconds, Secret, Timestamp};

/// Tokens of one authorization, and what is needed to renew them.
///
/// Secrets in it are wiped from memory when it is dropped and redacted in `Debug`; it cannot be serialized. To read one
/// is a visible call: [`Secret::expose`].
///
/// ```
/// use grantor_types::Secret;
/// use grantor_vault::Credential;
///
/// let credential = Credential::builder(Secret::new("the access token"))
///     .issuer("https://id.example.com")
///     .client_id("my-app")
///     .refresh_token(Secret::new("the refresh token"))
///     .expires_in(std::time::Duration::from_secs(3600))
///     .scopes(["read", "write"])
///     .build()?;
/// assert!(!format!("{credential:?}").contains("the access token"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Credential {
    pub(crate) access_token: Secret,
    pub(crate) token_type: String,
    pub(crate) expiry: Expiry,
    pub(crate) refresh_token: Option<Secret>,
    pub(crate) reacquire: bool,
    pub(crate) scope: Scope,
    pub(crate) issuer: Option<String>,
    pub(crate) client_id: Option<String>,
    pub(crate) client_secret: Option<Secret>,
    pub(crate) secrets: BTreeMap<String, Secret>,
    pub(crate) attributes: BTreeMap<String, String>,
}

/// When an access token ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expiry {
    /// The provider did not say.
    Unknown,
    /// So long after it is stored.
    In(Seconds),
    /// At this instant.
    At(Timestamp),
}

/// How a credential is renewed.
///
/// ```
/// use grantor_types::Secret;
/// use grantor_vault::{Credential, Renewal};
///
/// let of_a_user = Credential::builder(Secret::new("a")).refresh_token(Secret::new("r")).build()?;
/// assert_eq!(of_a_user.renewal(), Renewal::RefreshToken);
/// let of_a_service = Credential::builder(Secret::new("a")).reacquired().build()?;
/// assert_eq!(of_a_service.renewal(), Renewal::Reacquire);
/// # Ok::<(), grantor_vault::CredentialError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renewal {
    /// By its refresh token, which a provider may let be used once only.
    RefreshToken,
    /// By asking for a new token with what the client has anyway, as with client credentials (RFC 6749 4.4). To ask twice
    /// does no harm.
    Reacquire,
    /// Not at all: when it has expired it has to be stored anew.
    Never,
}

impl Credential {
    /// Begins a credential around its access token.
    pub fn builder(access_token: Secret) -> CredentialBuilder {
        CredentialBuilder {
            credential: Self {
                access_token,
                token_type: "Bearer".to_owned(),
                expiry: Expiry::Unknown,
                refresh_token: None,
                reacquire: false,
                scope: Scope::default(),
                issuer: None,
                client_id: None,
                client_secret: None,
                secrets: BTreeMap::new(),
                attributes: BTreeMap::new(),
            },
            scope: Ok(()),
        }
    }

    /// The access token, however old it is. [`valid_access_token`](crate::CredentialManager::valid_access_token) gives one
    /// that can be used.
    pub fn access_token(&self) -> &Secret {
        &self.access_token
    }

    /// How the access token is presented: `Bearer`, `DPoP` (RFC 6749 7.1).
    pub fn token_type(&self) -> &str {
        &self.token_type
    }

    /// When the access token ends. `None` when the provider did not say, and before a credential that was built with
    /// [`expires_in`](CredentialBuilder::expires_in) is stored.
    pub fn expires_at(&self) -> Option<Timestamp> {
        match self.expiry {
            Expiry::At(at) => Some(at),
            Expiry::In(_) | Expiry::Unknown => None,
        }
    }

    /// The refresh token (RFC 6749 1.5).
    pub fn refresh_token(&self) -> Option<&Secret> {
        self.refresh_token.as_ref()
    }

    /// How it is renewed.
    pub fn renewal(&self) -> Renewal {
        match (&self.refresh_token, self.reacquire) {
            (Some(_), _) => Renewal::RefreshToken,
            (None, true) => Renewal::Reacquire,
            (None, false) => Renewal::Never,
        }
    }

    /// What the access token allows, as the provider granted it.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// The provider that the tokens come from.
    pub fn issuer(&self) -> Option<&str> {
        self.issuer.as_deref()
    }

    /// The client that the tokens were issued to.
    pub fn client_id(&self) -> Option<&str> {
        self.client_id.as_deref()
    }

    /// The client's secret, where it is kept with the tokens.
    pub fn client_secret(&self) -> Option<&Secret> {
        self.client_secret.as_ref()
    }

    /// Another secret that was stored with it, by its name: an ID token, the key of DPoP proofs.
    pub fn secret(&self, name: &str) -> Option<&Secret> {
        self.secrets.get(name)
    }

    /// Something that is no secret, by its name. It is sealed like everything else.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).map(String::as_str)
    }

    /// Counts a lifetime from `now`.
    pub(crate) fn dated(mut self, now: Timestamp) -> Self {
        if let Expiry::In(lifetime) = self.expiry {
            self.expiry = Expiry::At(now.plus(lifetime));
        }
        self
    }

    /// The credential after a renewal at `asked_at`. What did not come back stays as it was (RFC 6749 5.1, 6).
    pub(crate) fn succeeded_by(&self, renewed: Refreshed, asked_at: Timestamp) -> Self {
        let mut next = self.clone();
        next.access_token = renewed.access_token;
        next.expiry = renewed
            .expires_in
            .map_or(Expiry::Unknown, |lifetime| Expiry::At(asked_at.plus(lifetime)));
        if let Some(token_type) = renewed.token_type {
            next.token_type = token_type;
        }
        if renewed.refresh_token.is_some() {
            next.refresh_token = renewed.refresh_token;
        }
        if let Some(scope) = renewed.scope {
            next.scope = scope;
        }
        next.secrets.extend(renewed.secrets);
        next
    }

    /// Every secret in it.
    pub(crate) fn all_secrets(&self) -> impl Iterator<Item = &Secret> {
        std::iter::once(&self.access_token)
            .chain(&self.refresh_token)
            .chain(&self.client_secret)
            .chain(self.secrets.values())
    }
}

/// Puts a [`Credential`] together.
///
/// ```
/// use grantor_types::{Secret, Timestamp};
/// use grantor_vault::{Credential, CredentialBuilder, CredentialError};
///
/// let builder: CredentialBuilder = Credential::builder(Secret::new("token"));
/// let credential = builder
///     .token_type("DPoP")
///     .expires_at(Timestamp::from_seconds(2_000_000_000))
///     .client_secret(Secret::new("the client's"))
///     .secret("dpop key", Secret::new("the key"))
///     .attribute("subject", "alice")
///     .build()?;
/// assert_eq!((credential.access_token().expose(), credential.token_type()), ("token", "DPoP"));
/// assert!(credential.expires_at().is_some() && credential.client_secret().is_some());
/// assert!(credential.secret("dpop key").is_some() && credential.scope().is_empty());
/// assert_eq!(credential.attribute("subject"), Some("alice"));
/// assert_eq!(Credential::builder(Secret::new("")).build().err(), Some(CredentialError::NoAccessToken));
/// # Ok::<(), CredentialError>(())
/// ```
#[derive(Debug)]
pub struct CredentialBuilder {
    credential: Credential,
    scope: Result<(), ScopeError>,
}

impl CredentialBuilder {
    /// How the access token is presented; `Bearer` when nothing is said.
    pub fn token_type(mut self, token_type: impl Into<String>) -> Self {
        self.credential.token_type = token_type.into();
        self
    }

    /// How long the access token lives, counted from the moment that it is stored. Leave it out when the provider did not
    /// say: the token is then used until it is [rejected](crate::CredentialManager::renew_rejected).
    pub fn expires_in(mut self, lifetime: Duration) -> Self {
        self.credential.expiry = Expiry::In(Seconds(lifetime.as_secs()));
        self
    }

    /// When the access token ends.
    pub fn expires_at(mut self, at: Timestamp) -> Self {
        self.credential.expiry = Expiry::At(at);
        self
    }

    /// The refresh token.
    pub fn refresh_token(mut self, token: impl Into<Option<Secret>>) -> Self {
        self.credential.refresh_token = token.into();
        self
    }

    /// There is no refresh token, and a new access token can be had without: client credentials.
    pub fn reacquired(mut self) -> Self {
        self.credential.reacquire = true;
        self
    }

    /// What the access token allows.
    pub fn scopes<T: AsRef<str>>(mut self, scopes: impl IntoIterator<Item = T>) -> Self {
        let words: Vec<_> = scopes
            .into_iter()
            .map(|scope| scope.as_ref().to_owned())
            .collect();
        match Scope::parse(&words.join(" ")) {
            Ok(scope) => (self.credential.scope, self.scope) = (scope, Ok(())),
            Err(error) => self.scope = Err(error),
        }
        self
    }

    /// The provider that the tokens come from.
    pub fn issuer(mut self, issuer: impl Into<String>) -> Self {
        self.credential.issuer = Some(issuer.into());
        self
    }

    /// The client that the tokens were issued to.
    pub fn client_id(mut self, client_id: impl Into<String>) -> Self {
        self.credential.client_id = Some(client_id.into());
        self
    }

    /// The client's secret, when it has one that is kept with the tokens.
    pub fn client_secret(mut self, secret: impl Into<Option<Secret>>) -> Self {
        self.credential.client_secret = secret.into();
        self
    }

    /// Another secret, under a name of your own.
    pub fn secret(mut self, name: impl Into<String>, secret: Secret) -> Self {
        self.credential.secrets.insert(name.into(), secret);
        self
    }

    /// Something that is no secret, under a name of your own.
    pub fn attribute(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.credential.attributes.insert(name.into(), value.into());
        self
    }

    /// The credential.
    ///
    /// # Errors
    /// [`CredentialError`] when the access token is empty or a scope is none.
    pub fn build(self) -> Result<Credential, CredentialError> {
        self.scope?;
        if self.credential.access_token.is_empty() {
            return Err(CredentialError::NoAccessToken);
        }
        Ok(self.credential)
    }
}

/// Why something is no credential.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CredentialError {
    /// The access token is empty.
    #[error("the access token is empty")]
    NoAccessToken,
    /// A scope holds what no scope may (RFC 6749 3.3).
    #[error(transparent)]
    Scope(#[from] ScopeError),
}

/// What a provider answered to a renewal (RFC 6749 5.1).
#[derive(Clone, Debug)]
pub struct Refreshed {
    /// The new access token.
    pub access_token: Secret,
    /// How it is presented, when the provider said so.
    pub token_type: Option<String>,
    /// How long it lives, when the provider said so; counted from when the request was sent.
    pub expires_in: Option<Seconds>,
    /// The refresh token that takes the old one's place. `None` keeps the old one.
    pub refresh_token: Option<Secret>,
    /// What the new token allows. `None` keeps what the old one did.
    pub scope: Option<Scope>,
    /// Other secrets that came along, such as an ID token; they replace those of the same names.
    pub secrets: BTreeMap<String, Secret>,
}

impl Refreshed {
    /// An answer with nothing but an access token.
    pub fn new(access_token: Secret) -> Self {
        Self {
            access_token,
            token_type: None,
            expires_in: None,
            refresh_token: None,
            scope: None,
            secrets: BTreeMap::new(),
        }
    }
}
