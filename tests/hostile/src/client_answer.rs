//! What providers answer to the client library: nothing of it is believed that should not be.
//!
//! An input is an answer: status and media type in its first line, the body after it.

use std::sync::Arc;

use grantor_client::{Client, Endpoint, ProviderMetadata, Scope, Secret, TokenType, Tokens, UserHint};
use serde_json::{Value, json};

use crate::Target;
use crate::client_world::{
    Always, GOOD, answer, ask, check_error, forged, input, is_good_json, metadata, target,
};
use crate::world::{CLIENT, ISSUER};

/// Tokens of the token endpoint.
pub(crate) const TOKENS: Target = target("token_answer", run_tokens, seeds_of_tokens, || {
    let changes = [
        ("access_token", Value::Null),
        ("access_token", json!("a b")),
        ("access_token", json!("a\r\nSet-Cookie: x")),
        ("access_token", json!(["a"])),
        ("token_type", Value::Null),
        ("token_type", json!("mac")),
        ("expires_in", json!(-1)),
        ("expires_in", json!("soon")),
        ("scope", json!(["read"])),
        ("refresh_token", json!("\u{0}")),
    ];
    forged(&token_answer(), &changes)
});

fn token_answer() -> Value {
    json!({"access_token": "at", "token_type": "Bearer", "expires_in": 60, "refresh_token": "rt", "scope": "read"})
}

fn seeds_of_tokens() -> Vec<Vec<u8>> {
    vec![
        input(GOOD, &token_answer()),
        input(
            GOOD,
            &json!({"access_token": "at", "token_type": "bearer", "expires_in": "60", "scope": null}),
        ),
        input(
            "400 application/json",
            &json!({"error": "invalid_grant", "error_description": "no\r\nno"}),
        ),
        input("503 text/html", &json!("down")),
    ]
}

fn run_tokens(input: &[u8]) -> bool {
    let asked = ask(input, async |client| {
        client.client_credentials().scope("read").send().await
    });
    let Some((answer, tokens)) = asked else {
        return false;
    };
    is_good_json(&answer);
    for token in [Some(&tokens.access_token), tokens.refresh_token.as_ref()]
        .into_iter()
        .flatten()
    {
        assert!(!token.is_empty() && token.expose().bytes().all(|byte| byte.is_ascii_graphic()));
    }
    assert!(!format!("{tokens:?}").contains("\"at\""));
    true
}

/// Metadata of the provider.
pub(crate) const METADATA: Target = target("metadata_answer", run_metadata, seeds_of_metadata, || {
    let changes = [
        ("issuer", Value::Null),
        ("issuer", json!("https://id.example/")),
        ("issuer", json!("https://elsewhere.example")),
        ("issuer", json!("http://id.example")),
        ("token_endpoint", json!("http://id.example/token")),
        ("token_endpoint", json!("javascript:alert(1)")),
        ("token_endpoint", json!("file:///etc/passwd")),
    ];
    forged(&metadata_answer(), &changes)
});

fn metadata_answer() -> Value {
    json!({"issuer": ISSUER, "token_endpoint": format!("{ISSUER}/token"), "jwks_uri": format!("{ISSUER}/jwks")})
}

fn seeds_of_metadata() -> Vec<Vec<u8>> {
    vec![
        input(GOOD, &metadata_answer()),
        input(GOOD, &json!({"issuer": ISSUER})),
    ]
}

fn run_metadata(input: &[u8]) -> bool {
    let Some(answer) = answer(input) else {
        return false;
    };
    match ProviderMetadata::read(ISSUER, &answer) {
        Ok(metadata) => {
            is_good_json(&answer);
            assert_eq!(metadata.issuer(), ISSUER);
            if let Ok(url) = metadata.url(Endpoint::Token) {
                assert!(url.scheme() == "https" || is_loopback(url), "{url}");
            }
            true
        }
        Err(error) => {
            check_error(&error);
            false
        }
    }
}

fn is_loopback(url: &url::Url) -> bool {
    match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}

/// Claims about the user.
pub(crate) const USERINFO: Target = target("userinfo_answer", run_userinfo, seeds_of_userinfo, || {
    let changes = [
        ("sub", Value::Null),
        ("sub", json!("bob")),
        ("sub", json!("")),
        ("sub", json!("Alice")),
        ("sub", json!(["alice"])),
        ("sub", json!(1)),
    ];
    forged(&json!({"sub": "alice", "name": "Alice"}), &changes)
});

fn seeds_of_userinfo() -> Vec<Vec<u8>> {
    vec![
        input(
            GOOD,
            &json!({"sub": "alice", "email": "a@b.example", "email_verified": "true"}),
        ),
        input("401 application/json", &json!({"error": "invalid_token"})),
    ]
}

fn run_userinfo(input: &[u8]) -> bool {
    let mut tokens = Tokens::restored(Secret::new("at"), TokenType::Bearer, Scope::default());
    tokens.subject = Some("alice".to_owned());
    let asked = ask(input, async |client| client.userinfo(&tokens).await);
    let Some((answer, info)) = asked else {
        return false;
    };
    is_good_json(&answer);
    assert_eq!(info.subject(), "alice");
    if info.verified_email().is_some() {
        assert_eq!(info.claims()["email_verified"], true);
    }
    true
}

/// A client that was registered.
pub(crate) const REGISTERED: Target = target(
    "registered_answer",
    run_registered,
    seeds_of_registrations,
    || {
        let changes = [
            ("client_id", Value::Null),
            ("client_id", json!("")),
            ("client_id", json!(7)),
            ("client_secret", json!(7)),
        ];
        forged(&json!({"client_id": "c"}), &changes)
    },
);

fn seeds_of_registrations() -> Vec<Vec<u8>> {
    let whole = json!({
        "client_id": "c", "client_secret": "s", "client_secret_expires_at": 0,
        "registration_client_uri": format!("{ISSUER}/register/c"), "registration_access_token": "rat",
    });
    vec![
        input("201 application/json", &whole),
        input("201 application/json", &json!({"client_id": "c"})),
    ]
}

fn run_registered(input: &[u8]) -> bool {
    let asked = ask(input, async |_| {
        let fetch = Arc::new(Always(answer(input)));
        let builder = Client::builder(ISSUER, CLIENT).fetch(fetch);
        builder.register(&metadata(), &json!({}), None).await
    });
    let Some((answer, registered)) = asked else {
        return false;
    };
    is_good_json(&answer);
    assert!(!registered.client_id.is_empty());
    true
}

/// Whether a token is active.
pub(crate) const INTROSPECTION: Target = target(
    "introspection_answer",
    run_introspection,
    seeds_of_introspections,
    || {
        let changes = [
            ("active", Value::Null),
            ("active", json!(false)),
            ("active", json!("true")),
            ("active", json!(1)),
            ("active", json!([true])),
        ];
        forged(&json!({"active": true}), &changes)
    },
);

fn seeds_of_introspections() -> Vec<Vec<u8>> {
    vec![
        input(
            GOOD,
            &json!({"active": true, "sub": "alice", "scope": "read", "aud": ["a", "b"]}),
        ),
        input(GOOD, &json!({"active": false})),
    ]
}

fn run_introspection(input: &[u8]) -> bool {
    let asked = ask(input, async |client| {
        client.introspect(&Secret::new("token")).await
    });
    let Some((answer, Some(token))) = asked else {
        return false;
    };
    is_good_json(&answer);
    assert_eq!(token.members()["active"], true);
    true
}

/// A device that waits.
pub(crate) const DEVICE: Target = target("device_answer", run_device, seeds_of_devices, || {
    let changes = [
        ("device_code", Value::Null),
        ("device_code", json!("")),
        ("user_code", Value::Null),
        ("user_code", json!(7)),
        ("verification_uri", Value::Null),
        ("expires_in", Value::Null),
        ("expires_in", json!("soon")),
    ];
    forged(&device_answer(), &changes)
});

fn device_answer() -> Value {
    json!({
        "device_code": "dc", "user_code": "ABCD", "verification_uri": format!("{ISSUER}/device"), "expires_in": 600,
        "interval": 5,
    })
}

fn seeds_of_devices() -> Vec<Vec<u8>> {
    let mut short = device_answer();
    short["interval"] = Value::Null;
    vec![input(GOOD, &device_answer()), input(GOOD, &short)]
}

fn run_device(input: &[u8]) -> bool {
    let asked = ask(input, async |client| {
        client.device_authorization().scope("read").send().await
    });
    let Some((answer, device)) = asked else {
        return false;
    };
    is_good_json(&answer);
    assert!(!device.user_code.is_empty() && !device.verification_uri.is_empty());
    true
}

/// A request that was pushed.
pub(crate) const PUSHED: Target = target("pushed_answer", run_pushed, seeds_of_pushed, || {
    let changes = [
        ("request_uri", Value::Null),
        ("request_uri", json!("")),
        ("request_uri", json!(7)),
        ("request_uri", json!(["urn:x"])),
    ];
    forged(&json!({"request_uri": "urn:x", "expires_in": 60}), &changes)
});

fn seeds_of_pushed() -> Vec<Vec<u8>> {
    vec![input(
        "201 application/json",
        &json!({"request_uri": "urn:x&state=y", "expires_in": 60}),
    )]
}

fn run_pushed(input: &[u8]) -> bool {
    let asked = ask(input, async |client| {
        client.authorization().scope("read").start().await
    });
    let Some((answer, login)) = asked else {
        return false;
    };
    is_good_json(&answer);
    // However the reference is written, it is one parameter of two.
    assert_eq!(login.url.origin().ascii_serialization(), ISSUER);
    assert_eq!(login.url.query_pairs().count(), 2);
    true
}

/// A user who is asked elsewhere.
pub(crate) const BACKCHANNEL: Target = target(
    "backchannel_answer",
    run_backchannel,
    seeds_of_backchannels,
    || {
        let changes = [
            ("auth_req_id", Value::Null),
            ("auth_req_id", json!("")),
            ("auth_req_id", json!(7)),
            ("expires_in", Value::Null),
            ("expires_in", json!("soon")),
            ("expires_in", json!(-1)),
        ];
        forged(
            &json!({"auth_req_id": "a", "expires_in": 120, "interval": 2}),
            &changes,
        )
    },
);

fn seeds_of_backchannels() -> Vec<Vec<u8>> {
    vec![
        input(
            GOOD,
            &json!({"auth_req_id": "a", "expires_in": 120, "interval": 0}),
        ),
        input("400 application/json", &json!({"error": "unknown_user_id"})),
    ]
}

fn run_backchannel(input: &[u8]) -> bool {
    let asked = ask(input, async |client| {
        let request = client.backchannel_authentication(UserHint::Login("alice"));
        request.scope("openid").send().await
    });
    let Some((answer, _)) = asked else {
        return false;
    };
    is_good_json(&answer);
    true
}
