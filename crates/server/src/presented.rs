//! An access token that a request presents to an endpoint of ours: found, recognized, and presented as it has to be.

use axum::body::Body;
use grantor_protocol::Cause;
use grantor_protocol::dpop::{FreshProof, Presentation};
use grantor_protocol::personal_access_token::PersonalTokenFacts;
use grantor_protocol::token::AccessTokenFacts;
use grantor_types::{AccessTokenScheme, Secret};
use http::Method;
use http::request::Parts;

use crate::app::{App, Failure};
use crate::{extract, load, possession};

/// What was presented. Whether it is still good is for the rule to say, which [`Presented::token`] goes to.
pub(crate) struct Presented {
    pub(crate) token: Token,
    /// How.
    pub(crate) presentation: Presentation,
    proof: Option<FreshProof>,
}

/// The kinds of tokens that open an endpoint.
pub(crate) enum Token {
    Access(Box<AccessTokenFacts>),
    Personal(Box<PersonalTokenFacts>),
}

impl Presented {
    /// Reads the token from the header or, with POST, from the form. "Clients MUST NOT use more than one method to transmit
    /// the token in each request." (RFC 6750 2); the query is refused (OAuth 2.1 5.1.1).
    pub(crate) async fn in_header_or_form(app: &App, head: &Parts, body: Body) -> Result<Self, Failure> {
        let in_header = in_header(head)?;
        let in_form = match head.method == Method::POST && extract::is_form(&head.headers) {
            true => extract::form_of(app, &head.headers, body)
                .await?
                .value("access_token")
                .map(Secret::new),
            false => None,
        };
        let (scheme, token) = match (in_header, in_form) {
            (Some(_), Some(_)) => return Err(Cause::TokenPresentedTwice.into()),
            (Some(presented), None) => presented,
            (None, Some(token)) => (AccessTokenScheme::Bearer, token),
            (None, None) => return Err(Cause::TokenMissing.into()),
        };
        Self::read(app, head, scheme, &token).await
    }

    /// Reads the token from the header.
    pub(crate) async fn in_header(app: &App, head: &Parts) -> Result<Self, Failure> {
        let (scheme, token) = in_header(head)?.ok_or(Cause::TokenMissing)?;
        Self::read(app, head, scheme, &token).await
    }

    async fn read(
        app: &App,
        head: &Parts,
        scheme: AccessTokenScheme,
        token: &Secret,
    ) -> Result<Self, Failure> {
        let proof = match scheme {
            AccessTokenScheme::Bearer => None,
            AccessTokenScheme::Dpop => {
                let proof = possession::proof(app, head, Some(token))?;
                Some(proof.ok_or(Cause::DpopProofMissing)?)
            }
        };
        Ok(Self {
            token: find(app, token).await?,
            presentation: proof.map_or(Presentation::Bearer, |proof| Presentation::Dpop(proof.key)),
            proof,
        })
    }

    /// The proof, to be used up with what the request asks for.
    pub(crate) fn proof(&self) -> Option<&FreshProof> {
        self.proof.as_ref()
    }

    /// Uses up the proof and notes the use of a personal access token, once the rule has said yes.
    pub(crate) async fn settle(&self, app: &App) -> Result<(), Failure> {
        if let Token::Personal(facts) = &self.token {
            let noted = facts.note_use(app.now()).into_iter().collect();
            app.store.commit(noted, app.now()).await?;
        }
        match &self.proof {
            Some(proof) => possession::use_up(app, proof).await,
            None => Ok(()),
        }
    }
}

async fn find(app: &App, token: &Secret) -> Result<Token, Failure> {
    if let Some(facts) = load::personal_access_token(app, token.expose()).await? {
        return Ok(Token::Personal(Box::new(facts)));
    }
    let facts = load::access_token(app, token.expose()).await?;
    Ok(Token::Access(Box::new(facts.ok_or(Cause::TokenInvalid)?)))
}

fn in_header(head: &Parts) -> Result<Option<(AccessTokenScheme, Secret)>, Cause> {
    let query = head.uri.query().unwrap_or_default();
    let in_query = form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == "access_token");
    if in_query {
        return Err(Cause::TokenInQuery);
    }
    extract::access_token(&head.headers)
}
