//! Reads the facts that a rule needs: one query each.

use std::sync::Arc;

use grantor_jose::{Expectation, Type, verify};
use grantor_protocol::grant::{
    AuthorizationCode, ClientCredentials, CodeFacts, DeviceCode, DeviceFacts, Grant, RefreshFacts,
    RefreshTokenGrant,
};
use grantor_protocol::introspect::TokenFacts;
use grantor_protocol::record::{Client, DeviceState};
use grantor_protocol::token::AccessTokenFacts;
use grantor_protocol::token::handle::RefreshHandle;
use grantor_types::{AccessTokenClaims, GrantId, UserId};

use crate::app::{App, Failure};
use crate::sign::ACCESS_TOKEN_PURPOSE;

/// Loads what a grant has to know.
pub(crate) trait Load: Grant {
    async fn load(app: &App, request: &Self::Request) -> Result<Self::Facts, Failure>;
}

impl Load for ClientCredentials {
    async fn load(_: &App, _: &Self::Request) -> Result<(), Failure> {
        Ok(())
    }
}

impl Load for AuthorizationCode {
    async fn load(app: &App, request: &Self::Request) -> Result<CodeFacts, Failure> {
        let (grant, user_enabled) = grant(app, request.code.as_ref().map(|code| code.id)).await?;
        Ok(CodeFacts { grant, user_enabled })
    }
}

impl Load for DeviceCode {
    /// One query while nobody has answered, and nothing is written: the time of the question is kept in memory.
    async fn load(app: &App, request: &Self::Request) -> Result<DeviceFacts, Failure> {
        let mut facts = DeviceFacts {
            device: None,
            last_poll: None,
            user_enabled: false,
            consent: None,
        };
        let store = app.store.store();
        let Some(code) = &request.code else {
            return Ok(facts);
        };
        // A code that is wrong is not known, and leaves no trace in the memory of questions.
        let found = store.device_authorization(code.id).await?;
        let Some(device) = found.filter(|device| device.secret == code.hash()) else {
            return Ok(facts);
        };
        match &device.state {
            DeviceState::Pending => facts.last_poll = app.polls.note(code.id, app.now()),
            DeviceState::Approved(approval) => {
                facts.user_enabled = app.user(approval.user).await?.is_some_and(|user| !user.disabled);
                facts.consent = store.consent(approval.user, &device.client).await?;
            }
            DeviceState::Denied | DeviceState::Redeemed(_) => {}
        }
        facts.device = Some(device);
        Ok(facts)
    }
}

impl Load for RefreshTokenGrant {
    async fn load(app: &App, request: &Self::Request) -> Result<RefreshFacts, Failure> {
        let (grant, user_enabled) = grant(app, request.token.as_ref().map(|token| token.grant)).await?;
        Ok(RefreshFacts {
            grant,
            user_enabled,
            keys: app.keys.load().derivation().clone(),
        })
    }
}

/// A grant, and whether its user can still log in.
async fn grant(
    app: &App,
    id: Option<GrantId>,
) -> Result<(Option<grantor_protocol::record::Grant>, bool), Failure> {
    let Some(id) = id else { return Ok((None, false)) };
    let Some(grant) = app.store.store().grant(id).await? else {
        return Ok((None, false));
    };
    let enabled = app.user(grant.user).await?.is_some_and(|user| !user.disabled);
    Ok((Some(grant), enabled))
}

/// Finds out what a token is, whatever its kind, and the client it belongs to.
pub(crate) async fn token(app: &App, text: &str) -> Result<(TokenFacts, Option<Arc<Client>>), Failure> {
    if let Some(facts) = access_token(app, text).await? {
        let owner = facts.client.clone();
        return Ok((TokenFacts::Access(Box::new(facts)), owner));
    }
    let Some(handle) = RefreshHandle::parse(text) else {
        return Ok((TokenFacts::Unknown, None));
    };
    let (grant, user_enabled) = grant(app, Some(handle.grant)).await?;
    let owner = match &grant {
        Some(grant) => app.client(&grant.client).await?,
        None => None,
    };
    let keys = app.keys.load().derivation().clone();
    Ok((
        TokenFacts::Refresh {
            handle,
            grant: grant.map(Box::new),
            client_enabled: owner.as_ref().is_some_and(|owner| !owner.disabled),
            user_enabled,
            keys,
        },
        owner,
    ))
}

/// An access token of ours, JWT or opaque; `None` for anything else.
pub(crate) async fn access_token(app: &App, text: &str) -> Result<Option<AccessTokenFacts>, Failure> {
    let Some(claims) = open_access_token(app, text) else {
        return Ok(None);
    };
    let client = app.client(&claims.client_id).await?;
    let user = match (claims.grant, UserId::parse(&claims.sub)) {
        (Some(_), Some(id)) => app.user(id).await?,
        (Some(_), None) | (None, _) => None,
    };
    let revoked = app.store.revocations().holds(&claims);
    Ok(Some(AccessTokenFacts {
        claims,
        revoked,
        client,
        user,
    }))
}

/// Checks signature or seal. Expiry is the rule's to judge, so that an expired token reads as expired, not as unknown.
fn open_access_token(app: &App, text: &str) -> Option<AccessTokenClaims> {
    let keys = app.keys.load();
    if text.contains('.') {
        let issuer = app.settings.issuer.as_str();
        let expectation =
            Expectation::for_any_audience(Type::AccessToken, issuer, app.now().as_seconds()).accept_expired();
        return verify(text, keys.verification(), &expectation)
            .ok()
            .map(grantor_jose::Verified::into_claims);
    }
    let opened = keys.sealing().open(ACCESS_TOKEN_PURPOSE, text).ok()?;
    serde_json::from_slice(opened.expose()).ok()
}
