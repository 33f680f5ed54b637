//! One piece of work for all who ask for the same thing at the same time.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared};

use crate::error::VaultError;

type Flight<T> = Shared<BoxFuture<'static, Result<T, VaultError>>>;

/// Work under way, by what it is for.
pub(crate) struct Flights<K, T: Clone>(Arc<Mutex<HashMap<K, Flight<T>>>>);

impl<K, T: Clone> Default for Flights<K, T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<K, T> Flights<K, T>
where
    K: Clone + Eq + Hash + Send + 'static,
    T: Clone + Send + Sync + 'static,
{
    /// Waits for the work that is under way, or starts it. It runs in a task of its own: callers that give up do not stop it,
    /// and it holds nothing while they go on.
    pub(crate) async fn join<F>(&self, key: K, work: impl FnOnce() -> F) -> Result<T, VaultError>
    where
        F: Future<Output = Result<T, VaultError>> + Send + 'static,
    {
        self.flight(key, work).await
    }

    fn flight<F>(&self, key: K, work: impl FnOnce() -> F) -> Flight<T>
    where
        F: Future<Output = Result<T, VaultError>> + Send + 'static,
    {
        let mut flights = lock(&self.0);
        if let Some(flight) = flights.get(&key) {
            return flight.clone();
        }
        let landing = Landing {
            flights: self.0.clone(),
            key: key.clone(),
        };
        let work = work();
        // It starts when it is waited for, not here: a runtime that closes drops it at once, and to land takes the lock.
        let flight = async move {
            let task = tokio::spawn(async move {
                let _landing = landing;
                work.await
            });
            task.await.unwrap_or(Err(VaultError::Interrupted))
        };
        let flight = flight.boxed().shared();
        flights.insert(key, flight.clone());
        flight
    }
}

/// Takes the work off the list when it ends, in whatever way.
struct Landing<K: Eq + Hash, T: Clone> {
    flights: Arc<Mutex<HashMap<K, Flight<T>>>>,
    key: K,
}

impl<K: Eq + Hash, T: Clone> Drop for Landing<K, T> {
    fn drop(&mut self) {
        lock(&self.flights).remove(&self.key);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::mpsc;
    use std::time::Duration;

    use tokio::runtime::{Builder, Runtime};

    use super::*;

    /// How long a thread may take that has nothing to wait for.
    const BOUND: Duration = Duration::from_secs(10);

    fn runtime() -> Runtime {
        Builder::new_current_thread().build().unwrap()
    }

    /// What comes of it in a thread of its own; `None` when that hangs.
    fn within_bound<R: Send + 'static>(work: impl FnOnce() -> R + Send + 'static) -> Option<R> {
        let (tell, told) = mpsc::channel();
        std::thread::spawn(move || tell.send(work()));
        told.recv_timeout(BOUND).ok()
    }

    /// Joins a flight outside of any runtime that drives it.
    fn join_at_once(flights: &Flights<u8, u8>) -> Option<Result<u8, VaultError>> {
        flights.join(1, || async { Ok(2) }).now_or_never()
    }

    fn assert_it_flies(flights: &Flights<u8, u8>) {
        assert!(lock(&flights.0).is_empty());
        let landed = runtime().block_on(flights.join(1, || async { Ok(3) }));
        assert_eq!(landed.unwrap(), 3);
        assert!(lock(&flights.0).is_empty());
    }

    #[test]
    fn a_runtime_that_is_shut_down_is_an_error() {
        let flights = Arc::new(Flights::<u8, u8>::default());
        let joining = flights.clone();
        let joined = within_bound(move || {
            let closed = runtime();
            let handle = closed.handle().clone();
            drop(closed);
            let _entered = handle.enter();
            join_at_once(&joining)
        });
        let joined = joined.expect("it hangs");
        assert!(matches!(joined, Some(Err(VaultError::Interrupted))), "{joined:?}");
        assert_it_flies(&flights);
    }

    #[test]
    fn without_a_runtime_it_panics_and_leaves_nothing_behind() {
        let flights = Arc::new(Flights::<u8, u8>::default());
        let joining = flights.clone();
        let joined = within_bound(move || catch_unwind(AssertUnwindSafe(|| join_at_once(&joining))).is_err());
        assert!(joined.expect("it hangs"));
        assert_it_flies(&flights);
    }

    #[test]
    fn who_comes_while_it_is_under_way_gets_the_same() {
        let flights = Flights::<u8, u8>::default();
        let landed = runtime().block_on(async {
            let first = flights.join(1, || async {
                tokio::task::yield_now().await;
                Ok(2)
            });
            let second = flights.join(1, || async { Ok(3) });
            futures_util::future::join(first, second).await
        });
        assert!(matches!(landed, (Ok(2), Ok(2))), "{landed:?}");
        assert_it_flies(&flights);
    }
}
