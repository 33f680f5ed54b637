//! Clients that show a certificate (RFC 8705).

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use grantor_client::{ClientAuthentication, SecretBytes, SigningAlgorithm, TokenHint};
use rcgen::{Certificate, CertificateParams, KeyPair};
use serde_json::{Value, json};

use super::{Peer, assert_refused, key, sign_in};

const NAME: &str = "app.example";

/// A certificate of the authority that the server trusts, or one that signed itself.
fn certificate(by_authority: bool) -> (Certificate, KeyPair) {
    let pair = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec![NAME.to_owned()]).unwrap();
    let made = match by_authority {
        true => params.signed_by(&pair, Peer::get().authority()),
        false => params.self_signed(&pair),
    };
    (made.unwrap(), pair)
}

/// Registers with the first certificate, and then with the second shows what the server says to another.
async fn works(
    method: ClientAuthentication,
    wanted: Value,
    own: &(Certificate, KeyPair),
    other: &(Certificate, KeyPair),
) {
    let peer = Peer::get();
    let builder = peer.with(method, wanted).await;
    let showing = |(certificate, pair): &(Certificate, KeyPair)| {
        let key = SecretBytes::new(pair.serialize_pem());
        builder
            .clone()
            .client_certificate(certificate.pem().as_bytes(), &key)
    };
    let client = showing(own).discover().await.unwrap();
    let tokens = sign_in(&client, &peer.person("alice"), "openid profile").await;
    let user = client.userinfo(&tokens).await.unwrap();
    assert_eq!(user.name(), Some("alice Example"));
    let active = client.introspect(&tokens.access_token).await.unwrap().unwrap();
    assert_eq!(active.client_id(), Some(client.client_id()));

    let stranger = showing(other).discover().await.unwrap();
    let refused = stranger
        .authorization()
        .scope("openid")
        .start()
        .await
        .unwrap_err();
    assert_refused(&refused, "invalid_client");
    // The token is bound to the certificate, and so of no use with another.
    assert_refused(&stranger.userinfo(&tokens).await.unwrap_err(), "invalid_token");

    client
        .revoke(&tokens.access_token, TokenHint::AccessToken)
        .await
        .unwrap();
    assert!(client.introspect(&tokens.access_token).await.unwrap().is_none());
}

#[tokio::test]
async fn by_the_name_in_it() {
    let wanted = json!({
        "token_endpoint_auth_method": "tls_client_auth", "tls_client_auth_san_dns": NAME,
        "tls_client_certificate_bound_access_tokens": true,
    });
    let (own, other) = (certificate(true), certificate(false));
    works(ClientAuthentication::TlsClientAuth, wanted, &own, &other).await;
}

#[tokio::test]
async fn by_the_key_in_it() {
    let (own, other) = (certificate(false), certificate(true));
    let key = key(SigningAlgorithm::Es256);
    let mut jwk = json!(key.public_jwk());
    let point = own.1.public_key_raw();
    let coordinate = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    jwk["x"] = coordinate(&point[1..33]).into();
    jwk["y"] = coordinate(&point[33..]).into();
    jwk["x5c"] = json!([STANDARD.encode(own.0.der())]);
    let wanted = json!({
        "token_endpoint_auth_method": "self_signed_tls_client_auth", "jwks": { "keys": [jwk] },
        "tls_client_certificate_bound_access_tokens": true,
    });
    works(
        ClientAuthentication::SelfSignedTlsClientAuth,
        wanted,
        &own,
        &other,
    )
    .await;
}
