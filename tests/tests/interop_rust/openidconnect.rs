//! openidconnect as a relying party.

use grantor_tests::{Person, Server};
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreIdToken, CoreProviderMetadata, CoreTokenResponse,
    CoreUserInfoClaims,
};
use openidconnect::{
    AccessToken, AccessTokenHash, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet,
    EndpointNotSet, EndpointSet, IssuerUrl, Nonce, OAuth2TokenResponse as _, PkceCodeChallenge, RedirectUrl,
    Scope, SubjectIdentifier, TokenResponse as _,
};

use crate::{REDIRECT_URI, answer, http, set};

/// What discovery makes of a client.
pub(crate) type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

async fn discover(issuer: &str) -> Client {
    let issuer = IssuerUrl::new(issuer.to_owned()).unwrap();
    let metadata = CoreProviderMetadata::discover_async(issuer, &http())
        .await
        .unwrap();
    let secret = ClientSecret::new("web-secret".to_owned());
    CoreClient::from_provider_metadata(metadata, ClientId::new("web".to_owned()), Some(secret))
        .set_redirect_uri(RedirectUrl::new(REDIRECT_URI.to_owned()).unwrap())
}

/// Authorizes in this person's browser, and redeems the code.
pub(crate) async fn authorize(
    issuer: &str,
    client: &Client,
    person: &Person,
    scopes: &[&str],
) -> (CoreTokenResponse, Nonce) {
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let flow = CoreAuthenticationFlow::AuthorizationCode;
    let (url, csrf, nonce) = client
        .authorize_url(flow, CsrfToken::new_random, Nonce::new_random)
        .add_scopes(scopes.iter().map(|name| Scope::new((*name).to_owned())))
        .set_pkce_challenge(challenge)
        .url();
    let (code, state) = answer(person, issuer, &url).await;
    assert_eq!(state, *csrf.secret());
    let exchange = client.exchange_code(AuthorizationCode::new(code)).unwrap();
    let tokens = exchange
        .set_pkce_verifier(verifier)
        .request_async(&http())
        .await
        .unwrap();
    (tokens, nonce)
}

#[tokio::test]
#[allow(
    clippy::too_many_lines,
    reason = "one flow from its first request to its last, in order"
)]
async fn code_flow_with_id_token_and_userinfo() {
    let server = Server::start().await;
    let client = discover(server.issuer()).await;
    let demo = Person::new(server.issuer(), "demo");
    let scopes = ["profile", "email"];
    let (tokens, nonce) = authorize(server.issuer(), &client, &demo, &scopes).await;
    let granted = tokens.scopes().unwrap().iter().map(|scope| scope.as_str());
    assert_eq!(set(granted), set(["openid", "profile", "email"]));

    let verifier = client.id_token_verifier();
    let id_token = tokens.id_token().unwrap();
    let claims = id_token.claims(&verifier, &nonce).unwrap();
    assert_eq!(claims.issuer().as_str(), server.issuer());
    assert_eq!((claims.expiration() - claims.issue_time()).num_seconds(), 3600);
    assert!(claims.auth_time().unwrap() <= claims.issue_time());
    let expected = access_token_hash(&client, id_token, tokens.access_token());
    assert_eq!(*claims.access_token_hash().unwrap(), expected);
    assert!(
        id_token
            .claims(&verifier, &Nonce::new("another".to_owned()))
            .is_err()
    );

    userinfo(&client, tokens.access_token(), claims.subject()).await;
}

#[tokio::test]
async fn a_refresh_brings_an_id_token_of_the_same_person() {
    let server = Server::start().await;
    let client = discover(server.issuer()).await;
    let demo = Person::new(server.issuer(), "demo");
    let scopes = ["profile", "email"];
    let (tokens, nonce) = authorize(server.issuer(), &client, &demo, &scopes).await;
    let verifier = client.id_token_verifier();
    let before = tokens.id_token().unwrap().claims(&verifier, &nonce).unwrap();

    let refresh = tokens.refresh_token().unwrap();
    let exchange = client.exchange_refresh_token(refresh).unwrap();
    let renewed = exchange.request_async(&http()).await.unwrap();
    assert_ne!(renewed.refresh_token().unwrap().secret(), refresh.secret());
    let id_token = renewed.id_token().unwrap();
    // A refresh has no nonce to check.
    let after = id_token.claims(&verifier, |_: Option<&Nonce>| Ok(())).unwrap();
    assert!(after.nonce().is_none());
    assert_eq!(after.subject(), before.subject());
    assert_eq!(after.auth_time(), before.auth_time());
}

async fn userinfo(client: &Client, access_token: &AccessToken, subject: &SubjectIdentifier) {
    let request = client
        .user_info(access_token.clone(), Some(subject.clone()))
        .unwrap();
    let userinfo: CoreUserInfoClaims = request.request_async(&http()).await.unwrap();
    assert_eq!(userinfo.email().unwrap().as_str(), "demo@example.com");
    assert_eq!(userinfo.email_verified(), Some(true));
    assert_eq!(
        userinfo.name().unwrap().get(None).unwrap().as_str(),
        "Demo Maria User"
    );
    assert_eq!(userinfo.locale().unwrap().as_str(), "en-US");
}

fn access_token_hash(client: &Client, id_token: &CoreIdToken, access_token: &AccessToken) -> AccessTokenHash {
    let verifier = client.id_token_verifier();
    let key = id_token.signing_key(&verifier).unwrap();
    AccessTokenHash::from_token(access_token, id_token.signing_alg().unwrap(), key).unwrap()
}
