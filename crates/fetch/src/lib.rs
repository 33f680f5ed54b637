//! Outgoing HTTP with limits of size, time, address and redirects.
//!
//! A server that fetches what others name (a client's keys, a logo, a logout endpoint) can be made to fetch from
//! places that only it can reach (server-side request forgery, which many OAuth specifications warn of). So every
//! request goes through a [`Guard`]:
//!
//! - `https` only;
//! - public addresses only, both for addresses written in the URL and for those that a name resolves to; the
//!   connection then goes to an address that was checked, so a name that changes its mind gains nothing;
//! - no proxy, no cookies, no redirects: a 3xx answer comes back as it is;
//! - a limit on the whole time and on the size of the body, kept while it streams in.
//!
//! A library that talks only to servers of its own configuration needs no check of addresses:
//! [`Guard::for_configured_servers`] has all the rest. What weakens this is said by name: [`Guard::danger_allow_loopback`] for development, [`Guard::allow_origin`] for
//! one origin inside.
//!
//! ```
//! use grantor_fetch::{Fetch, FetchError, Guard, GuardedFetch, Limits};
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//!
//! let fetch = GuardedFetch::new(Guard::new())?;
//! let metadata = "https://169.254.169.254/latest/meta-data/".parse()?;
//! let refused = fetch.get(&metadata, Limits::default()).await;
//! assert_eq!(refused.err(), Some(FetchError::AddressRefused));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod address;
mod clock;
mod document;
mod error;
mod guard;
mod guarded;
mod renewed;
mod request;
mod resolver;
mod response;

pub use clock::Clock;
pub use document::{DocumentError, get_json};
pub use error::FetchError;
pub use guard::Guard;
pub use guarded::GuardedFetch;
pub use renewed::{Current, RenewalLimits, Renewed, Source, Unavailable};
pub use request::{Limits, Request, authorization};
pub use response::Response;

use async_trait::async_trait;
use url::Url;

/// Something that makes HTTP requests. Servers use [`GuardedFetch`]; a library can be given another.
#[async_trait]
pub trait Fetch: Send + Sync {
    /// Sends one request and reads the whole answer. Any status is an answer.
    ///
    /// # Errors
    /// A [`FetchError`] when there is no answer within the limits.
    async fn send(&self, request: Request) -> Result<Response, FetchError>;

    /// Sends a GET.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    async fn get(&self, url: &Url, limits: Limits) -> Result<Response, FetchError> {
        self.send(Request::get(url.clone()).limits(limits)).await
    }
}
