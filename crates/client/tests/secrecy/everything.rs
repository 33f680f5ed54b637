//! All that a program does with the library, from registration to logout.

use std::fmt::Debug;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use grantor_client::{
    Client, ClientAuthentication, ContentEncryptionAlgorithm, Decryption, DecryptionKey,
    KeyManagementAlgorithm, MacAlgorithm, Polled, Request, Secret, SecretBytes, SigningAlgorithm, SigningKey,
    TokenHint, Type, UserHint,
};
use serde_json::{Value, json};

use crate::provider::{Answer, NOW, Provider, limits};

/// Stands in every secret of which the test decides.
pub(crate) const SECRET: &str = "S3cr3t";

/// What was printed, by the name of its type, and the other secrets there were.
pub(crate) struct Told {
    pub(crate) printed: Vec<(&'static str, String)>,
    pub(crate) secrets: Vec<String>,
}

impl Told {
    fn print(&mut self, name: &'static str, value: &impl Debug) {
        self.printed.push((name, format!("{value:?} {value:#?}")));
    }
}

fn secret(name: &str) -> Secret {
    Secret::new(text(name))
}

fn text(name: &str) -> String {
    format!("{name}-{SECRET}")
}

/// Does it all, in two ways of authentication.
pub(crate) async fn everything() -> Told {
    let mut told = Told {
        printed: Vec::new(),
        secrets: Vec::new(),
    };
    for authentication in [
        ClientAuthentication::SecretBasic(secret("client")),
        ClientAuthentication::SecretPost(secret("client")),
    ] {
        told.print("ClientAuthentication", &authentication);
        with(authentication, &mut told).await;
    }
    told.secrets
        .push(STANDARD.encode(format!("app:{}", text("client"))));
    keys(&mut told);
    told
}

async fn with(authentication: ClientAuthentication, told: &mut Told) {
    let provider = provider().await;
    let (dpop, _) = SigningKey::generate(SigningAlgorithm::Es256).unwrap();
    let builder = provider.builder().authentication(authentication).dpop(dpop);
    told.print("ClientBuilder", &builder);
    let client = builder.discover().await.unwrap();
    told.print("Client", &client);
    login(&provider, &client, told).await;
    others(&provider, &client, told).await;
}

/// One that answers whatever it is asked with secrets.
async fn provider() -> Provider {
    let provider = Provider::start().await;
    let mut metadata = provider.metadata();
    for (member, path) in [
        ("registration_endpoint", "/register"),
        ("device_authorization_endpoint", "/device"),
    ] {
        metadata[member] = format!("{}{path}", provider.issuer).into();
    }
    let answers = [
        ("/.well-known/openid-configuration", metadata),
        ("/userinfo", json!({ "sub": "alice", "address": text("address") })),
        (
            "/introspect",
            json!({ "active": true, "sub": "alice", "note": text("note") }),
        ),
        ("/revoke", json!({})),
        ("/api", json!({ "what": text("content") })),
        (
            "/register",
            json!({ "client_id": "new", "client_secret": text("registered"),
                    "registration_access_token": text("registration"), "registration_client_uri": provider.issuer }),
        ),
        (
            "/device",
            json!({ "device_code": text("device"), "user_code": "USER", "verification_uri": provider.issuer,
                    "expires_in": 60 }),
        ),
        (
            "/backchannel",
            json!({ "auth_req_id": text("auth-req-id"), "expires_in": 60 }),
        ),
    ];
    for (path, body) in answers {
        provider.answer(path, Answer::json(200, &body));
    }
    provider
}

/// What the token endpoint answers next; returns the ID token in it.
fn answer(provider: &Provider, number: u32, nonce: Option<&str>) -> String {
    let claims = json!({
        "iss": provider.issuer, "sub": "alice", "aud": "app", "exp": NOW + 60, "iat": NOW, "nonce": nonce,
    });
    let id_token = provider.key.sign(Type::IdToken, &claims).unwrap();
    let body = json!({
        "access_token": text(&format!("access-{number}")), "refresh_token": text(&format!("refresh-{number}")),
        "token_type": "DPoP", "expires_in": 60, "id_token": id_token, "more": text("more"),
    });
    provider.answer("/token", Answer::json(200, &body));
    id_token
}

/// A login by the browser, a refresh, a call and the end.
async fn login(provider: &Provider, client: &Client, told: &mut Told) {
    let request = client.authorization().scope("openid");
    told.print("AuthorizationRequest", &request);
    let login = request.start().await.unwrap();
    told.print("Authorization", &login);
    told.print("PendingAuthorization", &login.pending);
    let sent = |wanted: &str| {
        let mut pairs = login.url.query_pairs();
        pairs.find(|(name, _)| name == wanted).unwrap().1.into_owned()
    };
    let (state, nonce) = (sent("state"), sent("nonce"));
    let exported: Value = serde_json::from_str(login.pending.export().expose()).unwrap();
    let verifier = exported["verifier"].as_str().unwrap().to_owned();
    let back = format!("code={}&state={state}&iss={}", text("code"), provider.issuer);
    let callback = login.pending.validate(&back).unwrap();
    told.print("ValidatedCallback", &callback);
    let mut id_tokens = vec![answer(provider, 1, Some(&nonce))];
    let tokens = client.exchange(callback).await.unwrap();
    told.print("Tokens", &tokens);
    told.print("IdToken", &tokens.id_token);
    told.print("UserInfo", &client.userinfo(&tokens).await.unwrap());
    id_tokens.push(answer(provider, 2, None));
    let refresh = client.refresh(&tokens).unwrap();
    told.print("TokenRequest", &refresh);
    let tokens = refresh.send().await.unwrap();
    told.print("Tokens", &tokens);
    let url = format!("{}/api?key={}", provider.issuer, text("key"));
    let request = Request::new(http::Method::POST, url.parse().unwrap(), text("body"));
    told.print("Request", &request);
    told.print("Response", &client.call(&tokens, request).await.unwrap());
    let refresh_token = tokens.refresh_token.as_ref().unwrap();
    client
        .revoke(refresh_token, TokenHint::RefreshToken)
        .await
        .unwrap();
    #[cfg(feature = "vault")]
    vault(provider, client, &tokens, told).await;
    told.print("Polled", &Polled::Tokens(tokens));
    // They were sent: what is looked for is what there was.
    let bodies = provider.sent("/token").join("\n");
    for sent in [&verifier, &text("code"), &text("refresh-1")] {
        assert!(bodies.contains(sent.as_str()), "{bodies}");
    }
    told.secrets.extend([state, nonce, verifier]);
    told.secrets.extend(id_tokens);
}

/// A vault that renews them, and is refused with an answer that repeats what was sent.
#[cfg(feature = "vault")]
async fn vault(provider: &Provider, client: &Client, tokens: &grantor_client::Tokens, told: &mut Told) {
    use grantor_vault::{CredentialManager, MasterKey, MemoryStorage};
    let (master, kept) = MasterKey::generate().unwrap();
    told.secrets.push(kept.expose().to_owned());
    let manager = CredentialManager::builder(MemoryStorage::default(), master).refresher(client.clone());
    let manager = manager.open().await.unwrap();
    let credential = tokens.clone().into_credential(client).build().unwrap();
    told.print("Credential", &credential);
    manager.store("id", credential).await.unwrap();
    answer(provider, 3, None);
    // Its clock is that of the machine, by which the token has ended.
    let token = manager.valid_access_token("id").await.unwrap();
    assert_eq!(token.expose(), text("access-3"));
    told.print("AccessToken", &token);
    told.print("StoredCredential", &manager.get("id").await.unwrap());
    let description = format!("{} is used up", text("refresh-3"));
    let echo = json!({ "error": "invalid_grant", "error_description": description });
    provider.answer("/token", Answer::json(400, &echo));
    let error = manager.renew_rejected("id", &token).await.unwrap_err();
    told.print("VaultError", &error);
    told.print("VaultError", &error.to_string());
    told.print("Listed", &manager.list().await.unwrap());
}

/// What is done without a browser.
async fn others(provider: &Provider, client: &Client, told: &mut Told) {
    let active = client.introspect(&secret("access-2")).await.unwrap();
    told.print("ActiveToken", &active.unwrap());
    let builder = Client::builder(&provider.issuer, "new").limits(limits(Duration::from_secs(20)));
    let (initial, wanted) = (secret("initial"), json!({}));
    let registering = builder.register(client.metadata(), &wanted, Some(&initial));
    let registered = registering.await.unwrap();
    told.print("ClientAuthentication", &registered.authentication());
    told.print("RegisteredClient", &registered);
    let request = client
        .device_authorization()
        .parameter("login_hint", &text("hint"));
    told.print("DeviceAuthorizationRequest", &request);
    told.print("DeviceAuthorization", &request.send().await.unwrap());
    for hint in [
        UserHint::IdToken(&secret("hint")),
        UserHint::LoginToken(&secret("hint")),
    ] {
        told.print("UserHint", &hint);
        let request = client
            .backchannel_authentication(hint)
            .user_code(&secret("user-code"));
        told.print("BackchannelAuthenticationRequest", &request);
        told.print("BackchannelAuthentication", &request.send().await.unwrap());
    }
}

/// Keys, and what they are in.
fn keys(told: &mut Told) {
    told.print("Secret", &secret("plain"));
    told.print("SecretBytes", &SecretBytes::new(text("bytes").into_bytes()));
    let (signing, pkcs8) = SigningKey::generate(SigningAlgorithm::EdDsa).unwrap();
    told.print("SigningKey", &signing);
    told.print(
        "ClientAuthentication",
        &ClientAuthentication::PrivateKeyJwt(signing),
    );
    let secret_jwt = ClientAuthentication::SecretJwt(secret("client"), MacAlgorithm::Hs256);
    told.print("ClientAuthentication", &secret_jwt);
    // As a list of numbers a key would be printed by a derived `Debug`.
    told.secrets
        .push(format!("{:?}", &pkcs8.expose()[16..32]).replace(['[', ']'], ""));
    let (decryption, pkcs8) = DecryptionKey::generate(KeyManagementAlgorithm::EcdhEs).unwrap();
    told.print("DecryptionKey", &decryption);
    let encryption = ContentEncryptionAlgorithm::A128Gcm;
    told.print("Decryption", &Decryption::new(decryption, encryption));
    told.secrets
        .push(format!("{:?}", &pkcs8.expose()[36..52]).replace(['[', ']'], ""));
}
