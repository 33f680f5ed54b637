//! The routes: to the provider, back from it, and out.

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::http::header::{CACHE_CONTROL, HeaderName, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use grantor_types::Parameters;

use super::session::{self, Session};
use super::under_way::{self, UnderWay, cookie_of_state, state_in};
use super::{SignIn, SignInError, cookies};
use crate::{Endpoint, TokenHint};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

impl SignIn {
    /// The routes of logging in, coming back and logging out, to be merged into the application's router.
    ///
    /// `GET /login?return_to=/orders` begins a login and leads to `/orders` in the end; other sites cannot be led to. `POST
    /// /logout` ends the session here, revokes its tokens, and leads to the provider's logout.
    pub fn routes<S: Clone + Send + Sync + 'static>(&self) -> Router<S> {
        Router::new()
            .route(&self.0.login_path, get(login))
            .route(&self.0.callback_path, get(callback))
            .route(&self.0.logout_path, post(logout))
            .with_state(self.clone())
    }
}

async fn login(State(sign_in): State<SignIn>, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    let query = Parameters::parse(query.unwrap_or_default().as_bytes());
    let return_to = query.as_ref().ok().and_then(|query| query.value("return_to"));
    let return_to = return_to
        .filter(|address| cookies::is_local(address))
        .unwrap_or("/");
    match begin(&sign_in, &headers, return_to).await {
        Ok(response) => response,
        Err(error) => sign_in.failed(&error),
    }
}

async fn begin(sign_in: &SignIn, headers: &HeaderMap, return_to: &str) -> Result<Response, SignInError> {
    let inner = &sign_in.0;
    let login = (inner.request)(inner.client.authorization()).start().await?;
    let under_way = UnderWay::new(&login.pending, return_to.to_owned(), sign_in.now());
    let cookie = cookie_of_state(&login.pending.0.state);
    let given_up = inner.cookies.beginning(headers, under_way::COOKIE);
    let given_up = match given_up.len() < under_way::MAX_IN_A_BROWSER {
        true => Vec::new(),
        false => given_up,
    };
    let mut set: Vec<_> = given_up.iter().map(|name| inner.cookies.remove(name)).collect();
    let sealed = under_way.seal(&inner.keys)?;
    set.push(inner.cookies.set(&cookie, sealed, under_way::LIFETIME));
    Ok(redirect(login.url.as_str(), &set))
}

async fn callback(State(sign_in): State<SignIn>, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let cookie = state_in(&query).map(|state| (cookie_of_state(&state), state));
    let Some((cookie, state)) = cookie else {
        return sign_in.failed(&SignInError::NotUnderWay);
    };
    let answer = come_back(&sign_in, &headers, (&cookie, &state), &query).await;
    let mut response = answer.unwrap_or_else(|error| sign_in.failed(&error));
    append_cookies(response.headers_mut(), &[sign_in.0.cookies.remove(&cookie)]);
    response
}

async fn come_back(
    sign_in: &SignIn,
    headers: &HeaderMap,
    (cookie, state): (&str, &str),
    query: &str,
) -> Result<Response, SignInError> {
    let inner = &sign_in.0;
    let sealed = inner
        .cookies
        .read(headers, cookie)
        .ok_or(SignInError::NotUnderWay)?;
    let under_way = UnderWay::open(&inner.keys, &sealed, sign_in.now()).ok_or(SignInError::NotUnderWay)?;
    let callback = under_way.pending()?.validate(query)?;
    // RFC 9700 §4.7.1: "one-time use CSRF tokens"
    if !inner.used.mark(state, sign_in.now()) {
        return Err(SignInError::NotUnderWay);
    }
    let tokens = inner.client.exchange(callback).await?;
    let secret = Session::begin(sign_in, tokens).await?;
    Session::end(sign_in, headers).await?;
    sign_in.purge_in_passing();
    let set = inner.cookies.set(session::COOKIE, secret, inner.lifetime);
    Ok(redirect(&under_way.return_to, &[set]))
}

async fn logout(State(sign_in): State<SignIn>, headers: HeaderMap) -> Response {
    leave(&sign_in, &headers)
        .await
        .unwrap_or_else(|error| sign_in.failed(&error))
}

async fn leave(sign_in: &SignIn, headers: &HeaderMap) -> Result<Response, SignInError> {
    // A cookie that is SameSite=Lax does not come along from another site; from another host of the same site it does.
    let site = headers.get(SEC_FETCH_SITE).and_then(|site| site.to_str().ok());
    if site.is_some_and(|site| !matches!(site, "same-origin" | "none")) {
        return Err(SignInError::OtherSite);
    }
    let session = Session::read(sign_in, headers).await?;
    if let Some(session) = &session {
        revoke(sign_in, session).await;
    }
    Session::end(sign_in, headers).await?;
    let client = sign_in.client();
    let back_to = sign_in.0.post_logout_redirect_uri.as_deref();
    let id_token = session.as_ref().and_then(Session::id_token);
    let there = client.logout_url(id_token, back_to, None).ok();
    let there = there.as_ref().filter(|_| session.is_some());
    let gone = sign_in.0.cookies.remove(session::COOKIE);
    Ok(redirect(there.map_or("/", |url| url.as_str()), &[gone]))
}

/// Ends the refresh token at the provider where that is offered. The session ends here whether that succeeds or not.
async fn revoke(sign_in: &SignIn, session: &Session) {
    let client = sign_in.client();
    if client.metadata().has(Endpoint::Revocation) {
        let credential = session.credential();
        let revoked = match credential.refresh_token() {
            Some(token) => client.revoke(token, TokenHint::RefreshToken).await,
            None => {
                client
                    .revoke(credential.access_token(), TokenHint::AccessToken)
                    .await
            }
        };
        if let Err(error) = revoked {
            // The application's log sees it; the page that it may answer with is not shown.
            drop((sign_in.0.on_error)(&error.into()));
        }
    }
}

fn redirect(address: &str, cookies: &[String]) -> Response {
    let location = HeaderValue::from_str(address).unwrap_or(HeaderValue::from_static("/"));
    let no_store = HeaderValue::from_static("no-store");
    let mut response = (
        StatusCode::SEE_OTHER,
        [(LOCATION, location), (CACHE_CONTROL, no_store)],
    )
        .into_response();
    append_cookies(response.headers_mut(), cookies);
    response
}

fn append_cookies(headers: &mut HeaderMap, cookies: &[String]) {
    // Names and values are of base64url.
    for cookie in cookies
        .iter()
        .filter_map(|cookie| HeaderValue::from_str(cookie).ok())
    {
        headers.append(SET_COOKIE, cookie);
    }
}
