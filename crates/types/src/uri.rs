//! URIs with a meaning: issuer, redirect URI, resource indicator, browser origin.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize};
use thiserror::Error;
use url::{Host, Url};

use crate::text;

/// Longest URI that is read, in bytes.
pub const MAX_URI_LENGTH: usize = 2048;

/// Why a text is not a URI of the wanted kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum UriError {
    /// Not an absolute URI.
    #[error("not an absolute URI")]
    NotAbsolute,
    /// Longer than [`MAX_URI_LENGTH`].
    #[error("longer than 2048 bytes")]
    TooLong,
    /// Has a fragment.
    #[error("has a fragment (#...)")]
    Fragment,
    /// Has a user name or password.
    #[error("has user information (user@host)")]
    UserInformation,
    /// Plain http to a host that is not loopback.
    #[error("uses plain http on a host that is not loopback")]
    InsecureScheme,
    /// A scheme that runs code or reads files in a browser.
    #[error("uses a scheme that browsers run or open locally")]
    ForbiddenScheme,
    /// Has a query.
    #[error("has a query (?...)")]
    Query,
    /// Has a character outside printable ASCII, or a backslash.
    #[error("holds a character that does not belong in a URI")]
    Character,
    /// Holds a path where only scheme, host and port belong.
    #[error("has a path; an origin is scheme://host[:port]")]
    Path,
}

/// Parses an absolute URI of printable ASCII within the length limit.
fn absolute(text: &str) -> Result<Url, UriError> {
    if text.len() > MAX_URI_LENGTH {
        return Err(UriError::TooLong);
    }
    if !text
        .bytes()
        .all(|b| matches!(b, 0x21..=0x7e) && !matches!(b, b'\\' | b'"' | b'<' | b'>' | b'`'))
    {
        return Err(UriError::Character);
    }
    Url::parse(text).map_err(|_| UriError::NotAbsolute)
}

fn without_user_information(url: &Url) -> Result<(), UriError> {
    if url.username().is_empty() && url.password().is_none() {
        Ok(())
    } else {
        Err(UriError::UserInformation)
    }
}

/// Whether the host is this machine: `localhost`, 127.0.0.0/8 or ::1.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address == Ipv6Addr::LOCALHOST,
        None => false,
    }
}

/// Whether nobody reads along: https, or http to this machine, where no wire is between.
pub fn is_secure(url: &Url) -> bool {
    url.scheme() == "https" || url.scheme() == "http" && is_loopback(url)
}

/// Where an issuer's document of this name is (RFC 8414 §3.1): the well-known path is "inserted into the authorization
/// server's issuer identifier between the host component and the path component", without the slash at its end.
pub fn well_known(issuer: &Url, name: &str) -> Url {
    let path = issuer.path().trim_end_matches('/');
    let mut url = issuer.clone();
    url.set_path(&format!("/.well-known/{name}{path}"));
    url
}

/// Whether a text is the address of a page that a browser opens: http or https, with `//` and a host, without the user
/// information that makes one host look like another.
pub fn is_web_address(text: &str) -> bool {
    let is_web = |url: Url| {
        let (start, _) = text.split_at_checked(url.scheme().len()).unwrap_or((text, ""));
        let rest = text.strip_prefix(start).unwrap_or_default();
        matches!(url.scheme(), "https" | "http")
            && rest.starts_with("://")
            && url.has_host()
            && without_user_information(&url).is_ok()
    };
    absolute(text).is_ok_and(is_web)
}

macro_rules! uri_text {
    ($($name:ident),+) => { $(
        impl $name {
            /// The URI exactly as it was registered or sent.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                text::deserialize(deserializer, "a URI", Self::parse)
            }
        }
    )+ };
}

/// A redirect URI, kept and compared as the text it was registered with (RFC 6749 3.1.2).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct RedirectUri(Arc<str>);

/// An issuer identifier (RFC 8414 2): no query, no fragment.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Issuer(Arc<str>);

/// A resource indicator (RFC 8707 2), or an audience name that an administrator registered.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Resource(Arc<str>);

/// A web origin (RFC 6454): scheme, host and port, as browsers send it in `Origin`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Origin(Arc<str>);

/// A link that pages show: https, or http on loopback.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct WebUri(Arc<str>);

uri_text!(RedirectUri, Issuer, Resource, Origin, WebUri);

impl RedirectUri {
    /// The host; `None` for a scheme that has none.
    pub fn host(&self) -> Option<String> {
        self.to_url()?.host_str().map(str::to_owned)
    }

    /// Checks a redirect URI at registration.
    ///
    /// # Errors
    /// [`UriError`] for a relative URI, a fragment ("The endpoint URI MUST NOT include a fragment component.",
    /// RFC 6749 3.1.2), user information, plain http off this machine, or a scheme that browsers run or open.
    pub fn parse(text: &str) -> Result<Self, UriError> {
        let url = absolute(text)?;
        if url.fragment().is_some() {
            return Err(UriError::Fragment);
        }
        match url.scheme() {
            "https" => without_user_information(&url)?,
            "http" if is_loopback(&url) => without_user_information(&url)?,
            "http" => return Err(UriError::InsecureScheme),
            "javascript" | "data" | "vbscript" | "file" | "blob" | "about" | "filesystem" | "view-source"
            | "ws" | "wss" | "ftp" | "mailto" | "chrome" | "jar" => return Err(UriError::ForbiddenScheme),
            _private_use => {}
        }
        Ok(Self(text.into()))
    }

    /// Whether a requested URI is this registered one: the same text, or for a loopback IP address the same but for
    /// the port. "The authorization server MUST allow any port to be specified at the time of the request for
    /// loopback IP redirect URIs" (RFC 8252 7.3).
    pub fn matches(&self, requested: &str) -> bool {
        if requested == &*self.0 {
            return true;
        }
        match (loopback_without_port(&self.0), loopback_without_port(requested)) {
            (Some(registered), Some(requested)) => registered == requested,
            _ => false,
        }
    }

    /// The parsed URI. Registration checked that it parses.
    pub fn to_url(&self) -> Option<Url> {
        Url::parse(&self.0).ok()
    }
}

/// A URI without a fragment, with parameters added to the query that it has. "The redirection URI [...] MAY include an
/// "application/x-www-form-urlencoded" formatted query component, which MUST be retained when adding additional query
/// parameters." (RFC 6749 3.1.2)
pub fn with_query<V: AsRef<str>>(uri: &str, added: &[(&str, V)]) -> String {
    let joint = if uri.contains('?') { '&' } else { '?' };
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(added)
        .finish();
    format!("{uri}{joint}{query}")
}

/// Splits `http://127.0.0.1[:port]/rest` or `http://[::1][:port]/rest` into host and rest, dropping the port.
/// Works on the text, so that nothing is normalised away before the comparison.
fn loopback_without_port(text: &str) -> Option<(&str, &str)> {
    let after = text.strip_prefix("http://")?;
    let end = after.find(['/', '?', '#']).unwrap_or(after.len());
    let (authority, rest) = after.split_at_checked(end)?;
    let (host, port) = match authority.strip_prefix('[') {
        Some(inner) => {
            let (host, after) = inner.split_once(']')?;
            (host, after.strip_prefix(':').or(after.is_empty().then_some(""))?)
        }
        None => authority.split_once(':').unwrap_or((authority, "")),
    };
    let loopback = host == Ipv4Addr::LOCALHOST.to_string() || host == "::1";
    let port_is_number = port.is_empty() || port.parse::<u16>().is_ok();
    (loopback && port_is_number).then_some((host, rest))
}

impl Issuer {
    /// Checks an issuer: https, or http on loopback; no query, fragment or user information; no trailing slash.
    ///
    /// # Errors
    /// [`UriError`] naming the part that does not belong.
    pub fn parse(text: &str) -> Result<Self, UriError> {
        let url = absolute(text)?;
        without_user_information(&url)?;
        match (url.scheme(), url.query(), url.fragment()) {
            (_, Some(_), _) => Err(UriError::Query),
            (_, _, Some(_)) => Err(UriError::Fragment),
            ("https", None, None) => Ok(Self(text.trim_end_matches('/').into())),
            ("http", None, None) if is_loopback(&url) => Ok(Self(text.trim_end_matches('/').into())),
            ("http", None, None) => Err(UriError::InsecureScheme),
            _ => Err(UriError::ForbiddenScheme),
        }
    }

    /// Whether the issuer is served over TLS.
    pub fn is_https(&self) -> bool {
        self.0.starts_with("https://")
    }

    /// The path of the issuer without a trailing slash; empty for most.
    pub fn path(&self) -> &str {
        let after_scheme = self.0.split_once("://").map_or("", |(_, rest)| rest);
        after_scheme
            .find('/')
            .and_then(|at| after_scheme.get(at..))
            .unwrap_or("")
    }

    /// Scheme, host and port of the issuer.
    pub fn origin(&self) -> &str {
        let end = self.0.len() - self.path().len();
        self.0.get(..end).unwrap_or(&self.0)
    }

    /// The absolute URL of one of the server's own paths, which begins with `/`.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }
}

impl Resource {
    /// Reads a resource indicator or audience name: an absolute URI without fragment, or a plain name of
    /// `A-Z a-z 0-9 - . _ ~ :`.
    ///
    /// # Errors
    /// [`UriError`]; for a URI: "The resource parameter ... MUST be an absolute URI ... MUST NOT include a fragment
    /// component" (RFC 8707 2).
    pub fn parse(text: &str) -> Result<Self, UriError> {
        let name = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~');
        if !text.is_empty() && text.len() <= 255 && text.bytes().all(name) {
            return Ok(Self(text.into()));
        }
        let url = absolute(text)?;
        if url.fragment().is_some() {
            Err(UriError::Fragment)
        } else {
            Ok(Self(text.into()))
        }
    }
}

impl Origin {
    /// Reads an origin as browsers write it: `scheme://host` with the port unless it is the scheme's own.
    ///
    /// # Errors
    /// [`UriError`] when anything follows host and port, or the text is not in the form that browsers send.
    pub fn parse(text: &str) -> Result<Self, UriError> {
        let url = absolute(text)?;
        without_user_information(&url)?;
        match url.scheme() {
            "https" | "http" if url.origin().ascii_serialization() == text => Ok(Self(text.into())),
            "https" | "http" => Err(UriError::Path),
            _ => Err(UriError::ForbiddenScheme),
        }
    }
}

impl WebUri {
    /// The host.
    pub fn host(&self) -> Option<String> {
        Url::parse(&self.0).ok()?.host_str().map(str::to_owned)
    }

    /// Reads a link to show on a page.
    ///
    /// # Errors
    /// [`UriError`] when it is not https, or http on loopback.
    pub fn parse(text: &str) -> Result<Self, UriError> {
        let url = absolute(text)?;
        without_user_information(&url)?;
        match url.scheme() {
            "https" => Ok(Self(text.into())),
            "http" if is_loopback(&url) => Ok(Self(text.into())),
            "http" => Err(UriError::InsecureScheme),
            _ => Err(UriError::ForbiddenScheme),
        }
    }

    /// The parsed URI. Registration checked that it parses.
    pub fn to_url(&self) -> Option<Url> {
        Url::parse(&self.0).ok()
    }
}

#[cfg(test)]
mod tests;
