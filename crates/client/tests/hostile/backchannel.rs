//! Users who are asked elsewhere, by a provider that answers over sockets as it likes.

use grantor_client::{
    BackchannelAuthentication, Client, Error, IdTokenError, InvalidAnswer, Polled, Seconds, SigningAlgorithm,
    SigningKey, Timestamp, Trouble, Type, UserHint,
};
use serde_json::{Value, json};

use crate::provider::NOW;
use crate::{Answer, Provider};

async fn ask(provider: &Provider, client: &Client) -> BackchannelAuthentication {
    let answer = json!({ "auth_req_id": "r", "expires_in": 60, "interval": 2 });
    provider.answer("/backchannel", Answer::json(200, &answer));
    let request = client.backchannel_authentication(UserHint::Login("alice@app.example"));
    request.subject("alice").send().await.unwrap()
}

/// The claims of the ID token that is expected.
fn claims(provider: &Provider) -> Value {
    json!({ "iss": provider.issuer, "sub": "alice", "aud": "app", "exp": NOW + 60, "iat": NOW })
}

fn tokens(id_token: Option<String>) -> Answer {
    let answer = json!({ "access_token": "at", "token_type": "Bearer", "id_token": id_token });
    Answer::json(200, &answer)
}

#[tokio::test]
async fn a_user_takes_their_time() {
    let provider = Provider::start().await;
    let client = provider.client().await;
    let asked = ask(&provider, &client).await;
    let body = provider.sent("/backchannel").join("");
    assert!(body.contains("login_hint=alice%40app.example"), "{body}");

    let mut polling = asked.polling();
    let now = Timestamp::from_seconds(NOW);
    for (error, pause) in [
        ("authorization_pending", 2),
        ("slow_down", 7),
        ("authorization_pending", 7),
    ] {
        provider.answer("/token", Answer::json(400, &json!({ "error": error })));
        let polled = polling.next(client.poll_backchannel(&asked).await, now).unwrap();
        assert!(
            matches!(polled, Polled::Wait(Seconds(wait)) if wait == pause),
            "{polled:?}"
        );
    }
    provider.answer(
        "/token",
        tokens(provider.key.sign(Type::IdToken, &claims(&provider)).ok()),
    );
    let polled = polling.next(client.poll_backchannel(&asked).await, now);
    let Polled::Tokens(tokens) = polled.unwrap() else {
        panic!()
    };
    assert_eq!(tokens.id_token.unwrap().subject(), "alice");
    let question = provider.sent("/token").pop().unwrap();
    let expected = "grant_type=urn%3Aopenid%3Aparams%3Agrant-type%3Aciba&auth_req_id=r&client_id=app";
    assert_eq!(question, expected);
}

#[tokio::test]
async fn no_is_an_answer() {
    let provider = Provider::start().await;
    let client = provider.client().await;
    let asked = ask(&provider, &client).await;
    for (error, needs_user) in [
        ("access_denied", true),
        ("expired_token", true),
        ("invalid_grant", true),
        ("unauthorized_client", false),
    ] {
        provider.answer("/token", Answer::json(400, &json!({ "error": error })));
        let answer = client.poll_backchannel(&asked).await;
        let now = Timestamp::from_seconds(NOW);
        let refused = asked.polling().next(answer, now).unwrap_err();
        assert_eq!(matches!(refused, Error::UserRequired(_)), needs_user, "{error}");
        assert_eq!(refused.refusal().unwrap().code, error);
    }
}

#[tokio::test]
async fn id_tokens_of_somebody_else() {
    let provider = Provider::start().await;
    let client = provider.client().await;
    let asked = ask(&provider, &client).await;
    let (stranger, _) = SigningKey::generate(SigningAlgorithm::Rs256).unwrap();
    let signed = |key: &SigningKey, name: &str, value: Value| {
        let mut claims = claims(&provider);
        claims[name] = value;
        key.sign(Type::IdToken, &claims).ok()
    };
    let own = &provider.key;
    for (id_token, wanted) in [
        (None, "there is no ID token"),
        (signed(&stranger, "sub", "alice".into()), "no key is known"),
        (signed(own, "aud", "another app".into()), "another audience"),
        (
            signed(own, "iss", "https://evil.example".into()),
            "another issuer",
        ),
        (signed(own, "exp", (NOW - 3_600).into()), "expired"),
        (signed(own, "at_hash", "AAAA".into()), "at_hash"),
    ] {
        provider.answer("/token", tokens(id_token));
        let Err(Error::InvalidAnswer(refused)) = client.poll_backchannel(&asked).await else {
            panic!("{wanted}")
        };
        assert!(refused.to_string().contains(wanted), "{refused}, not {wanted}");
    }
    provider.answer("/token", tokens(signed(own, "sub", "mallory".into())));
    let refused = client.poll_backchannel(&asked).await.err();
    let expected = InvalidAnswer::IdToken(IdTokenError::Subject);
    assert_eq!(refused, Some(Error::InvalidAnswer(expected)));
}

#[tokio::test]
async fn a_request_whose_answer_is_lost_is_not_called_a_failure() {
    let provider = Provider::start().await;
    let client = provider.client().await;
    for answer in [
        Answer::Broken,
        Answer::Endless,
        Answer::Whole(302, "Location: /\r\n", String::new()),
    ] {
        provider.answer("/backchannel", answer);
        let request = client.backchannel_authentication(UserHint::Login("alice"));
        let lost = request.send().await.unwrap_err();
        assert!(matches!(lost, Error::OutcomeUnknown(_)), "{lost:?}");
    }
    // A question whose answer is lost is asked again.
    let asked = ask(&provider, &client).await;
    provider.answer("/token", Answer::Broken);
    let lost = client.poll_backchannel(&asked).await.unwrap_err();
    assert!(lost.is_safe_to_repeat(), "{lost:?}");
    provider.answer("/jwks", Answer::Broken);
    let fresh = provider.client().await;
    let asks = provider.asked("/token");
    let Err(Error::NotApplied(lost)) = fresh.poll_backchannel(&asked).await else {
        panic!()
    };
    assert_eq!(lost.trouble, Trouble::KeysUnavailable);
    assert_eq!(provider.asked("/token"), asks);
}
