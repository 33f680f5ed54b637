//! The parameters ([RFC 8693 §2.1](https://www.rfc-editor.org/rfc/rfc8693#section-2.1)).

use grantor_types::{Parameters, Resource, Scope, Secret, TokenTypeUri};

use crate::Cause;
use crate::authorize::requested_resources;

/// Most services that one request may name, by `resource` and `audience` together.
const MAX_TARGETS: usize = 16;

/// What is asked.
#[derive(Debug)]
pub struct ExchangeRequest {
    /// Whom the new token is to stand for.
    pub subject: PresentedText,
    /// Who is to act for them.
    pub actor: Option<PresentedText>,
    pub(super) targets: Vec<Resource>,
    pub(super) scope: Option<Scope>,
    pub(super) requested: RequestedToken,
}

/// A token as it was sent.
#[derive(Debug)]
pub struct PresentedText {
    /// The token.
    pub token: Secret,
    /// What it is said to be.
    pub token_type: TokenTypeUri,
}

/// What is to be issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RequestedToken {
    /// An access token in the form that its resource server wants.
    AccessToken,
    /// An access token that is a JWT.
    Jwt,
    /// A refresh token, from which access tokens come.
    RefreshToken,
}

pub(super) fn parse(form: &Parameters) -> Result<ExchangeRequest, Cause> {
    let scope = form.value("scope").map(Scope::parse).transpose();
    Ok(ExchangeRequest {
        subject: subject(form)?,
        actor: actor(form)?,
        targets: targets(form)?,
        scope: scope
            .map_err(|_| Cause::ScopeMalformed)?
            .filter(|scope| !scope.is_empty()),
        requested: requested(form)?,
    })
}

fn subject(form: &Parameters) -> Result<PresentedText, Cause> {
    let token = form.value("subject_token").ok_or(Cause::SubjectTokenMissing)?;
    let name = form
        .value("subject_token_type")
        .ok_or(Cause::SubjectTokenTypeMissing)?;
    Ok(PresentedText {
        token: Secret::new(token),
        token_type: TokenTypeUri::from_name(name).ok_or(Cause::SubjectTokenTypeUnsupported)?,
    })
}

/// "actor_token_type [...] is REQUIRED when the "actor_token" parameter is present in the request but MUST NOT be
/// included otherwise." (RFC 8693 2.1)
fn actor(form: &Parameters) -> Result<Option<PresentedText>, Cause> {
    let (token, name) = match (form.value("actor_token"), form.value("actor_token_type")) {
        (None, None) => return Ok(None),
        (None, Some(_)) => return Err(Cause::ActorTokenTypeUnexpected),
        (Some(_), None) => return Err(Cause::ActorTokenTypeMissing),
        (Some(token), Some(name)) => (token, name),
    };
    match TokenTypeUri::from_name(name) {
        // A refresh token is for refreshing; who holds one proves nothing about who acts now.
        None | Some(TokenTypeUri::RefreshToken) => Err(Cause::ActorTokenTypeUnsupported),
        Some(token_type @ (TokenTypeUri::AccessToken | TokenTypeUri::IdToken | TokenTypeUri::Jwt)) => {
            Ok(Some(PresentedText {
                token: Secret::new(token),
                token_type,
            }))
        }
    }
}

/// "Multiple "resource" parameters may be used [...] The "audience" and "resource" parameters may be used together to
/// indicate multiple target services" (RFC 8693 2.1).
fn targets(form: &Parameters) -> Result<Vec<Resource>, Cause> {
    let mut targets = requested_resources(form, |_| true, Cause::TargetNotAllowed)?;
    for name in form.values("audience") {
        let audience = Resource::parse(name).map_err(|_| Cause::AudienceMalformed)?;
        if !targets.contains(&audience) {
            targets.push(audience);
        }
        if targets.len() > MAX_TARGETS {
            return Err(Cause::ParameterTooMany);
        }
    }
    Ok(targets)
}

fn requested(form: &Parameters) -> Result<RequestedToken, Cause> {
    let Some(name) = form.value("requested_token_type") else {
        return Ok(RequestedToken::AccessToken);
    };
    match TokenTypeUri::from_name(name) {
        Some(TokenTypeUri::AccessToken) => Ok(RequestedToken::AccessToken),
        Some(TokenTypeUri::Jwt) => Ok(RequestedToken::Jwt),
        Some(TokenTypeUri::RefreshToken) => Ok(RequestedToken::RefreshToken),
        Some(TokenTypeUri::IdToken) | None => Err(Cause::RequestedTokenTypeUnsupported),
    }
}
