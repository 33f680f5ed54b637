//! openidconnect as a relying party that registers itself. What it cannot do: authenticate by assertions, open what is
//! encrypted, check userinfo that is signed by anything but RS256, send request objects or pushed requests, use DPoP, and
//! check logout tokens.

use grantor_tests::{Person, Server};
use openidconnect::core::{
    CoreApplicationType, CoreClient, CoreClientAuthMethod, CoreGrantType, CoreJsonWebKey,
    CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm, CoreJwsSigningAlgorithm,
    CoreRegisterErrorResponseType, CoreResponseType, CoreSubjectIdentifierType, CoreUserInfoClaims,
};
use openidconnect::registration::{
    AdditionalClientMetadata, ClientMetadata, ClientRegistrationRequest, ClientRegistrationResponse,
    EmptyAdditionalClientRegistrationResponse,
};
use openidconnect::{
    AuthType, CsrfToken, IssuerUrl, LogoutRequest, OAuth2TokenResponse as _, PostLogoutRedirectUrl,
    ProviderMetadataWithLogout, RedirectUrl, ResponseTypes, TokenResponse as _, UserInfoResponseType,
};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::openidconnect::{Client, authorize};
use crate::{REDIRECT_URI, http};

const GOODBYE: &str = "http://localhost:3000/goodbye";

/// What the crate has no member for.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct More {
    post_logout_redirect_uris: Vec<PostLogoutRedirectUrl>,
}

impl AdditionalClientMetadata for More {}

type Metadata = ClientMetadata<
    More,
    CoreApplicationType,
    CoreClientAuthMethod,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;
type Request = ClientRegistrationRequest<
    More,
    EmptyAdditionalClientRegistrationResponse,
    CoreApplicationType,
    CoreClientAuthMethod,
    CoreRegisterErrorResponseType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;
type Registered = ClientRegistrationResponse<
    More,
    EmptyAdditionalClientRegistrationResponse,
    CoreApplicationType,
    CoreClientAuthMethod,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;
async fn discover(issuer: &str) -> ProviderMetadataWithLogout {
    let issuer = IssuerUrl::new(issuer.to_owned()).unwrap();
    ProviderMetadataWithLogout::discover_async(issuer, &http())
        .await
        .unwrap()
}

fn wishes(id_token: CoreJwsSigningAlgorithm) -> Request {
    let more = More {
        post_logout_redirect_uris: vec![PostLogoutRedirectUrl::new(GOODBYE.to_owned()).unwrap()],
    };
    Request::new(vec![RedirectUrl::new(REDIRECT_URI.to_owned()).unwrap()], more)
        .set_application_type(Some(CoreApplicationType::Web))
        .set_grant_types(Some(vec![
            CoreGrantType::AuthorizationCode,
            CoreGrantType::RefreshToken,
        ]))
        .set_response_types(Some(vec![ResponseTypes::new(vec![CoreResponseType::Code])]))
        .set_token_endpoint_auth_method(Some(CoreClientAuthMethod::ClientSecretPost))
        .set_id_token_signed_response_alg(Some(id_token))
        .set_userinfo_signed_response_alg(Some(CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256))
}

/// Registers, with the algorithm for ID tokens, and compares the answer with what was asked for.
async fn register(server: &ProviderMetadataWithLogout, id_token: CoreJwsSigningAlgorithm) -> Registered {
    let request = wishes(id_token);
    let wanted: Metadata = request.client_metadata().clone();
    let endpoint = server.registration_endpoint().unwrap();
    let registered = request.register_async(endpoint, &http()).await.unwrap();
    assert_eq!(registered.redirect_uris(), wanted.redirect_uris());
    assert_eq!(registered.grant_types(), wanted.grant_types());
    assert_eq!(registered.response_types(), wanted.response_types());
    assert_eq!(
        registered.token_endpoint_auth_method(),
        wanted.token_endpoint_auth_method()
    );
    assert_eq!(
        registered.id_token_signed_response_alg(),
        wanted.id_token_signed_response_alg()
    );
    assert_eq!(
        registered.userinfo_signed_response_alg(),
        wanted.userinfo_signed_response_alg()
    );
    assert_eq!(
        registered.additional_metadata().post_logout_redirect_uris,
        wanted.additional_metadata().post_logout_redirect_uris
    );
    assert!(
        registered.registration_client_uri().is_some() && registered.registration_access_token().is_some()
    );
    registered
}

fn client(server: ProviderMetadataWithLogout, registered: &Registered) -> Client {
    let secret = registered.client_secret().cloned();
    CoreClient::from_provider_metadata(server, registered.client_id().clone(), secret)
        .set_auth_type(AuthType::RequestBody)
        .set_redirect_uri(RedirectUrl::new(REDIRECT_URI.to_owned()).unwrap())
}

#[tokio::test]
async fn registered_for_every_algorithm_with_signed_userinfo() {
    let server = Server::start().await;
    let issuer = server.issuer();
    for algorithm in [
        CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
        CoreJwsSigningAlgorithm::RsaSsaPssSha256,
        CoreJwsSigningAlgorithm::EcdsaP256Sha256,
        CoreJwsSigningAlgorithm::EdDsa,
    ] {
        let metadata = discover(issuer).await;
        let registered = register(&metadata, algorithm.clone()).await;
        let client = client(metadata, &registered);
        let (tokens, nonce) = authorize(issuer, &client, &Person::new(issuer, "demo"), &["email"]).await;
        let id_token = tokens.id_token().unwrap();
        assert_eq!(*id_token.signing_alg().unwrap(), algorithm);
        let claims = id_token.claims(&client.id_token_verifier(), &nonce).unwrap();

        let request = client
            .user_info(tokens.access_token().clone(), Some(claims.subject().clone()))
            .unwrap()
            .require_signed_response(true)
            .require_issuer_match(true)
            .require_audience_match(true)
            .set_response_type(UserInfoResponseType::Jwt);
        let userinfo: CoreUserInfoClaims = request.request_async(&http()).await.unwrap();
        assert_eq!(userinfo.email().unwrap().as_str(), "demo@example.com");
    }
}

#[tokio::test]
async fn signing_out_leads_back_with_the_state() {
    let server = Server::start().await;
    let issuer = server.issuer();
    let metadata = discover(issuer).await;
    let end_session = metadata
        .additional_metadata()
        .end_session_endpoint
        .clone()
        .unwrap();
    let registered = register(&metadata, CoreJwsSigningAlgorithm::EcdsaP256Sha256).await;
    let client = client(metadata, &registered);
    let person = Person::new(issuer, "demo");
    let (tokens, _) = authorize(issuer, &client, &person, &["email"]).await;
    let url = LogoutRequest::from(end_session)
        .set_id_token_hint(tokens.id_token().unwrap())
        .set_client_id(registered.client_id().clone())
        .set_post_logout_redirect_uri(PostLogoutRedirectUrl::new(GOODBYE.to_owned()).unwrap())
        .set_state(CsrfToken::new("a state & more".to_owned()))
        .http_get_url();
    let back = Url::parse(&person.sign_out(url.as_str()).await.unwrap()).unwrap();
    let state = [("state".into(), "a state & more".into())];
    assert!(back.query_pairs().eq(state), "{back}");
    // The session is over, and what was given in it.
    let refresh = client
        .exchange_refresh_token(tokens.refresh_token().unwrap())
        .unwrap();
    assert!(refresh.request_async(&http()).await.is_err());
}
