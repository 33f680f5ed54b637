//! Documents of clients that register themselves (RFC 7591), up to what is stored and answered.

use grantor_protocol::register::{Context, Document, Fresh, MAX_DOCUMENT, check, create, response};
use grantor_types::{ClientAuthMethod, SigningAlgorithm};
use serde_json::{Value, json};

use crate::Target;
use crate::world::WORLD;

pub(crate) const TARGET: Target = Target {
    name: "registration",
    run,
    seeds,
    forged,
};

const ADDRESS: &str = "https://id.example/oauth/register/x";

fn run(input: &[u8]) -> bool {
    let cx = WORLD.cx();
    let context = Context {
        cx: &cx,
        algorithms: &SigningAlgorithm::ALL,
        current: None,
    };
    let Ok(document) = Document::parse(input) else {
        return false;
    };
    assert!(input.len() <= MAX_DOCUMENT);
    let Ok(wanted) = check(&context, &document) else {
        return false;
    };
    let fresh = Fresh::from_bytes(&[9; Fresh::LENGTH]);
    let registered = create(&cx, &fresh, None, wanted).outcome.unwrap();
    let client = &registered.client;
    let policy = &WORLD.policy.registration;
    assert!(
        client
            .grant_types
            .iter()
            .all(|grant| policy.allowed_grant_types.contains(grant))
    );
    assert!(
        client
            .scope
            .iter()
            .all(|token| policy.allowed_scope.contains(token.as_str()))
    );
    for uri in &client.redirect_uris {
        let url = uri.to_url().unwrap();
        assert!(
            url.fragment().is_none() && !["javascript", "data"].contains(&url.scheme()),
            "{url}"
        );
    }
    // What only an administrator can say.
    assert!(!client.metadata.danger_pkce_optional && !client.disabled && client.audiences.is_empty());
    assert!(client.token_exchange.is_empty() && !client.personal_access_tokens);
    assert_eq!(client.consent, Default::default());
    assert_eq!(client.introspection, Default::default());
    let is_public = client.authentication_methods == [ClientAuthMethod::None];
    assert!(!(is_public && registered.client_secret.is_some()));
    let answer = response(&cx, &registered, ADDRESS);
    assert_eq!(answer["client_id"], client.id.as_str());
    assert_eq!(answer["registration_client_uri"], ADDRESS);
    assert!(answer.get("danger_pkce_optional").is_none() && answer.get("assertion_audience").is_none());
    says_the_same_again(&context, &answer);
    true
}

/// A client that sends back what it read is taken, and reads the same.
fn says_the_same_again(context: &Context<'_>, answer: &Value) {
    let text = answer.to_string();
    if text.len() > MAX_DOCUMENT {
        return;
    }
    let document = Document::parse(text.as_bytes()).unwrap();
    let wanted = check(context, &document).expect("what was answered is in order");
    let fresh = Fresh::from_bytes(&[9; Fresh::LENGTH]);
    let again = create(context.cx, &fresh, None, wanted).outcome.unwrap();
    assert_eq!(&response(context.cx, &again, ADDRESS), answer);
}

fn whole() -> Value {
    json!({
        "client_name": "Suite",
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "redirect_uris": ["https://app.example/cb", "https://app.example/cb?x=1"],
        "contacts": ["a@b.example"],
        "jwks_uri": "https://app.example/jwks",
        "token_endpoint_auth_method": "client_secret_basic",
        "logo_uri": "https://app.example/logo.png",
        "policy_uri": "https://app.example/policy",
        "tos_uri": "https://app.example/tos",
        "id_token_signed_response_alg": "ES256",
        "userinfo_signed_response_alg": "RS256",
        "request_object_signing_alg": "RS256",
        "request_uris": ["https://app.example/request.jwt#h4sh"],
        "default_max_age": 3600,
        "initiate_login_uri": "https://app.example/login",
        "post_logout_redirect_uris": ["https://app.example/bye"],
        "backchannel_logout_uri": "https://app.example/back",
        "frontchannel_logout_uri": "https://app.example/front",
        "scope": "openid profile",
        "application_type": "web",
    })
}

fn seeds() -> Vec<Vec<u8>> {
    let native = json!({
        "application_type": "native", "token_endpoint_auth_method": "none",
        "redirect_uris": ["com.example.app:/cb", "http://127.0.0.1/cb"],
    });
    let by_key = json!({
        "redirect_uris": ["https://app.example/cb"], "token_endpoint_auth_method": "private_key_jwt",
        "jwks": crate::signed::public_keys(), "subject_type": "pairwise",
    });
    [
        whole(),
        native,
        by_key,
        json!({ "redirect_uris": ["https://app.example/cb"] }),
    ]
    .map(|document| document.to_string().into_bytes())
    .into()
}

fn forged() -> Vec<Vec<u8>> {
    let mut documents: Vec<String> = Vec::new();
    for (member, value) in [
        ("redirect_uris", json!(["https://app.example/cb#x"])),
        ("redirect_uris", json!(["http://app.example/cb"])),
        ("redirect_uris", json!(["javascript:alert(1)"])),
        ("redirect_uris", json!(vec!["https://app.example/*"; 21])),
        ("redirect_uris", json!("https://app.example/cb")),
        ("redirect_uris", json!([])),
        ("grant_types", json!(["password"])),
        ("grant_types", json!(["implicit"])),
        (
            "grant_types",
            json!(["urn:ietf:params:oauth:grant-type:token-exchange"]),
        ),
        ("response_types", json!(["id_token token"])),
        ("scope", json!("openid admin:write")),
        ("id_token_signed_response_alg", json!("none")),
        ("userinfo_signed_response_alg", json!("HS256")),
        ("request_object_signing_alg", json!("none")),
        ("jwks_uri", json!("http://169.254.169.254/")),
        ("jwks_uri", json!("file:///etc/passwd")),
        ("logo_uri", json!("javascript:alert(1)")),
        ("request_uris", json!(["http://127.0.0.1/"])),
        ("initiate_login_uri", json!("http://app.example/")),
        ("client_name", json!("x".repeat(10_000))),
        ("client_name", json!({})),
        ("jwks", json!({ "keys": [{ "kty": "oct", "k": "AAAA" }] })),
        ("default_max_age", json!(-1)),
    ] {
        let mut document = whole();
        document[member] = value;
        documents.push(document.to_string());
    }
    let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
    let rest = whole().to_string();
    let rest = rest.trim_start_matches('{');
    documents.push(format!("{{\"x\":{deep},{rest}"));
    documents.push(format!("{{\"client_name\":\"a\",{rest}"));
    documents.push(format!("{{\"x\":\"{}\",{rest}", "y".repeat(MAX_DOCUMENT)));
    documents.extend(["", "null", "[]", "{}", "{}{}"].map(str::to_owned));
    documents.into_iter().map(String::into_bytes).collect()
}
