//! What handlers take from a request: parameters, the client, a bearer token, the address.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::body::Body;
use axum::extract::Request;
use bytes::Bytes;
use grantor_protocol::Cause;
use grantor_protocol::client_auth::{Authenticated, Credentials, authenticate};
use grantor_types::{AccessTokenScheme, ClientAuthMethod, Parameters, ParametersError, Secret};
use http::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, HeaderName};
use http_body_util::{BodyExt, LengthLimitError, Limited};

use crate::app::{App, Failure};
use crate::client_assertion;
use crate::paths::Endpoint;

/// The address of the other end of the connection, set by the accept loop.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

/// The query as parameters.
pub(crate) fn query(uri: &http::Uri) -> Result<Parameters, Cause> {
    Parameters::parse(uri.query().unwrap_or_default().as_bytes()).map_err(parameters_cause)
}

/// The form in the body: its content type, its size and each name once.
pub(crate) async fn form(app: &App, request: Request) -> Result<Parameters, Cause> {
    let (head, body) = request.into_parts();
    form_of(app, &head.headers, body).await
}

/// The form in a body whose head the caller keeps.
pub(crate) async fn form_of(app: &App, headers: &HeaderMap, body: Body) -> Result<Parameters, Cause> {
    if !is_form(headers) {
        return Err(Cause::ContentTypeUnsupported);
    }
    let body = read(headers, body, app.settings.limits.body).await?;
    Parameters::parse(&body).map_err(parameters_cause)
}

/// The form of a token request. axios before 1.0 writes JSON and calls it a form: no form of ours begins with `{`, so
/// the text says which of the two it is.
pub(crate) async fn token_form(app: &App, headers: &HeaderMap, body: Body) -> Result<Parameters, Cause> {
    if !is_form(headers) {
        return Err(Cause::ContentTypeUnsupported);
    }
    let body = read(headers, body, app.settings.limits.body).await?;
    let parameters = match body.first() {
        Some(b'{') => Parameters::parse_json(&body),
        Some(_) | None => Parameters::parse(&body),
    };
    parameters.map_err(parameters_cause)
}

/// A form, or a flat JSON object that says it is one, for endpoints that take both.
pub(crate) async fn form_or_json(app: &App, headers: &HeaderMap, body: Body) -> Result<Parameters, Cause> {
    if !is_of_type(headers, "application/json") {
        return form_of(app, headers, body).await;
    }
    let body = read(headers, body, app.settings.limits.body).await?;
    Parameters::parse_json(&body).map_err(parameters_cause)
}

/// The bytes of a body that says it is JSON.
pub(crate) async fn json_body(app: &App, headers: &HeaderMap, body: Body) -> Result<Bytes, Cause> {
    if !is_of_type(headers, "application/json") {
        return Err(Cause::JsonExpected);
    }
    read(headers, body, app.settings.limits.body).await
}

/// Whether the body says it is a form.
pub(crate) fn is_form(headers: &HeaderMap) -> bool {
    is_of_type(headers, "application/x-www-form-urlencoded")
}

fn is_of_type(headers: &HeaderMap, wanted: &str) -> bool {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = content_type.and_then(|text| text.split(';').next());
    essence.is_some_and(|essence| essence.trim().eq_ignore_ascii_case(wanted))
}

async fn read(headers: &HeaderMap, body: Body, limit: usize) -> Result<Bytes, Cause> {
    let announced = headers
        .get(CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(Cause::PayloadTooLarge);
    }
    match Limited::new(body, limit).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Cause::PayloadTooLarge),
        // The connection broke while the body came in; nobody is there to read the answer.
        Err(_) => Err(Cause::ParameterEncoding),
    }
}

fn parameters_cause(error: ParametersError) -> Cause {
    match error {
        ParametersError::Repeated(_) => Cause::ParameterRepeated,
        ParametersError::TooMany => Cause::ParameterTooMany,
        ParametersError::Encoding => Cause::ParameterEncoding,
        ParametersError::Json => Cause::JsonMalformed,
    }
}

/// Whether the request authenticates by header, so that a refusal has to challenge.
pub(crate) fn used_authorization_header(headers: &HeaderMap) -> bool {
    headers.contains_key(AUTHORIZATION)
}

/// The client's credentials, unchecked; `None` when the request names no client.
fn credentials(headers: &HeaderMap, form: &Parameters) -> Result<Option<Credentials>, Cause> {
    Credentials::read(
        single(headers, AUTHORIZATION, Cause::ClientAuthenticationMultiple)?,
        form,
    )
}

/// The client that authenticated at this endpoint. The only way to one. An assertion that it came with has to be used up
/// with what the request asks for.
pub(crate) async fn client(
    app: &App,
    endpoint: Endpoint,
    headers: &HeaderMap,
    form: &Parameters,
) -> Result<Authenticated, Failure> {
    let credentials = credentials(headers, form)?.ok_or(Cause::ClientIdMissing)?;
    check_client(app, endpoint, &credentials).await
}

/// The authenticated client where there need not be one; `None` when the request names none.
pub(crate) async fn optional_client(
    app: &App,
    endpoint: Endpoint,
    headers: &HeaderMap,
    form: &Parameters,
) -> Result<Option<Authenticated>, Failure> {
    match credentials(headers, form)? {
        Some(credentials) => check_client(app, endpoint, &credentials).await.map(Some),
        None => Ok(None),
    }
}

/// Checks credentials that were read before.
pub(crate) async fn check_client(
    app: &App,
    endpoint: Endpoint,
    credentials: &Credentials,
) -> Result<Authenticated, Failure> {
    match credentials.method {
        ClientAuthMethod::ClientSecretJwt | ClientAuthMethod::PrivateKeyJwt => {
            return client_assertion::authenticate(app, endpoint, credentials).await;
        }
        ClientAuthMethod::ClientSecretBasic | ClientAuthMethod::ClientSecretPost | ClientAuthMethod::None => {
        }
    }
    let client = app.client(&credentials.client_id).await?;
    Ok(authenticate(app.now(), client, credentials)?)
}

/// An access token from the `Authorization` header and the scheme that it is presented with (RFC 6750 2.1, RFC 9449 7.1);
/// `None` when there is none. The scheme's name is "case-insensitive" (RFC 9110 11.1).
pub(crate) fn access_token(headers: &HeaderMap) -> Result<Option<(AccessTokenScheme, Secret)>, Cause> {
    let Some(header) = single(headers, AUTHORIZATION, Cause::TokenPresentedTwice)? else {
        return Ok(None);
    };
    let (scheme, token) = header.split_once(' ').ok_or(Cause::TokenMissing)?;
    match AccessTokenScheme::from_name_ignoring_case(scheme) {
        Some(scheme) if !token.trim().is_empty() => Ok(Some((scheme, Secret::new(token.trim())))),
        Some(_) | None => Err(Cause::TokenMissing),
    }
}

/// A header that may be sent once.
fn single(headers: &HeaderMap, name: HeaderName, repeated: Cause) -> Result<Option<&str>, Cause> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value
            .to_str()
            .map(Some)
            .map_err(|_| Cause::AuthorizationHeaderMalformed),
        (Some(_), Some(_)) => Err(repeated),
    }
}

/// The client's address: the peer's, or what trusted proxies say. The rightmost address of `X-Forwarded-For` that is
/// not a trusted proxy's own is the one that a proxy of ours saw; everything left of it, anybody could have written.
pub(crate) fn address(app: &App, request: &Request) -> IpAddr {
    let peer = request
        .extensions()
        .get::<Peer>()
        .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0.ip());
    let trusted = |address: IpAddr| {
        app.settings
            .trusted_proxies
            .iter()
            .any(|network| network.contains(address))
    };
    if !trusted(peer) {
        return peer;
    }
    let values = request.headers().get_all("x-forwarded-for").iter().rev();
    let hops = values.flat_map(|value| value.to_str().unwrap_or_default().rsplit(','));
    // Nothing left of a hop that cannot be read is believed: it may be the one that a proxy of ours wrote.
    hops.map_while(hop_address)
        .find(|hop| !trusted(*hop))
        .unwrap_or(peer)
}

/// Some proxies write the port too, and IPv6 addresses in brackets.
fn hop_address(hop: &str) -> Option<IpAddr> {
    let hop = hop.trim();
    let bare = hop.strip_prefix('[').and_then(|hop| hop.strip_suffix(']'));
    let with_port = || hop.parse::<SocketAddr>().map(|address| address.ip());
    bare.unwrap_or(hop).parse().or_else(|_| with_port()).ok()
}
