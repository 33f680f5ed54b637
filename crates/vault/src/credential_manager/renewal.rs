//! Handing out access tokens, and renewing them: the rules of [`crate::refresh::rule`] with what they need around them.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{Either, select};
use grantor_types::Timestamp;

use super::{AccessToken, CredentialManager, Request, Shared};
use crate::compartment::RecordKey;
use crate::content::Content;
use crate::credential::{Credential, Refreshed};
use crate::error::VaultError;
use crate::event::What;
use crate::refresh::rule::{self, Asked, Claim, Step};
use crate::refresh::{Refresh, RefreshError};
use crate::safe::Found;
use crate::state::{Lease, Reason, State};

/// How often an answer is written to a storage that fails, with growing pauses.
const SAVE_ATTEMPTS: u32 = 5;
const FIRST_SAVE_PAUSE: Duration = Duration::from_millis(100);

impl CredentialManager {
    /// An access token that can be used now. It comes from memory while it is fresh; a few minutes before its end it is
    /// renewed, once for all who ask in all processes, and the successor is on the disk before anybody gets it. No lock is held
    /// when this returns.
    ///
    /// # Errors
    /// [`VaultError`]: `NotFound`, `Expired`, `ReauthorizationRequired`, `OutcomeUnknown`, `NotRenewed` tell how the credential
    /// stands. While the old token is good, a renewal that fails without harm is not an error.
    pub async fn valid_access_token(&self, id: &str) -> Result<AccessToken, VaultError> {
        let key = self.key(id)?;
        let shared = &self.shared;
        if let Some(token) = shared.memory.recall(&key, shared.clock.now()) {
            shared.tell(&key, What::Used { from_memory: true });
            return Ok(token);
        }
        self.obtain(key, None).await
    }

    /// Another access token in place of one that an API refused although it should be good (401, RFC 6750 3.1). The credential is
    /// renewed, unless that has happened since. Do it once for a request: a token that is refused again is not stale.
    ///
    /// ```no_run
    /// # async fn example(manager: &grantor_vault::CredentialManager) -> Result<(), grantor_vault::VaultError> {
    /// # async fn call(token: &str) -> u16 { 401 }
    /// let mut token = manager.valid_access_token("work").await?;
    /// if call(token.expose()).await == 401 {
    ///     token = manager.renew_rejected("work", &token).await?;
    ///     call(token.expose()).await;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`valid_access_token`](Self::valid_access_token).
    pub async fn renew_rejected(&self, id: &str, rejected: &AccessToken) -> Result<AccessToken, VaultError> {
        let key = self.key(id)?;
        let generation = rejected.generation();
        self.shared.memory.forget_rejected(&key, generation);
        self.obtain(key, Some(generation)).await
    }

    /// Renews a credential although nobody knows what became of the last attempt. Where the provider takes the repeated use of a
    /// refresh token for theft, this ends the authorization, and the user has to log in again; where the old token is still
    /// good, it mends the credential.
    ///
    /// ```no_run
    /// # async fn example(manager: &grantor_vault::CredentialManager) -> Result<(), grantor_vault::VaultError> {
    /// use grantor_vault::VaultError;
    ///
    /// let token = match manager.valid_access_token("work").await {
    ///     // Somebody has looked at what the provider does with a refresh token that comes twice.
    ///     Err(VaultError::OutcomeUnknown(_)) => manager.retry("work").await?,
    ///     token => token?,
    /// };
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`valid_access_token`](Self::valid_access_token).
    pub async fn retry(&self, id: &str) -> Result<AccessToken, VaultError> {
        let key = self.key(id)?;
        let shared = &self.shared;
        loop {
            let mut found = shared.load(&key).await?.ok_or(VaultError::NotFound)?;
            if !matches!(found.content.state, State::OutcomeUnknown { .. }) {
                return self.obtain(key, None).await;
            }
            found.content.state = State::ACTIVE;
            if shared
                .safe
                .replace(&key, Some(found.revision), &found.content)
                .await?
            {
                shared.tell(&key, What::Retried);
                return self.obtain(key, Some(found.content.generation)).await;
            }
        }
    }

    async fn obtain(&self, key: RecordKey, rejected: Option<u64>) -> Result<AccessToken, VaultError> {
        let shared = self.shared.clone();
        let request = Request {
            key: key.clone(),
            rejected,
            epoch: shared.memory.epoch(),
        };
        let work = || shared.clone().obtain(request.clone());
        let token = shared.flights.join(request.clone(), work).await?;
        shared.tell(&key, What::Used { from_memory: false });
        Ok(token)
    }
}

impl Shared {
    async fn obtain(self: Arc<Self>, request: Request) -> Result<AccessToken, VaultError> {
        let key = &request.key;
        loop {
            let found = self.load(key).await?.ok_or(VaultError::NotFound)?;
            let now = self.clock.now();
            let asked = Asked {
                now,
                spread: self.holder,
                rejected: request.rejected,
            };
            match rule::next(&found.content, asked, &self.policy) {
                Step::Use { until } => return Ok(self.remember(&request, &found.content, now, until)),
                Step::Wait => self.clock.pause(self.policy.look_again).await,
                Step::Stop(error) => return Err(error),
                Step::MarkUnknown { reason } => self.mark_unknown(key, found, now, reason).await?,
                Step::Renew { failures } => {
                    let Some(refresher) = self.refresher.clone() else {
                        // Nobody can renew it here; a token that is still good is.
                        return match rule::is_usable(&found.content, asked) {
                            true => Ok(AccessToken::of(&found.content)),
                            false => Err(VaultError::Expired),
                        };
                    };
                    let claim = self.claim(&found.content, failures, now);
                    let claimed = rule::claimed(&found.content, &claim);
                    if self.safe.replace(key, Some(found.revision), &claimed).await?
                        && let Some(token) = self.renew(&request, &found.content, &claim, refresher).await?
                    {
                        return Ok(token);
                    }
                }
            }
        }
    }

    fn claim(&self, content: &Content, failures: u32, now: Timestamp) -> Claim {
        Claim {
            generation: content.generation,
            stored_at: content.stored_at,
            lease: Lease {
                holder: self.holder,
                attempt: self.chance.number(),
                until: now.plus(self.policy.lease),
            },
            failures,
            asked_at: now,
        }
    }

    /// Asks the provider and stores what comes of it. `None` when there is nothing to hand out, and the record says why.
    async fn renew(
        &self,
        request: &Request,
        content: &Content,
        claim: &Claim,
        refresher: Arc<dyn Refresh>,
    ) -> Result<Option<AccessToken>, VaultError> {
        let key = &request.key;
        self.tell(key, What::RefreshStarted);
        let outcome = self.ask(&*refresher, &content.credential).await;
        let answered = self.clock.now();
        let Some(settled) = self.save(key, claim, &outcome).await? else {
            self.tell(key, What::Overtaken);
            return Ok(None);
        };
        let milliseconds = answered
            .as_milliseconds()
            .saturating_sub(claim.asked_at.as_milliseconds());
        match &settled.state {
            State::OutcomeUnknown { reason, .. } => self.tell(key, What::OutcomeUnknown { reason }),
            State::ReauthorizationRequired { reason, .. } => {
                self.tell(key, What::ReauthorizationRequired { reason });
            }
            State::Active {
                backoff: Some(backoff),
            } => {
                let reason = &backoff.reason;
                self.tell(key, What::RefreshFailed { reason });
            }
            State::Active { backoff: None } | State::Refreshing { .. } => {
                let took = Duration::from_millis(milliseconds);
                self.tell(key, What::Refreshed { took });
                // It is handed out even if it is due again at once, or a token with a very short life would never be.
                let due = rule::renewal_at(&settled, self.holder, &self.policy);
                let until = due.unwrap_or(rule::NEVER);
                return Ok(Some(self.remember(request, &settled, answered, until)));
            }
        }
        Ok(None)
    }

    async fn ask(&self, refresher: &dyn Refresh, credential: &Credential) -> Result<Refreshed, RefreshError> {
        let timeout = self.clock.pause(self.policy.call_timeout);
        match select(refresher.refresh(credential), timeout).await {
            Either::Left((outcome, _)) => outcome,
            Either::Right(((), _)) => Err(RefreshError::OutcomeUnknown(Reason::new(
                "the provider did not answer in time",
            ))),
        }
    }

    /// Stores what an answer makes of the credential, and returns that. `None` when the answer has been overtaken.
    async fn save(
        &self,
        key: &RecordKey,
        claim: &Claim,
        outcome: &Result<Refreshed, RefreshError>,
    ) -> Result<Option<Content>, VaultError> {
        let mut pauses =
            (0..SAVE_ATTEMPTS - 1).map(|failures| FIRST_SAVE_PAUSE.saturating_mul(1 << failures));
        loop {
            match self.try_to_save(key, claim, outcome).await {
                Ok(Saved::Settled(content)) => return Ok(Some(*content)),
                Ok(Saved::Overtaken) => return Ok(None),
                Ok(Saved::Changed) => {}
                // Nothing else goes by with time.
                Err(error @ VaultError::Storage(_)) => match pauses.next() {
                    Some(pause) => self.clock.pause(pause).await,
                    None => return Err(error),
                },
                Err(error) => return Err(error),
            }
        }
    }

    async fn try_to_save(
        &self,
        key: &RecordKey,
        claim: &Claim,
        outcome: &Result<Refreshed, RefreshError>,
    ) -> Result<Saved, VaultError> {
        let Some(found) = self.safe.load(key).await? else {
            return Ok(Saved::Overtaken);
        };
        let now = self.clock.now();
        let Some(settled) = rule::settled(&found.content, claim, outcome, now, &self.policy) else {
            return Ok(Saved::Overtaken);
        };
        if self.safe.replace(key, Some(found.revision), &settled).await? {
            return Ok(Saved::Settled(Box::new(settled)));
        }
        Ok(Saved::Changed)
    }

    async fn mark_unknown(
        &self,
        key: &RecordKey,
        mut found: Found,
        since: Timestamp,
        reason: Reason,
    ) -> Result<(), VaultError> {
        found.content.state = State::OutcomeUnknown {
            since,
            reason: reason.clone(),
        };
        if self
            .safe
            .replace(key, Some(found.revision), &found.content)
            .await?
        {
            let reason = &reason;
            self.tell(key, What::OutcomeUnknown { reason });
        }
        Ok(())
    }

    fn remember(
        &self,
        request: &Request,
        content: &Content,
        now: Timestamp,
        until: Timestamp,
    ) -> AccessToken {
        let token = AccessToken::of(content);
        let until = until.min(now.plus(self.policy.remember));
        let Request { key, epoch, .. } = request;
        self.memory.remember(*epoch, key, token.clone(), now, until);
        token
    }
}

/// What became of one attempt to write.
enum Saved {
    Settled(Box<Content>),
    Overtaken,
    /// Somebody else wrote meanwhile: look again.
    Changed,
}
