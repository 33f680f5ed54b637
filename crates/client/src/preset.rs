//! Well-known providers, as data.

use grantor_types::Secret;

use crate::{
    ClientAuthentication, ClientBuilder, Deviations, Endpoint, Error, IdTokenIssuer, MemberName,
    ProviderMetadata,
};

/// A provider that is known beforehand: where it is, how it wants a secret, and where it
/// [leaves the specifications](Deviations).
///
/// ```no_run
/// # async fn example(secret: &grantor_client::Secret) -> Result<(), grantor_client::Error> {
/// use grantor_client::Preset;
///
/// let client = Preset::google()
///     .client_with_secret("1234.apps.googleusercontent.com", secret)
///     .redirect_uri("https://app.example/callback")
///     .discover()
///     .await?;
/// // offline_access asks for a refresh token, whatever the provider's own way to do that.
/// let login = client.authorization().scope("openid email offline_access").start().await?;
/// # Ok(())
/// # }
/// ```
///
/// All of it is data, so that a provider that is none of these can be written down in the same way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preset {
    /// The issuer, exactly as the provider writes it in its metadata and in authorization responses.
    pub issuer: String,
    /// Where its metadata are, as if this were the issuer; `None` where the issuer's are.
    pub metadata_at: Option<String>,
    /// Where its endpoints are, for a provider without metadata. Nothing is discovered then.
    pub endpoints: Vec<(Endpoint, String)>,
    /// Whether a secret goes into the form (`client_secret_post`) and not into the header (`client_secret_basic`).
    pub secret_in_form: bool,
    /// The audience of the client's assertions, if that is not the issuer.
    pub assertion_audience: Option<String>,
    /// Where it leaves the specifications.
    pub deviations: Deviations,
}

impl Preset {
    /// GitHub, for OAuth apps and GitHub Apps that act for users.
    ///
    /// It has no ID tokens. Who the user is comes from
    /// [`danger_userinfo_of_whomever`](crate::Client::danger_userinfo_of_whomever), whose subject is the number of the account:
    /// do not ask for `openid`. OAuth apps have tokens without an end and no refresh tokens; GitHub Apps have both, if they are
    /// set up so.
    ///
    /// ```
    /// use grantor_client::{Endpoint, Preset};
    ///
    /// let github = Preset::github();
    /// assert_eq!(github.issuer, "https://github.com/login/oauth");
    /// assert!(github.endpoints.iter().any(|(endpoint, _)| *endpoint == Endpoint::DeviceAuthorization));
    /// ```
    pub fn github() -> Self {
        Self::github_of("https://github.com", "https://api.github.com/user")
    }

    /// As [`github`](Self::github), of a GitHub Enterprise Server on a host of one's own.
    ///
    /// ```
    /// let github = grantor_client::Preset::github_enterprise("git.example");
    /// assert_eq!(github.issuer, "https://git.example/login/oauth");
    /// ```
    pub fn github_enterprise(host: &str) -> Self {
        Self::github_of(&format!("https://{host}"), &format!("https://{host}/api/v3/user"))
    }

    fn github_of(origin: &str, user: &str) -> Self {
        let at = |path: &str| format!("{origin}/login/{path}");
        Self {
            endpoints: vec![
                (Endpoint::Authorization, at("oauth/authorize")),
                (Endpoint::Token, at("oauth/access_token")),
                (Endpoint::DeviceAuthorization, at("device/code")),
                (Endpoint::Userinfo, user.to_owned()),
            ],
            secret_in_form: true,
            deviations: GITHUB,
            ..Self::discovered(&at("oauth"))
        }
    }

    /// Google. The scope `offline_access` becomes `access_type=offline` and `prompt=consent`, without which there is no refresh
    /// token, or none at the second login.
    ///
    /// ```
    /// assert_eq!(grantor_client::Preset::google().issuer, "https://accounts.google.com");
    /// ```
    pub fn google() -> Self {
        Self {
            secret_in_form: true,
            deviations: GOOGLE,
            ..Self::discovered("https://accounts.google.com")
        }
    }

    /// Microsoft Entra ID. `tenant` is the id of a tenant, or `common`, `organizations` or `consumers` for those of many; a
    /// tenant's domain name will not do, as its metadata name the id.
    ///
    /// With `common` and `organizations` an ID token may come from **any tenant at Microsoft**, whose administrators say what
    /// the claims are. The issuer has to fit the claim `tid`, and the key has to be one for that tenant; which tenants are welcome is for the program to say, and a user is
    /// `tid` and `sub` (or `oid`) together.
    ///
    /// ```
    /// use grantor_client::Preset;
    ///
    /// let own = Preset::microsoft("0f1d6d3c-1111-2222-3333-444455556666");
    /// assert_eq!(own.issuer, "https://login.microsoftonline.com/0f1d6d3c-1111-2222-3333-444455556666/v2.0");
    /// assert_eq!(Preset::microsoft("common").issuer, "https://login.microsoftonline.com/{tenantid}/v2.0");
    /// ```
    pub fn microsoft(tenant: &str) -> Self {
        let at = |tenant: &str| format!("https://login.microsoftonline.com/{tenant}/v2.0");
        let (issuer, metadata_at, id_token_issuers) = match tenant {
            // The issuer of the metadata is a template there.
            "common" | "organizations" => (at("{tenantid}"), Some(at(tenant)), MICROSOFT_TENANTS),
            // All personal accounts are in one tenant, whose id the metadata name.
            "consumers" => (at(MICROSOFT_CONSUMERS), None, &[][..]),
            id => (at(id), None, &[][..]),
        };
        let token = format!("https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token");
        Self {
            metadata_at,
            secret_in_form: true,
            assertion_audience: Some(token),
            deviations: Deviations {
                id_token_issuers,
                ..MICROSOFT
            },
            ..Self::discovered(&issuer)
        }
    }

    /// GitLab, at `gitlab.com` or a host of one's own. A refresh token comes unasked: the scope `offline_access`, which it
    /// would refuse, is left out.
    ///
    /// ```
    /// assert_eq!(grantor_client::Preset::gitlab("gitlab.com").issuer, "https://gitlab.com");
    /// ```
    pub fn gitlab(host: &str) -> Self {
        Self {
            deviations: Deviations {
                offline_access: Some(&[]),
                ..Deviations::default()
            },
            ..Self::discovered(&format!("https://{host}"))
        }
    }

    /// Okta: one of the authorization servers of a domain (`default` is the first), or that of the organization itself, whose
    /// access tokens are for Okta's own API alone.
    ///
    /// ```
    /// use grantor_client::Preset;
    ///
    /// assert_eq!(Preset::okta("acme.okta.com", Some("default")).issuer, "https://acme.okta.com/oauth2/default");
    /// assert_eq!(Preset::okta("acme.okta.com", None).issuer, "https://acme.okta.com");
    /// ```
    pub fn okta(domain: &str, authorization_server: Option<&str>) -> Self {
        Self::discovered(&match authorization_server {
            Some(server) => format!("https://{domain}/oauth2/{server}"),
            None => format!("https://{domain}"),
        })
    }

    /// Any provider that has metadata and keeps to the specifications. `issuer` is as the provider writes it, a slash at its end
    /// included.
    ///
    /// ```
    /// let preset = grantor_client::Preset::discovered("https://tenant.auth0.example/");
    /// assert_eq!(preset.deviations, grantor_client::Deviations::default());
    /// ```
    pub fn discovered(issuer: &str) -> Self {
        Self {
            issuer: issuer.to_owned(),
            metadata_at: None,
            endpoints: Vec::new(),
            secret_in_form: false,
            assertion_audience: None,
            deviations: Deviations::default(),
        }
    }

    /// A client of this provider. [`discover`](ClientBuilder::discover) builds it, also where there is nothing to discover.
    ///
    /// ```
    /// let builder = grantor_client::Preset::github().client("Iv1.0123456789abcdef");
    /// ```
    pub fn client(&self, client_id: &str) -> ClientBuilder {
        ClientBuilder::of(self.clone(), client_id)
    }

    /// A client with a secret, which is sent where the provider wants it.
    ///
    /// ```
    /// use grantor_client::{Preset, Secret};
    ///
    /// let builder = Preset::gitlab("gitlab.com").client_with_secret("my-app", &Secret::new("the secret"));
    /// ```
    pub fn client_with_secret(&self, client_id: &str, secret: &Secret) -> ClientBuilder {
        self.client(client_id).authentication(match self.secret_in_form {
            true => ClientAuthentication::SecretPost(secret.clone()),
            false => ClientAuthentication::SecretBasic(secret.clone()),
        })
    }

    /// The provider as it is written down here, if it is.
    pub(crate) fn described(&self) -> Result<Option<ProviderMetadata>, Error> {
        if self.endpoints.is_empty() {
            return Ok(None);
        }
        let mut endpoints = self.endpoints.iter();
        let known = ProviderMetadata::new(&self.issuer)?;
        endpoints
            .try_fold(known, |known, (endpoint, url)| known.endpoint(*endpoint, url))
            .map(Some)
    }
}

const GITHUB: Deviations = Deviations {
    offline_access: Some(&[]),
    scope_separator: Some(','),
    errors_with_success: true,
    error_names: &[
        ("bad_verification_code", "invalid_grant"),
        ("bad_refresh_token", "invalid_grant"),
        ("incorrect_client_credentials", "invalid_client"),
        ("redirect_uri_mismatch", "invalid_redirect_uri"),
        ("incorrect_device_code", "invalid_grant"),
        ("device_flow_disabled", "unauthorized_client"),
    ],
    member_names: &[MemberName {
        endpoint: Endpoint::Userinfo,
        own: "id",
        standard: "sub",
    }],
    id_token_issuers: &[],
};

const GOOGLE: Deviations = Deviations {
    offline_access: Some(&[("access_type", "offline"), ("prompt", "consent")]),
    scope_separator: None,
    errors_with_success: false,
    error_names: &[],
    member_names: &[MemberName {
        endpoint: Endpoint::DeviceAuthorization,
        own: "verification_url",
        standard: "verification_uri",
    }],
    id_token_issuers: &[IdTokenIssuer::Text("accounts.google.com")],
};

const MICROSOFT: Deviations = Deviations {
    offline_access: None,
    scope_separator: None,
    errors_with_success: false,
    error_names: &[
        ("authorization_declined", "access_denied"),
        ("bad_verification_code", "invalid_grant"),
    ],
    member_names: &[],
    id_token_issuers: &[],
};

const MICROSOFT_TENANTS: &[IdTokenIssuer] = &[IdTokenIssuer::OfClaim {
    before: "https://login.microsoftonline.com/",
    claim: "tid",
    after: "/v2.0",
    placeholder: Some("{tenantid}"),
}];

/// The tenant of personal accounts.
const MICROSOFT_CONSUMERS: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

#[cfg(test)]
mod tests;
