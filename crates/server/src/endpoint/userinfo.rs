//! `GET` and `POST userinfo` ([OpenID Connect Core 5.3](https://openid.net/specs/openid-connect-core-1_0.html#UserInfo)).

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use grantor_protocol::record::Client;
use grantor_protocol::userinfo::{UserinfoForm, UserinfoResponse, personal_userinfo, userinfo};
use http::request::Parts;
use serde_json::{Map, Value};

use crate::app::{App, Failure};
use crate::presented::{Presented, Token};
use crate::{possession, render, sign};

/// Answers a userinfo request.
pub(crate) async fn get_or_post(app: Arc<App>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let response = match answer(&app, &head, body).await {
        Ok(Answer::Json(claims)) => render::json(&app, &claims),
        Ok(Answer::Jwt(jwt)) => render::jwt(jwt),
        Err(failure) => render::challenge(&app, failure),
    };
    possession::with_nonce(&app, response)
}

enum Answer {
    Json(Map<String, Value>),
    Jwt(String),
}

async fn answer(app: &App, head: &Parts, body: Body) -> Result<Answer, Failure> {
    let presented = Presented::in_header_or_form(app, head, body).await?;
    let catalogue = app.store.catalogue();
    let cx = app.cx(&catalogue);
    let answer = match &presented.token {
        Token::Access(facts) => {
            let response = userinfo(&cx, facts, presented.presentation)?;
            in_form(app, facts.client.as_deref(), response).await?
        }
        Token::Personal(facts) => {
            presented.presentation.check(None)?;
            Answer::Json(personal_userinfo(&cx, facts)?)
        }
    };
    presented.settle(app).await?;
    Ok(answer)
}

async fn in_form(app: &App, client: Option<&Client>, response: UserinfoResponse) -> Result<Answer, Failure> {
    let UserinfoForm::Jwt {
        signature,
        encryption,
    } = response.form
    else {
        return Ok(Answer::Json(response.claims));
    };
    let key = match client {
        Some(client) => {
            app.client_keys
                .encryption_key(client, encryption, app.now())
                .await?
        }
        None => None,
    };
    sign::userinfo(
        &app.keys.load(),
        &response.claims,
        signature,
        (encryption, key.as_ref()),
    )
    .map(Answer::Jwt)
}
