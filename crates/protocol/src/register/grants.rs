//! `grant_types`, `response_types` and `scope` (RFC 7591 2 and 2.1).

use grantor_types::{GrantType, MAX_SCOPE_LENGTH, ResponseType, Scope};

use super::document::{Document, Refusal};
use super::{Context, MAX_TEXT, Wanted};
use crate::Cause;

const GRANT_TYPES: &str = "grant_types";
const RESPONSE_TYPES: &str = "response_types";

pub(super) fn read(context: &Context<'_>, document: &Document, wanted: &mut Wanted) -> Result<(), Refusal> {
    wanted.grant_types = grant_types(context, document)?;
    check_response_types(document, &wanted.grant_types)?;
    let comes_from =
        |grant: &GrantType| matches!(grant, GrantType::AuthorizationCode | GrantType::DeviceCode);
    if wanted.uses(GrantType::RefreshToken) && !wanted.grant_types.iter().any(comes_from) {
        return Err(Refusal::of(GRANT_TYPES, Cause::RegistrationRefreshAlone));
    }
    wanted.scope = scope(context, document)?;
    wanted.dpop_bound_access_tokens = document.flag("dpop_bound_access_tokens")?;
    wanted.require_pushed_authorization_requests = document.flag("require_pushed_authorization_requests")?;
    Ok(())
}

fn grant_types(context: &Context<'_>, document: &Document) -> Result<Vec<GrantType>, Refusal> {
    // "If omitted, the default behavior is that the client will use only the "authorization_code" Grant Type."
    // (RFC 7591 2)
    let Some(names) = document
        .list(GRANT_TYPES, MAX_TEXT)?
        .filter(|names| !names.is_empty())
    else {
        return Ok(vec![GrantType::AuthorizationCode]);
    };
    let policy = &context.cx.policy.registration.allowed_grant_types;
    let allowed = |grant: &GrantType| {
        // What an administrator has added later stays when the client sends its registration back.
        policy.contains(grant) || context.current.is_some_and(|client| client.may_use(*grant))
    };
    let mut grants = Vec::with_capacity(names.len());
    for name in names {
        let unsupported = Refusal::of(GRANT_TYPES, Cause::RegistrationMemberUnsupported);
        let grant = GrantType::from_name(name).ok_or(unsupported)?;
        if !allowed(&grant) {
            return Err(Refusal::of(GRANT_TYPES, Cause::RegistrationGrantTypeNotAllowed));
        }
        grants.push(grant);
    }
    Ok(grants)
}

/// "a "grant_types" value that includes "authorization_code" implies a "response_types" value that includes "code" [...] a
/// server supporting these fields SHOULD take steps to ensure that a client cannot register itself into an inconsistent
/// state, for example, by returning an "invalid_client_metadata" error response" (RFC 7591 2.1).
fn check_response_types(document: &Document, grants: &[GrantType]) -> Result<(), Refusal> {
    let Some(names) = document.list(RESPONSE_TYPES, MAX_TEXT)? else {
        return Ok(());
    };
    if names.iter().any(|name| ResponseType::from_name(name).is_none()) {
        return Err(Refusal::of(RESPONSE_TYPES, Cause::RegistrationMemberUnsupported));
    }
    if names.is_empty() == grants.contains(&GrantType::AuthorizationCode) {
        return Err(Refusal::of(RESPONSE_TYPES, Cause::RegistrationResponseTypes));
    }
    Ok(())
}

fn scope(context: &Context<'_>, document: &Document) -> Result<Scope, Refusal> {
    let policy = &context.cx.policy.registration.allowed_scope;
    // "If omitted, an authorization server MAY register a client with a default set of scopes." (RFC 7591 2)
    let Some(text) = document.text_up_to("scope", MAX_SCOPE_LENGTH)? else {
        return Ok(policy.clone());
    };
    let not_allowed = Refusal::of("scope", Cause::RegistrationScopeNotAllowed);
    let scope = Scope::parse(text).map_err(|_| not_allowed)?;
    let allowed = context
        .current
        .map_or_else(|| policy.clone(), |client| policy.union(&client.scope));
    if scope.is_subset(&allowed) {
        Ok(scope)
    } else {
        Err(not_allowed)
    }
}
