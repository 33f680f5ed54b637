//! Putting a client together.

use std::sync::Arc;

use grantor_fetch::{Clock, Fetch, Guard, GuardedFetch, Limits};
use grantor_jose::SigningKey;
use grantor_types::{ClientId, RedirectUri, Seconds, SecretBytes, SigningAlgorithm, Timestamp};

use crate::client::Inner;
use crate::discovery::discover;
use crate::dpop::Prover;
use crate::keys::Keys;
use crate::{
    Client, ClientAuthentication, Decryption, Deviations, Endpoint, Error, Preset, ProviderMetadata,
};

/// How far the provider's clock and ours may be apart.
const LEEWAY: Seconds = Seconds(10);

/// What a [`Client`] is registered for, and how it behaves. From [`Client::builder`].
///
/// ```no_run
/// # async fn example(key: grantor_client::SigningKey, dpop: grantor_client::SigningKey, ca: Vec<u8>) -> Result<(), grantor_client::Error> {
/// use grantor_client::{Client, ClientAuthentication, Limits, Seconds, SigningAlgorithm};
///
/// let client = Client::builder("https://id.example", "my-app")
///     .authentication(ClientAuthentication::PrivateKeyJwt(key.clone()))
///     .assertion_audience("https://id.example/token")
///     .redirect_uri("https://app.example/callback")
///     .id_token_algorithm(SigningAlgorithm::Es256)
///     .userinfo_algorithm(SigningAlgorithm::Es256)
///     .trusted_audience("https://api.example")
///     .request_object_key(key)
///     .dpop(dpop)
///     .trust_anchors(&ca)
///     .limits(Limits { time: std::time::Duration::from_secs(2), ..Limits::default() })
///     .leeway(Seconds(5))
///     .discover()
///     .await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct ClientBuilder {
    provider: Preset,
    client_id: String,
    authentication: ClientAuthentication,
    redirect_uri: Option<String>,
    assertion_audience: Option<String>,
    trusted_audiences: Vec<String>,
    id_token_algorithm: SigningAlgorithm,
    userinfo_algorithm: Option<SigningAlgorithm>,
    id_token_decryption: Option<Decryption>,
    userinfo_decryption: Option<Decryption>,
    request_object_key: Option<SigningKey>,
    dpop: Option<SigningKey>,
    guard: Guard,
    fetch: Option<Arc<dyn Fetch>>,
    clock: Clock,
    pub(crate) limits: Limits,
    leeway: Seconds,
}

impl ClientBuilder {
    pub(crate) fn of(provider: Preset, client_id: &str) -> Self {
        Self {
            assertion_audience: provider.assertion_audience.clone(),
            trusted_audiences: Vec::new(),
            provider,
            client_id: client_id.to_owned(),
            authentication: ClientAuthentication::None,
            redirect_uri: None,
            // OpenID Connect Dynamic Client Registration 2, of id_token_signed_response_alg: "The default, if omitted, is
            // RS256."
            id_token_algorithm: SigningAlgorithm::Rs256,
            userinfo_algorithm: None,
            id_token_decryption: None,
            userinfo_decryption: None,
            request_object_key: None,
            dpop: None,
            guard: Guard::for_configured_servers(),
            fetch: None,
            clock: Clock::system(),
            limits: Limits::default(),
            leeway: LEEWAY,
        }
    }

    /// What the client authenticates with; [`ClientAuthentication::None`] unless it is said.
    #[must_use]
    pub fn authentication(mut self, authentication: ClientAuthentication) -> Self {
        self.authentication = authentication;
        self
    }

    /// Where the provider sends the browser back to, exactly as it is registered.
    #[must_use]
    pub fn redirect_uri(mut self, uri: &str) -> Self {
        self.redirect_uri = Some(uri.to_owned());
        self
    }

    /// The audience of the client's assertions in place of the issuer: the token endpoint, for providers that accept
    /// nothing else.
    #[must_use]
    pub fn assertion_audience(mut self, audience: &str) -> Self {
        self.assertion_audience = Some(audience.to_owned());
        self
    }

    /// Accepts ID tokens that are for this audience besides. They then have to say in `azp` that they were issued to this client.
    /// Without it, a token that is for anybody else too is refused (OpenID Connect Core §3.1.3.7).
    #[must_use]
    pub fn trusted_audience(mut self, audience: &str) -> Self {
        self.trusted_audiences.push(audience.to_owned());
        self
    }

    /// The algorithm of ID tokens that is registered for the client (`id_token_signed_response_alg`); RS256 unless it is
    /// said. No other is accepted, whatever a token says of itself.
    #[must_use]
    pub fn id_token_algorithm(mut self, algorithm: SigningAlgorithm) -> Self {
        self.id_token_algorithm = algorithm;
        self
    }

    /// The algorithm of signed userinfo answers that is registered for the client (`userinfo_signed_response_alg`). An
    /// unsigned answer is then refused.
    #[must_use]
    pub fn userinfo_algorithm(mut self, algorithm: SigningAlgorithm) -> Self {
        self.userinfo_algorithm = Some(algorithm);
        self
    }

    /// Decrypts ID tokens as it is registered for the client (`id_token_encrypted_response_alg` and
    /// `id_token_encrypted_response_enc`), and then verifies them. One that is not encrypted is refused. [`Decryption`] has an
    /// example.
    #[must_use]
    pub fn id_token_decryption(mut self, decryption: Decryption) -> Self {
        self.id_token_decryption = Some(decryption);
        self
    }

    /// Decrypts userinfo answers as it is registered for the client (`userinfo_encrypted_response_alg` and
    /// `userinfo_encrypted_response_enc`). One that is not encrypted is refused. [`Decryption`] has an example.
    #[must_use]
    pub fn userinfo_decryption(mut self, decryption: Decryption) -> Self {
        self.userinfo_decryption = Some(decryption);
        self
    }

    /// Signs every authorization request with this key (RFC 9101), and backchannel authentication requests where the
    /// provider takes signed ones.
    #[must_use]
    pub fn request_object_key(mut self, key: SigningKey) -> Self {
        self.request_object_key = Some(key);
        self
    }

    /// Binds every token to this key (RFC 9449). A bearer token is then refused.
    #[must_use]
    pub fn dpop(mut self, key: SigningKey) -> Self {
        self.dpop = Some(key);
        self
    }

    /// Where the provider leaves the specifications, if it is none of the [presets](Preset).
    #[must_use]
    pub fn deviations(mut self, deviations: Deviations) -> Self {
        self.provider.deviations = deviations;
        self
    }

    /// Trusts these certificate authorities too, beside those of the system. PEM.
    #[must_use]
    pub fn trust_anchors(mut self, pem: &[u8]) -> Self {
        self.guard = self.guard.trust_anchors(pem);
        self
    }

    /// Shows this certificate to servers that ask for one, and sends requests to the provider's `mtls_endpoint_aliases` where
    /// it has them (RFC 8705). PEM: the certificate, with those between it and its authority if there are any, and the private
    /// key. With [`ClientAuthentication::TlsClientAuth`] or [`SelfSignedTlsClientAuth`] the client authenticates by it; with
    /// any other method it is there for providers that bind tokens to it.
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// use grantor_client::{Client, ClientAuthentication, SecretBytes};
    ///
    /// let certificate = std::fs::read("client.crt")?;
    /// let key = SecretBytes::new(std::fs::read("client.key")?);
    /// let client = Client::builder("https://id.example", "my-service")
    ///     .authentication(ClientAuthentication::TlsClientAuth)
    ///     .client_certificate(&certificate, &key)
    ///     .discover()
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// [`SelfSignedTlsClientAuth`]: ClientAuthentication::SelfSignedTlsClientAuth
    #[must_use]
    pub fn client_certificate(mut self, certificate: &[u8], key: &SecretBytes) -> Self {
        self.guard = self.guard.client_certificate(certificate, key);
        self
    }

    /// Sends requests by this, in place of the built-in client. It must not follow redirects, and shows a client certificate
    /// itself if one is needed.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use grantor_client::{Client, Fetch, FetchError, Request, Response};
    ///
    /// struct Offline;
    ///
    /// #[async_trait::async_trait]
    /// impl Fetch for Offline {
    ///     async fn send(&self, _request: Request) -> Result<Response, FetchError> {
    ///         Err(FetchError::NotConnected("there is no network".to_owned()))
    ///     }
    /// }
    ///
    /// let builder = Client::builder("https://id.example", "my-app").fetch(Arc::new(Offline));
    /// ```
    #[must_use]
    pub fn fetch(mut self, fetch: Arc<dyn Fetch>) -> Self {
        self.fetch = Some(fetch);
        self
    }

    /// Tells the time, in place of the system's clock.
    ///
    /// ```
    /// use grantor_client::{Client, Timestamp};
    ///
    /// let builder = Client::builder("https://id.example", "my-app").clock(|| Timestamp::from_seconds(1_750_000_000));
    /// ```
    #[must_use]
    pub fn clock(mut self, clock: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        self.clock = Clock::new(clock);
        self
    }

    /// How long and how large an answer of the provider may be; 5 seconds and 256 KiB unless it is said.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// How far the provider's clock and ours may be apart; 10 seconds unless it is said.
    #[must_use]
    pub fn leeway(mut self, leeway: Seconds) -> Self {
        self.leeway = leeway;
        self
    }

    /// Reads the provider's metadata, unless a [preset](Preset) has all of it, and builds the client.
    ///
    /// # Errors
    /// [`Error::NotApplied`] when the provider cannot be reached; [`Error::InvalidAnswer`] when its metadata are not
    /// those of the issuer; [`Error::Misuse`] when a setting cannot be used.
    pub async fn discover(self) -> Result<Client, Error> {
        let fetch = self.fetching()?;
        let metadata = match self.provider.described()? {
            Some(metadata) => metadata,
            None => discover(&*fetch, &self.provider, self.limits).await?,
        };
        self.build_with(metadata, fetch)
    }

    /// Builds the client for a provider that is known already, or described by hand.
    ///
    /// # Errors
    /// [`Error::Misuse`] when a setting cannot be used, or the metadata are another issuer's.
    pub fn build(self, metadata: ProviderMetadata) -> Result<Client, Error> {
        let fetch = self.fetching()?;
        self.build_with(metadata, fetch)
    }

    fn build_with(self, metadata: ProviderMetadata, fetch: Arc<dyn Fetch>) -> Result<Client, Error> {
        if metadata.issuer() != self.provider.issuer {
            return Err(Error::setting("the issuer", "the metadata are another issuer's"));
        }
        let client_id =
            ClientId::parse(&self.client_id).map_err(|error| Error::setting("client_id", error))?;
        if let Some(uri) = &self.redirect_uri {
            RedirectUri::parse(uri).map_err(|error| Error::setting("the redirect URI", error))?;
        }
        let keys = metadata.url(Endpoint::Jwks).ok().cloned();
        let keys = keys.map(|url| Keys::new(Arc::clone(&fetch), url, self.limits));
        Ok(Client::from_inner(Inner {
            mutual_tls: self.guard.has_client_certificate() || self.authentication.is_by_tls(),
            assertion_audience: self.assertion_audience.unwrap_or(self.provider.issuer),
            deviations: self.provider.deviations,
            metadata,
            client_id,
            authentication: self.authentication,
            redirect_uri: self.redirect_uri,
            trusted_audiences: self.trusted_audiences,
            id_token_algorithm: self.id_token_algorithm,
            userinfo_algorithm: self.userinfo_algorithm,
            id_token_decryption: self.id_token_decryption,
            userinfo_decryption: self.userinfo_decryption,
            request_object_key: self.request_object_key,
            prover: self.dpop.map(Prover::new),
            keys,
            fetch,
            clock: self.clock,
            limits: self.limits,
            leeway: self.leeway,
        }))
    }

    pub(crate) fn fetching(&self) -> Result<Arc<dyn Fetch>, Error> {
        if let Some(fetch) = &self.fetch {
            if self.guard.has_client_certificate() {
                let reason = "requests are sent by fetch, which has to show it itself";
                return Err(Error::setting("client_certificate", reason));
            }
            return Ok(Arc::clone(fetch));
        }
        if self.authentication.is_by_tls() && !self.guard.has_client_certificate() {
            return Err(Error::setting(
                "the authentication",
                "it needs a client_certificate",
            ));
        }
        let fetch = GuardedFetch::new(self.guard.clone()).map_err(|error| Error::setting("TLS", error))?;
        Ok(Arc::new(fetch))
    }
}

impl std::fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ClientBuilder({} at {})", self.client_id, self.provider.issuer)
    }
}
