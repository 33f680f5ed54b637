//! The claims of a software statement (RFC 7591 2.3).

use grantor_jose::{Expectation, Type, unverified_issuer};
use grantor_protocol::assertion::CLOCK_SKEW;
use grantor_protocol::register::{Document, StatementClaims};
use grantor_types::SigningAlgorithm;

use crate::app::{App, Failure};

/// What a software statement says; `None` when its issuer has not signed it. It "MUST be digitally signed or MACed using
/// JSON Web Signature (JWS) and MUST contain an "iss" (issuer) claim denoting the party attesting to the claims in the
/// software statement" (RFC 7591 2.3).
pub(crate) async fn software_statement(app: &App, text: &str) -> Result<Option<StatementClaims>, Failure> {
    let catalogue = app.store.catalogue();
    let claimed = unverified_issuer(text).ok().flatten();
    let issuer = Document::statement_issuer(claimed.as_deref(), &catalogue.trusted_issuers)?;
    let algorithms = match issuer.algorithms.as_slice() {
        [] => &SigningAlgorithm::ALL,
        declared => declared,
    };
    let now = app.now();
    // A statement goes with every copy of the software, to any server: it names no audience and often has no end.
    let expectation = Expectation::for_any_audience(Type::Jwt, &issuer.issuer, now.as_seconds())
        .algorithms(algorithms)
        .leeway(CLOCK_SKEW.0)
        .expiry_optional();
    app.trusted
        .verify(&catalogue, issuer, text, &expectation, now)
        .await
}
