//! Which addresses are out on the Internet.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether the address is one that anybody could reach. Everything in the IANA special-purpose registries (RFC 6890)
/// that is not global is refused, and so are multicast and the forms of IPv6 that carry an IPv4 address inside,
/// except NAT64 with a public one.
pub(crate) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let refused = match address.octets() {
        // "This network", loopback, private.
        [0 | 10 | 127, ..] => true,
        // Shared with the provider's translator (RFC 6598), 100.64.0.0/10.
        [100, second, ..] => second & 0xc0 == 64,
        // Link-local, where cloud metadata services are.
        [169, 254, ..] => true,
        // Private, 172.16.0.0/12.
        [172, second, ..] => second & 0xf0 == 16,
        // Protocol assignments, documentation, the 6to4 relay, private.
        [192, 0, 0 | 2, _] | [192, 88, 99, _] | [192, 168, ..] => true,
        // Benchmarks, 198.18.0.0/15, and documentation.
        [198, 18 | 19, ..] | [198, 51, 100, _] | [203, 0, 113, _] => true,
        // Multicast, reserved and broadcast.
        [first, ..] => first >= 224,
    };
    !refused
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    // NAT64 (RFC 6052): networks without IPv4 reach all of it through this prefix.
    if let [0x64, 0xff9b, 0, 0, 0, 0, high, low] = segments {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        return is_public_v4(Ipv4Addr::new(a, b, c, d));
    }
    match segments {
        // Protocol assignments, 2001::/23, Teredo among them; documentation.
        [0x2001, second, ..] if second < 0x200 || second == 0xdb8 => false,
        // 6to4, an IPv4 address in disguise; documentation, 3fff::/20.
        [0x2002, ..] => false,
        [0x3fff, second, ..] if second < 0x1000 => false,
        // 2000::/3 is all the global unicast there is. Loopback, mapped IPv4, unique-local, link-local and multicast
        // lie outside.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PUBLIC: &str = "1.1.1.1 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.0.0.1 128.0.0.1 169.253.0.1
        169.255.0.1 172.15.0.1 172.32.0.1 192.0.1.1 192.167.0.1 192.169.0.1 198.17.0.1 198.20.0.1 223.255.255.255
        2606:4700::1111 2a00:1450::1 2001:200::1 64:ff9b::1.1.1.1";

    const REFUSED: &str = "0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.127.255.255 127.0.0.1 127.255.255.255
        169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.1 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1
        198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
        :: ::1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 64:ff9b::127.0.0.1 64:ff9b::10.0.0.1 64:ff9b:1::1.1.1.1
        100::1 2001::1 2001:db8::1 2002:7f00:1::1 3fff::1 5f00::1 fc00::1 fd12::1 fe80::1 fec0::1 ff02::1";

    #[test]
    fn addresses_at_every_boundary() {
        for (addresses, public) in [(PUBLIC, true), (REFUSED, false)] {
            for address in addresses.split_whitespace() {
                assert_eq!(is_public(address.parse().unwrap()), public, "{address}");
            }
        }
    }
}
