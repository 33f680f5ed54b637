//! The HTTP server: endpoints and pages over the rules.
//!
//! A request comes in through [`router`], facts are read (`load`), a rule decides, tokens are signed (`sign`), changes
//! are committed (`drive`), the answer is rendered (`render`). Nothing here decides what the protocol says, and
//! nothing here knows which engine keeps the data.

mod app;
mod attempts;
mod browser;
mod cache;
mod client_assertion;
mod client_keys;
pub mod client_secret;
mod clock;
mod cors;
mod drive;
mod ending;
mod endpoint;
mod extract;
mod hint;
mod interaction;
pub mod job;
mod kept;
pub mod keyring;
mod load;
mod metrics;
mod outgoing;
mod page;
pub mod password;
mod paths;
mod polls;
mod possession;
mod presented;
mod registrations;
mod render;
mod request_object;
mod revocations;
mod router;
mod serve;
mod settings;
mod sign;
mod trusted;

pub use app::{App, Parts, StartError};
pub use cache::CachedStore;
pub use clock::{Clock, Entropy, SystemClock, SystemEntropy};
pub use extract::Peer;
pub use metrics::{MetricReference, Metrics};
pub use paths::{Endpoint, PathFamily, Paths, well_known};
pub use revocations::RevocationList;
pub use router::{RouteReference, router, routes};
pub use serve::serve;
pub use settings::{Dev, KeySettings, Limits, Network, Settings};
