//! The facts of a token exchange: what the tokens are that were presented.

use grantor_protocol::grant::{ExchangeFacts, HeldGrant, PresentedText, PresentedToken, TokenExchange};
use grantor_protocol::token::handle::RefreshHandle;
use grantor_types::{GrantId, TokenTypeUri};

use super::assertion::assertion;
use super::{Load, access_token, grant};
use crate::app::{App, Failure};
use crate::hint;

impl Load for TokenExchange {
    async fn load(app: &App, request: &Self::Request) -> Result<ExchangeFacts, Failure> {
        let actor = match &request.actor {
            Some(actor) => Some(presented(app, actor).await?),
            None => None,
        };
        Ok(ExchangeFacts {
            subject: presented(app, &request.subject).await?,
            actor,
        })
    }
}

/// What a token is, if it is what it is said to be.
async fn presented(app: &App, sent: &PresentedText) -> Result<PresentedToken, Failure> {
    let text = sent.token.expose();
    let found = match sent.token_type {
        TokenTypeUri::AccessToken => our_access_token(app, text).await?,
        TokenTypeUri::RefreshToken => refresh_token(app, text).await?,
        TokenTypeUri::IdToken => id_token(app, text).await?,
        TokenTypeUri::Jwt => jwt(app, text).await?,
    };
    Ok(found.unwrap_or(PresentedToken::Unknown))
}

async fn our_access_token(app: &App, text: &str) -> Result<Option<PresentedToken>, Failure> {
    let facts = access_token(app, text).await?;
    Ok(facts.map(|facts| PresentedToken::Access(Box::new(facts))))
}

/// An access token of ours in that form, or a JWT of an issuer that we trust.
async fn jwt(app: &App, text: &str) -> Result<Option<PresentedToken>, Failure> {
    if !text.contains('.') {
        return Ok(None);
    }
    if let Some(ours) = our_access_token(app, text).await? {
        return Ok(Some(ours));
    }
    let facts = assertion(app, text).await?;
    Ok(facts.map(|facts| PresentedToken::Assertion(Box::new(facts))))
}

async fn refresh_token(app: &App, text: &str) -> Result<Option<PresentedToken>, Failure> {
    let Some(handle) = RefreshHandle::parse(text) else {
        return Ok(None);
    };
    let keys = app.keys.load().derivation().clone();
    let grant = held(app, handle.grant).await?;
    Ok(grant.map(|grant| PresentedToken::Refresh { handle, grant, keys }))
}

/// An ID token of ours, whoever it is for. Its end is the rule's to judge.
async fn id_token(app: &App, text: &str) -> Result<Option<PresentedToken>, Failure> {
    let Some(claims) = hint::id_token(app, text).map(Box::new) else {
        return Ok(None);
    };
    let grant = match claims.grant() {
        Some(id) => held(app, id).await?,
        None => None,
    };
    Ok(grant.map(|grant| PresentedToken::Id { claims, grant }))
}

async fn held(app: &App, id: GrantId) -> Result<Option<Box<HeldGrant>>, Failure> {
    let (Some(grant), user) = grant(app, Some(id)).await? else {
        return Ok(None);
    };
    let client = app.client(&grant.client).await?;
    Ok(Some(Box::new(HeldGrant {
        grant,
        client_enabled: client.is_some_and(|client| !client.disabled),
        user_enabled: user.is_some(),
    })))
}
