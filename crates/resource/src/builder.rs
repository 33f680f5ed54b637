//! Describing a resource server.

use std::sync::Arc;

use grantor_fetch::{Clock, Fetch, FetchError, Guard, GuardedFetch, RenewalLimits, Renewed};
use grantor_types::{ClientId, Seconds, Secret, SigningAlgorithm, Timestamp, is_secure, well_known};
use moka::sync::Cache;
use url::Url;

use crate::introspection::{Expected, Introspector};
use crate::rejection::Challenge;
use crate::server::Inner;
use crate::source::{Location, Source};
use crate::{Dpop, ResourceServer};

/// Describes a resource server; see [`ResourceServer::builder`]. What is not said has a safe default.
#[must_use]
pub struct ResourceServerBuilder {
    issuer: String,
    audience: String,
    algorithms: Vec<SigningAlgorithm>,
    leeway: Seconds,
    realm: Option<String>,
    resource_metadata: Option<String>,
    jwks_uri: Option<String>,
    key_limits: RenewalLimits,
    introspection: Option<Introspection>,
    cache_lifetime: Seconds,
    cache_size: u64,
    clock: Clock,
    fetch: Option<Arc<dyn Fetch>>,
    dpop: Option<Dpop>,
}

struct Introspection {
    endpoint: String,
    client_id: ClientId,
    secret: Secret,
}

/// What is wrong with the description.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// Not an absolute `https` URL (or `http` on this machine), or with a query or fragment where none may be.
    #[error("the {0} is not an https URL without query and fragment")]
    Url(&'static str),
    /// The audience is empty.
    #[error("the audience is empty")]
    Audience,
    /// No algorithm is accepted.
    #[error("no signing algorithm is accepted")]
    Algorithms,
    /// The realm is empty or holds what a quoted string cannot: quotes, backslashes, other than printable ASCII. It is
    /// the audience unless it is said.
    #[error("the realm is not a plain text that a challenge can hold")]
    Realm,
    /// The HTTP client could not be set up.
    #[error(transparent)]
    Fetch(#[from] FetchError),
}

impl ResourceServerBuilder {
    pub(crate) fn new(issuer: &str, audience: &str) -> Self {
        Self {
            issuer: issuer.to_owned(),
            audience: audience.to_owned(),
            algorithms: SigningAlgorithm::ALL.to_vec(),
            leeway: Seconds(5),
            realm: None,
            resource_metadata: None,
            jwks_uri: None,
            key_limits: RenewalLimits {
                max_age: Seconds::minutes(10),
                interval: Seconds(10),
            },
            introspection: None,
            cache_lifetime: Seconds(5),
            cache_size: 10_000,
            clock: Clock::system(),
            fetch: None,
            dpop: None,
        }
    }

    /// Accepts these signing algorithms only; all that Grantor signs with unless it is said.
    pub fn algorithms(mut self, algorithms: &[SigningAlgorithm]) -> Self {
        self.algorithms = algorithms.to_vec();
        self
    }

    /// How far the issuer's clock and ours may be apart; 5 seconds unless it is said.
    pub fn leeway(mut self, leeway: Seconds) -> Self {
        self.leeway = leeway;
        self
    }

    /// The realm in challenges; the audience unless it is said.
    pub fn realm(mut self, realm: &str) -> Self {
        self.realm = Some(realm.to_owned());
        self
    }

    /// The URL of this API's own metadata ([RFC 9728]), which challenges then point to.
    ///
    /// [RFC 9728]: https://www.rfc-editor.org/rfc/rfc9728#section-5.1
    pub fn resource_metadata(mut self, url: &str) -> Self {
        self.resource_metadata = Some(url.to_owned());
        self
    }

    /// Where the issuer's keys are. Unless it is said, the issuer's metadata say it ([RFC 8414]), which are read when
    /// the first token comes.
    ///
    /// [RFC 8414]: https://www.rfc-editor.org/rfc/rfc8414
    pub fn jwks_uri(mut self, url: &str) -> Self {
        self.jwks_uri = Some(url.to_owned());
        self
    }

    /// How old the keys may grow before they are fetched again; 10 minutes unless it is said. A key that the issuer
    /// has withdrawn is trusted for so long.
    pub fn keys_max_age(mut self, max_age: Seconds) -> Self {
        self.key_limits.max_age = max_age;
        self
    }

    /// The shortest time between two fetches of the keys, whatever `kid` tokens name; 10 seconds unless it is said.
    pub fn keys_refetch_interval(mut self, interval: Seconds) -> Self {
        self.key_limits.interval = interval;
        self
    }

    /// Accepts opaque tokens, by asking this endpoint ([RFC 7662]) with the API's own credentials
    /// (client_secret_basic). JWTs are still checked on the spot.
    ///
    /// [RFC 7662]: https://www.rfc-editor.org/rfc/rfc7662
    pub fn introspection(mut self, endpoint: &str, client_id: ClientId, secret: Secret) -> Self {
        self.introspection = Some(Introspection {
            endpoint: endpoint.to_owned(),
            client_id,
            secret,
        });
        self
    }

    /// For how long, and for how many tokens, answers to introspection are remembered; 5 seconds and 10,000 unless it
    /// is said, 0 for not at all. A revoked token lives on for so long.
    pub fn introspection_cache(mut self, lifetime: Seconds, entries: u64) -> Self {
        (self.cache_lifetime, self.cache_size) = (lifetime, entries);
        self
    }

    /// Accepts tokens that are bound to a key, with proofs of it ([RFC 9449]).
    ///
    /// [RFC 9449]: https://www.rfc-editor.org/rfc/rfc9449#section-7
    pub fn dpop(mut self, dpop: Dpop) -> Self {
        self.dpop = Some(dpop);
        self
    }

    /// Tells the time, in place of the system's clock.
    pub fn clock(mut self, clock: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        self.clock = Clock::new(clock);
        self
    }

    /// Makes the requests, in place of a [`GuardedFetch`] that reaches public addresses and the origins given here.
    pub fn fetch(mut self, fetch: impl Fetch + 'static) -> Self {
        self.fetch = Some(Arc::new(fetch));
        self
    }

    /// Checks the description. Nothing is fetched yet.
    ///
    /// # Errors
    /// A [`BuildError`] that names what is wrong.
    pub fn build(self) -> Result<ResourceServer, BuildError> {
        let issuer = endpoint(&self.issuer, "issuer")?;
        if issuer.query().is_some() {
            return Err(BuildError::Url("issuer"));
        }
        let jwks_uri = self
            .jwks_uri
            .as_deref()
            .map(|url| endpoint(url, "jwks_uri"))
            .transpose()?;
        let introspection = self
            .introspection
            .as_ref()
            .map(|set| endpoint(&set.endpoint, "introspection endpoint"));
        let introspection = introspection.transpose()?;
        self.check()?;
        let challenge = Arc::new(self.challenge()?);
        let fetch = match &self.fetch {
            Some(fetch) => Arc::clone(fetch),
            None => guarded_fetch([Some(&issuer), jwks_uri.as_ref(), introspection.as_ref()])?,
        };
        let location = match jwks_uri {
            Some(url) => Location::Jwks(url),
            None => Location::Discovery {
                issuer: self.issuer.clone(),
                metadata: well_known(&issuer, "oauth-authorization-server"),
            },
        };
        let source = Source {
            fetch: Arc::clone(&fetch),
            location,
        };
        let keys = Renewed::new(source, self.key_limits);
        let credentials = self.introspection.as_ref();
        let introspector = credentials
            .zip(introspection)
            .map(|(credentials, url)| self.introspector(credentials, url, fetch));
        let Self {
            issuer,
            audience,
            algorithms,
            leeway,
            clock,
            dpop,
            ..
        } = self;
        let inner = Inner {
            issuer,
            audience,
            algorithms,
            leeway,
            clock,
            keys,
            introspector,
            challenge,
            dpop,
        };
        Ok(ResourceServer(Arc::new(inner)))
    }

    /// What needs no URL to be read.
    fn check(&self) -> Result<(), BuildError> {
        if self.audience.is_empty() {
            return Err(BuildError::Audience);
        }
        let no_proofs = |dpop: &Dpop| dpop.algorithms.is_empty();
        if self.algorithms.is_empty() || self.dpop.as_ref().is_some_and(no_proofs) {
            return Err(BuildError::Algorithms);
        }
        match &self.dpop {
            Some(dpop) => endpoint(&dpop.public_url, "public URL").map(|_| ()),
            None => Ok(()),
        }
    }

    fn challenge(&self) -> Result<Challenge, BuildError> {
        let realm = self.realm.clone().unwrap_or_else(|| self.audience.clone());
        let plain = |byte: u8| matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\';
        if realm.is_empty() || !realm.bytes().all(plain) {
            return Err(BuildError::Realm);
        }
        let metadata = self
            .resource_metadata
            .as_deref()
            .map(|url| endpoint(url, "resource metadata URL"));
        Ok(Challenge {
            realm,
            resource_metadata: metadata.transpose()?.map(String::from),
            proof_algorithms: self.dpop.as_ref().map(|dpop| {
                let names: Vec<&str> = dpop
                    .algorithms
                    .iter()
                    .map(|algorithm| algorithm.as_str())
                    .collect();
                names.join(" ")
            }),
        })
    }

    fn introspector(
        &self,
        credentials: &Introspection,
        endpoint: Url,
        fetch: Arc<dyn Fetch>,
    ) -> Introspector {
        Introspector {
            endpoint,
            client_id: credentials.client_id.clone(),
            secret: credentials.secret.clone(),
            fetch,
            clock: self.clock.clone(),
            expected: Expected {
                issuer: self.issuer.clone(),
                audience: self.audience.clone(),
                leeway: self.leeway,
            },
            cache: Cache::new(self.cache_size),
            lifetime: self.cache_lifetime,
        }
    }
}

/// An absolute URL over TLS, or to this machine, where no wire is between.
fn endpoint(text: &str, name: &'static str) -> Result<Url, BuildError> {
    let url = Url::parse(text).map_err(|_| BuildError::Url(name))?;
    if is_secure(&url) && url.fragment().is_none() {
        Ok(url)
    } else {
        Err(BuildError::Url(name))
    }
}

/// The origins that the operator has written down are reached wherever they are, inside the network or on this
/// machine. What metadata point to beyond them must be public.
fn guarded_fetch(origins: [Option<&Url>; 3]) -> Result<Arc<dyn Fetch>, FetchError> {
    let guard = origins
        .into_iter()
        .flatten()
        .fold(Guard::new(), |guard, origin| guard.allow_origin(origin));
    Ok(Arc::new(GuardedFetch::new(guard)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn builder() -> ResourceServerBuilder {
        ResourceServer::builder("https://as.example/tenant", "https://api.example")
    }

    fn error(builder: ResourceServerBuilder) -> Option<BuildError> {
        builder.build().err()
    }

    #[test]
    fn descriptions() {
        let with_issuer = |issuer: &str| ResourceServer::builder(issuer, "api");
        let with_introspection =
            |url: &str| builder().introspection(url, ClientId::parse("api").unwrap(), Secret::new("secret"));
        let cases = [
            (builder(), None),
            (with_issuer("http://localhost:8080"), None),
            (with_issuer("http://as.example"), Some(BuildError::Url("issuer"))),
            (
                with_issuer("https://as.example?x"),
                Some(BuildError::Url("issuer")),
            ),
            (
                with_issuer("https://as.example#x"),
                Some(BuildError::Url("issuer")),
            ),
            (with_issuer("as.example"), Some(BuildError::Url("issuer"))),
            (builder().jwks_uri("https://cdn.example/keys?v=1"), None),
            (
                builder().jwks_uri("ftp://cdn.example/keys"),
                Some(BuildError::Url("jwks_uri")),
            ),
            (with_introspection("https://as.example/introspect"), None),
            (
                with_introspection("http://as.example/introspect"),
                Some(BuildError::Url("introspection endpoint")),
            ),
            (
                ResourceServer::builder("https://as.example", ""),
                Some(BuildError::Audience),
            ),
            (builder().algorithms(&[]), Some(BuildError::Algorithms)),
            (builder().realm("notes and more"), None),
            (builder().realm("a\"b"), Some(BuildError::Realm)),
            (builder().realm("é"), Some(BuildError::Realm)),
            (builder().realm(""), Some(BuildError::Realm)),
            (
                builder().resource_metadata("x"),
                Some(BuildError::Url("resource metadata URL")),
            ),
        ];
        for (index, (builder, expected)) in cases.into_iter().enumerate() {
            assert_eq!(error(builder), expected, "case {index}");
        }
    }
}
