//! Who may exchange what for which service: the rules of the client's registration, narrowed step by step, so that a
//! refusal names the step at which none was left.

use grantor_types::{Resource, TokenTypeUri};

use super::presented::Party;
use super::request::RequestedToken;
use crate::Cause;
use crate::record::{Client, ExchangeRule, SubjectsOf};

/// The rules that still fit.
#[derive(Debug)]
pub(super) struct Rules(Vec<ExchangeRule>);

/// Who acts with the new token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Acting {
    /// Whoever the actor token stands for.
    ActorToken,
    /// The client itself.
    Client,
    /// Nobody beside the subject.
    Subject,
}

impl Rules {
    /// The rules that allow this subject token.
    ///
    /// # Errors
    /// [`Cause::SubjectTokenNotAllowed`].
    pub(super) fn for_subject(client: &Client, subject: &Party) -> Result<Self, Cause> {
        let own = (subject.is_client() && subject.client == client.id).then(|| for_own_credentials(client));
        let fits = |rule: &&ExchangeRule| {
            // Which clients may present the JWTs of an issuer is declared with the issuer.
            let foreign = subject.token_type == TokenTypeUri::Jwt;
            let whose = match &rule.subjects_of {
                SubjectsOf::Own => subject.client == client.id,
                SubjectsOf::Clients(clients) => clients.contains(&subject.client),
                SubjectsOf::Any => true,
            };
            (whose || foreign) && rule.subject_token_types.contains(&subject.token_type)
        };
        let declared = client.token_exchange.iter().filter(fits).cloned();
        Self(own.into_iter().chain(declared).collect()).or(Cause::SubjectTokenNotAllowed)
    }

    /// The services that the new token is for: those asked for, or the only one that there is.
    ///
    /// # Errors
    /// [`Cause::TargetNotAllowed`] and [`Cause::TargetMissing`]: "If the authorization server is unwilling or unable to
    /// issue a token for any target service indicated by the "resource" or "audience" parameters, the "invalid_target"
    /// error code SHOULD be used" (RFC 8693 2.2.2).
    pub(super) fn for_targets(self, asked: &[Resource]) -> Result<(Self, Vec<Resource>), Cause> {
        let targets = match (asked, self.only_audience()) {
            ([], None) => return Err(Cause::TargetMissing),
            ([], Some(only)) => vec![only],
            (asked, _) => asked.to_vec(),
        };
        let covers = |rule: &ExchangeRule| targets.iter().all(|target| rule.audiences.contains(target));
        let rules = self.keep(covers).or(Cause::TargetNotAllowed)?;
        Ok((rules, targets))
    }

    /// The rules that allow a token of this type.
    ///
    /// # Errors
    /// [`Cause::RefreshTokenNotAllowed`].
    pub(super) fn for_issuing(self, requested: RequestedToken) -> Result<Self, Cause> {
        match requested {
            RequestedToken::AccessToken | RequestedToken::Jwt => Ok(self),
            RequestedToken::RefreshToken => {
                let rules = self.keep(|rule| rule.refresh_token);
                rules.or(Cause::RefreshTokenNotAllowed)
            }
        }
    }

    /// Who acts.
    ///
    /// # Errors
    /// [`Cause::ActorTokenNotAllowed`] or [`Cause::ActorTokenMissing`].
    pub(super) fn acting(&self, has_actor_token: bool) -> Result<Acting, Cause> {
        let delegation = self.0.iter().any(|rule| rule.delegation);
        let impersonation = self.0.iter().any(|rule| rule.impersonation);
        match (has_actor_token, delegation, impersonation) {
            (true, true, _) => Ok(Acting::ActorToken),
            (true, false, _) => Err(Cause::ActorTokenNotAllowed),
            (false, _, true) => Ok(Acting::Subject),
            (false, true, false) => Ok(Acting::Client),
            (false, false, false) => Err(Cause::ActorTokenMissing),
        }
    }

    fn only_audience(&self) -> Option<Resource> {
        let mut audiences = self.0.iter().flat_map(|rule| &rule.audiences);
        let first = audiences.next()?;
        audiences.all(|other| other == first).then(|| first.clone())
    }

    fn keep(mut self, fits: impl Fn(&ExchangeRule) -> bool) -> Self {
        self.0.retain(fits);
        self
    }

    fn or(self, cause: Cause) -> Result<Self, Cause> {
        if self.0.is_empty() { Err(cause) } else { Ok(self) }
    }
}

/// What needs no declaration: a client narrows a token of its own to a service that it may ask tokens for anyway.
fn for_own_credentials(client: &Client) -> ExchangeRule {
    ExchangeRule {
        subject_token_types: vec![TokenTypeUri::AccessToken],
        subjects_of: SubjectsOf::Own,
        audiences: client.audiences.clone(),
        delegation: true,
        impersonation: true,
        refresh_token: false,
    }
}
