//! Clients that authenticate by the certificate of their connection (RFC 8705), at a server that lets nobody in without one.

use std::sync::Arc;

use grantor_client::{
    Client, ClientAuthentication, ClientBuilder, Error, FetchError, Misuse, Secret, SecretBytes, Timestamp,
    TokenHint, Trouble,
};
use rcgen::{CertificateParams, CertifiedIssuer, CertifiedKey, DnType, KeyPair};
use rustls::RootCertStore;
use rustls::pki_types::PrivateKeyDer;
use rustls::server::WebPkiClientVerifier;
use serde_json::json;
use tokio_rustls::TlsAcceptor;

use crate::provider::NOW;
use crate::{Answer, Provider};

/// Who signs certificates here.
struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    server: CertifiedKey<KeyPair>,
}

/// A certificate of a client, and its key.
struct Shown {
    der: Vec<u8>,
    pem: String,
    key: SecretBytes,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let signing_key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        let cert = params.signed_by(&signing_key, &issuer).unwrap();
        let server = CertifiedKey { cert, signing_key };
        Self { issuer, server }
    }

    fn client(&self, name: &str) -> Shown {
        let key = KeyPair::generate().unwrap();
        let certificate = named(name).signed_by(&key, &self.issuer).unwrap();
        Shown::new(&certificate, &key)
    }

    /// A provider that speaks with those alone who show a certificate of the authority, or this one.
    async fn provider(&self, known: Option<&Shown>) -> Provider {
        let mut roots = RootCertStore::empty();
        roots.add(self.issuer.der().clone()).unwrap();
        if let Some(known) = known {
            roots.add(known.der.clone().into()).unwrap();
        }
        let crypto = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&crypto));
        let key = PrivateKeyDer::try_from(self.server.signing_key.serialize_der()).unwrap();
        let config = rustls::ServerConfig::builder_with_provider(crypto)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_client_cert_verifier(verifier.build().unwrap())
            .with_single_cert(vec![self.server.cert.der().clone()], key)
            .unwrap();
        Provider::start_with(Some(TlsAcceptor::from(Arc::new(config)))).await
    }

    fn builder(&self, provider: &Provider) -> ClientBuilder {
        provider.builder().trust_anchors(self.issuer.pem().as_bytes())
    }
}

impl Shown {
    fn new(certificate: &rcgen::Certificate, key: &KeyPair) -> Self {
        Self {
            der: certificate.der().to_vec(),
            pem: certificate.pem(),
            key: SecretBytes::new(key.serialize_pem()),
        }
    }

    fn self_signed(name: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        Self::new(&named(name).self_signed(&key).unwrap(), &key)
    }
}

fn named(name: &str) -> CertificateParams {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params
}

#[tokio::test]
async fn the_certificate_is_shown_and_the_client_is_named() {
    let authority = Authority::new();
    let signed = authority.client("app");
    let own = Shown::self_signed("app");
    let provider = authority.provider(Some(&own)).await;
    let answer = json!({ "access_token": "at", "token_type": "Bearer" });
    provider.answer("/token", Answer::json(200, &answer));
    provider.answer("/revoke", Answer::Whole(200, "", String::new()));
    for (method, shown) in [
        (ClientAuthentication::TlsClientAuth, &signed),
        (ClientAuthentication::SelfSignedTlsClientAuth, &own),
    ] {
        let builder = authority.builder(&provider).authentication(method.clone());
        let client = builder.client_certificate(shown.pem.as_bytes(), &shown.key);
        let client = client.discover().await.unwrap();
        client.client_credentials().scope("read").send().await.unwrap();
        client
            .revoke(&Secret::new("at"), TokenHint::AccessToken)
            .await
            .unwrap();
        for (path, body) in [
            ("/token", "grant_type=client_credentials&scope=read&client_id=app"),
            ("/revoke", "token=at&token_type_hint=access_token&client_id=app"),
        ] {
            assert_eq!(provider.sent(path).pop().as_deref(), Some(body), "{method:?}");
        }
        assert_eq!(provider.shown().pop().as_ref(), Some(&shown.der), "{method:?}");
    }
}

#[tokio::test]
async fn nobody_is_let_in_without_a_certificate_that_is_known() {
    let authority = Authority::new();
    let provider = authority.provider(None).await;
    let stranger = Shown::self_signed("app");
    let builder = authority.builder(&provider);
    for client in [
        builder.clone(),
        builder.client_certificate(stranger.pem.as_bytes(), &stranger.key),
    ] {
        // The server says so after the handshake in TLS 1.3: either is a failure of the connection.
        let refused = client.discover().await.unwrap_err();
        let Error::NotApplied(refused) = refused else {
            panic!("{refused:?}")
        };
        let Trouble::Transport(FetchError::NotConnected(_) | FetchError::Transport(_)) = refused.trouble
        else {
            panic!("{refused:?}")
        };
    }
    assert!(provider.shown().is_empty());
    assert_eq!(provider.asked("/.well-known/openid-configuration"), 0);
}

#[tokio::test]
async fn who_shows_a_certificate_goes_to_the_door_for_that() {
    let authority = Authority::new();
    let shown = authority.client("app");
    let (open, behind) = (Provider::start().await, authority.provider(None).await);
    let mut metadata = open.metadata();
    metadata["mtls_endpoint_aliases"] = json!({
        "token_endpoint": format!("{}/token", behind.issuer),
        "userinfo_endpoint": format!("{}/userinfo", behind.issuer),
        "authorization_endpoint": format!("{}/authorize", behind.issuer),
    });
    open.answer("/.well-known/openid-configuration", Answer::json(200, &metadata));
    let answer = json!({ "access_token": "at", "token_type": "Bearer" });
    for provider in [&open, &behind] {
        provider.answer("/token", Answer::json(200, &answer));
        provider.answer("/userinfo", Answer::json(200, &json!({ "sub": "alice" })));
    }
    // With another method of authentication too: the provider binds tokens to the certificate.
    for method in [
        ClientAuthentication::TlsClientAuth,
        ClientAuthentication::basic("s"),
    ] {
        let builder = authority.builder(&open).authentication(method);
        let client = builder.client_certificate(shown.pem.as_bytes(), &shown.key);
        let client = client.discover().await.unwrap();
        let tokens = client.client_credentials().send().await.unwrap();
        client.danger_userinfo_of_whomever(&tokens).await.unwrap();
        let login = client
            .authorization()
            .through_the_browser()
            .start()
            .await
            .unwrap();
        assert!(login.url.as_str().starts_with(&open.issuer), "{}", login.url);
    }
    assert_eq!((behind.asked("/token"), behind.asked("/userinfo")), (2, 2));
    assert_eq!((open.asked("/token"), open.asked("/userinfo")), (0, 0));

    let client = authority.builder(&open).discover().await.unwrap();
    client.client_credentials().send().await.unwrap();
    assert_eq!((behind.asked("/token"), open.asked("/token")), (2, 1));
}

#[tokio::test]
async fn settings_that_cannot_be() {
    let shown = Shown::self_signed("app");
    let builder = || Client::builder("https://as.example", "app").clock(|| Timestamp::from_seconds(NOW));
    let method = ClientAuthentication::TlsClientAuth;
    let other = Shown::self_signed("other");
    for builder in [
        builder().authentication(method.clone()),
        builder().client_certificate(b"", &shown.key),
        builder().client_certificate(shown.pem.as_bytes(), &SecretBytes::new("")),
        builder().client_certificate(shown.pem.as_bytes(), &other.key),
    ] {
        let metadata = grantor_client::ProviderMetadata::new("https://as.example").unwrap();
        let refused = builder.build(metadata).unwrap_err();
        assert!(
            matches!(refused, Error::Misuse(Misuse::Setting { .. })),
            "{refused:?}"
        );
    }
}
