//! Clients that register themselves: how often somebody may, and whether a client was ever used.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use grantor_protocol::login::network;
use grantor_protocol::record::{Client, Registration};
use grantor_protocol::{Change, Expect};
use grantor_store::CommitError;
use grantor_types::Timestamp;
use quick_cache::sync::Cache;

use crate::app::App;

/// How many registrations came from each address in this minute, in the memory of this process alone. With several
/// processes an address may register that many with each of them; the quota holds for all of them together.
#[derive(Debug)]
pub(crate) struct Registrations {
    counts: Cache<(String, u64), Arc<AtomicU32>>,
}

impl Registrations {
    /// Remembers at most so many addresses.
    pub(crate) fn new(capacity: usize) -> Self {
        Self {
            counts: Cache::new(capacity),
        }
    }

    /// Counts one more, and says whether it is within the rate for a minute.
    pub(crate) fn count(&self, address: IpAddr, rate: u32, now: Timestamp) -> bool {
        let key = (network(address), now.as_seconds() / 60);
        let made = self
            .counts
            .get_or_insert_with(&key, || Ok::<_, ()>(Arc::default()));
        // The closure cannot fail.
        made.is_ok_and(|count| count.fetch_add(1, Ordering::Relaxed) < rate)
    }
}

/// Notes that a client that registered itself was used, so that it is not swept. Once in its life this writes; when it
/// does not come through, the next use writes.
pub(crate) async fn note_use(app: &App, client: &Client) {
    let unused = |registration: &&Registration| registration.unused_until.is_some();
    let Some(registration) = client.registration.as_deref().filter(unused) else {
        return;
    };
    let used = Client {
        registration: Some(Box::new(Registration {
            unused_until: None,
            ..registration.clone()
        })),
        revision: client.revision.next(),
        ..client.clone()
    };
    let change = Change::PutClient {
        client: Box::new(used),
        expect: Expect::Revision(client.revision),
    };
    match app.store.commit(vec![change], app.now()).await {
        // After a conflict somebody else has noted it, or changed the client a moment ago.
        Ok(()) | Err(CommitError::Conflict) => {}
        Err(error @ CommitError::Store(_)) => {
            tracing::warn!(client = %client.id, %error, "the first use of a client was not noted");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Registrations;
    use grantor_types::Timestamp;

    #[test]
    fn addresses_have_a_rate_each_and_every_minute_begins_anew() {
        let registrations = Registrations::new(10);
        let count = |address: &str, seconds| {
            registrations.count(address.parse().unwrap(), 2, Timestamp::from_seconds(seconds))
        };
        assert!(count("192.0.2.1", 0) && count("192.0.2.1", 59));
        assert!(!count("192.0.2.1", 59) && !count("::ffff:192.0.2.1", 59));
        assert!(count("192.0.2.2", 59) && count("192.0.2.1", 60));
        assert!(count("2001:db8::1", 0) && count("2001:db8::2", 0));
        assert!(!count("2001:db8::3", 0) && count("2001:db8:0:1::", 0));
    }
}
