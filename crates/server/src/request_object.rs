//! Request objects: fetched, decrypted, verified, and turned into parameters by the rule.

use std::time::Duration;

use grantor_fetch::{Fetch as _, Limits};
use grantor_jose::jwe::{Allowed, decrypt, is_encrypted};
use grantor_jose::{CLIENT_CLOCK_AHEAD, Expectation, MAX_TOKEN_BYTES, Type, VerifyError};
use grantor_protocol::Cause;
use grantor_protocol::authorize::request_object::{Carriage, check_reference, parameters};
use grantor_protocol::record::Client;
use grantor_types::Parameters;
use http::StatusCode;
use serde_json::{Map, Value};

use crate::app::{App, Failure};
use crate::client_keys::Unverified;

/// "SHOULD time out" (RFC 9101 10.4.1): the browser waits meanwhile.
const LIMITS: Limits = Limits {
    time: Duration::from_secs(5),
    body: MAX_TOKEN_BYTES,
};

/// The parameters of the request object that a request of this client carries.
///
/// # Errors
/// Causes of `invalid_request_object` and `invalid_request_uri`.
pub(crate) async fn read(app: &App, client: &Client, carriage: Carriage) -> Result<Parameters, Failure> {
    let object = match carriage {
        Carriage::Plain => return Err(Failure::internal("request object", "there is none")),
        Carriage::ByValue(object) => object,
        Carriage::ByReference(reference) => fetch(app, client, &reference).await?,
    };
    let object = opened(app, client, object)?;
    let claims = verified(app, client, &object).await?;
    Ok(parameters(&client.id, &app.settings.issuer, app.now(), claims)?)
}

async fn fetch(app: &App, client: &Client, reference: &str) -> Result<String, Failure> {
    check_reference(client, reference)?;
    let unavailable = |detail: String| Failure {
        detail: Some(detail),
        ..Cause::RequestObjectUnavailable.into()
    };
    let url = reference
        .parse()
        .map_err(|error| unavailable(format!("{error}")))?;
    let fetched = app.outgoing.fetch()?.get(&url, LIMITS).await;
    let response = fetched.map_err(|error| unavailable(error.to_string()))?;
    if response.status != StatusCode::OK {
        return Err(unavailable(format!("status {}", response.status)));
    }
    let text = std::str::from_utf8(&response.body).map_err(|error| unavailable(error.to_string()))?;
    Ok(text.trim().to_owned())
}

/// The signed JWT in an encrypted one. A client that registered encryption has to encrypt, by what it registered.
fn opened(app: &App, client: &Client, object: String) -> Result<String, Failure> {
    let registered = client.metadata.request_object_encryption_alg;
    if !is_encrypted(&object) {
        return match registered {
            None => Ok(object),
            Some(_) => Err(invalid("not encrypted, and the registration says that it is")),
        };
    }
    let mut allowed = Allowed::ALL;
    if let Some(algorithm) = &registered {
        allowed.key_management = std::slice::from_ref(algorithm);
    }
    if let Some(encryption) = &client.metadata.request_object_encryption_enc {
        allowed.content_encryption = std::slice::from_ref(encryption);
    }
    let keys = app.keys.load();
    let opened =
        decrypt(&object, keys.decryption(), &allowed).map_err(|error| invalid(&error.to_string()))?;
    let jwt = opened.jwt().map_err(|error| invalid(&error.to_string()))?;
    Ok(jwt.to_owned())
}

/// "If signature validation fails [...] the authorization server MUST return an "invalid_request_object" error" (RFC 9101
/// 6.2). `none` is no algorithm here.
async fn verified(app: &App, client: &Client, object: &str) -> Result<Map<String, Value>, Failure> {
    let now = app.now().as_seconds();
    let mut expectation = Expectation::without_issuer_and_audience(Type::RequestObject, now)
        .expiry_optional()
        .clock_ahead(CLIENT_CLOCK_AHEAD);
    if let Some(algorithm) = &client.metadata.request_object_signing_alg {
        expectation = expectation.algorithms(std::slice::from_ref(algorithm));
    }
    let verified = app
        .client_keys
        .verify::<Map<String, Value>>(client, object, &expectation, app.now())
        .await;
    match verified {
        Ok(verified) => Ok(verified.into_claims()),
        Err(Unverified::Token(VerifyError::Expired)) => Err(Cause::RequestObjectExpired.into()),
        Err(Unverified::Token(error)) => Err(invalid(&error.to_string())),
        Err(Unverified::NoKeys) => Err(invalid("the client has no keys registered")),
        Err(Unverified::Failed(failure)) => Err(failure),
    }
}

fn invalid(detail: &str) -> Failure {
    Failure {
        detail: Some(detail.to_owned()),
        ..Cause::RequestObjectInvalid.into()
    }
}
