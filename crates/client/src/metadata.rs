//! What a provider says about itself ([RFC 8414](https://www.rfc-editor.org/rfc/rfc8414), OpenID Connect Discovery 1.0).

use grantor_fetch::Response;
use serde_json::{Map, Value};
use url::Url;

use crate::answer::{self, Effect};
use crate::{Error, InvalidAnswer, Misuse};

/// Declares the endpoints with their names in metadata.
macro_rules! endpoints {
    ($($(#[$meta:meta])* $name:ident = $member:literal,)+) => {
        /// An endpoint of a provider.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Endpoint { $($(#[$meta])* $name,)+ }

        impl Endpoint {
            /// Every endpoint.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// Its member in metadata.
            pub const fn member(self) -> &'static str {
                match self { $(Self::$name => $member,)+ }
            }
        }
    };
}

endpoints! {
    /// Where the user's browser is sent, RFC 6749 3.1.
    Authorization = "authorization_endpoint",
    /// Where tokens come from, RFC 6749 3.2.
    Token = "token_endpoint",
    /// Where the provider's keys are, RFC 8414 2.
    Jwks = "jwks_uri",
    /// Claims about the user, OpenID Connect Core 5.3.
    Userinfo = "userinfo_endpoint",
    /// What a token is good for, RFC 7662.
    Introspection = "introspection_endpoint",
    /// The end of a token, RFC 7009.
    Revocation = "revocation_endpoint",
    /// The end of a session, OpenID Connect RP-Initiated Logout 2.1.
    EndSession = "end_session_endpoint",
    /// For devices without a browser, RFC 8628 3.1.
    DeviceAuthorization = "device_authorization_endpoint",
    /// For users who are elsewhere, OpenID Connect CIBA 4.
    BackchannelAuthentication = "backchannel_authentication_endpoint",
    /// Authorization requests in advance, RFC 9126 2.
    PushedAuthorizationRequest = "pushed_authorization_request_endpoint",
    /// New clients, RFC 7591 3.
    Registration = "registration_endpoint",
}

/// Endpoints for clients that show a certificate (RFC 8705 §5).
const ALIASES: &str = "mtls_endpoint_aliases";

/// A provider: its issuer, where its endpoints are, and what it supports.
///
/// It comes from [discovery](crate::ClientBuilder::discover), or is written by hand for a provider that has none and no
/// [preset](crate::Preset):
///
/// ```
/// use grantor_client::{Endpoint, ProviderMetadata};
///
/// let provider = ProviderMetadata::new("https://as.example")?
///     .endpoint(Endpoint::Authorization, "https://as.example/authorize")?
///     .endpoint(Endpoint::Token, "https://as.example/token")?;
/// assert!(provider.url(Endpoint::Token).is_ok());
/// assert!(provider.endpoint(Endpoint::Userinfo, "http://as.example/userinfo").is_err());
/// # Ok::<(), grantor_client::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct ProviderMetadata {
    issuer: String,
    endpoints: Vec<(Endpoint, Url)>,
    /// Those for clients that show a certificate.
    aliases: Vec<(Endpoint, Url)>,
    extra: Map<String, Value>,
}

impl ProviderMetadata {
    /// A provider with this issuer and no endpoints yet.
    ///
    /// # Errors
    /// [`Misuse::Setting`] when it is no issuer: https, or http on this machine, without query and fragment (RFC 8414
    /// §2).
    pub fn new(issuer: &str) -> Result<Self, Error> {
        let url = Url::parse(issuer).map_err(|error| Error::setting("the issuer", error))?;
        if !is_secure(&url) || url.query().is_some() || url.fragment().is_some() {
            return Err(Error::setting(
                "the issuer",
                "it has to be https, or http on this machine, without query and fragment",
            ));
        }
        Ok(Self {
            issuer: issuer.to_owned(),
            endpoints: Vec::new(),
            aliases: Vec::new(),
            extra: Map::new(),
        })
    }

    /// Sets where an endpoint is.
    ///
    /// # Errors
    /// [`Misuse::Setting`] when the URL is neither https nor http on this machine.
    pub fn endpoint(mut self, endpoint: Endpoint, url: &str) -> Result<Self, Error> {
        set(&mut self.endpoints, endpoint, url)?;
        Ok(self)
    }

    /// Sets where an endpoint is for clients that show a certificate (`mtls_endpoint_aliases`, RFC 8705 §5).
    ///
    /// ```
    /// use grantor_client::{Endpoint, ProviderMetadata};
    ///
    /// let provider = ProviderMetadata::new("https://id.example")?
    ///     .endpoint(Endpoint::Token, "https://id.example/token")?
    ///     .mutual_tls_endpoint(Endpoint::Token, "https://mtls.id.example/token")?;
    /// assert_eq!(provider.mutual_tls_url(Endpoint::Token)?.host_str(), Some("mtls.id.example"));
    /// # Ok::<(), grantor_client::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`endpoint`](Self::endpoint).
    pub fn mutual_tls_endpoint(mut self, endpoint: Endpoint, url: &str) -> Result<Self, Error> {
        set(&mut self.aliases, endpoint, url)?;
        Ok(self)
    }

    /// Sets another member of the metadata, such as `authorization_response_iss_parameter_supported`.
    ///
    /// ```
    /// use grantor_client::{Endpoint, ProviderMetadata};
    ///
    /// let provider = ProviderMetadata::new("https://as.example")?.member("scopes_supported", ["openid"]);
    /// assert_eq!(provider.extra("scopes_supported").unwrap()[0], "openid");
    /// assert_eq!(provider.list("scopes_supported").unwrap().next(), Some("openid"));
    /// assert_eq!(provider.issuer(), "https://as.example");
    /// assert!(!provider.has(Endpoint::Token));
    /// # Ok::<(), grantor_client::Error>(())
    /// ```
    #[must_use]
    pub fn member(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.extra.insert(name.to_owned(), value.into());
        self
    }

    /// Reads a metadata document. Members that are not known are kept and found by [`extra`](Self::extra).
    ///
    /// # Errors
    /// [`InvalidAnswer::Issuer`] unless it is the document of exactly this issuer;
    /// [`InvalidAnswer::InsecureEndpoint`] when one endpoint is neither https nor on this machine;
    /// [`InvalidAnswer::Member`] when one is no URL.
    pub fn read(issuer: &str, response: &Response) -> Result<Self, Error> {
        let mut metadata = Self::new(issuer)?;
        let members = answer::object(response, Effect::Repeatable)?;
        // RFC 8414 §3.3: "The 'issuer' value returned MUST be identical to the authorization server's issuer identifier
        // value into which the well-known URI string was inserted to create the URL used to retrieve the metadata. If
        // these values are not identical, the data contained in the response MUST NOT be used."
        if members.get("issuer").and_then(Value::as_str) != Some(issuer) {
            let expected = issuer.to_owned();
            return Err(InvalidAnswer::Issuer { expected }.into());
        }
        metadata.endpoints = endpoints(&members)?;
        metadata.aliases = match members.get(ALIASES) {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Object(aliases)) => endpoints(aliases)?,
            Some(_) => return Err(InvalidAnswer::Member(ALIASES).into()),
        };
        metadata.extra = members;
        Ok(metadata)
    }

    /// The issuer, exactly as the provider writes it.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Where an endpoint is.
    ///
    /// # Errors
    /// [`Misuse::NoEndpoint`] when the provider has none.
    pub fn url(&self, endpoint: Endpoint) -> Result<&Url, Error> {
        let found = self.endpoints.iter().find(|(own, _)| *own == endpoint);
        found
            .map(|(_, url)| url)
            .ok_or(Error::Misuse(Misuse::NoEndpoint(endpoint.member())))
    }

    /// Where an endpoint is for a client that shows a certificate: its alias if there is one, and otherwise where it is for
    /// all. An alias of an endpoint that a browser is sent to "has no meaning" (RFC 8705 §5).
    ///
    /// # Errors
    /// As [`url`](Self::url).
    pub fn mutual_tls_url(&self, endpoint: Endpoint) -> Result<&Url, Error> {
        let for_browsers = matches!(endpoint, Endpoint::Authorization | Endpoint::EndSession);
        let found = self.aliases.iter().find(|(own, _)| *own == endpoint);
        match found {
            Some((_, url)) if !for_browsers => Ok(url),
            Some(_) | None => self.url(endpoint),
        }
    }

    /// Whether the provider has an endpoint.
    pub fn has(&self, endpoint: Endpoint) -> bool {
        self.endpoints.iter().any(|(own, _)| *own == endpoint)
    }

    /// Any member of the metadata, such as `scopes_supported`.
    pub fn extra(&self, name: &str) -> Option<&Value> {
        self.extra.get(name)
    }

    /// The texts of a member that is a list, such as `scopes_supported`; `None` when there is no such list.
    pub fn list(&self, name: &str) -> Option<impl Iterator<Item = &str>> {
        let list = self.extra(name)?.as_array()?;
        Some(list.iter().filter_map(Value::as_str))
    }

    /// Whether a member says `true`; absent is `false`, as everywhere in metadata.
    pub(crate) fn says(&self, name: &str) -> bool {
        self.extra(name) == Some(&Value::Bool(true))
    }
}

/// Puts an endpoint in its place.
fn set(endpoints: &mut Vec<(Endpoint, Url)>, endpoint: Endpoint, url: &str) -> Result<(), Error> {
    let name = endpoint.member();
    let parsed = Url::parse(url).map_err(|error| Error::setting(name, error))?;
    if !is_secure(&parsed) {
        return Err(Error::setting(name, "it is neither https nor on this machine"));
    }
    endpoints.retain(|(own, _)| *own != endpoint);
    endpoints.push((endpoint, parsed));
    Ok(())
}

/// The endpoints that an object names.
fn endpoints(members: &Map<String, Value>) -> Result<Vec<(Endpoint, Url)>, InvalidAnswer> {
    let mut endpoints = Vec::new();
    for endpoint in Endpoint::ALL.iter().copied() {
        let name = endpoint.member();
        let url = match members.get(name) {
            None | Some(Value::Null) => continue,
            Some(Value::String(text)) => Url::parse(text).map_err(|_| InvalidAnswer::Member(name))?,
            Some(_) => return Err(InvalidAnswer::Member(name)),
        };
        if !is_secure(&url) {
            return Err(InvalidAnswer::InsecureEndpoint(name));
        }
        endpoints.push((endpoint, url));
    }
    Ok(endpoints)
}

/// Over TLS, or to this machine. No user information.
pub(crate) fn is_secure(url: &Url) -> bool {
    grantor_types::is_secure(url) && url.username().is_empty() && url.password().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::response;
    use serde_json::json;

    fn read(document: &Value) -> Result<ProviderMetadata, Error> {
        let response = response(200, "application/json", &document.to_string());
        ProviderMetadata::read("https://as.example", &response)
    }

    #[test]
    fn documents() {
        let expected = || "https://as.example".to_owned();
        let cases = [
            (json!({"issuer": "https://as.example"}), None),
            (
                json!({"issuer": "https://as.example", "token_endpoint": null}),
                None,
            ),
            (json!({}), Some(InvalidAnswer::Issuer { expected: expected() })),
            (
                json!({"issuer": "https://as.example/"}),
                Some(InvalidAnswer::Issuer { expected: expected() }),
            ),
            (
                json!({"issuer": "https://AS.example"}),
                Some(InvalidAnswer::Issuer { expected: expected() }),
            ),
            (
                json!({"issuer": "https://as.example", "token_endpoint": 7}),
                Some(InvalidAnswer::Member("token_endpoint")),
            ),
            (
                json!({"issuer": "https://as.example", "token_endpoint": "/token"}),
                Some(InvalidAnswer::Member("token_endpoint")),
            ),
            (
                json!({"issuer": "https://as.example", "jwks_uri": "http://as.example/jwks"}),
                Some(InvalidAnswer::InsecureEndpoint("jwks_uri")),
            ),
            (
                json!({"issuer": "https://as.example", "mtls_endpoint_aliases": []}),
                Some(InvalidAnswer::Member("mtls_endpoint_aliases")),
            ),
            (
                json!({"issuer": "https://as.example", "mtls_endpoint_aliases": {"token_endpoint": "http://as.example"}}),
                Some(InvalidAnswer::InsecureEndpoint("token_endpoint")),
            ),
            (
                json!({"issuer": "https://as.example", "authorization_endpoint": "javascript:alert(1)"}),
                Some(InvalidAnswer::InsecureEndpoint("authorization_endpoint")),
            ),
        ];
        for (document, expected) in cases {
            let expected = expected.map(Error::InvalidAnswer);
            assert_eq!(read(&document).err(), expected, "{document}");
        }
    }

    #[test]
    fn members() {
        let metadata = read(&json!({
            "issuer": "https://as.example", "token_endpoint": "https://as.example/token", "scopes_supported": ["a"],
            "require_pushed_authorization_requests": "true",
        }))
        .unwrap();
        assert_eq!(
            metadata.url(Endpoint::Token).unwrap().as_str(),
            "https://as.example/token"
        );
        assert_eq!(
            metadata.url(Endpoint::Userinfo),
            Err(Error::Misuse(Misuse::NoEndpoint("userinfo_endpoint")))
        );
        assert_eq!(metadata.extra("scopes_supported"), Some(&json!(["a"])));
        assert!(!metadata.says("require_pushed_authorization_requests"));
    }

    #[test]
    fn who_shows_a_certificate_is_let_in_by_another_door() {
        let metadata = read(&json!({
            "issuer": "https://as.example", "token_endpoint": "https://as.example/token",
            "authorization_endpoint": "https://as.example/authorize", "userinfo_endpoint": "https://as.example/userinfo",
            "mtls_endpoint_aliases": {
                "token_endpoint": "https://mtls.as.example/token", "revocation_endpoint": "https://mtls.as.example/revoke",
                "authorization_endpoint": "https://mtls.as.example/authorize", "unheard_of": 7,
            },
        }))
        .unwrap();
        let text = |url: Result<&Url, Error>| url.map(|url| url.as_str().to_owned()).ok();
        for (endpoint, open, with_certificate) in [
            (
                Endpoint::Token,
                Some("https://as.example/token"),
                Some("https://mtls.as.example/token"),
            ),
            (
                Endpoint::Userinfo,
                Some("https://as.example/userinfo"),
                Some("https://as.example/userinfo"),
            ),
            (
                Endpoint::Authorization,
                Some("https://as.example/authorize"),
                Some("https://as.example/authorize"),
            ),
            (Endpoint::Revocation, None, Some("https://mtls.as.example/revoke")),
            (Endpoint::Introspection, None, None),
        ] {
            assert_eq!(text(metadata.url(endpoint)).as_deref(), open, "{endpoint:?}");
            let found = text(metadata.mutual_tls_url(endpoint));
            assert_eq!(found.as_deref(), with_certificate, "{endpoint:?}");
        }
    }

    #[test]
    fn issuers() {
        for good in [
            "https://as.example",
            "https://as.example/tenant/",
            "http://localhost:8080",
        ] {
            assert_eq!(ProviderMetadata::new(good).unwrap().issuer(), good);
        }
        for bad in [
            "",
            "as.example",
            "http://as.example",
            "https://as.example?x",
            "https://as.example#x",
            "https://u:p@as.example",
            "ftp://localhost",
        ] {
            assert!(ProviderMetadata::new(bad).is_err(), "{bad}");
        }
    }
}
