//! Where requests may go.

use std::net::IpAddr;

use grantor_types::{SecretBytes, is_loopback};
use url::{Host, Origin, Url};

use crate::FetchError;
use crate::address::is_public;

/// Where requests may go: over `https` to public addresses, and what is added to that by name.
#[derive(Clone, Debug, Default)]
pub struct Guard {
    loopback: bool,
    any_address: bool,
    origins: Vec<Origin>,
    trust_anchors: Vec<u8>,
    client_certificate: Option<SecretBytes>,
}

/// Which addresses a request may connect to, once its URL has been looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    Public,
    Loopback,
    Anywhere,
}

impl Guard {
    /// Over `https` to public addresses only.
    pub fn new() -> Self {
        Self::default()
    }

    /// Also to this machine, over `http` or `https`, when the URL says so: `localhost`, 127.0.0.0/8, `::1`. For
    /// development and tests; a name that only resolves to loopback is refused still.
    #[must_use]
    pub fn danger_allow_loopback(self) -> Self {
        Self {
            loopback: true,
            ..self
        }
    }

    /// Over `https` to any address, and over `http` to this machine. For URLs that come from one's own configuration, or
    /// from the metadata of a provider that is configured: nobody else chooses where requests go.
    pub fn for_configured_servers() -> Self {
        Self {
            loopback: true,
            any_address: true,
            ..Self::default()
        }
    }

    /// Also to this origin (scheme, host and port) wherever it is: a service inside the operator's network. An `http`
    /// origin is taken at its word.
    #[must_use]
    pub fn allow_origin(mut self, origin: &Url) -> Self {
        self.origins.push(origin.origin());
        self
    }

    /// Trusts these certificate authorities too, beside those of the system. PEM, any number of certificates; that
    /// they are some is checked when the client is set up.
    #[must_use]
    pub fn trust_anchors(mut self, pem: &[u8]) -> Self {
        self.trust_anchors.extend_from_slice(pem);
        self.trust_anchors.push(b'\n');
        self
    }

    /// Shows this certificate to every server that asks for one (RFC 8705). PEM: the certificate, those between it and its
    /// authority if there are any, and the private key (PKCS#8, PKCS#1 or SEC1); that they are some is checked when the client
    /// is set up.
    ///
    /// ```no_run
    /// # fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// use grantor_fetch::{Guard, GuardedFetch};
    /// use grantor_types::SecretBytes;
    ///
    /// let key = SecretBytes::new(std::fs::read("client.key")?);
    /// let guard = Guard::new().client_certificate(&std::fs::read("client.crt")?, &key);
    /// let fetch = GuardedFetch::new(guard)?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn client_certificate(mut self, certificate: &[u8], key: &SecretBytes) -> Self {
        let pem = [certificate, b"\n", key.expose()].concat();
        self.client_certificate = Some(SecretBytes::new(pem));
        self
    }

    /// Whether there is a certificate to show.
    pub fn has_client_certificate(&self) -> bool {
        self.client_certificate.is_some()
    }

    pub(crate) fn client_certificate_pem(&self) -> Option<&SecretBytes> {
        self.client_certificate.as_ref()
    }

    pub(crate) fn trust_anchors_pem(&self) -> &[u8] {
        &self.trust_anchors
    }

    /// The kinds of reach that this guard can ever grant.
    pub(crate) fn reaches(&self) -> impl Iterator<Item = Reach> {
        let public = (!self.any_address).then_some(Reach::Public);
        let loopback = self.loopback.then_some(Reach::Loopback);
        let anywhere = (self.any_address || !self.origins.is_empty()).then_some(Reach::Anywhere);
        [public, loopback, anywhere].into_iter().flatten()
    }

    /// Looks at a URL. The resolver is never asked for an address that stands in the URL itself, so that is checked
    /// here; the URL parser has brought every spelling of it, such as `0x7f000001`, into one form.
    pub(crate) fn check(&self, url: &Url) -> Result<Reach, FetchError> {
        if url.host().is_none() || !url.username().is_empty() || url.password().is_some() {
            return Err(FetchError::UrlRefused);
        }
        if self.origins.contains(&url.origin()) {
            return Ok(Reach::Anywhere);
        }
        if self.loopback && is_loopback(url) && matches!(url.scheme(), "http" | "https") {
            return Ok(Reach::Loopback);
        }
        if url.scheme() != "https" {
            return Err(FetchError::NotHttps);
        }
        if self.any_address {
            return Ok(Reach::Anywhere);
        }
        let address = match url.host() {
            Some(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
            Some(Host::Ipv6(address)) => Some(IpAddr::V6(address)),
            Some(Host::Domain(_)) | None => None,
        };
        match address {
            Some(address) if !Reach::Public.includes(address) => Err(FetchError::AddressRefused),
            Some(_) | None => Ok(Reach::Public),
        }
    }
}

impl Reach {
    pub(crate) fn includes(self, address: IpAddr) -> bool {
        match self {
            Self::Public => is_public(address),
            Self::Loopback => address.is_loopback(),
            Self::Anywhere => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(guard: &Guard, url: &str) -> Result<Reach, FetchError> {
        guard.check(&url.parse().unwrap())
    }

    #[test]
    fn without_exceptions() {
        use FetchError::{AddressRefused, NotHttps, UrlRefused};
        let cases = [
            ("https://example.com/x?y", Ok(Reach::Public)),
            ("https://1.1.1.1", Ok(Reach::Public)),
            ("https://[2606:4700::1111]:8443", Ok(Reach::Public)),
            // A name is looked at again when it has been resolved.
            ("https://localhost", Ok(Reach::Public)),
            ("http://example.com", Err(NotHttps)),
            ("http://127.0.0.1", Err(NotHttps)),
            ("ftp://example.com", Err(NotHttps)),
            ("file:///etc/passwd", Err(UrlRefused)),
            ("data:text/plain,x", Err(UrlRefused)),
            ("https://user@example.com", Err(UrlRefused)),
            ("https://:secret@example.com", Err(UrlRefused)),
            ("https://127.0.0.1", Err(AddressRefused)),
            ("https://2130706433", Err(AddressRefused)),
            ("https://0x7f000001", Err(AddressRefused)),
            ("https://0x7f.1", Err(AddressRefused)),
            ("https://017700000001", Err(AddressRefused)),
            ("https://127.1", Err(AddressRefused)),
            ("https://0", Err(AddressRefused)),
            ("https://１２７.０.０.１", Err(AddressRefused)),
            ("https://127.0.0.1.", Err(AddressRefused)),
            ("https://169.254.169.254/latest/meta-data", Err(AddressRefused)),
            ("https://[::1]", Err(AddressRefused)),
            ("https://[::ffff:7f00:1]", Err(AddressRefused)),
            ("https://[::ffff:127.0.0.1]", Err(AddressRefused)),
            ("https://[fe80::1]", Err(AddressRefused)),
        ];
        for (url, expected) in cases {
            assert_eq!(check(&Guard::new(), url), expected, "{url}");
        }
    }

    #[test]
    fn with_loopback() {
        let guard = Guard::new().danger_allow_loopback();
        for url in [
            "http://localhost:1",
            "https://localhost",
            "http://127.3.4.5",
            "http://[::1]:8080",
        ] {
            assert_eq!(check(&guard, url), Ok(Reach::Loopback), "{url}");
        }
        assert_eq!(check(&guard, "http://example.com"), Err(FetchError::NotHttps));
        assert_eq!(check(&guard, "https://10.0.0.1"), Err(FetchError::AddressRefused));
        assert_eq!(check(&guard, "https://localhost.example.com"), Ok(Reach::Public));
        assert_eq!(check(&guard, "ftp://localhost"), Err(FetchError::NotHttps));
    }

    #[test]
    fn for_servers_that_are_configured() {
        let guard = Guard::for_configured_servers();
        for (url, expected) in [
            ("https://10.0.0.1/token", Ok(Reach::Anywhere)),
            ("https://as.example", Ok(Reach::Anywhere)),
            ("http://localhost:1", Ok(Reach::Loopback)),
            ("http://10.0.0.1", Err(FetchError::NotHttps)),
            ("http://localhost.example", Err(FetchError::NotHttps)),
            ("https://u:p@as.example", Err(FetchError::UrlRefused)),
        ] {
            assert_eq!(check(&guard, url), expected, "{url}");
        }
        let reaches: Vec<_> = guard.reaches().collect();
        assert_eq!(reaches, [Reach::Loopback, Reach::Anywhere]);
    }

    #[test]
    fn with_an_origin() {
        let guard = Guard::new()
            .allow_origin(&"https://inside.example:8443/ignored".parse().unwrap())
            .allow_origin(&"http://10.0.0.1".parse().unwrap());
        assert_eq!(
            check(&guard, "https://inside.example:8443/keys"),
            Ok(Reach::Anywhere)
        );
        assert_eq!(check(&guard, "http://10.0.0.1:80/keys"), Ok(Reach::Anywhere));
        assert_eq!(check(&guard, "https://inside.example/keys"), Ok(Reach::Public));
        assert_eq!(
            check(&guard, "http://inside.example:8443/keys"),
            Err(FetchError::NotHttps)
        );
        assert_eq!(check(&guard, "http://10.0.0.1:81"), Err(FetchError::NotHttps));
        assert_eq!(check(&guard, "https://10.0.0.1"), Err(FetchError::AddressRefused));
        assert_eq!(
            check(&guard, "https://u@inside.example:8443"),
            Err(FetchError::UrlRefused)
        );
        let reaches: Vec<_> = guard.reaches().collect();
        assert_eq!(reaches, [Reach::Public, Reach::Anywhere]);
    }
}
