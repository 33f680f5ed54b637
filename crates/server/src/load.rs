//! Reads the facts that a rule needs: one query each.

mod assertion;
mod exchange;
mod statement;

use std::sync::Arc;

use grantor_jose::{Expectation, Type, verify};
use grantor_protocol::grant::{
    AuthorizationCode, ClientCredentials, CodeFacts, DeviceCode, DeviceFacts, Grant, RefreshFacts,
    RefreshTokenGrant,
};
use grantor_protocol::introspect::TokenFacts;
use grantor_protocol::personal_access_token::{self, PersonalTokenFacts};
use grantor_protocol::record::{Client, DeviceState, GrantState, User};
use grantor_protocol::token::AccessTokenFacts;
use grantor_protocol::token::handle::RefreshHandle;
use grantor_types::{AccessTokenClaims, GrantId, SubjectType, UserId};

pub(crate) use self::statement::software_statement;
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
        let (grant, user) = grant(app, request.code.as_ref().map(|code| code.id)).await?;
        Ok(CodeFacts { grant, user })
    }
}

impl Load for DeviceCode {
    /// No query while nobody has answered, and nothing is written: what was asked for and when is kept in memory.
    async fn load(app: &App, request: &Self::Request) -> Result<DeviceFacts, Failure> {
        let mut facts = DeviceFacts {
            device: None,
            last_poll: None,
            user: None,
            consent: None,
        };
        let store = app.store.store();
        let Some(code) = &request.code else {
            return Ok(facts);
        };
        // A code that is wrong is not known, and leaves no trace in the memory of questions.
        let found = app.store.device_authorization(code.id, app.now()).await?;
        let Some(device) = found.filter(|device| device.secret == code.hash()) else {
            return Ok(facts);
        };
        match &device.state {
            DeviceState::Pending => facts.last_poll = app.polls.note(code.id, app.now()),
            DeviceState::Approved(approval) => {
                facts.user = enabled_user(app, approval.user).await?;
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
        let (grant, user) = grant(app, request.token.as_ref().map(|token| token.grant)).await?;
        Ok(RefreshFacts {
            grant,
            user,
            keys: app.keys.load().derivation().clone(),
        })
    }
}

/// A grant, and its user if they can still log in.
async fn grant(
    app: &App,
    id: Option<GrantId>,
) -> Result<(Option<grantor_protocol::record::Grant>, Option<Arc<User>>), Failure> {
    let Some(id) = id else { return Ok((None, None)) };
    let Some(grant) = app.store.store().grant(id).await? else {
        return Ok((None, None));
    };
    if has_lost_its_source(app, &grant).await? {
        return Ok((None, None));
    }
    let user = enabled_user(app, grant.user).await?;
    Ok((Some(grant), user))
}

async fn enabled_user(app: &App, id: UserId) -> Result<Option<Arc<User>>, Failure> {
    Ok(app.user(id).await?.filter(|user| !user.disabled))
}

/// Whether a grant came from an exchange of something that has been revoked since. Then it is as if it were not there.
async fn has_lost_its_source(app: &App, grant: &grantor_protocol::record::Grant) -> Result<bool, Failure> {
    let Some(exchange) = &grant.exchange else {
        return Ok(false);
    };
    if app
        .store
        .revocations()
        .holds_any(exchange.tokens.iter(), exchange.grants.iter())
    {
        return Ok(true);
    }
    // Revoked grants are kept in memory for as long as access tokens live; this one may live longer.
    for source in &exchange.grants {
        let source = app.store.store().grant(*source).await?;
        if source.is_none_or(|source| matches!(source.state, GrantState::Revoked { .. })) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Finds out what a token is, whatever its kind, and the client it belongs to.
pub(crate) async fn token(app: &App, text: &str) -> Result<(TokenFacts, Option<Arc<Client>>), Failure> {
    if let Some(facts) = access_token(app, text).await? {
        let owner = facts.client.clone();
        return Ok((TokenFacts::Access(Box::new(facts)), owner));
    }
    if let Some(facts) = personal_access_token(app, text).await? {
        // It is its owner's, not a client's.
        return Ok((TokenFacts::Personal(Box::new(facts)), None));
    }
    let Some(handle) = RefreshHandle::parse(text) else {
        return Ok((TokenFacts::Unknown, None));
    };
    let (grant, user) = grant(app, Some(handle.grant)).await?;
    let owner = match &grant {
        Some(grant) => app.client(&grant.client).await?,
        None => None,
    };
    let keys = app.keys.load().derivation().clone();
    Ok((
        TokenFacts::Refresh {
            handle,
            grant: grant.map(Box::new),
            client: owner.clone(),
            user_enabled: user.is_some(),
            keys,
        },
        owner,
    ))
}

/// A personal access token; `None` for anything else. Only what has the right form costs a query.
pub(crate) async fn personal_access_token(
    app: &App,
    text: &str,
) -> Result<Option<PersonalTokenFacts>, Failure> {
    let Some(hash) = personal_access_token::parse(text) else {
        return Ok(None);
    };
    let Some(record) = app.store.store().personal_access_token(&hash).await? else {
        return Ok(None);
    };
    let client = match &record.client {
        Some(client) => app.client(client).await?,
        None => None,
    };
    let user = app.user(record.user).await?;
    Ok(Some(PersonalTokenFacts { record, user, client }))
}

/// An access token of ours, JWT or opaque; `None` for anything else.
pub(crate) async fn access_token(app: &App, text: &str) -> Result<Option<AccessTokenFacts>, Failure> {
    let Some(claims) = open_access_token(app, text) else {
        return Ok(None);
    };
    let client = app.client(&claims.client_id).await?;
    let user = match token_user(app, client.as_deref(), &claims).await? {
        Some(id) => app.user(id).await?,
        None => None,
    };
    let revoked = app.store.revocations().holds(&claims);
    Ok(Some(AccessTokenFacts {
        claims,
        revoked,
        client,
        user,
    }))
}

/// Whom an access token acts for. Only the grant knows whom a pairwise identifier stands for.
async fn token_user(
    app: &App,
    client: Option<&Client>,
    claims: &AccessTokenClaims,
) -> Result<Option<UserId>, Failure> {
    let Some(grant) = claims.grant else {
        return Ok(None);
    };
    match client.map(|client| client.metadata.subject_type) {
        None | Some(SubjectType::Public) => Ok(UserId::parse(&claims.sub)),
        Some(SubjectType::Pairwise) => {
            let grant = app.store.store().grant(grant).await?;
            Ok(grant.map(|grant| grant.user))
        }
    }
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
