//! The issuer's keys, kept and renewed.
//!
//! - Nobody waits for a renewal while there are keys: they are renewed beside the requests when they have grown old,
//!   and stay in use while the issuer cannot be reached.
//! - A token with an unknown `kid` renews them at once, as the issuer may have rotated, but not more often than the
//!   interval allows, whatever tokens come.
//! - However many requests wait, one fetch runs, in a task of its own: a request that is given up does not end it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arc_swap::ArcSwapOption;
use grantor_jose::KeySet;
use grantor_types::{Seconds, Timestamp};
use tokio::sync::watch;

use crate::Cause;
use crate::clock::{Clock, has_passed};
use crate::source::Source;

/// How soon a fetch that failed is tried again, unless the interval is shorter still.
const RETRY: Seconds = Seconds(2);

pub(crate) struct Keys(Arc<Inner>);

struct Inner {
    source: Source,
    clock: Clock,
    limits: KeyLimits,
    current: ArcSwapOption<Current>,
    fetching: Mutex<Fetching>,
}

/// How old keys may grow, and how often they may be fetched.
#[derive(Clone, Copy)]
pub(crate) struct KeyLimits {
    pub(crate) max_age: Seconds,
    pub(crate) interval: Seconds,
}

pub(crate) struct Current {
    pub(crate) keys: KeySet,
    fetched_at: Timestamp,
}

#[derive(Default)]
struct Fetching {
    running: Option<watch::Receiver<()>>,
    last: Option<Attempt>,
}

#[derive(Clone, Copy)]
struct Attempt {
    at: Timestamp,
    failed: bool,
}

/// What became of the wish to fetch.
enum Wish {
    /// A fetch runs; the channel closes when it has ended.
    Running(watch::Receiver<()>),
    /// The last one is too recent.
    TooSoon,
}

impl Keys {
    pub(crate) fn new(source: Source, clock: Clock, limits: KeyLimits) -> Self {
        let (current, fetching) = (ArcSwapOption::empty(), Mutex::default());
        Self(Arc::new(Inner {
            source,
            clock,
            limits,
            current,
            fetching,
        }))
    }

    /// The keys to check a token with. The first request waits for them.
    pub(crate) async fn current(&self) -> Result<Arc<Current>, Cause> {
        if let Some(current) = self.0.current.load_full() {
            if has_passed(current.fetched_at, self.0.limits.max_age, self.0.clock.now()) {
                self.wish();
            }
            return Ok(current);
        }
        if let Wish::Running(running) = self.wish() {
            ended(running).await;
        }
        self.0.current.load_full().ok_or(self.unavailable())
    }

    /// The keys once they have been renewed because a token's key was not among `known`.
    ///
    /// Gives `None` when they have been renewed so recently that the token's key does not exist. While the issuer
    /// cannot be reached nobody knows whether it does.
    pub(crate) async fn renewed(&self, known: &Arc<Current>) -> Result<Option<Arc<Current>>, Cause> {
        if let Wish::Running(running) = self.wish() {
            ended(running).await;
        }
        match self.0.current.load_full() {
            Some(current) if !Arc::ptr_eq(&current, known) => Ok(Some(current)),
            Some(_) | None if self.last_failed() => Err(self.unavailable()),
            Some(_) | None => Ok(None),
        }
    }

    /// Starts a fetch, or joins the one that runs, unless the last one is too recent.
    fn wish(&self) -> Wish {
        let now = self.0.clock.now();
        let mut fetching = self.0.fetching();
        // A closed channel is that of a task that died with its runtime.
        if let Some(running) = fetching
            .running
            .as_ref()
            .filter(|running| running.has_changed().is_ok())
        {
            return Wish::Running(running.clone());
        }
        if let Some(last) = fetching.last {
            let interval = if last.failed {
                self.retry_after()
            } else {
                self.0.limits.interval
            };
            if !has_passed(last.at, interval, now) {
                return Wish::TooSoon;
            }
        }
        let (sender, running) = watch::channel(());
        fetching.running = Some(running.clone());
        drop(fetching);
        let inner = Arc::clone(&self.0);
        tokio::spawn(async move {
            inner.fetch(now).await;
            drop(sender);
        });
        Wish::Running(running)
    }

    fn last_failed(&self) -> bool {
        self.0.fetching().last.is_some_and(|last| last.failed)
    }

    fn unavailable(&self) -> Cause {
        Cause::Unavailable {
            retry_after: self.retry_after(),
        }
    }

    fn retry_after(&self) -> Seconds {
        RETRY.min(self.0.limits.interval)
    }
}

impl Inner {
    async fn fetch(&self, started_at: Timestamp) {
        let result = self.source.read().await;
        let failed = result.is_err();
        match result {
            Ok(keys) => {
                tracing::debug!(keys = keys.len(), "the issuer's keys have been fetched");
                self.current.store(Some(Arc::new(Current {
                    keys,
                    fetched_at: started_at,
                })));
            }
            Err(error) => tracing::warn!(%error, "the issuer's keys cannot be fetched"),
        }
        let mut fetching = self.fetching();
        fetching.running = None;
        fetching.last = Some(Attempt {
            at: started_at,
            failed,
        });
    }

    /// Never held across a wait, and nothing that runs under it can panic.
    fn fetching(&self) -> MutexGuard<'_, Fetching> {
        self.fetching.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Waits until the sender is gone.
async fn ended(mut running: watch::Receiver<()>) {
    while running.changed().await.is_ok() {}
}
