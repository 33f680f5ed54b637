//! Server metadata ([RFC 8414](https://www.rfc-editor.org/rfc/rfc8414),
//! [OpenID Connect Discovery 3](https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata)).
//! Every list is derived from the declaration that the rules use, so the document cannot drift from the truth.

use grantor_types::{
    ClientAuthMethod, CodeChallengeMethod, ContentEncryptionAlgorithm, Display, GrantType, Issuer,
    KeyManagementAlgorithm, MacAlgorithm, Prompt, RegistrationMode, ResponseMode, ResponseType, SCOPE_CLAIMS,
    SigningAlgorithm, SubjectType,
};
use serde::Serialize;

use crate::authentication_context::AUTHENTICATION_CONTEXTS;
use crate::authorize::supported_prompts;
use crate::{Catalogue, Policy};

/// Absolute URLs of the endpoints.
#[derive(Clone, Debug)]
#[allow(
    missing_docs,
    reason = "the fields are the endpoints of the specifications, by name"
)]
pub struct Endpoints {
    pub authorization: String,
    pub token: String,
    pub revocation: String,
    pub device_authorization: String,
    pub introspection: String,
    pub userinfo: String,
    pub jwks: String,
    pub end_session: String,
    pub pushed_authorization_request: String,
    pub registration: String,
}

/// The metadata document. It serves both well-known addresses.
#[derive(Clone, Debug, Serialize)]
#[allow(
    missing_docs,
    reason = "the fields are the members of RFC 8414 section 2 and OIDC Discovery 3, word for word"
)]
pub struct Metadata {
    pub issuer: String,
    pub authorization_endpoint: String,
    pub token_endpoint: String,
    pub userinfo_endpoint: String,
    pub jwks_uri: String,
    pub end_session_endpoint: String,
    pub revocation_endpoint: String,
    pub device_authorization_endpoint: String,
    pub introspection_endpoint: String,
    pub pushed_authorization_request_endpoint: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registration_endpoint: Option<String>,
    pub require_pushed_authorization_requests: bool,
    // "Claims with zero elements MUST be omitted from the response." (RFC 8414 3.2) The other lists are never empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub scopes_supported: Vec<String>,
    pub response_types_supported: Vec<ResponseType>,
    pub response_modes_supported: Vec<ResponseMode>,
    pub grant_types_supported: Vec<GrantType>,
    pub subject_types_supported: Vec<SubjectType>,
    pub acr_values_supported: Vec<&'static str>,
    pub id_token_signing_alg_values_supported: Vec<SigningAlgorithm>,
    pub id_token_encryption_alg_values_supported: Vec<KeyManagementAlgorithm>,
    pub id_token_encryption_enc_values_supported: Vec<ContentEncryptionAlgorithm>,
    pub userinfo_signing_alg_values_supported: Vec<SigningAlgorithm>,
    pub userinfo_encryption_alg_values_supported: Vec<KeyManagementAlgorithm>,
    pub userinfo_encryption_enc_values_supported: Vec<ContentEncryptionAlgorithm>,
    pub request_object_signing_alg_values_supported: Vec<SigningAlgorithm>,
    pub request_object_encryption_alg_values_supported: Vec<KeyManagementAlgorithm>,
    pub request_object_encryption_enc_values_supported: Vec<ContentEncryptionAlgorithm>,
    pub token_endpoint_auth_methods_supported: Vec<ClientAuthMethod>,
    pub token_endpoint_auth_signing_alg_values_supported: Vec<&'static str>,
    pub revocation_endpoint_auth_methods_supported: Vec<ClientAuthMethod>,
    pub revocation_endpoint_auth_signing_alg_values_supported: Vec<&'static str>,
    pub introspection_endpoint_auth_methods_supported: Vec<ClientAuthMethod>,
    pub introspection_endpoint_auth_signing_alg_values_supported: Vec<&'static str>,
    pub code_challenge_methods_supported: Vec<CodeChallengeMethod>,
    pub dpop_signing_alg_values_supported: Vec<SigningAlgorithm>,
    pub claims_supported: Vec<&'static str>,
    pub claim_types_supported: Vec<&'static str>,
    pub display_values_supported: Vec<Display>,
    pub prompt_values_supported: Vec<Prompt>,
    pub ui_locales_supported: Vec<String>,
    pub backchannel_logout_supported: bool,
    pub backchannel_logout_session_supported: bool,
    pub frontchannel_logout_supported: bool,
    pub frontchannel_logout_session_supported: bool,
    pub authorization_response_iss_parameter_supported: bool,
    pub claims_parameter_supported: bool,
    pub request_parameter_supported: bool,
    pub request_uri_parameter_supported: bool,
    pub require_request_uri_registration: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_documentation: Option<String>,
}

/// Writes the document.
#[allow(clippy::too_many_lines, reason = "a line for each member of the document")]
pub fn metadata(
    issuer: &Issuer,
    endpoints: Endpoints,
    catalogue: &Catalogue,
    policy: &Policy,
    id_token_algorithms: Vec<SigningAlgorithm>,
    ui_locales: Vec<String>,
) -> Metadata {
    let secrets = ClientAuthMethod::ALL.iter().copied();
    let secrets = secrets.filter(|method| *method != ClientAuthMethod::None);
    let assertion_algorithms = assertion_algorithms(policy);
    Metadata {
        issuer: issuer.as_str().to_owned(),
        authorization_endpoint: endpoints.authorization,
        token_endpoint: endpoints.token,
        userinfo_endpoint: endpoints.userinfo,
        jwks_uri: endpoints.jwks,
        end_session_endpoint: endpoints.end_session,
        revocation_endpoint: endpoints.revocation,
        device_authorization_endpoint: endpoints.device_authorization,
        introspection_endpoint: endpoints.introspection,
        pushed_authorization_request_endpoint: endpoints.pushed_authorization_request,
        registration_endpoint: (policy.registration.mode != RegistrationMode::Closed)
            .then_some(endpoints.registration),
        require_pushed_authorization_requests: policy.require_pushed_authorization_requests,
        scopes_supported: catalogue
            .scopes
            .iter()
            .map(|scope| scope.name.as_str().to_owned())
            .collect(),
        response_types_supported: ResponseType::ALL.to_vec(),
        response_modes_supported: ResponseMode::ALL.to_vec(),
        grant_types_supported: GrantType::ALL.to_vec(),
        subject_types_supported: SubjectType::ALL.to_vec(),
        acr_values_supported: AUTHENTICATION_CONTEXTS
            .iter()
            .map(|context| context.name)
            .collect(),
        userinfo_signing_alg_values_supported: id_token_algorithms.clone(),
        id_token_signing_alg_values_supported: id_token_algorithms,
        id_token_encryption_alg_values_supported: KeyManagementAlgorithm::ALL.to_vec(),
        id_token_encryption_enc_values_supported: ContentEncryptionAlgorithm::ALL.to_vec(),
        userinfo_encryption_alg_values_supported: KeyManagementAlgorithm::ALL.to_vec(),
        userinfo_encryption_enc_values_supported: ContentEncryptionAlgorithm::ALL.to_vec(),
        // What clients sign with is for them to choose: all that we can check.
        request_object_signing_alg_values_supported: SigningAlgorithm::ALL.to_vec(),
        request_object_encryption_alg_values_supported: KeyManagementAlgorithm::ALL.to_vec(),
        request_object_encryption_enc_values_supported: ContentEncryptionAlgorithm::ALL.to_vec(),
        token_endpoint_auth_methods_supported: ClientAuthMethod::ALL.to_vec(),
        token_endpoint_auth_signing_alg_values_supported: assertion_algorithms.clone(),
        revocation_endpoint_auth_methods_supported: ClientAuthMethod::ALL.to_vec(),
        revocation_endpoint_auth_signing_alg_values_supported: assertion_algorithms.clone(),
        // A public client cannot authenticate, and introspection demands it (RFC 7662 2.1).
        introspection_endpoint_auth_methods_supported: secrets.collect(),
        introspection_endpoint_auth_signing_alg_values_supported: assertion_algorithms,
        code_challenge_methods_supported: CodeChallengeMethod::ALL.to_vec(),
        dpop_signing_alg_values_supported: policy.dpop.algorithms.clone(),
        claims_supported: claims(),
        claim_types_supported: vec!["normal"],
        display_values_supported: Display::ALL.to_vec(),
        prompt_values_supported: supported_prompts(policy).collect(),
        ui_locales_supported: ui_locales,
        backchannel_logout_supported: true,
        backchannel_logout_session_supported: true,
        frontchannel_logout_supported: true,
        frontchannel_logout_session_supported: true,
        authorization_response_iss_parameter_supported: true,
        claims_parameter_supported: true,
        request_parameter_supported: true,
        request_uri_parameter_supported: true,
        require_request_uri_registration: true,
        service_documentation: None,
    }
}

/// Those of private keys, and those of secrets. "Servers SHOULD support RS256. The value none MUST NOT be used." (OpenID
/// Connect Discovery 3)
fn assertion_algorithms(policy: &Policy) -> Vec<&'static str> {
    let by_key = policy.client_assertions.algorithms.iter();
    let by_secret = MacAlgorithm::ALL.iter().map(|algorithm| algorithm.as_str());
    by_key
        .map(|algorithm| algorithm.as_str())
        .chain(by_secret)
        .collect()
}

/// Claims of the ID token, then those that scopes release.
fn claims() -> Vec<&'static str> {
    let own = [
        "sub",
        "iss",
        "aud",
        "exp",
        "iat",
        "auth_time",
        "nonce",
        "acr",
        "amr",
        "sid",
        "jti",
        "at_hash",
        "azp",
        "c_hash",
        "s_hash",
    ];
    own.into_iter()
        .chain(SCOPE_CLAIMS.iter().flat_map(|(_, claims)| claims.iter().copied()))
        .collect()
}
