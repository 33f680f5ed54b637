//! Answers that are too slow, too long, of the wrong kind, or lead elsewhere.

use std::time::Duration;

use grantor_client::{
    Error, FetchError, InvalidAnswer, Scope, Secret, TokenHint, TokenType, Tokens, Trouble,
};
use serde_json::json;

use crate::provider::limits;
use crate::{Answer, Provider};

fn kept(refresh_token: &str) -> Tokens {
    let mut tokens = Tokens::restored(Secret::new("at"), TokenType::Bearer, Scope::default());
    tokens.refresh_token = Some(Secret::new(refresh_token));
    tokens
}

#[tokio::test]
async fn discovery() {
    let html = "Content-Type: text/html\r\n";
    let elsewhere = "Location: https://evil.example/\r\nContent-Type: application/json\r\n";
    let provider = Provider::start().await;
    let evil = json!({ "issuer": "https://evil.example" });
    let mut insecure = provider.metadata();
    insecure["token_endpoint"] = "http://evil.example/token".into();
    let expected = provider.issuer.clone();
    let cases = [
        (
            Answer::Whole(200, html, "<html>".into()),
            InvalidAnswer::MediaType("text/html".into()),
        ),
        (
            Answer::Whole(302, elsewhere, String::new()),
            InvalidAnswer::Redirect(302),
        ),
        (Answer::json(200, &evil), InvalidAnswer::Issuer { expected }),
        (
            Answer::json(200, &insecure),
            InvalidAnswer::InsecureEndpoint("token_endpoint"),
        ),
        (Answer::json(200, &json!([])), InvalidAnswer::Json),
        (Answer::Endless, InvalidAnswer::TooLarge),
        (Answer::Whole(404, html, String::new()), InvalidAnswer::NoMetadata),
    ];
    for (answer, expected) in cases {
        provider.answer("/.well-known/openid-configuration", answer);
        let refused = provider.builder().discover().await.err();
        assert_eq!(refused, Some(Error::InvalidAnswer(expected)));
    }
    provider.answer("/.well-known/openid-configuration", Answer::Silent);
    let impatient = provider.builder().limits(limits(Duration::from_millis(100)));
    let slow = impatient.discover().await.unwrap_err();
    assert!(slow.is_safe_to_repeat(), "{slow}");
    let Error::NotApplied(slow) = slow else { panic!() };
    assert_eq!(slow.trouble, Trouble::Transport(FetchError::TooSlow));
}

#[tokio::test]
async fn a_refresh_whose_answer_is_lost_is_not_called_a_failure() {
    let provider = Provider::start().await;
    let (client, impatient) = (provider.client().await, provider.impatient().await);
    let html = "Content-Type: text/html\r\n";
    let elsewhere = "Location: https://evil.example/token\r\n";
    let incomplete = json!({ "access_token": "at" });
    let cases = [
        (Answer::Silent, Trouble::Transport(FetchError::TooSlow)),
        (Answer::Endless, Trouble::Transport(FetchError::TooLarge)),
        (Answer::Whole(500, html, "<html>".into()), Trouble::Status(500)),
        (
            Answer::Whole(200, html, "<html>".into()),
            Trouble::Answer(InvalidAnswer::MediaType("text/html".into())),
        ),
        (
            Answer::Whole(307, elsewhere, String::new()),
            Trouble::Answer(InvalidAnswer::Redirect(307)),
        ),
        (
            Answer::Whole(403, html, "<html>".into()),
            Trouble::Answer(InvalidAnswer::Status(403)),
        ),
        (
            Answer::json(200, &incomplete),
            Trouble::Answer(InvalidAnswer::Member("token_type")),
        ),
    ];
    for (answer, expected) in cases {
        let is_silent = matches!(answer, Answer::Silent);
        provider.answer("/token", answer);
        let client = if is_silent { &impatient } else { &client };
        let lost = client.refresh(&kept("r")).unwrap().send().await.unwrap_err();
        let Error::OutcomeUnknown(lost) = lost else {
            panic!("{lost:?}")
        };
        assert_eq!(lost.trouble, expected);
    }
    provider.answer("/token", Answer::Broken);
    let lost = client.refresh(&kept("r")).unwrap().send().await.unwrap_err();
    assert!(matches!(lost, Error::OutcomeUnknown(_)), "{lost:?}");
    // Each was sent once: nothing is repeated behind the caller's back.
    assert_eq!(provider.asked("/token"), 8);

    let over = json!({ "error": "invalid_grant" });
    provider.answer("/token", Answer::json(400, &over));
    let over = client.refresh(&kept("r")).unwrap().send().await.unwrap_err();
    assert!(matches!(over, Error::UserRequired(_)), "{over:?}");
}

#[tokio::test]
async fn what_may_be_repeated_says_so() {
    let provider = Provider::start().await;
    let client = provider.impatient().await;
    for answer in [
        Answer::Silent,
        Answer::Broken,
        Answer::Whole(503, "", String::new()),
    ] {
        for path in ["/token", "/revoke", "/introspect", "/userinfo"] {
            provider.answer(path, answer.clone());
        }
        let token = Secret::new("at");
        let lost = [
            client.client_credentials().send().await.err(),
            client.revoke(&token, TokenHint::AccessToken).await.err(),
            client.introspect(&token).await.err(),
            client.danger_userinfo_of_whomever(&kept("r")).await.err(),
        ];
        for lost in lost {
            let lost = lost.unwrap();
            assert!(lost.is_safe_to_repeat(), "{lost:?}");
        }
    }
}

#[tokio::test]
async fn introspection_and_userinfo_that_say_nothing() {
    let provider = Provider::start().await;
    let client = provider.client().await;
    for active in [json!({}), json!({ "active": "true" }), json!({ "active": 1 })] {
        provider.answer("/introspect", Answer::json(200, &active));
        let refused = client.introspect(&Secret::new("t")).await.err();
        assert_eq!(
            refused,
            Some(Error::InvalidAnswer(InvalidAnswer::Member("active"))),
            "{active}"
        );
    }
    for info in [json!({ "name": "x" }), json!({ "sub": "" }), json!({ "sub": 7 })] {
        provider.answer("/userinfo", Answer::json(200, &info));
        let refused = client.danger_userinfo_of_whomever(&kept("r")).await.err();
        assert_eq!(
            refused,
            Some(Error::InvalidAnswer(InvalidAnswer::Member("sub"))),
            "{info}"
        );
    }
}

#[tokio::test]
async fn nobody_is_asked_over_plain_http_elsewhere() {
    let refused = grantor_client::Client::builder("http://as.example", "app")
        .discover()
        .await;
    assert!(matches!(refused.err(), Some(Error::Misuse(_))));
}
