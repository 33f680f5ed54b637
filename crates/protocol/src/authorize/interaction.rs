//! What the user has to do before there is an answer (OpenID Connect Core 3.1.2.3, 3.1.2.4).

use grantor_types::{ClaimRequest, Prompt, Timestamp};

use super::AuthorizationRequest;
use crate::authentication_context::context_class;
use crate::record::{Consent, ConsentRule, LoginId, Session};
use crate::subject::subject;
use crate::{Cause, Cx};

/// The browser that the request came with.
#[derive(Clone, Copy, Debug)]
pub struct Visit<'a> {
    /// Its live session.
    pub session: Option<&'a Session>,
    /// When the request came in.
    pub asked_at: Timestamp,
    /// The login it had when the request came in. Another one since then was for this request.
    pub login_at_start: Option<LoginId>,
    /// Whether the user chose this account for this request.
    pub account_chosen: bool,
    /// Whether a verified `id_token_hint` names somebody else than the session's user.
    pub hint_names_another: bool,
    /// What the session's user allowed this client before.
    pub consent: Option<&'a Consent>,
    /// Whether the user has just pressed "allow" for this request.
    pub consent_given: bool,
}

/// The next step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Show the login page.
    Login,
    /// Show the page where an account is made.
    SignUp,
    /// Show the account page.
    SelectAccount,
    /// Show the consent page.
    Consent,
    /// Answer with a code.
    Issue,
}

/// Says what comes next.
///
/// # Errors
/// With `prompt=none`, "The Authorization Server MUST NOT display any authentication or consent user interface
/// pages" (OpenID Connect Core 3.1.2.1): the cause names what would have been shown.
pub fn next(cx: &Cx<'_>, request: &AuthorizationRequest, visit: &Visit<'_>) -> Result<Next, Cause> {
    if let Some(session) = visit.session {
        let hints = &request.hints;
        context_class(&hints.acr_values, &hints.claims, &session.authentication_methods)?;
    }
    let step = wanted(cx, request, visit);
    if !request.hints.asks_for(Prompt::None) {
        return Ok(step);
    }
    match step {
        // Never together with prompt=none.
        Next::Login | Next::SignUp => Err(Cause::LoginRequired),
        Next::SelectAccount => Err(Cause::AccountSelectionRequired),
        Next::Consent => Err(Cause::ConsentRequired),
        Next::Issue => Ok(Next::Issue),
    }
}

/// "If the sub (subject) Claim is requested with a specific value for the ID Token, the Authorization Server MUST only
/// send a positive response if the End-User identified by that sub value has an active session with the Authorization
/// Server or has been Authenticated as a result of the request." (OpenID Connect Core 3.1.2.2)
fn is_wanted(cx: &Cx<'_>, request: &AuthorizationRequest, session: &Session) -> bool {
    let asked = request.hints.claims.id_token.get("sub").and_then(Option::as_ref);
    let mut named = asked.into_iter().flat_map(ClaimRequest::wanted).peekable();
    if named.peek().is_none() {
        return true;
    }
    let sub = subject(cx, &request.client, session.user);
    named.any(|value| value.as_str() == Some(sub.as_str()))
}

fn wanted(cx: &Cx<'_>, request: &AuthorizationRequest, visit: &Visit<'_>) -> Next {
    let creates = request.hints.asks_for(Prompt::Create);
    let Some(session) = visit.session else {
        return if creates { Next::SignUp } else { Next::Login };
    };
    // Another login alone proves nothing: the pages of this request may have been opened in another browser, which had a
    // session of its own all along.
    let just_logged_in =
        visit.login_at_start != Some(session.login_id()) && session.auth_time >= visit.asked_at;

    // "If an ID Token is requested as a hint and the End-User identified by it is not logged in [...] the
    // Authorization Server SHOULD return an error" or ask for a login (OpenID Connect Core 3.1.2.1).
    if visit.hint_names_another || !is_wanted(cx, request, session) {
        return Next::Login;
    }
    if !just_logged_in {
        // "indicates to the OpenID Provider that the client desires that the user be shown the account creation UX rather than
        // the login flow." (Initiating User Registration 4) Whoever has an account may log in to it from there.
        if creates {
            return Next::SignUp;
        }
        if request.hints.asks_for(Prompt::Login) {
            return Next::Login;
        }
        // "If the elapsed time is greater than this value, the OP MUST attempt to actively re-authenticate the
        // End-User." (OpenID Connect Core 3.1.2.1)
        if request
            .hints
            .max_age
            .is_some_and(|max_age| cx.now.since(session.auth_time) > max_age || max_age.0 == 0)
        {
            return Next::Login;
        }
        if request.hints.asks_for(Prompt::SelectAccount) && !visit.account_chosen {
            return Next::SelectAccount;
        }
    }
    if visit.consent_given {
        return Next::Issue;
    }
    let covered = visit
        .consent
        .is_some_and(|consent| consent.covers(&request.scope, &request.resources));
    match request.client.consent {
        _ if request.hints.asks_for(Prompt::Consent) => Next::Consent,
        ConsentRule::Implied => Next::Issue,
        ConsentRule::Ask if covered => Next::Issue,
        ConsentRule::Ask => Next::Consent,
    }
}
