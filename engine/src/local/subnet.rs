//! The /20 that a platform's instances live in, its parts (one a bridge), and the addresses in them.
//! Never asks the machine anything: what is taken arrives as an argument.
//! Source of truth: the design, section 3, and the engine recipe, section 9.

use std::collections::BTreeSet;
use std::fmt;
use std::net::Ipv4Addr;

use crate::limit::INSTANCES;

/// Bits of the network.
const PREFIX: u8 = 20;
const SIZE: u32 = 1 << (32 - PREFIX);
/// Bits of a bridge's part of it: 509 instances, about half of the 1,023 ports that the kernel allows a bridge.
pub const BRIDGE_PREFIX: u8 = 23;
const BRIDGE_SIZE: u32 = 1 << (32 - BRIDGE_PREFIX);
/// Bridges of one platform.
pub const BRIDGES: usize = (SIZE / BRIDGE_SIZE) as usize;
/// Addresses of a part that instances get: not its own, the gateway's and the broadcast address.
const PER_BRIDGE: u32 = BRIDGE_SIZE - 3;

/// Podman's default network is always 10.88.0.0/16, and no route shows it before its first container runs.
/// Source: containers.conf(5), `default_subnet`.
const PODMAN: Ipv4Addr = Ipv4Addr::new(10, 88, 0, 0);

/// A range of addresses, as routes and links have them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    first: u32,
    last: u32,
}

impl Block {
    /// The block that an address with a prefix lies in.
    pub fn new(address: Ipv4Addr, prefix: u8) -> Self {
        let host = u32::MAX.checked_shr(prefix.into()).unwrap_or(0);
        let first = address.to_bits() & !host;
        Self { first, last: first | host }
    }

    /// Whether they have an address in common.
    pub fn overlaps(self, other: Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }
}

/// As routes are written.
impl fmt::Display for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.last - self.first;
        write!(f, "{}/{}", Ipv4Addr::from_bits(self.first), host.leading_zeros())
    }
}

/// A platform's network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subnet(u32);

impl Subnet {
    /// The first /20 from the seed's place on, from 10.64.0.0 to 10.191.255.255 and then around, that touches nothing that is taken.
    pub fn choose(seed: [u8; 2], taken: &[Block]) -> Option<Self> {
        const FIRST: u32 = 10 << 24 | 64 << 16;
        const COUNT: u32 = (128 << 16) / SIZE;
        let start = (u32::from(seed[0] % 128) << 16 | u32::from(seed[1] & 0xf0) << 8) / SIZE;
        let places = (0..COUNT).map(|step| Self(FIRST + (start + step) % COUNT * SIZE));
        let reserved = Block::new(PODMAN, 16);
        let mut free = places.into_iter().filter(|place| !reserved.overlaps(place.block()));
        free.find(|place| !taken.iter().any(|block| block.overlaps(place.block())))
    }

    /// Reads what `Display` prints.
    pub fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = text.trim().split_once('/')?;
        let base = address.parse::<Ipv4Addr>().ok()?.to_bits();
        (prefix.parse() == Ok(PREFIX) && base.is_multiple_of(SIZE)).then_some(Self(base))
    }

    /// All of it.
    pub fn block(self) -> Block {
        Block::new(Ipv4Addr::from_bits(self.0), PREFIX)
    }

    /// The bridge that an address of ours is on; none if it is not ours.
    pub fn bridge_of(self, address: Ipv4Addr) -> Option<usize> {
        let offset = address.to_bits().checked_sub(self.0).filter(|offset| *offset < SIZE)?;
        usize::try_from(offset / BRIDGE_SIZE).ok()
    }

    /// A bridge's part.
    pub fn part(self, bridge: usize) -> Part {
        let place = u32::try_from(bridge).ok().filter(|place| *place < SIZE / BRIDGE_SIZE);
        Part(self.0 + place.expect("a bridge's number comes from an address or from a count up to BRIDGES") * BRIDGE_SIZE)
    }
}

/// What is on one bridge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part(u32);

impl Part {
    /// The bridge's own address.
    pub fn gateway(self) -> Ipv4Addr {
        Ipv4Addr::from_bits(self.0 + 1)
    }

    fn first(self) -> u32 {
        self.0 + 2
    }

    /// Those that instances get.
    pub fn addresses(self) -> impl Iterator<Item = Ipv4Addr> {
        (self.first()..self.first() + PER_BRIDGE).map(Ipv4Addr::from_bits)
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{BRIDGE_PREFIX}", Ipv4Addr::from_bits(self.0))
    }
}

/// The addresses of a platform's instances.
#[derive(Debug, Default)]
pub struct Addresses {
    used: BTreeSet<Ipv4Addr>,
    /// The last one that was given out on each bridge.
    last: [Option<Ipv4Addr>; BRIDGES],
}

impl Addresses {
    /// An address that an earlier platform has given out.
    pub fn keep(&mut self, address: Ipv4Addr) {
        self.used.insert(address);
    }

    /// A free one on the first bridge that has room; the longest unused first, so that a late packet for a dead instance does
    /// not reach a new one. None when there are as many instances as a platform bears.
    pub fn take(&mut self, subnet: Subnet) -> Option<Ipv4Addr> {
        if self.used.len() >= INSTANCES {
            return None;
        }
        let (bridge, address) = (0..BRIDGES).find_map(|bridge| Some((bridge, self.free_on(subnet, bridge)?)))?;
        self.used.insert(address);
        self.last[bridge] = Some(address);
        Some(address)
    }

    fn free_on(&self, subnet: Subnet, bridge: usize) -> Option<Ipv4Addr> {
        let first = subnet.part(bridge).first();
        let all = Ipv4Addr::from_bits(first)..Ipv4Addr::from_bits(first + PER_BRIDGE);
        if self.used.range(all).count() >= PER_BRIDGE as usize {
            return None;
        }
        let start = self.last[bridge].map_or(0, |last| last.to_bits().wrapping_sub(first) % PER_BRIDGE + 1);
        let mut places = (0..PER_BRIDGE).map(|step| Ipv4Addr::from_bits(first + (start + step) % PER_BRIDGE));
        places.find(|address| !self.used.contains(address))
    }

    /// It is free again.
    pub fn leave(&mut self, address: Ipv4Addr) {
        self.used.remove(&address);
    }
}

impl fmt::Display for Subnet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{PREFIX}", Ipv4Addr::from_bits(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(text: &str) -> Block {
        let (address, prefix) = text.split_once('/').unwrap();
        Block::new(address.parse().unwrap(), prefix.parse().unwrap())
    }

    fn check(seed: [u8; 2], taken: &[&str], expected: Option<&str>) {
        let taken: Vec<Block> = taken.iter().map(|text| block(text)).collect();
        assert_eq!(Subnet::choose(seed, &taken).map(|subnet| subnet.to_string()).as_deref(), expected);
    }

    #[test]
    fn the_seed_chooses_and_what_is_taken_is_stepped_over() {
        check([0, 0], &[], Some("10.64.0.0/20"));
        check([1, 0x37], &[], Some("10.65.48.0/20"));
        check([255, 255], &[], Some("10.191.240.0/20"));
        check([0, 0], &["10.64.5.0/24"], Some("10.64.16.0/20"));
        check([0, 0], &["10.64.0.1/32", "10.64.16.0/21"], Some("10.64.32.0/20"));
        check([255, 255], &["10.191.240.0/20"], Some("10.64.0.0/20"));
        check([24, 0], &[], Some("10.89.0.0/20"));
        check([0, 0], &["0.0.0.0/0"], None);
    }

    #[test]
    fn a_subnet_survives_a_round_trip_and_nothing_else_parses() {
        assert_eq!(Subnet::parse("10.65.48.0/20\n").unwrap().to_string(), "10.65.48.0/20");
        for bad in ["", "10.65.48.0", "10.65.48.0/24", "10.65.49.0/20", "x/20"] {
            assert_eq!(Subnet::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn an_address_says_its_bridge_and_a_bridge_its_gateway() {
        let subnet = Subnet::parse("10.64.16.0/20").unwrap();
        for (address, bridge, gateway) in [
            ("10.64.16.2", 0, "10.64.16.1"),
            ("10.64.17.254", 0, "10.64.16.1"),
            ("10.64.18.2", 1, "10.64.18.1"),
            ("10.64.31.254", 7, "10.64.30.1"),
        ] {
            assert_eq!(subnet.bridge_of(address.parse().unwrap()), Some(bridge), "{address}");
            assert_eq!(subnet.part(bridge).gateway().to_string(), gateway);
        }
        assert_eq!(subnet.bridge_of(Ipv4Addr::new(10, 64, 15, 255)), None);
        assert_eq!(subnet.bridge_of(Ipv4Addr::new(10, 64, 32, 0)), None);
        assert_eq!(subnet.part(1).to_string(), "10.64.18.0/23");
        assert_eq!(block("10.64.18.7/23").to_string(), "10.64.18.0/23");
        assert_eq!(block("0.0.0.0/0").to_string(), "0.0.0.0/0");
    }

    #[test]
    fn a_bridge_is_filled_before_the_next_one_is_begun_and_all_of_them_end() {
        let subnet = Subnet::parse("10.64.0.0/20").unwrap();
        let mut addresses = Addresses::default();
        let taken: Vec<_> = std::iter::from_fn(|| addresses.take(subnet)).collect();
        assert_eq!(taken.len(), INSTANCES);
        assert_eq!(taken[0].to_string(), "10.64.0.2");
        assert_eq!(taken[508].to_string(), "10.64.1.254");
        assert_eq!(taken[509].to_string(), "10.64.2.2");
        let bridges: Vec<_> = taken.iter().map(|address| subnet.bridge_of(*address).unwrap()).collect();
        assert!(bridges.is_sorted() && bridges.last() == Some(&(BRIDGES - 1)));
        assert!((0..BRIDGES).all(|bridge| !addresses.used.contains(&subnet.part(bridge).gateway())));
    }

    #[test]
    fn an_address_comes_again_after_all_others_of_its_bridge() {
        let subnet = Subnet::parse("10.64.0.0/20").unwrap();
        let mut addresses = Addresses::default();
        let first = addresses.take(subnet).unwrap();
        addresses.leave(first);
        addresses.keep(Ipv4Addr::new(10, 64, 0, 4));
        let next = std::iter::repeat_with(|| {
            let next = addresses.take(subnet).unwrap();
            addresses.leave(next);
            next.to_string()
        });
        let next: Vec<_> = next.take(508).collect();
        assert_eq!((next[0].as_str(), next[1].as_str()), ("10.64.0.3", "10.64.0.5"));
        assert_eq!((next[506].as_str(), next[507].as_str()), ("10.64.1.254", "10.64.0.2"), "after the last comes the first");
    }
}
