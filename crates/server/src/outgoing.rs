//! Requests of our own, behind the guard.

use std::sync::OnceLock;

use grantor_fetch::{Guard, GuardedFetch};

use crate::app::Failure;

/// What makes them, set up when it is needed first: most servers ask nobody.
#[derive(Debug)]
pub(crate) struct Outgoing {
    guard: Guard,
    fetch: OnceLock<GuardedFetch>,
}

impl Outgoing {
    pub(crate) fn new(guard: Guard) -> Self {
        Self {
            guard,
            fetch: OnceLock::new(),
        }
    }

    /// What makes them.
    ///
    /// # Errors
    /// An internal one when TLS cannot be set up.
    pub(crate) fn fetch(&self) -> Result<GuardedFetch, Failure> {
        if let Some(fetch) = self.fetch.get() {
            return Ok(fetch.clone());
        }
        let made = GuardedFetch::new(self.guard.clone())
            .map_err(|error| Failure::internal("outgoing requests", error))?;
        Ok(self.fetch.get_or_init(|| made).clone())
    }
}
