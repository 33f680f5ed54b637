//! ID tokens of ours that come back as hints (`id_token_hint`, OpenID Connect Core 3.1.2.1, RP-Initiated Logout 2).

use std::sync::Arc;

use grantor_jose::{Expectation, Type, Verified, verify};
use grantor_protocol::Cx;
use grantor_protocol::record::Client;
use grantor_protocol::subject::subject;
use grantor_protocol::token::IdTokenClaims;
use grantor_types::{ClientId, UserId};

use crate::app::{App, Failure};

/// An ID token that we signed, and the client that we signed it for.
#[derive(Debug)]
pub(crate) struct Hint {
    pub(crate) claims: IdTokenClaims,
    pub(crate) client: Arc<Client>,
}

impl Hint {
    /// Whether it is about this user.
    pub(crate) fn names(&self, cx: &Cx<'_>, user: UserId) -> bool {
        self.claims.sub == subject(cx, &self.client, user)
    }
}

/// Reads a hint. Expired ones count: a hint says who, not that they are here. `None` for what we never signed, or for a
/// client that is gone.
pub(crate) async fn read(app: &App, text: &str) -> Result<Option<Hint>, Failure> {
    let Some(claims) = id_token(app, text) else {
        return Ok(None);
    };
    let client = match ClientId::parse(&claims.aud) {
        Ok(id) => app.client(&id).await?,
        Err(_) => None,
    };
    Ok(client.map(|client| Hint { claims, client }))
}

/// What an ID token says that we signed, whoever it is for and whether or not it has expired.
pub(crate) fn id_token(app: &App, text: &str) -> Option<IdTokenClaims> {
    let (issuer, now) = (app.settings.issuer.as_str(), app.now().as_seconds());
    let expectation = Expectation::for_any_audience(Type::IdToken, issuer, now).accept_expired();
    let verified = verify(text, app.keys.load().verification(), &expectation);
    verified.ok().map(Verified::into_claims)
}
