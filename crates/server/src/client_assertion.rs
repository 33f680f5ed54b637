//! Clients that authenticate by an assertion: the signature is checked here, with the keys or the secret of the client;
//! the claims are the rule's to judge.

use std::sync::Arc;

use grantor_jose::{VerifyError, hmac};
use grantor_protocol::client_auth::assertion::{
    ClientAssertionClaims, ClientAssertionFacts, FreshAssertion, VerifiedAssertion, cause, expectation,
};
use grantor_protocol::client_auth::{Authenticated, Credentials, authenticate_by_assertion};
use grantor_protocol::record::Client;
use grantor_protocol::{Cause, Change};
use grantor_types::{ClientAuthMethod, MacAlgorithm, Secret};

use crate::app::{App, Failure};
use crate::client_keys::Unverified;
use crate::paths::Endpoint;
use crate::{client_secret, drive};

/// Checks an assertion that was presented to this endpoint. What comes out has to be used up: by [`use_up`], or with
/// [`change`] among what is committed.
pub(crate) async fn authenticate(
    app: &App,
    endpoint: Endpoint,
    credentials: &Credentials,
) -> Result<Authenticated, Failure> {
    let assertion = credentials.secret.as_ref().ok_or(Cause::ClientAssertionMissing)?;
    let client = app.client(&credentials.client_id).await?;
    let client = client.ok_or_else(|| refused("no client has this id"))?;
    let verified = match credentials.method {
        ClientAuthMethod::PrivateKeyJwt => by_key(app, &client, assertion).await?,
        ClientAuthMethod::ClientSecretJwt => by_secret(app, &client, assertion)?,
        ClientAuthMethod::ClientSecretBasic | ClientAuthMethod::ClientSecretPost | ClientAuthMethod::None => {
            return Err(Cause::ClientAssertionMissing.into());
        }
    };
    let facts = ClientAssertionFacts {
        verified,
        endpoints: &addresses(app, endpoint),
    };
    let catalogue = app.store.catalogue();
    let authenticated = authenticate_by_assertion(&app.cx(&catalogue), client, &facts)?;
    // Early, so that a replay learns nothing; the guard of the commit decides between those that come at once.
    check_unused(app, &authenticated).await?;
    Ok(authenticated)
}

async fn by_key(app: &App, client: &Arc<Client>, assertion: &Secret) -> Result<VerifiedAssertion, Failure> {
    // Nothing is fetched for a client that does not authenticate so.
    if !client
        .authentication_methods
        .contains(&ClientAuthMethod::PrivateKeyJwt)
    {
        return Err(refused("the client is not registered for private_key_jwt"));
    }
    let now = app.now();
    let expectation = expectation(&client.id, now);
    let verified =
        app.client_keys
            .verify::<ClientAssertionClaims>(client, assertion.expose(), &expectation, now);
    match verified.await {
        Ok(verified) => Ok(VerifiedAssertion::Key(verified)),
        Err(Unverified::NoKeys) => Err(refused("the client has registered no keys")),
        Err(Unverified::Token(error)) => Err(not_verified(error)),
        Err(Unverified::Failed(failure)) => Err(failure),
    }
}

fn by_secret(app: &App, client: &Arc<Client>, assertion: &Secret) -> Result<VerifiedAssertion, Failure> {
    let now = app.now();
    let expectation = expectation(&client.id, now);
    let live = client.secrets.iter().filter(|stored| stored.is_live(now));
    let mut refusal = refused("the client has no secret that it may sign with");
    for stored in live {
        let secret = client_secret::opened(&app.master_key, &client.id, stored)
            .map_err(|error| Failure::internal("client secret", error))?;
        let Some(secret) = secret else { continue };
        match hmac::verify(assertion.expose(), &secret, MacAlgorithm::ALL, &expectation) {
            Ok(verified) => return Ok(VerifiedAssertion::Secret(verified)),
            Err(error @ VerifyError::BadSignature) => refusal = not_verified(error),
            Err(error) => return Err(not_verified(error)),
        }
    }
    Err(refusal)
}

/// The addresses that an assertion may name beside the issuer: those of the token endpoint, by whichever endpoint it is
/// presented to, and those of that endpoint (OpenID Connect Core 9, RFC 9126 2).
fn addresses(app: &App, endpoint: Endpoint) -> Vec<String> {
    let paths = &app.settings.paths;
    let asked = paths.all(endpoint).into_iter().chain(paths.all(Endpoint::Token));
    asked.map(|path| app.settings.issuer.url(&path)).collect()
}

fn refused(detail: &str) -> Failure {
    Failure {
        detail: Some(detail.to_owned()),
        ..Cause::ClientAssertionUnverified.into()
    }
}

fn not_verified(error: VerifyError) -> Failure {
    Failure {
        detail: Some(error.to_string()),
        ..cause(error).into()
    }
}

/// What marks the assertion as used, to be committed with what it is for; `None` for a client that came without one.
pub(crate) fn change(client: &Authenticated) -> Option<Change> {
    client.assertion().map(FreshAssertion::use_up)
}

/// Uses up an assertion that comes with nothing else to commit.
pub(crate) async fn use_up(app: &App, client: Option<&Authenticated>) -> Result<(), Failure> {
    let Some(change) = client.and_then(change) else {
        return Ok(());
    };
    if drive::committed(app, vec![change]).await? {
        Ok(())
    } else {
        Err(Cause::ClientAssertionReplayed.into())
    }
}

/// Before the rest is looked at, and after a conflict: whether the assertion was used, which no second attempt would
/// mend.
pub(crate) async fn check_unused(app: &App, client: &Authenticated) -> Result<(), Failure> {
    match client.assertion() {
        Some(assertion) if app.store.store().is_used(&assertion.once).await? => {
            Err(Cause::ClientAssertionReplayed.into())
        }
        Some(_) | None => Ok(()),
    }
}
