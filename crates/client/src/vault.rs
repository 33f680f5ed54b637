//! The client as what renews the credentials of a [`CredentialManager`](grantor_vault::CredentialManager).

use std::time::Duration;

use async_trait::async_trait;
use grantor_types::TokenType;
use grantor_vault::{Credential, CredentialBuilder, Reason, Refresh, RefreshError, Refreshed, Renewal};

use crate::{Client, Error, Misuse, NotApplied, Tokens};

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
pub(crate) const SUBJECT: &str = "subject";

#[async_trait]
impl Refresh for Client {
    async fn refresh(&self, credential: &Credential) -> Result<Refreshed, RefreshError> {
        if is_foreign(self, credential) {
            return Err(failed(Misuse::ForeignState.into()));
        }
        let tokens = match credential.renewal() {
            Renewal::RefreshToken => match Client::refresh(self, &restored(credential)) {
                Ok(request) => request.send().await,
                Err(error) => Err(error),
            },
            Renewal::Reacquire => {
                let mut request = self.client_credentials().scope(&credential.scope().to_string());
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

/// Whether another provider has given it, or to another client: its tokens are nothing for the eyes of this provider.
fn is_foreign(client: &Client, credential: &Credential) -> bool {
    let other = |own: &str, named: Option<&str>| named.is_some_and(|named| named != own);
    other(client.metadata().issuer(), credential.issuer())
        || other(client.client_id(), credential.client_id())
}

fn restored(credential: &Credential) -> Tokens {
    let token_type = TokenType::from_name_ignoring_case(credential.token_type());
    let mut tokens = Tokens::restored(
        credential.access_token().clone(),
        token_type.unwrap_or(TokenType::Bearer),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Script, response};
    use crate::{Endpoint, ProviderMetadata};
    use grantor_types::Secret;
    use std::sync::Arc;

    const ISSUER: &str = "https://as.example";

    /// What becomes of a credential, and how many requests were sent for it.
    async fn renewed(credential: CredentialBuilder) -> (Result<Refreshed, RefreshError>, usize) {
        let answer = r#"{"access_token":"new","token_type":"Bearer"}"#;
        let script = Script::of(vec![response(200, "application/json", answer)]);
        let metadata = ProviderMetadata::new(ISSUER)
            .and_then(|m| m.endpoint(Endpoint::Token, "https://as.example/token"))
            .unwrap();
        let client = Client::builder(ISSUER, "app")
            .fetch(Arc::new(script.clone()))
            .build(metadata)
            .unwrap();
        let renewed = Refresh::refresh(&client, &credential.build().unwrap()).await;
        (renewed, script.requests().len())
    }

    fn credential() -> CredentialBuilder {
        Credential::builder(Secret::new("old")).refresh_token(Secret::new("refresh"))
    }

    #[tokio::test]
    async fn ones_own_credentials_are_renewed() {
        for own in [
            credential(),
            credential().issuer(ISSUER),
            credential().client_id("app"),
            credential().issuer(ISSUER).client_id("app"),
        ] {
            let (renewed, asked) = renewed(own).await;
            assert_eq!(renewed.unwrap().access_token.expose(), "new");
            assert_eq!(asked, 1);
        }
    }

    #[tokio::test]
    async fn credentials_of_another_provider_or_client_are_not_sent() {
        let reacquired = || Credential::builder(Secret::new("old")).reacquired();
        for foreign in [
            credential().issuer("https://other.example").client_id("app"),
            credential().issuer("https://as.example/"),
            credential().issuer(ISSUER).client_id("other"),
            reacquired().issuer("https://other.example"),
            reacquired().client_id("other"),
        ] {
            let (renewed, asked) = renewed(foreign).await;
            let reason = Reason::new("this belongs to another client or provider");
            assert_eq!(renewed.err(), Some(RefreshError::Refused(reason)));
            assert_eq!(asked, 0);
        }
    }
}
