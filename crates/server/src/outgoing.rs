//! Requests of our own, behind the operator's guard.

use std::sync::{Arc, OnceLock};

use grantor_fetch::{Guard, GuardedFetch};

use crate::app::Failure;

/// Makes the HTTP client when it is needed first: most servers ask nobody. Clones share it.
#[derive(Clone, Debug)]
pub(crate) struct Outgoing(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    guard: Guard,
    fetch: OnceLock<GuardedFetch>,
}

impl Outgoing {
    pub(crate) fn new(guard: Guard) -> Self {
        Self(Arc::new(Inner {
            guard,
            fetch: OnceLock::new(),
        }))
    }

    /// The client.
    pub(crate) fn fetch(&self) -> Result<GuardedFetch, Failure> {
        if let Some(fetch) = self.0.fetch.get() {
            return Ok(fetch.clone());
        }
        let made = GuardedFetch::new(self.0.guard.clone())
            .map_err(|error| Failure::internal("outgoing requests", error))?;
        Ok(self.0.fetch.get_or_init(|| made).clone())
    }
}
