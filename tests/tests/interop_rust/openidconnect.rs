//! openidconnect as a relying party.

use grantor_tests::Server;
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreIdToken, CoreProviderMetadata, CoreUserInfoClaims,
};
use openidconnect::{
    AccessToken, AccessTokenHash, AuthorizationCode, ClientId, ClientSecret, CsrfToken, IssuerUrl, Nonce,
    OAuth2TokenResponse as _, PkceCodeChallenge, RedirectUrl, Scope, TokenResponse as _,
};

use crate::{REDIRECT_URI, http, set, sign_in};

/// The client knows its endpoints from discovery, which the type does not say.
macro_rules! client {
    ($issuer:expr) => {{
        let issuer = IssuerUrl::new($issuer.to_owned()).unwrap();
        let metadata = CoreProviderMetadata::discover_async(issuer, &http())
            .await
            .unwrap();
        let secret = ClientSecret::new("web-secret".to_owned());
        CoreClient::from_provider_metadata(metadata, ClientId::new("web".to_owned()), Some(secret))
            .set_redirect_uri(RedirectUrl::new(REDIRECT_URI.to_owned()).unwrap())
    }};
}

#[tokio::test]
#[allow(clippy::too_many_lines, reason = "one flow from its first request to its last, in order")]
async fn code_flow_with_id_token_and_userinfo() {
    let server = Server::start().await;
    let client = client!(server.issuer());
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let (url, csrf, nonce) = client
        .authorize_url(
            CoreAuthenticationFlow::AuthorizationCode,
            CsrfToken::new_random,
            Nonce::new_random,
        )
        .add_scopes(["profile", "email"].map(|name| Scope::new(name.to_owned())))
        .set_pkce_challenge(challenge)
        .url();
    let (code, state) = sign_in(server.issuer(), &url).await;
    assert_eq!(state, *csrf.secret());
    let tokens = client
        .exchange_code(AuthorizationCode::new(code))
        .unwrap()
        .set_pkce_verifier(verifier)
        .request_async(&http())
        .await
        .unwrap();
    let granted = tokens.scopes().unwrap().iter().map(|scope| scope.as_str());
    assert_eq!(set(granted), set(["openid", "profile", "email"]));

    let verifier = client.id_token_verifier();
    let id_token = tokens.id_token().unwrap();
    let claims = id_token.claims(&verifier, &nonce).unwrap();
    assert_eq!(claims.issuer().as_str(), server.issuer());
    assert_eq!((claims.expiration() - claims.issue_time()).num_seconds(), 3600);
    assert!(claims.auth_time().unwrap() <= claims.issue_time());
    assert_eq!(
        *claims.access_token_hash().unwrap(),
        hash(id_token, tokens.access_token(), &verifier)
    );
    assert!(
        id_token
            .claims(&verifier, &Nonce::new("another".to_owned()))
            .is_err()
    );

    let subject = claims.subject().clone();
    let userinfo: CoreUserInfoClaims = client
        .user_info(tokens.access_token().clone(), Some(subject.clone()))
        .unwrap()
        .request_async(&http())
        .await
        .unwrap();
    assert_eq!(userinfo.email().unwrap().as_str(), "demo@example.com");
    assert_eq!(userinfo.email_verified(), Some(true));
    assert_eq!(
        userinfo.name().unwrap().get(None).unwrap().as_str(),
        "Demo Maria User"
    );
    assert_eq!(userinfo.locale().unwrap().as_str(), "en-US");

    let renewed = client
        .exchange_refresh_token(tokens.refresh_token().unwrap())
        .unwrap()
        .request_async(&http())
        .await
        .unwrap();
    assert_ne!(
        renewed.refresh_token().unwrap().secret(),
        tokens.refresh_token().unwrap().secret()
    );
    let id_token = renewed.id_token().unwrap();
    // A refresh brings no nonce.
    let claims = id_token.claims(&verifier, |_: Option<&Nonce>| Ok(())).unwrap();
    assert_eq!(*claims.subject(), subject);
    assert!(claims.nonce().is_none());
}

fn hash(
    id_token: &CoreIdToken,
    access_token: &AccessToken,
    verifier: &openidconnect::core::CoreIdTokenVerifier<'_>,
) -> AccessTokenHash {
    let key = id_token.signing_key(verifier).unwrap();
    AccessTokenHash::from_token(access_token, id_token.signing_alg().unwrap(), key).unwrap()
}
