//! What a client says of itself beyond OAuth's own members: keys, OpenID Connect, logout
//! (OpenID Connect Dynamic Client Registration 1.0, 2 and the logout specifications). The members have one name on the
//! wire, in the declarative file and in the administration API.

use grantor_jose::Jwks;
use grantor_types::{
    ContentEncryptionAlgorithm, KeyManagementAlgorithm, Profile, RedirectUri, Seconds, SigningAlgorithm,
    SubjectType, WebUri,
};
use serde::{Deserialize, Serialize};

use super::Translations;

/// Further members of a registration. What is absent is as the specifications say, or as policy says. What is no member is
/// refused when they are read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ClientMetadata {
    /// How to reach the people who are responsible for it, typically e-mail addresses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<String>,
    /// Its public keys, in place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jwks: Option<Jwks>,
    /// Where its public keys are, when they are not in place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jwks_uri: Option<WebUri>,
    /// The one algorithm that its assertions may be signed with, a name of JWS; any that its method allows when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_endpoint_auth_signing_alg: Option<String>,
    /// Whether users have the same `sub` for every client, or one for each sector.
    #[serde(skip_serializing_if = "is_default")]
    pub subject_type: SubjectType,
    /// Where all redirect URIs of its sector are listed; the sector is then the host of this URI.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sector_identifier_uri: Option<WebUri>,
    /// How its ID tokens are encrypted after they are signed; not at all when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token_encrypted_response_alg: Option<KeyManagementAlgorithm>,
    /// With what.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token_encrypted_response_enc: Option<ContentEncryptionAlgorithm>,
    /// How its userinfo answers are signed; plain JSON when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub userinfo_signed_response_alg: Option<SigningAlgorithm>,
    /// How its userinfo answers are encrypted; not at all when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub userinfo_encrypted_response_alg: Option<KeyManagementAlgorithm>,
    /// With what.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub userinfo_encrypted_response_enc: Option<ContentEncryptionAlgorithm>,
    /// The one algorithm that its request objects may be signed with; any when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_object_signing_alg: Option<SigningAlgorithm>,
    /// How it may encrypt request objects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_object_encryption_alg: Option<KeyManagementAlgorithm>,
    /// With what.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_object_encryption_enc: Option<ContentEncryptionAlgorithm>,
    /// Whether every authorization request of it has to be a signed request object (RFC 9101 10.5).
    #[serde(skip_serializing_if = "is_default")]
    pub require_signed_request_object: bool,
    /// Where its request objects may be fetched from: exact, but for the fragment.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub request_uris: Vec<String>,
    /// The longest time since the login when a request says nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_max_age: Option<Seconds>,
    /// Whether ID tokens have to say when the user logged in. They always do.
    #[serde(skip_serializing_if = "is_default")]
    pub require_auth_time: bool,
    /// Authentication contexts wished for when a request names none, best first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub default_acr_values: Vec<String>,
    /// Where a login can be begun by somebody else (OpenID Connect Core 4).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub initiate_login_uri: Option<WebUri>,
    /// Where people may be sent after they signed out (RP-Initiated Logout 1.0, 3.1): exact.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub post_logout_redirect_uris: Vec<RedirectUri>,
    /// Where it hears from this server that a session has ended (Back-Channel Logout 1.0, 2.2).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backchannel_logout_uri: Option<WebUri>,
    /// Whether it then needs to be told which session.
    #[serde(skip_serializing_if = "is_default")]
    pub backchannel_logout_session_required: bool,
    /// What a page of ours loads in a frame when a session has ended (Front-Channel Logout 1.0, 2).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frontchannel_logout_uri: Option<WebUri>,
    /// Whether it then needs to be told which session.
    #[serde(skip_serializing_if = "is_default")]
    pub frontchannel_logout_session_required: bool,
    /// What its client assertions may name as their audience beside the issuer.
    #[serde(skip_serializing_if = "is_default")]
    pub assertion_audience: AssertionAudience,
    /// The rules that it is held to; those of the server when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<Profile>,
    /// Whether its authorization requests may do without PKCE, under the profile of OpenID Connect.
    #[serde(skip_serializing_if = "is_default")]
    pub danger_pkce_optional: bool,
    /// Its name and links in other languages.
    #[serde(flatten)]
    pub translations: Translations,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// What the `aud` of a client assertion may be (RFC 7523 3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AssertionAudience {
    /// The issuer, or the address of the endpoint that is asked or of the token endpoint, alone or among others: what
    /// OpenID Connect Core 9 says.
    #[default]
    IssuerOrEndpoint,
    /// The issuer as the only value, which no other server can pass on (FAPI 2.0, 5.3.2.1).
    Issuer,
}
