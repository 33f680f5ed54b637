//! `GET` and `POST userinfo` ([OpenID Connect Core 5.3](https://openid.net/specs/openid-connect-core-1_0.html#UserInfo)).

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use grantor_protocol::userinfo::{personal_userinfo, userinfo};
use http::request::Parts;
use serde_json::{Map, Value};

use crate::app::{App, Failure};
use crate::presented::{Presented, Token};
use crate::{possession, render};

/// Answers a userinfo request.
pub(crate) async fn get_or_post(app: Arc<App>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let response = match answer(&app, &head, body).await {
        Ok(claims) => render::json(&app, &claims),
        Err(failure) => render::challenge(&app, failure),
    };
    possession::with_nonce(&app, response)
}

async fn answer(app: &App, head: &Parts, body: Body) -> Result<Map<String, Value>, Failure> {
    let presented = Presented::in_header_or_form(app, head, body).await?;
    let catalogue = app.store.catalogue();
    let cx = app.cx(&catalogue);
    let claims = match &presented.token {
        Token::Access(facts) => userinfo(&cx, facts, presented.presentation)?,
        Token::Personal(facts) => {
            presented.presentation.check(None)?;
            personal_userinfo(&cx, facts)?
        }
    };
    presented.settle(app).await?;
    Ok(claims)
}
