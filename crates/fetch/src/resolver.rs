//! Names to addresses, those only that may be reached.

use std::net::SocketAddr;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::FetchError;
use crate::guard::Reach;

/// Resolves with the system's resolver and keeps the addresses that are within reach. The HTTP client connects to
/// what comes from here and asks nobody else, so there is no gap between the check and the connection.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Resolver {
    pub(crate) reach: Reach,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.reach;
        Box::pin(async move {
            // Port 0 is replaced by the URL's.
            let found = tokio::net::lookup_host((name.as_str(), 0))
                .await
                .map_err(|_| FetchError::Unresolvable)?;
            Ok(Box::new(within(reach, found)?.into_iter()) as Addrs)
        })
    }
}

fn within(reach: Reach, found: impl Iterator<Item = SocketAddr>) -> Result<Vec<SocketAddr>, FetchError> {
    let mut any = false;
    let allowed: Vec<_> = found
        .inspect(|_| any = true)
        .filter(|address| reach.includes(address.ip()))
        .collect();
    match (any, allowed.is_empty()) {
        (_, false) => Ok(allowed),
        (true, true) => Err(FetchError::AddressRefused),
        (false, true) => Err(FetchError::Unresolvable),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_out_of_reach_are_left_out() {
        let count = |reach, addresses: &[&str]| {
            let found: Vec<SocketAddr> = addresses.iter().map(|text| text.parse().unwrap()).collect();
            within(reach, found.into_iter()).map(|allowed| allowed.len())
        };
        let mixed = ["127.0.0.1:0", "1.1.1.1:0", "[::1]:0", "10.0.0.1:0"];
        assert_eq!(count(Reach::Public, &mixed), Ok(1));
        assert_eq!(count(Reach::Loopback, &mixed), Ok(2));
        assert_eq!(count(Reach::Anywhere, &mixed), Ok(4));
        assert_eq!(
            count(Reach::Public, &["10.0.0.1:0"]),
            Err(FetchError::AddressRefused)
        );
        assert_eq!(
            count(Reach::Loopback, &["1.1.1.1:0"]),
            Err(FetchError::AddressRefused)
        );
        assert_eq!(count(Reach::Public, &[]), Err(FetchError::Unresolvable));
    }
}
