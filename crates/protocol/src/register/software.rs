//! Which software a client is, and who stands behind that (RFC 7591 2.3).

use serde::Deserialize;
use serde_json::{Map, Value};

use super::document::{Document, Refusal};
use super::{MAX_TEXT, Wanted};
use crate::Cause;
use crate::record::TrustedIssuer;

const STATEMENT: &str = "software_statement";
/// Longest software statement, in bytes.
const MAX_STATEMENT: usize = 16 * 1024;
/// Claims of the JWT itself, and what no statement can say.
const OWN_CLAIMS: [&str; 8] = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti", STATEMENT];

/// What a client says of its software.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Software {
    pub(super) id: Option<String>,
    pub(super) version: Option<String>,
    pub(super) statement: Option<String>,
}

/// The claims of a software statement whose signature was checked.
#[derive(Clone, Debug, Deserialize)]
#[serde(transparent)]
pub struct StatementClaims(Map<String, Value>);

pub(super) fn read(document: &Document, wanted: &mut Wanted) -> Result<(), Refusal> {
    let owned = |text: Option<&str>| text.map(str::to_owned);
    wanted.software = Software {
        id: owned(document.text_up_to("software_id", MAX_TEXT)?),
        version: owned(document.text_up_to("software_version", MAX_TEXT)?),
        statement: owned(document.software_statement()?),
    };
    Ok(())
}

impl Document {
    /// The software statement: a JWT of somebody who knows the software.
    ///
    /// # Errors
    /// When it is no text, or longer than any that is read.
    pub fn software_statement(&self) -> Result<Option<&str>, Refusal> {
        self.text_up_to(STATEMENT, MAX_STATEMENT)
    }

    /// The document as its software statement makes it. The statement stays in it: it is "returned unmodified"
    /// (RFC 7591 3.2.1).
    ///
    /// # Errors
    /// `invalid_software_statement` when there are no claims, because nobody has signed it.
    pub fn with_statement(self, claims: Option<StatementClaims>) -> Result<Self, Refusal> {
        let invalid = Refusal::of(STATEMENT, Cause::RegistrationSoftwareStatementInvalid);
        let StatementClaims(mut claims) = claims.ok_or(invalid)?;
        claims.retain(|name, _| !OWN_CLAIMS.contains(&name.as_str()));
        Ok(self.overridden_by(&claims))
    }

    /// The trusted issuer whose software statements are taken.
    ///
    /// # Errors
    /// "unapproved_software_statement: The software statement presented is not approved for use by this authorization
    /// server." (RFC 7591 3.2.2); `invalid_software_statement` when it names no issuer.
    pub fn statement_issuer<'a>(
        claimed: Option<&str>,
        issuers: &'a [TrustedIssuer],
    ) -> Result<&'a TrustedIssuer, Refusal> {
        // "The software statement MUST contain an "iss" (issuer) claim" (RFC 7591 2.3)
        let claimed = claimed.ok_or(Refusal::of(
            STATEMENT,
            Cause::RegistrationSoftwareStatementInvalid,
        ))?;
        let mut trusted = issuers.iter().filter(|issuer| issuer.software_statements);
        trusted.find(|issuer| issuer.issuer == claimed).ok_or(Refusal::of(
            STATEMENT,
            Cause::RegistrationSoftwareStatementUnapproved,
        ))
    }
}
