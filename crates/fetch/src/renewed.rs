//! What others publish, kept and renewed: the keys of an issuer above all.
//!
//! - Nobody waits for a renewal while there is a value: it is renewed beside the requests when it has grown old, and
//!   stays in use while its source cannot be reached.
//! - Whoever misses something in it, such as the key with an unknown `kid`, has it renewed at once, as the publisher may
//!   have changed it; but not more often than the interval allows, whatever comes.
//! - However many requests wait, one fetch runs, in a task of its own: a request that is given up does not end it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arc_swap::ArcSwapOption;
use async_trait::async_trait;
use grantor_types::{Seconds, Timestamp};
use tokio::sync::watch;

/// How soon a fetch that failed is tried again, unless the interval is shorter still.
const RETRY: Seconds = Seconds(2);

/// Where a value comes from.
#[async_trait]
pub trait Source: Send + Sync + 'static {
    /// What is read.
    type Value: Send + Sync + 'static;
    /// Why it was not; it goes to the log.
    type Error: std::fmt::Display + Send;

    /// What it is, for the log.
    const NAME: &'static str;

    /// Reads it anew.
    async fn read(&self) -> Result<Self::Value, Self::Error>;
}

/// A value that is kept and renewed. Cheap to clone. Needs a tokio runtime.
pub struct Renewed<S: Source>(Arc<Inner<S>>);

struct Inner<S: Source> {
    source: S,
    limits: RenewalLimits,
    current: ArcSwapOption<Current<S::Value>>,
    fetching: Mutex<Fetching>,
}

/// How old a value may grow, and how often it may be fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RenewalLimits {
    /// From this age on it is renewed.
    pub max_age: Seconds,
    /// The shortest time between two fetches.
    pub interval: Seconds,
}

/// A value as it was last read.
#[derive(Debug)]
pub struct Current<T> {
    /// The value.
    pub value: T,
    fetched_at: Timestamp,
}

/// The source cannot be reached, so that nobody knows what it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the source cannot be reached")]
pub struct Unavailable {
    /// When it is tried again.
    pub retry_after: Seconds,
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

impl<S: Source> Renewed<S> {
    /// Nothing is read yet.
    pub fn new(source: S, limits: RenewalLimits) -> Self {
        let (current, fetching) = (ArcSwapOption::empty(), Mutex::default());
        Self(Arc::new(Inner {
            source,
            limits,
            current,
            fetching,
        }))
    }

    /// The value. The first request waits for it.
    ///
    /// # Errors
    /// [`Unavailable`] when it was never read.
    pub async fn current(&self, now: Timestamp) -> Result<Arc<Current<S::Value>>, Unavailable> {
        if let Some(current) = self.0.current.load_full() {
            if current.fetched_at.is_older_than(self.0.limits.max_age, now) {
                self.wish(now);
            }
            return Ok(current);
        }
        if let Wish::Running(running) = self.wish(now) {
            ended(running).await;
        }
        self.0.current.load_full().ok_or(self.unavailable())
    }

    /// The value once it has been renewed, because something was missing in `known`.
    ///
    /// Gives `None` when it has been renewed so recently that what is missing does not exist.
    ///
    /// # Errors
    /// [`Unavailable`] while the source cannot be reached.
    pub async fn renewed(
        &self,
        known: &Arc<Current<S::Value>>,
        now: Timestamp,
    ) -> Result<Option<Arc<Current<S::Value>>>, Unavailable> {
        if let Wish::Running(running) = self.wish(now) {
            ended(running).await;
        }
        match self.0.current.load_full() {
            Some(current) if !Arc::ptr_eq(&current, known) => Ok(Some(current)),
            Some(_) | None if self.last_failed() => Err(self.unavailable()),
            Some(_) | None => Ok(None),
        }
    }

    /// Checks something with the value as it is known, and once more with a renewed one if `may_be_new` says of the error
    /// that something newer could have made the difference. The verdict is the inner result.
    ///
    /// # Errors
    /// [`Unavailable`] when there is no value, or none that is newer while the source cannot be reached.
    pub async fn check<T, E>(
        &self,
        now: Timestamp,
        check: impl Fn(&S::Value) -> Result<T, E>,
        may_be_new: impl Fn(&E) -> bool,
    ) -> Result<Result<T, E>, Unavailable> {
        let known = self.current(now).await?;
        let error = match check(&known.value) {
            Err(error) if may_be_new(&error) => error,
            verdict => return Ok(verdict),
        };
        Ok(match self.renewed(&known, now).await? {
            Some(renewed) => check(&renewed.value),
            None => Err(error),
        })
    }

    /// Starts a fetch, or joins the one that runs, unless the last one is too recent.
    fn wish(&self, now: Timestamp) -> Wish {
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
            if !last.at.is_older_than(interval, now) {
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

    fn unavailable(&self) -> Unavailable {
        Unavailable {
            retry_after: self.retry_after(),
        }
    }

    fn retry_after(&self) -> Seconds {
        RETRY.min(self.0.limits.interval)
    }
}

impl<S: Source> Inner<S> {
    async fn fetch(&self, started_at: Timestamp) {
        let result = self.source.read().await;
        let failed = result.is_err();
        match result {
            Ok(value) => {
                tracing::debug!(what = S::NAME, "fetched");
                self.current.store(Some(Arc::new(Current {
                    value,
                    fetched_at: started_at,
                })));
            }
            Err(error) => tracing::warn!(what = S::NAME, %error, "cannot be fetched"),
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

impl<S: Source> Clone for Renewed<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<S: Source> std::fmt::Debug for Renewed<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Renewed({})", S::NAME)
    }
}
