//! Tells clients that a session has ended
//! ([OpenID Connect Back-Channel Logout 1.0](https://openid.net/specs/openid-connect-backchannel-1_0.html)).

use std::time::Duration;

use grantor_fetch::{Fetch, Limits, Request};
use grantor_protocol::logout::{Answer, Fate, logout_token};
use grantor_types::{ClientId, SessionId, UserId};

use crate::app::{App, Failure};
use crate::sign;

/// The answer has no content that matters, and nobody waits for it.
const LIMITS: Limits = Limits {
    time: Duration::from_secs(5),
    body: 64 * 1024,
};

/// Sends one logout token.
///
/// # Errors
/// When the store fails or there is no key: that is no answer of the client's, and the job comes again.
pub(super) async fn send(
    app: &App,
    fetch: &dyn Fetch,
    (client, user, session): (&ClientId, UserId, SessionId),
) -> Result<Answer, Failure> {
    let client = app.client(client).await?.filter(|client| !client.disabled);
    let Some((client, uri)) = client.and_then(|client| {
        let uri = client.metadata.backchannel_logout_uri.clone()?;
        Some((client, uri.to_url()?))
    }) else {
        return Ok(Answer::Moot);
    };
    let catalogue = app.store.catalogue();
    let unsigned = logout_token(&app.cx(&catalogue), &app.random()?, &client, user, session);
    let key = app
        .client_keys
        .encryption_key(&client, unsigned.encryption, app.now());
    let key = match key.await {
        Ok(key) => key,
        // Its keys may come back. Nothing is sent in the clear.
        Err(failure) => {
            let cause = failure.cause.id();
            tracing::info!(client = %client.id, cause, "a logout token cannot be encrypted");
            return Ok(Answer::None);
        }
    };
    let token = sign::logout_token(&app.keys.load(), &unsigned, key.as_ref())?;
    let request = Request::post_form(uri, &[("logout_token", &token)]).limits(LIMITS);
    match fetch.send(request).await {
        Ok(response) => Ok(Answer::Status(response.status.as_u16())),
        Err(error) => {
            tracing::info!(client = %client.id, %error, "a client cannot be told that a session has ended");
            Ok(Answer::None)
        }
    }
}

/// Counts and logs what became of it.
pub(super) fn note(app: &App, client: &ClientId, session: SessionId, (answer, fate): (Answer, Fate)) {
    let outcome = match fate {
        Fate::Delivered => "delivered",
        Fate::Again => "failed",
        Fate::GivenUp => "given_up",
        Fate::Moot => return,
    };
    app.metrics.backchannel_logout(outcome);
    match fate {
        Fate::GivenUp => {
            tracing::warn!(target: "grantor::audit", %client, %session, ?answer, "a client was not told that a session has ended");
        }
        Fate::Delivered | Fate::Again | Fate::Moot => {
            tracing::info!(target: "grantor::audit", %client, %session, ?answer, outcome, "logout token sent");
        }
    }
}
