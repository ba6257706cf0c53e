//! Which addresses callers may reach through us: the public internet, and nothing of ours.
//!
//! A caller names a host, and the platform connects from inside: without this, every address that only the platform can reach (its own doors,
//! the cloud's metadata, neighbours) would be the caller's too (server-side request forgery). Addresses are judged after resolution, each one,
//! so that a name that changes its mind gains nothing. Source: IANA special-purpose address registries (RFC 6890), 2026.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What the policy says of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Allowed,
    /// What the address is, in words for the caller.
    Denied(&'static str),
}

/// Network, prefix length, what it is.
const IPV4_DENIED: [(Ipv4Addr, u32, &str); 16] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8, "this host"),
    (Ipv4Addr::new(10, 0, 0, 0), 8, "a private address"),
    (Ipv4Addr::new(100, 64, 0, 0), 10, "a carrier's private address"),
    (Ipv4Addr::new(127, 0, 0, 0), 8, "a loopback address"),
    // Azure's, from inside a machine. Source: Microsoft's "What is IP address 168.63.129.16?"
    (Ipv4Addr::new(168, 63, 129, 16), 32, "a cloud's metadata"),
    (Ipv4Addr::new(169, 254, 0, 0), 16, "a link-local address"),
    (Ipv4Addr::new(172, 16, 0, 0), 12, "a private address"),
    (Ipv4Addr::new(192, 0, 0, 0), 24, "a protocol's own address"),
    (Ipv4Addr::new(192, 0, 2, 0), 24, "a documentation address"),
    (Ipv4Addr::new(192, 88, 99, 0), 24, "a relay's address"),
    (Ipv4Addr::new(192, 168, 0, 0), 16, "a private address"),
    (Ipv4Addr::new(198, 18, 0, 0), 15, "a benchmark address"),
    (Ipv4Addr::new(198, 51, 100, 0), 24, "a documentation address"),
    (Ipv4Addr::new(203, 0, 113, 0), 24, "a documentation address"),
    (Ipv4Addr::new(224, 0, 0, 0), 4, "a multicast address"),
    (Ipv4Addr::new(240, 0, 0, 0), 4, "a reserved address"),
];

/// The only IPv6 addresses in public use; what is outside is denied, known today or not.
const IPV6_PUBLIC: (Ipv6Addr, u32) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

/// Within the public ones: network, prefix length, what it is.
const IPV6_DENIED: [(Ipv6Addr, u32, &str); 3] = [
    // Teredo, benchmarks and identifiers that look like addresses are in here.
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23, "a protocol's own address"),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32, "a documentation address"),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20, "a documentation address"),
];

/// Judges an address. One that carries an IPv4 address in it is judged as that one: a translator on the way would lead there.
pub fn judge(address: IpAddr) -> Verdict {
    match address {
        IpAddr::V4(address) => judge_v4(address),
        IpAddr::V6(address) => match carried(address) {
            Some(inner) => judge_v4(inner),
            None => judge_v6(address),
        },
    }
}

fn judge_v4(address: Ipv4Addr) -> Verdict {
    let within = |network: Ipv4Addr, length: u32| (address.to_bits() ^ network.to_bits()) >> (32 - length) == 0;
    let denied = IPV4_DENIED.iter().find(|(network, length, _)| within(*network, *length));
    denied.map_or(Verdict::Allowed, |(_, _, what)| Verdict::Denied(what))
}

fn judge_v6(address: Ipv6Addr) -> Verdict {
    let within = |network: Ipv6Addr, length: u32| (address.to_bits() ^ network.to_bits()) >> (128 - length) == 0;
    if !within(IPV6_PUBLIC.0, IPV6_PUBLIC.1) {
        return Verdict::Denied(named_v6(address));
    }
    let denied = IPV6_DENIED.iter().find(|(network, length, _)| within(*network, *length));
    denied.map_or(Verdict::Allowed, |(_, _, what)| Verdict::Denied(what))
}

/// What an address outside the public ones is, as far as it has a name.
fn named_v6(address: Ipv6Addr) -> &'static str {
    if address.is_loopback() {
        "a loopback address"
    } else if address.is_unspecified() {
        "this host"
    } else if address.is_multicast() {
        "a multicast address"
    } else if address.is_unicast_link_local() {
        "a link-local address"
    } else if address.is_unique_local() {
        "a private address"
    } else {
        "a reserved address"
    }
}

/// The IPv4 address that an IPv6 address stands for: IPv4-mapped (RFC 4291 §2.5.5.2), NAT64's well-known prefix (RFC 6052 §2.1) and 6to4
/// (RFC 3056 §2). The deprecated IPv4-compatible form and NAT64's local prefix are outside the public addresses anyway.
fn carried(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let [a, b, c, d, e, f, g, h] = address.segments();
    let joined = |high: u16, low: u16| Ipv4Addr::from_bits((u32::from(high) << 16) | u32::from(low));
    match (a, b, c, d, e, f) {
        (0, 0, 0, 0, 0, 0xffff) | (0x64, 0xff9b, 0, 0, 0, 0) => Some(joined(g, h)),
        (0x2002, ..) => Some(joined(b, c)),
        (_, _, _, _, _, _) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(address: &str, denied_as: Option<&str>) {
        let expected = denied_as.map_or("allowed".to_owned(), |what| format!("denied: {what}"));
        let verdict = match judge(address.parse().unwrap()) {
            Verdict::Allowed => "allowed".to_owned(),
            Verdict::Denied(what) => format!("denied: {what}"),
        };
        assert_eq!(verdict, expected, "{address}");
    }

    #[test]
    fn the_public_internet_may_be_reached() {
        for address in [
            "1.1.1.1",
            "8.8.8.8",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "169.253.255.255",
            "169.255.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.0",
            "192.0.3.0",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "203.0.112.255",
            "203.0.114.0",
            "223.255.255.255",
            "2606:4700:4700::1111",
            "2a00:1450::1",
            "2001:200::1",
            "2001:db7:ffff::1",
            "2001:db9::1",
            "2003::1",
            "3ffe::1",
            "3fff:1000::1",
            "::ffff:8.8.8.8",
            "64:ff9b::8.8.8.8",
            "2002:808:808::1",
        ] {
            check(address, None);
        }
    }

    #[test]
    fn what_only_we_can_reach_is_denied_and_named() {
        for (address, what) in [
            ("0.0.0.0", "this host"),
            ("0.255.255.255", "this host"),
            ("10.0.0.0", "a private address"),
            ("10.255.255.255", "a private address"),
            ("100.64.0.0", "a carrier's private address"),
            ("100.127.255.255", "a carrier's private address"),
            ("127.0.0.1", "a loopback address"),
            ("127.255.255.255", "a loopback address"),
            ("169.254.169.254", "a link-local address"),
            ("169.254.170.2", "a link-local address"),
            ("172.16.0.0", "a private address"),
            ("172.31.255.255", "a private address"),
            ("192.0.0.8", "a protocol's own address"),
            ("192.0.2.1", "a documentation address"),
            ("192.88.99.1", "a relay's address"),
            ("192.168.0.0", "a private address"),
            ("192.168.255.255", "a private address"),
            ("198.18.0.0", "a benchmark address"),
            ("198.19.255.255", "a benchmark address"),
            ("198.51.100.7", "a documentation address"),
            ("203.0.113.7", "a documentation address"),
            ("224.0.0.1", "a multicast address"),
            ("239.255.255.255", "a multicast address"),
            ("240.0.0.1", "a reserved address"),
            ("255.255.255.255", "a reserved address"),
            ("::", "this host"),
            ("::1", "a loopback address"),
            ("fe80::1", "a link-local address"),
            ("febf::1", "a link-local address"),
            ("fc00::1", "a private address"),
            ("fd00:ec2::254", "a private address"),
            ("ff02::1", "a multicast address"),
            ("fec0::1", "a reserved address"),
            ("100::1", "a reserved address"),
            ("5f00::1", "a reserved address"),
            ("::127.0.0.1", "a reserved address"),
            ("64:ff9b:1::8.8.8.8", "a reserved address"),
            ("2001::1", "a protocol's own address"),
            ("2001:2::1", "a protocol's own address"),
            ("2001:20::1", "a protocol's own address"),
            ("2001:db8::1", "a documentation address"),
            ("3fff::1", "a documentation address"),
        ] {
            check(address, Some(what));
        }
    }

    #[test]
    fn an_ipv4_address_in_ipv6_clothes_is_judged_as_what_it_is() {
        for (inner, hex, what) in [
            ("127.0.0.1", "7f00:1", "a loopback address"),
            ("10.1.2.3", "a01:203", "a private address"),
            ("169.254.169.254", "a9fe:a9fe", "a link-local address"),
            ("100.64.0.1", "6440:1", "a carrier's private address"),
            ("0.0.0.0", "0:0", "this host"),
        ] {
            check(&format!("::ffff:{inner}"), Some(what));
            check(&format!("64:ff9b::{inner}"), Some(what));
            check(&format!("2002:{hex}::1"), Some(what));
        }
    }
}
