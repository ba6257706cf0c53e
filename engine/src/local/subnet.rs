//! The /20 that a platform's instances live in, and the addresses in it.
//! Never asks the machine anything: what is taken arrives as an argument.
//! Source of truth: the design, section 3, and the engine recipe, section 9.

use std::collections::BTreeSet;
use std::fmt;
use std::net::Ipv4Addr;

use crate::limit::INSTANCES;

/// Bits of the network.
pub const PREFIX: u8 = 20;
const SIZE: u32 = 1 << (32 - PREFIX);

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

    fn overlaps(self, other: Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }
}

/// A platform's network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subnet(u32);

impl Subnet {
    /// The first /20 from the seed's place on, in 10.64.0.0/10 and then around, that touches nothing that is taken.
    pub fn choose(seed: [u8; 2], taken: &[Block]) -> Option<Self> {
        const FIRST: u32 = 10 << 24 | 64 << 16;
        const COUNT: u32 = (128 << 16) / SIZE;
        let start = (u32::from(seed[0] % 128) << 16 | u32::from(seed[1] & 0xf0) << 8) / SIZE;
        let places = (0..COUNT).map(|step| Self(FIRST + (start + step) % COUNT * SIZE));
        places.into_iter().find(|place| !taken.iter().any(|block| block.overlaps(place.block())))
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

    /// The bridge's own address.
    pub fn gateway(self) -> Ipv4Addr {
        Ipv4Addr::from_bits(self.0 + 1)
    }
}

/// The addresses of a platform's instances.
#[derive(Debug, Default)]
pub struct Addresses {
    used: BTreeSet<Ipv4Addr>,
    last: Option<Ipv4Addr>,
}

impl Addresses {
    /// An address that an earlier platform has given out.
    pub fn keep(&mut self, address: Ipv4Addr) {
        self.used.insert(address);
    }

    /// A free one, the longest unused first, so that a late packet for a dead instance does not reach a new one. None when
    /// there are as many instances as a bridge bears.
    pub fn take(&mut self, subnet: Subnet) -> Option<Ipv4Addr> {
        if self.used.len() >= INSTANCES {
            return None;
        }
        // Not the network's own, the gateway's and the broadcast address.
        let (first, count) = (subnet.0 + 2, SIZE - 3);
        let start = self.last.map_or(0, |last| last.to_bits().wrapping_sub(first) % count + 1);
        let free = (0..count).map(|step| Ipv4Addr::from_bits(first + (start + step) % count));
        let address = free.into_iter().find(|address| !self.used.contains(address));
        let address = address.expect("a /20 has more addresses than a bridge has ports");
        self.used.insert(address);
        self.last = Some(address);
        Some(address)
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
    fn addresses_go_around_and_end_when_the_bridge_is_full() {
        let subnet = Subnet::parse("10.64.0.0/20").unwrap();
        let mut addresses = Addresses::default();
        let taken: BTreeSet<_> = std::iter::from_fn(|| addresses.take(subnet)).collect();
        assert_eq!(taken.len(), INSTANCES);
        assert_eq!(taken.first().unwrap().to_string(), "10.64.0.2");
        let mut last = None;
        for _ in 0..4093 {
            addresses.leave(last.unwrap_or(*taken.first().unwrap()));
            last = addresses.take(subnet);
        }
        assert!(addresses.take(subnet).is_none());
        let used = std::mem::take(&mut addresses.used);
        assert!(used.iter().all(|address| subnet.block().overlaps(Block::new(*address, 32))));
        assert!(!used.contains(&subnet.gateway()));
        addresses.last = Some(Ipv4Addr::new(10, 64, 15, 254));
        assert_eq!(addresses.take(subnet).unwrap().to_string(), "10.64.0.2", "after the last comes the first");
        addresses.keep(Ipv4Addr::new(10, 64, 0, 3));
        assert_eq!(addresses.take(subnet).unwrap().to_string(), "10.64.0.4");
    }
}
