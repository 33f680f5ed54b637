//! The client as what renews the credentials of a [`CredentialManager`](grantor_vault::CredentialManager).

use std::time::Duration;

use async_trait::async_trait;
use grantor_types::TokenType;
use grantor_vault::{Credential, CredentialBuilder, Reason, Refresh, RefreshError, Refreshed, Renewal};

use crate::{Client, Error, NotApplied, Tokens};

impl Tokens {
    /// What a vault keeps of them. Add to it what the program wants to find again, and build it.
    ///
    /// The subject is kept as the attribute `subject`: an ID token that comes with a renewal has to be about the same user.
    /// A credential that is [`reacquired`](CredentialBuilder::reacquired) is asked for with the attributes `resource` and
    /// `audience`, if it has them, one value a line.
    pub fn into_credential(self, client: &Client) -> CredentialBuilder {
        let mut credential = Credential::builder(self.access_token)
            .token_type(self.token_type.as_str())
            .scopes(self.scope.iter().map(|scope| scope.as_str().to_owned()))
            .issuer(client.metadata().issuer())
            .client_id(client.client_id());
        if let Some(end) = self.expires_at {
            credential = credential.expires_at(end);
        }
        if let Some(subject) = self.subject {
            credential = credential.attribute(SUBJECT, subject);
        }
        credential.refresh_token(self.refresh_token)
    }
}

/// The attributes that hold what a token is for, a line each: parameters of a request that is made anew (RFC 8707 2.2).
const TARGETS: [&str; 2] = ["resource", "audience"];
/// The attribute that holds whose tokens they are.
const SUBJECT: &str = "subject";

#[async_trait]
impl Refresh for Client {
    async fn refresh(&self, credential: &Credential) -> Result<Refreshed, RefreshError> {
        let tokens = match credential.renewal() {
            Renewal::RefreshToken => match Client::refresh(self, &restored(credential)) {
                Ok(request) => request.send().await,
                Err(error) => Err(error),
            },
            Renewal::Reacquire => {
                let scope = credential.scope().to_string();
                let request = self.client_credentials();
                let mut request = if scope.is_empty() {
                    request
                } else {
                    request.scope(&scope)
                };
                for name in TARGETS {
                    let values = credential.attribute(name).unwrap_or_default();
                    for value in values.lines().filter(|value| !value.is_empty()) {
                        request = request.parameter(name, value);
                    }
                }
                request.send().await
            }
            Renewal::Never => {
                let reason = Reason::new("there is neither a refresh token nor leave to ask for a new token");
                return Err(RefreshError::UserNeeded(reason));
            }
        };
        tokens.map(|tokens| refreshed(self, tokens)).map_err(failed)
    }
}

fn restored(credential: &Credential) -> Tokens {
    let token_type = TokenType::ALL
        .iter()
        .find(|known| known.as_str().eq_ignore_ascii_case(credential.token_type()));
    let token_type = token_type.copied().unwrap_or(TokenType::Bearer);
    let mut tokens = Tokens::restored(
        credential.access_token().clone(),
        token_type,
        credential.scope().clone(),
    );
    tokens.refresh_token = credential.refresh_token().cloned();
    tokens.subject = credential.attribute(SUBJECT).map(str::to_owned);
    tokens
}

fn refreshed(client: &Client, tokens: Tokens) -> Refreshed {
    let now = client.now();
    Refreshed {
        token_type: Some(tokens.token_type.as_str().to_owned()),
        // Counted from now rather than from when it was asked for: it ends too early rather than too late.
        expires_in: tokens.expires_at.map(|end| end.since(now)),
        refresh_token: tokens.refresh_token,
        scope: Some(tokens.scope),
        ..Refreshed::new(tokens.access_token)
    }
}

fn failed(error: Error) -> RefreshError {
    let reason = Reason::new(&error.to_string());
    match error {
        Error::NotApplied(NotApplied { retry_after, .. }) => RefreshError::NotApplied {
            reason,
            retry_after: retry_after.map(|wait| Duration::from_secs(wait.0)),
        },
        Error::UserRequired(_) | Error::TimedOut => RefreshError::UserNeeded(reason),
        // Of a misuse nothing was sent; the configuration has to be mended, as after a refusal.
        Error::Refused(_) | Error::Misuse(_) => RefreshError::Refused(reason),
        Error::OutcomeUnknown(_) | Error::InvalidAnswer(_) => RefreshError::OutcomeUnknown(reason),
    }
}
