//! Where each endpoint answers: one canonical path that metadata advertises, and families of other names that answer
//! with the same handlers, so that Grantor can take the place of another server without touching its clients.

use std::collections::BTreeMap;

use grantor_protocol::discovery::Endpoints;
use grantor_types::Issuer;

/// An endpoint that has a path of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Endpoint {
    /// RFC 6749 3.1.
    Authorize,
    /// RFC 8628 3.1.
    DeviceAuthorization,
    /// RFC 7662.
    Introspect,
    /// RFC 7517 5.
    Jwks,
    /// OpenID Connect RP-Initiated Logout 1.0, 2.
    Logout,
    /// RFC 9126 2.
    Par,
    /// Personal access tokens, made and managed by clients.
    PersonalAccessTokens,
    /// RFC 7591 3.
    Register,
    /// RFC 7009.
    Revoke,
    /// RFC 6749 3.2.
    Token,
    /// OpenID Connect Core 5.3.
    Userinfo,
}

impl Endpoint {
    /// Every endpoint.
    pub const ALL: [Self; 11] = [
        Self::Authorize,
        Self::DeviceAuthorization,
        Self::Introspect,
        Self::Jwks,
        Self::Logout,
        Self::Par,
        Self::PersonalAccessTokens,
        Self::Register,
        Self::Revoke,
        Self::Token,
        Self::Userinfo,
    ];

    /// The name in settings, metrics and documentation.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Authorize => "authorize",
            Self::DeviceAuthorization => "device_authorization",
            Self::Introspect => "introspect",
            Self::Jwks => "jwks",
            Self::Logout => "logout",
            Self::Par => "par",
            Self::PersonalAccessTokens => "personal_access_tokens",
            Self::Register => "register",
            Self::Revoke => "revoke",
            Self::Token => "token",
            Self::Userinfo => "userinfo",
        }
    }

    /// The endpoint with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|endpoint| endpoint.name() == name)
    }
}

/// A family of path names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PathFamily {
    /// `/oauth/…`, the canonical one; always on.
    Oauth,
    /// `/oauth2/…`.
    Oauth2,
    /// `/auth`, `/token`, …
    Root,
}

impl PathFamily {
    /// Every family.
    pub const ALL: [Self; 3] = [Self::Oauth, Self::Oauth2, Self::Root];

    /// The name in settings.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Oauth => "oauth",
            Self::Oauth2 => "oauth2",
            Self::Root => "root",
        }
    }

    /// The family with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|family| family.name() == name)
    }

    /// The family's path of an endpoint.
    pub const fn path(self, endpoint: Endpoint) -> &'static str {
        match (self, endpoint) {
            (Self::Oauth, Endpoint::Authorize) => "/oauth/authorize",
            (Self::Oauth, Endpoint::DeviceAuthorization) => "/oauth/device/code",
            (Self::Oauth, Endpoint::Introspect) => "/oauth/introspect",
            (Self::Oauth, Endpoint::Jwks) => "/oauth/jwks.json",
            (Self::Oauth, Endpoint::Logout) => "/oauth/logout",
            (Self::Oauth, Endpoint::Par) => "/oauth/par",
            (Self::Oauth, Endpoint::PersonalAccessTokens) => "/oauth/personal-access-tokens",
            (Self::Oauth, Endpoint::Register) => "/oauth/register",
            (Self::Oauth, Endpoint::Revoke) => "/oauth/revoke",
            (Self::Oauth, Endpoint::Token) => "/oauth/token",
            (Self::Oauth, Endpoint::Userinfo) => "/oauth/userinfo",
            (Self::Oauth2, Endpoint::Authorize) => "/oauth2/authorize",
            (Self::Oauth2, Endpoint::DeviceAuthorization) => "/oauth2/device/code",
            (Self::Oauth2, Endpoint::Introspect) => "/oauth2/introspect",
            (Self::Oauth2, Endpoint::Jwks) => "/oauth2/jwks.json",
            (Self::Oauth2, Endpoint::Logout) => "/oauth2/logout",
            (Self::Oauth2, Endpoint::Par) => "/oauth2/par",
            (Self::Oauth2, Endpoint::PersonalAccessTokens) => "/oauth2/personal-access-tokens",
            (Self::Oauth2, Endpoint::Register) => "/oauth2/register",
            (Self::Oauth2, Endpoint::Revoke) => "/oauth2/revoke",
            (Self::Oauth2, Endpoint::Token) => "/oauth2/token",
            (Self::Oauth2, Endpoint::Userinfo) => "/oauth2/userinfo",
            (Self::Root, Endpoint::Authorize) => "/auth",
            (Self::Root, Endpoint::DeviceAuthorization) => "/device_authorization",
            (Self::Root, Endpoint::Introspect) => "/introspect",
            (Self::Root, Endpoint::Jwks) => "/.well-known/jwks.json",
            (Self::Root, Endpoint::Logout) => "/logout",
            (Self::Root, Endpoint::Par) => "/par",
            (Self::Root, Endpoint::PersonalAccessTokens) => "/personal-access-tokens",
            (Self::Root, Endpoint::Register) => "/register",
            (Self::Root, Endpoint::Revoke) => "/revoke",
            (Self::Root, Endpoint::Token) => "/token",
            (Self::Root, Endpoint::Userinfo) => "/userinfo",
        }
    }
}

/// The paths of this server, below the issuer's own path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    families: Vec<PathFamily>,
    overrides: BTreeMap<Endpoint, String>,
}

impl Default for Paths {
    fn default() -> Self {
        Self::new(&[], BTreeMap::new())
    }
}

impl Paths {
    /// The canonical family, further ones, and paths set one by one; those replace the canonical path.
    pub fn new(further: &[PathFamily], overrides: BTreeMap<Endpoint, String>) -> Self {
        let mut families = vec![PathFamily::Oauth];
        families.extend(
            further
                .iter()
                .copied()
                .filter(|family| *family != PathFamily::Oauth),
        );
        families.dedup();
        Self { families, overrides }
    }

    /// The path that metadata advertises.
    pub fn canonical(&self, endpoint: Endpoint) -> &str {
        self.overrides
            .get(&endpoint)
            .map_or(PathFamily::Oauth.path(endpoint), String::as_str)
    }

    /// Every path that answers, the canonical one first.
    pub fn all(&self, endpoint: Endpoint) -> Vec<String> {
        let mut paths = vec![self.canonical(endpoint).to_owned()];
        paths.extend(
            self.families
                .iter()
                .map(|family| family.path(endpoint).to_owned()),
        );
        let mut seen = std::collections::BTreeSet::new();
        paths.retain(|path| seen.insert(path.clone()));
        paths
    }

    /// The absolute URLs for the metadata document.
    pub fn endpoints(&self, issuer: &Issuer) -> Endpoints {
        let url = |endpoint| issuer.url(self.canonical(endpoint));
        Endpoints {
            authorization: url(Endpoint::Authorize),
            token: url(Endpoint::Token),
            revocation: url(Endpoint::Revoke),
            device_authorization: url(Endpoint::DeviceAuthorization),
            introspection: url(Endpoint::Introspect),
            userinfo: url(Endpoint::Userinfo),
            jwks: url(Endpoint::Jwks),
            end_session: url(Endpoint::Logout),
            pushed_authorization_request: url(Endpoint::Par),
            registration: url(Endpoint::Register),
        }
    }
}

/// The well-known addresses of the metadata, absolute on the host: where the path of the issuer is inserted (RFC 8414
/// 3.1), where it is appended (OpenID Connect Discovery 4), and the plain one below the issuer's host when the issuer
/// has no path.
pub fn well_known(issuer: &Issuer) -> Vec<String> {
    let path = issuer.path();
    let mut addresses = Vec::new();
    for name in ["oauth-authorization-server", "openid-configuration"] {
        addresses.push(format!("/.well-known/{name}{path}"));
        if !path.is_empty() {
            addresses.push(format!("{path}/.well-known/{name}"));
        }
    }
    addresses
}

#[cfg(test)]
mod tests {
    use super::{Endpoint, PathFamily, Paths, well_known};
    use grantor_types::Issuer;

    #[test]
    fn an_override_is_advertised_and_the_families_still_answer() {
        let overrides = [(Endpoint::Token, "/custom/token".to_owned())].into();
        let paths = Paths::new(&[PathFamily::Root], overrides);
        assert_eq!(paths.canonical(Endpoint::Token), "/custom/token");
        assert_eq!(
            paths.all(Endpoint::Token),
            ["/custom/token", "/oauth/token", "/token"]
        );
        assert_eq!(paths.all(Endpoint::Authorize), ["/oauth/authorize", "/auth"]);
    }

    #[test]
    fn metadata_has_its_inserted_and_its_appended_address() {
        let issuer = Issuer::parse("https://id.example/tenant").unwrap();
        assert_eq!(
            well_known(&issuer),
            [
                "/.well-known/oauth-authorization-server/tenant",
                "/tenant/.well-known/oauth-authorization-server",
                "/.well-known/openid-configuration/tenant",
                "/tenant/.well-known/openid-configuration",
            ]
        );
    }
}
