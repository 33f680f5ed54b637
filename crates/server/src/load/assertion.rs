//! The facts of a JWT of a trusted issuer.

use std::sync::Arc;

use grantor_jose::{Expectation, Type, unverified_issuer};
use grantor_protocol::assertion::{AssertionClaims, AssertionFacts, CLOCK_SKEW};
use grantor_protocol::grant::JwtBearer;
use grantor_protocol::record::{SubjectMapping, TrustedIssuer, User};
use grantor_types::{SigningAlgorithm, UserId};

use super::Load;
use crate::app::{App, Failure};
use crate::paths::Endpoint;

impl Load for JwtBearer {
    async fn load(app: &App, request: &Self::Request) -> Result<Option<AssertionFacts>, Failure> {
        assertion(app, request.assertion.expose()).await
    }
}

/// What a JWT of a trusted issuer is; `None` when nobody whom we trust has signed it for us.
pub(super) async fn assertion(app: &App, text: &str) -> Result<Option<AssertionFacts>, Failure> {
    let catalogue = app.store.catalogue();
    let claimed = unverified_issuer(text).ok().flatten();
    let declared = claimed.and_then(|claimed| {
        let mut issuers = catalogue.trusted_issuers.iter();
        issuers.find(|issuer| issuer.issuer == claimed)
    });
    let Some(issuer) = declared else {
        return Ok(None);
    };
    // "The JWT MUST contain an "aud" (audience) claim containing a value that identifies the authorization server as an
    // intended audience. The token endpoint URL of the authorization server MAY be used" (RFC 7523 3).
    let ours = app.settings.issuer.as_str();
    let endpoint = app
        .settings
        .issuer
        .url(app.settings.paths.canonical(Endpoint::Token));
    let audiences = [ours, endpoint.as_str()];
    let algorithms = match issuer.algorithms.as_slice() {
        [] => &SigningAlgorithm::ALL,
        declared => declared,
    };
    let now = app.now();
    // The end of its life is the rule's to judge.
    let expectation = Expectation::for_one_of(Type::Jwt, &issuer.issuer, &audiences, now.as_seconds())
        .algorithms(algorithms)
        .leeway(CLOCK_SKEW.0)
        .accept_expired();
    let verified: Option<AssertionClaims> = app
        .trusted
        .verify(&catalogue, issuer, text, &expectation, now)
        .await?;
    let Some(claims) = verified else {
        return Ok(None);
    };
    let used = match claims.once() {
        Some(key) => app.store.store().is_used(&key).await?,
        None => false,
    };
    Ok(Some(AssertionFacts {
        user: user(app, issuer, &claims).await?,
        claims,
        used,
    }))
}

async fn user(
    app: &App,
    issuer: &TrustedIssuer,
    claims: &AssertionClaims,
) -> Result<Option<Arc<User>>, Failure> {
    match issuer.subject {
        SubjectMapping::Username => {
            let user = app.store.store().user_by_username(&claims.sub).await?;
            Ok(user.map(Arc::new))
        }
        SubjectMapping::UserId => match UserId::parse(&claims.sub) {
            Some(id) => app.user(id).await,
            None => Ok(None),
        },
    }
}
