//! [RFC 9101](https://www.rfc-editor.org/rfc/rfc9101) and OpenID Connect Core 6: authorization requests as signed JWTs.

mod by_reference;

use grantor_jose::jwe::EncryptionKey;
use grantor_jose::{Jwks, SigningKey, Type};
use grantor_protocol::Cause;
use grantor_types::{ContentEncryptionAlgorithm, KeyManagementAlgorithm, SigningAlgorithm};
use http::Method;
use serde_json::{Map, Value, json};

use crate::harness::{ALICE, Ask, Browser, Call, Callback, Server, Setup, jwt, text};

fn key() -> SigningKey {
    SigningKey::generate(SigningAlgorithm::Es256).unwrap().0
}

fn setup(key: &SigningKey) -> Setup {
    let keys = vec![key.public_jwk()];
    Setup::new().client("web", |client| client.metadata.jwks = Some(Jwks { keys }))
}

/// The claims of a request object that says all that the request says.
fn claims(ask: &Ask) -> Value {
    let parameters = ask.parameters().iter();
    let claims: Map<String, Value> = parameters
        .map(|(name, value)| (name.clone(), json!(value)))
        .collect();
    Value::Object(claims)
}

fn sign(key: &SigningKey, claims: &Value) -> String {
    key.sign(Type::RequestObject, claims).unwrap()
}

/// The request with nothing around the object but what names the client.
fn by_value(object: &str) -> Ask {
    bare().with("request", object)
}

fn bare() -> Ask {
    let full = Ask::web();
    let names: Vec<String> = full.parameters().iter().map(|(name, _)| name.clone()).collect();
    let stripped = names.into_iter().filter(|name| name != "client_id");
    stripped.fold(full, |ask, name| ask.without(&name))
}

async fn answer(server: &Server, ask: &Ask) -> Callback {
    Browser::new(server).callback(ask, ALICE).await
}

#[tokio::test]
async fn a_request_by_value_is_the_whole_request() {
    let key = key();
    let server = setup(&key).start().await;
    let full = Ask::web()
        .with("scope", "openid read")
        .with("nonce", "n")
        .with("max_age", "600");
    let mut object = claims(&full);
    object["max_age"] = json!(600);
    object["iss"] = json!("web");
    object["aud"] = json!("https://id.example");
    object["claims"] = json!({ "id_token": { "email": null } });
    let ask = by_value(&sign(&key, &object));
    let callback = answer(&server, &ask).await;
    assert_eq!(callback.value("state"), Some("st4te"));
    let tokens = server.call(full.redeem(&callback.code())).await.ok();
    let id_token = jwt::claims(text(&tokens["id_token"]));
    assert_eq!(
        (&id_token["nonce"], &id_token["email"]),
        (&json!("n"), &json!("alice@example.com"))
    );
}

/// "The authorization server MUST only use the parameters in the Request Object, even if the same parameter is provided in
/// the query parameter." (5)
#[tokio::test]
async fn what_stands_beside_the_object_does_not_count() {
    let key = key();
    let server = setup(&key).start().await;
    let mut object = claims(&Ask::web().without("state"));
    object["scope"] = json!("read");
    let ask = by_value(&sign(&key, &object))
        .with("state", "another")
        .with("scope", "write")
        .with("nonce", "n");
    let callback = answer(&server, &ask).await;
    assert_eq!(callback.value("state"), None);
    let tokens = server.call(Ask::web().redeem(&callback.code())).await.ok();
    assert_eq!(tokens["scope"], "read");
}

#[tokio::test]
async fn every_algorithm_of_a_client_and_the_one_it_registered() {
    for algorithm in SigningAlgorithm::ALL {
        let (key, _) = SigningKey::generate(algorithm).unwrap();
        let object = sign(&key, &claims(&Ask::web()));
        let server = setup(&key).start().await;
        assert!(
            answer(&server, &by_value(&object)).await.value("code").is_some(),
            "{algorithm}"
        );
        let server = setup(&key)
            .client("web", |client| {
                client.metadata.request_object_signing_alg = Some(SigningAlgorithm::Ps256);
            })
            .start()
            .await;
        let asked = server.call(Call::get(&by_value(&object).path())).await;
        let taken = asked.location().starts_with("/login");
        assert_eq!(taken, algorithm == SigningAlgorithm::Ps256, "{algorithm}");
    }
}

/// What the client hears.
async fn told(server: &Server, ask: &Ask) -> (String, String) {
    let callback = Callback::of(&Browser::new(server).ask(ask).await);
    let value = |name: &str| callback.value(name).unwrap_or_default().to_owned();
    (value("error"), value("error_description"))
}

fn refusal(error: &str, cause: Cause) -> (String, String) {
    (error.to_owned(), cause.description().to_owned())
}

/// Where nothing says for sure whom to tell, the person hears of it.
#[tokio::test]
async fn with_several_redirect_uris_a_broken_object_ends_on_a_page() {
    let key = key();
    let server = setup(&key)
        .client("web", |client| {
            let another = "https://app.example/another";
            client
                .redirect_uris
                .push(grantor_types::RedirectUri::parse(another).unwrap());
        })
        .start()
        .await;
    let page = Browser::new(&server).ask(&by_value("nonsense")).await;
    page.refused_on_page(400, "invalid_request_object", Cause::RequestObjectInvalid);
}

#[allow(clippy::too_many_lines, reason = "a table")]
#[tokio::test]
async fn hostile_objects() {
    let key = key();
    let server = setup(&key).start().await;
    let good = claims(&Ask::web());
    let signed = sign(&key, &good);
    let jwks = serde_json::to_vec(&Jwks {
        keys: vec![key.public_jwk()],
    })
    .unwrap();
    let with = |name: &str, value: Value| {
        let mut claims = good.clone();
        claims[name] = value;
        sign(&key, &claims)
    };
    let now = server.now();
    for (what, object, cause) in [
        (
            "none",
            jwt::unsigned(&signed, "none"),
            Cause::RequestObjectInvalid,
        ),
        (
            "None",
            jwt::unsigned(&signed, "None"),
            Cause::RequestObjectInvalid,
        ),
        (
            "public key as secret",
            jwt::signed_with_public_key(&signed, &jwks),
            Cause::RequestObjectInvalid,
        ),
        (
            "another key",
            jwt::signed_with_another_key(&signed, Type::RequestObject),
            Cause::RequestObjectInvalid,
        ),
        (
            "another kind",
            key.sign(Type::AccessToken, &good).unwrap(),
            Cause::RequestObjectInvalid,
        ),
        (
            "changed",
            jwt::with_claim(&signed, "scope", json!("write")),
            Cause::RequestObjectInvalid,
        ),
        ("no JWT", "nonsense".to_owned(), Cause::RequestObjectInvalid),
        ("expired", with("exp", json!(now)), Cause::RequestObjectExpired),
        (
            "not yet",
            with("nbf", json!(now + 61)),
            Cause::RequestObjectInvalid,
        ),
        (
            "of another",
            with("client_id", json!("other")),
            Cause::RequestObjectOfAnotherClient,
        ),
        (
            "by another",
            with("iss", json!("other")),
            Cause::RequestObjectOfAnotherClient,
        ),
        (
            "for another",
            with("aud", json!("https://other.example")),
            Cause::RequestObjectForAnother,
        ),
        (
            "nested",
            with("request", json!("a.b.c")),
            Cause::RequestObjectNested,
        ),
        (
            "nested reference",
            with("request_uri", json!("https://app.example")),
            Cause::RequestObjectNested,
        ),
        (
            "odd type",
            with("scope", json!(["read"])),
            Cause::RequestObjectMalformed,
        ),
    ] {
        // The client has one redirect URI, and hears of it there.
        for ask in [by_value(&object), Ask::web().with("request", &object)] {
            let expected = refusal("invalid_request_object", cause);
            assert_eq!(told(&server, &ask).await, expected, "{what}");
        }
    }
    // A clock that is a little ahead is forgiven.
    assert!(
        answer(&server, &by_value(&with("nbf", json!(now + 8))))
            .await
            .value("code")
            .is_some()
    );
    // A redirect URI in the object that is not registered ends on a page, whatever stands around it.
    let evil = with("redirect_uri", json!("https://evil.example"));
    let page = Browser::new(&server)
        .ask(&Ask::web().with("request", &evil))
        .await;
    page.refused_on_page(400, "invalid_request", Cause::RedirectUriUnregistered);
}

#[tokio::test]
async fn a_client_can_insist_on_signed_requests() {
    let key = key();
    let server = setup(&key)
        .client("web", |client| {
            client.metadata.require_signed_request_object = true
        })
        .start()
        .await;
    let told = Callback::of(&Browser::new(&server).ask(&Ask::web()).await);
    assert_eq!(
        told.value("error_description"),
        Some(Cause::RequestObjectMissing.description())
    );
    assert!(
        answer(&server, &by_value(&sign(&key, &claims(&Ask::web()))))
            .await
            .value("code")
            .is_some()
    );
    let push = |ask: &Ask| Call::post("/oauth/par").client("web").fields(ask.parameters());
    server
        .call(push(&Ask::web()))
        .await
        .refused(400, "invalid_request", Cause::RequestObjectMissing);
    assert_eq!(
        server
            .call(push(&by_value(&sign(&key, &claims(&Ask::web())))))
            .await
            .status,
        201
    );
}

#[tokio::test]
async fn objects_may_be_pushed() {
    let key = key();
    let server = setup(&key).start().await;
    let object = sign(&key, &claims(&Ask::web()));
    let push = |object: &str| {
        let call = Call::post("/oauth/par").client("web").field("client_id", "web");
        call.field("request", object).field("scope", "write")
    };
    let pushed = server.call(push(&object)).await;
    assert_eq!(pushed.status, 201);
    let ask = bare().with("request_uri", text(&pushed.json()["request_uri"]));
    let callback = answer(&server, &ask).await;
    let tokens = server.call(Ask::web().redeem(&callback.code())).await.ok();
    assert_eq!(tokens["scope"], "read");
    let forged = jwt::unsigned(&object, "none");
    server
        .call(push(&forged))
        .await
        .refused(400, "invalid_request_object", Cause::RequestObjectInvalid);
}

#[tokio::test]
async fn encrypted_objects() {
    let key = key();
    for algorithm in KeyManagementAlgorithm::ALL.iter().copied() {
        let server = setup(&key)
            .client("web", |client| {
                client.metadata.request_object_encryption_alg = Some(algorithm);
                client.metadata.request_object_encryption_enc = Some(ContentEncryptionAlgorithm::A128Gcm);
            })
            .start()
            .await;
        let answered = server.call(Call::get("/oauth/jwks.json")).await;
        let published: Jwks = serde_json::from_slice(&answered.body).unwrap();
        let to = EncryptionKey::choose(&published, algorithm).unwrap();
        let object = sign(&key, &claims(&Ask::web()));
        let encrypted = to
            .encrypt_jwt(ContentEncryptionAlgorithm::A128Gcm, &object)
            .unwrap();
        assert!(
            answer(&server, &by_value(&encrypted))
                .await
                .value("code")
                .is_some()
        );
        let otherwise = to
            .encrypt_jwt(ContentEncryptionAlgorithm::A256Gcm, &object)
            .unwrap();
        for refused in [&object, &otherwise, &encrypted.replace('.', "A.")] {
            let expected = refusal("invalid_request_object", Cause::RequestObjectInvalid);
            assert_eq!(told(&server, &by_value(refused)).await, expected);
        }
    }
}

#[tokio::test]
async fn one_or_the_other() {
    let key = key();
    let server = setup(&key).start().await;
    let object = sign(&key, &claims(&Ask::web()));
    let both = by_value(&object).with("request_uri", "https://app.example/request");
    assert_eq!(
        told(&server, &both).await,
        refusal("invalid_request", Cause::RequestObjectTwice)
    );
    let posted = Call::new(Method::POST, "/oauth/authorize").fields(by_value(&object).parameters());
    assert_eq!(server.call(posted).await.status, 303);
}

/// "For authorization requests sent as a JWT [...] the prompt claim value MUST be a space delimited set of prompt values"
/// (Initiating User Registration via OpenID Connect 1.0, 4.1).
#[tokio::test]
async fn an_account_is_asked_for_in_a_request_object() {
    let key = key();
    let server = setup(&key)
        .policy(|policy| policy.self_registration = true)
        .start()
        .await;
    for (prompt, page) in [
        (json!("create"), Some("sign-up-page")),
        (json!("create login"), None),
    ] {
        let mut object = claims(&Ask::web());
        object["prompt"] = prompt.clone();
        let ask = by_value(&sign(&key, &object));
        let answer = Browser::new(&server).ask(&ask).await;
        assert_eq!(answer.header("location").is_none(), page.is_some(), "{prompt}");
        match page {
            Some(page) => answer.is_page(page),
            None => assert!(Callback::of(&answer).value("error").is_some(), "{prompt}"),
        }
    }
}
