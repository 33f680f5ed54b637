//! Each provider against answers in its manner, written for these tests: where it leaves the specifications, and that nothing
//! else is let through by that.

use super::*;
use crate::fixture::{Script, response};
use crate::{
    Client, Error, IdTokenError, InvalidAnswer, Polled, Request, Response, Scope, Tokens, ValidatedCallback,
};
use grantor_jose::{SigningKey, Type, VerifyError};
use grantor_types::{Parameters, Seconds, SigningAlgorithm, Timestamp, TokenType};
use serde_json::{Value, json};
use std::sync::Arc;

const NOW: Timestamp = Timestamp::from_seconds(1_000);

macro_rules! recorded {
    ($name:literal) => {
        recorded(include_str!(concat!("../answers/", $name, ".http")))
    };
}

mod github;
mod google;
mod microsoft;
mod others;

/// A status line, headers and a body.
fn recorded(text: &str) -> Response {
    let (head, body) = text.split_once("\n\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let media_type = head.split_once("Content-Type: ").unwrap().1;
    response(status, media_type, body.trim_end())
}

async fn client(preset: &Preset, answers: Vec<Response>) -> (Client, Script) {
    let script = Script::of(answers);
    let client = preset
        .client_with_secret("app", &Secret::new("the secret"))
        .redirect_uri("https://app.example/callback")
        .clock(|| NOW)
        .fetch(Arc::new(script.clone()))
        .discover()
        .await
        .unwrap();
    (client, script)
}

/// A login with this scope that has come back with these parameters, the parameters that were sent, and its nonce.
async fn login(client: &Client, scope: &str, back: &str) -> (Result<ValidatedCallback, Error>, Parameters) {
    let login = client.authorization().scope(scope).start().await.unwrap();
    let sent = Parameters::parse(login.url.query().unwrap().as_bytes()).unwrap();
    let state = sent.value("state").unwrap();
    let callback = login.pending.validate(&format!("code=c&state={state}{back}"));
    (callback, sent)
}

fn form(request: &Request) -> Parameters {
    Parameters::parse(request.body()).unwrap()
}

/// Signs ID tokens as a provider does, and publishes the key.
struct Signer {
    key: SigningKey,
    /// What the key says as its issuer.
    signs_for: Option<String>,
}

impl Signer {
    fn new() -> Self {
        Self {
            key: SigningKey::generate(SigningAlgorithm::Rs256).unwrap().0,
            signs_for: None,
        }
    }

    fn keys(&self) -> Response {
        let mut key = serde_json::to_value(self.key.public_jwk()).unwrap();
        key["issuer"] = self.signs_for.clone().into();
        response(200, "application/json", &json!({ "keys": [key] }).to_string())
    }

    /// A token answer with an ID token of these claims beside the usual ones.
    fn tokens(&self, issuer: &str, more: Value) -> Response {
        let mut claims = json!({ "iss": issuer, "sub": "alice", "aud": "app", "exp": 2_000, "iat": 1_000 });
        for (name, value) in more.as_object().unwrap() {
            claims[name] = value.clone();
        }
        let id_token = self.key.sign(Type::IdToken, &claims).unwrap();
        let answer = json!({ "access_token": "at", "token_type": "Bearer", "expires_in": 3_599, "id_token": id_token });
        response(200, "application/json", &answer.to_string())
    }
}

/// What becomes of a login at a provider whose ID token is of this issuer.
async fn signed_in(
    preset: &Preset,
    metadata: Response,
    signer: &Signer,
    issuer: &str,
    more: &Value,
) -> Result<Tokens, Error> {
    let (client, script) = client(preset, vec![metadata, signer.keys()]).await;
    let (callback, sent) = login(&client, "openid", "").await;
    let mut more = more.clone();
    more["nonce"] = sent.value("nonce").into();
    script.push(signer.tokens(issuer, more));
    client.exchange(callback.unwrap()).await
}

fn wrong_issuer() -> Option<Error> {
    let wrong = IdTokenError::Token(VerifyError::WrongIssuer);
    Some(Error::InvalidAnswer(InvalidAnswer::IdToken(wrong)))
}
