//! What the server is told when it starts. The configuration file is the binary's business.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use grantor_fetch::Guard;
use grantor_protocol::Policy;
use grantor_types::{Issuer, Seconds, SigningAlgorithm};

use crate::paths::Paths;

/// Everything a server needs to know beside its store and its keys.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Who we are; also the base of every absolute URL.
    pub issuer: Issuer,
    /// What rules read.
    pub policy: Policy,
    /// Where endpoints answer.
    pub paths: Paths,
    /// Key rotation.
    pub keys: KeySettings,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
    /// Networks that may read `/metrics`; for others it does not exist.
    pub metrics_from: Vec<Network>,
    /// Where requests of our own may go.
    pub outgoing: Guard,
    /// Bounds of what is read and held.
    pub limits: Limits,
    /// Whether the administration API answers.
    pub administration: bool,
    /// Threads that hash passwords.
    pub password_threads: usize,
    /// What the development server shows; absent in production.
    pub dev: Option<Dev>,
}

/// Key rotation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeySettings {
    /// Algorithms that there is a key for.
    pub algorithms: Vec<SigningAlgorithm>,
    /// Age at which a key is replaced.
    pub rotate_after: Seconds,
    /// How long a new key is published before it signs, so that every cache has it by then.
    pub publish_before: Seconds,
    /// How long caches may keep the JWK set.
    pub cache_for: Seconds,
}

/// Bounds of what is read and held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Largest body, in bytes.
    pub body: usize,
    /// Most connections at once.
    pub connections: usize,
    /// Longest time for the head of a request to arrive.
    pub head_timeout: Seconds,
    /// Longest time that a shutdown waits for requests under way.
    pub drain_timeout: Seconds,
    /// Clients, and users, kept in memory.
    pub cached: usize,
}

/// What the development server shows on its pages.
#[derive(Clone, Debug, Default)]
pub struct Dev {
    /// Login names with their passwords.
    pub users: Vec<(String, String)>,
    /// Secrets of the fixture clients, by client id.
    pub secrets: Vec<(String, String)>,
}

/// An address range, `address/prefix`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

impl Network {
    /// Reads `192.0.2.0/24`, `2001:db8::/32` or a single address.
    pub fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address.parse().ok()?, Some(prefix.parse::<u8>().ok()?)),
            None => (text.parse().ok()?, None),
        };
        let longest = match address {
            IpAddr::V4(_) => 32,
            IpAddr::V6(_) => 128,
        };
        let prefix = prefix.unwrap_or(longest);
        (prefix <= longest).then_some(Self { address, prefix })
    }

    /// Whether the address lies in the range.
    pub fn contains(&self, address: IpAddr) -> bool {
        let bits = |address: IpAddr| match address {
            IpAddr::V4(v4) => (u128::from(v4.to_bits()) << 96, 4),
            IpAddr::V6(v6) => (v6.to_bits(), 6),
        };
        let ((own, own_family), (other, other_family)) = (bits(self.address), bits(address.to_canonical()));
        let mask = u128::MAX.checked_shl(128 - u32::from(self.prefix)).unwrap_or(0);
        own_family == other_family && own & mask == other & mask
    }
}

impl std::fmt::Display for Network {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix)
    }
}

impl Settings {
    /// The networks of this machine.
    pub fn loopback() -> Vec<Network> {
        let (v4, v6) = (
            IpAddr::V4(Ipv4Addr::new(127, 0, 0, 0)),
            IpAddr::V6(Ipv6Addr::LOCALHOST),
        );
        vec![
            Network {
                address: v4,
                prefix: 8,
            },
            Network {
                address: v6,
                prefix: 128,
            },
        ]
    }

    /// Safe defaults for this issuer.
    pub fn new(issuer: Issuer) -> Self {
        Self {
            issuer,
            policy: Policy::default(),
            paths: Paths::default(),
            keys: KeySettings::default(),
            trusted_proxies: Vec::new(),
            metrics_from: Self::loopback(),
            outgoing: Guard::new(),
            limits: Limits::default(),
            administration: true,
            password_threads: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            dev: None,
        }
    }
}

impl Default for KeySettings {
    fn default() -> Self {
        Self {
            algorithms: SigningAlgorithm::ALL.to_vec(),
            rotate_after: Seconds::days(90),
            publish_before: Seconds::hours(1),
            cache_for: Seconds::minutes(5),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 64 * 1024,
            connections: 10_000,
            head_timeout: Seconds(10),
            drain_timeout: Seconds(30),
            cached: 10_000,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Network;

    #[test]
    fn networks() {
        let rows = [
            ("10.0.0.0/8", "10.200.0.1", true),
            ("10.0.0.0/8", "11.0.0.1", false),
            ("10.0.0.0/8", "::ffff:10.0.0.1", true),
            ("127.0.0.1", "127.0.0.1", true),
            ("127.0.0.1", "127.0.0.2", false),
            ("2001:db8::/32", "2001:db8:1::1", true),
            ("2001:db8::/32", "2001:db9::1", false),
            ("0.0.0.0/0", "8.8.8.8", true),
            ("0.0.0.0/0", "2001:db8::1", false),
        ];
        for (network, address, inside) in rows {
            let network = Network::parse(network).unwrap();
            assert_eq!(
                network.contains(address.parse().unwrap()),
                inside,
                "{network:?} {address}"
            );
        }
        for bad in ["", "10.0.0.0/33", "x/8", "10.0.0.0/x"] {
            assert_eq!(Network::parse(bad), None, "{bad}");
        }
    }
}
