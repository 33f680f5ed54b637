//! oauth2 as a client.

use std::time::Duration;

use grantor_tests::Server;
use oauth2::basic::{BasicClient, BasicErrorResponseType, BasicTokenResponse, BasicTokenType};
use oauth2::{
    AsyncHttpClient as _, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointNotSet,
    EndpointSet, HttpClientError, HttpRequest, HttpResponse, IntrospectionUrl, PkceCodeChallenge,
    RedirectUrl, RequestTokenError, RevocationUrl, Scope, StandardRevocableToken,
    TokenIntrospectionResponse as _, TokenResponse as _, TokenUrl, reqwest,
};

use crate::{REDIRECT_URI, http, set, sign_in};

type Client = BasicClient<EndpointSet, EndpointNotSet, EndpointSet, EndpointSet, EndpointSet>;

fn client(issuer: &str, id: &str) -> Client {
    let url = |endpoint: &str| format!("{issuer}/oauth/{endpoint}");
    BasicClient::new(ClientId::new(id.to_owned()))
        .set_client_secret(ClientSecret::new(format!("{id}-secret")))
        .set_auth_uri(AuthUrl::new(url("authorize")).unwrap())
        .set_token_uri(TokenUrl::new(url("token")).unwrap())
        .set_introspection_url(IntrospectionUrl::new(url("introspect")).unwrap())
        .set_revocation_url(RevocationUrl::new(url("revoke").replace("http:", "https:")).unwrap())
        .set_redirect_uri(RedirectUrl::new(REDIRECT_URI.to_owned()).unwrap())
}

/// The crate revokes by https alone, and a development server has none: what is sent goes there without.
async fn without_tls(mut request: HttpRequest) -> Result<HttpResponse, HttpClientError<reqwest::Error>> {
    *request.uri_mut() = request
        .uri()
        .to_string()
        .replace("https:", "http:")
        .parse()
        .unwrap();
    http().call(request).await
}

async fn authorize(issuer: &str, client: &Client) -> BasicTokenResponse {
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let (url, csrf) = client
        .authorize_url(CsrfToken::new_random)
        .add_scopes(["read", "write"].map(|name| Scope::new(name.to_owned())))
        .set_pkce_challenge(challenge)
        .url();
    let (code, state) = sign_in(issuer, &url).await;
    assert_eq!(state, *csrf.secret());
    client
        .exchange_code(AuthorizationCode::new(code))
        .set_pkce_verifier(verifier)
        .request_async(&http())
        .await
        .unwrap()
}

fn check(tokens: &BasicTokenResponse, scopes: &[&str]) {
    assert_eq!(*tokens.token_type(), BasicTokenType::Bearer);
    assert_eq!(tokens.expires_in(), Some(Duration::from_secs(3600)));
    let granted = tokens.scopes().unwrap().iter().map(|scope| scope.as_str());
    assert_eq!(set(granted), set(scopes.iter().copied()));
}

fn is<T: oauth2::ErrorResponse, E: std::error::Error>(
    error: &RequestTokenError<E, T>,
    wanted: impl Fn(&T) -> bool,
) -> bool {
    matches!(error, RequestTokenError::ServerResponse(answer) if wanted(answer))
}

#[tokio::test]
async fn code_flow_and_refresh() {
    let server = Server::start().await;
    let client = client(server.issuer(), "web");
    let mut tokens = authorize(server.issuer(), &client).await;
    check(&tokens, &["read", "write"]);
    let mut seen = vec![tokens.refresh_token().unwrap().secret().clone()];
    for _ in 0..3 {
        let refresh = tokens.refresh_token().unwrap();
        tokens = client
            .exchange_refresh_token(refresh)
            .request_async(&http())
            .await
            .unwrap();
        check(&tokens, &["read", "write"]);
        let renewed = tokens.refresh_token().unwrap().secret();
        assert!(!seen.contains(renewed));
        seen.push(renewed.clone());
    }
}

#[tokio::test]
async fn introspection_and_revocation() {
    let server = Server::start().await;
    let client = client(server.issuer(), "web");
    let tokens = authorize(server.issuer(), &client).await;
    let found = client
        .introspect(tokens.access_token())
        .request_async(&http())
        .await
        .unwrap();
    assert!(found.active());
    assert_eq!(found.client_id().unwrap().as_str(), "web");
    assert_eq!(found.username(), Some("demo"));
    assert_eq!(found.token_type(), Some(&BasicTokenType::Bearer));
    assert_eq!((found.exp().unwrap() - found.iat().unwrap()).num_seconds(), 3600);

    let refresh = tokens.refresh_token().unwrap();
    let revocable = StandardRevocableToken::from(refresh.clone());
    let revocation = client.revoke_token(revocable).unwrap();
    revocation.request_async(&without_tls).await.unwrap();
    let found = client
        .introspect(tokens.access_token())
        .request_async(&http())
        .await
        .unwrap();
    assert!(!found.active());
    let refused = client
        .exchange_refresh_token(refresh)
        .request_async(&http())
        .await
        .unwrap_err();
    assert!(
        is(&refused, |answer| *answer.error()
            == BasicErrorResponseType::InvalidGrant),
        "{refused:?}"
    );
}

#[tokio::test]
async fn client_credentials() {
    let server = Server::start().await;
    let tokens = client(server.issuer(), "service")
        .exchange_client_credentials()
        .add_scope(Scope::new("read".to_owned()))
        .request_async(&http())
        .await
        .unwrap();
    check(&tokens, &["read"]);
    assert!(tokens.refresh_token().is_none());

    let wrong = client(server.issuer(), "service").set_client_secret(ClientSecret::new("wrong".to_owned()));
    let refused = wrong
        .exchange_client_credentials()
        .request_async(&http())
        .await
        .unwrap_err();
    assert!(
        is(&refused, |answer| *answer.error()
            == BasicErrorResponseType::InvalidClient),
        "{refused:?}"
    );
}
