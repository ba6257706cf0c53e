//! What counts as one client, and how many connections each has: nobody may take all the places of a core.
//! Never asks who a client is: an address is all that is known at an accept. Source of truth: `limit.rs`; RFC 6177, by which even a small site has 64
//! bits of IPv6 addresses to itself.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard};

/// An IPv4 address, or the /64 of an IPv6 address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClientNetwork(IpAddr);

impl ClientNetwork {
    /// Whom an address belongs to.
    pub fn of(address: IpAddr) -> Self {
        const HOST_BITS: u32 = 64;
        Self(match address.to_canonical() {
            IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> HOST_BITS << HOST_BITS).into(),
            four @ IpAddr::V4(_) => four,
        })
    }
}

/// The connections of one core, by whom they are.
pub struct Visitors {
    each_max: usize,
    now: Mutex<HashMap<ClientNetwork, usize>>,
}

/// A connection that is counted until it is dropped.
pub struct Visit {
    visitors: Arc<Visitors>,
    network: ClientNetwork,
}

impl Visitors {
    /// Nobody yet; each may have so many.
    pub fn new(each_max: usize) -> Arc<Self> {
        Arc::new(Self { each_max, now: Mutex::default() })
    }

    /// Counts one more connection; `None` if its client has as many as one may have.
    pub fn enter(self: &Arc<Self>, network: ClientNetwork) -> Option<Visit> {
        let mut now = self.now();
        let count = now.entry(network).or_default();
        if *count >= self.each_max {
            return None;
        }
        *count += 1;
        Some(Visit { visitors: Arc::clone(self), network })
    }

    fn now(&self) -> MutexGuard<'_, HashMap<ClientNetwork, usize>> {
        self.now.lock().expect("nothing under this lock can panic")
    }
}

impl Drop for Visit {
    fn drop(&mut self) {
        let mut now = self.visitors.now();
        if let Some(count) = now.get_mut(&self.network) {
            *count -= 1;
            if *count == 0 {
                now.remove(&self.network);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(address: &str) -> ClientNetwork {
        ClientNetwork::of(address.parse().expect("an address"))
    }

    #[test]
    fn one_client_is_an_ipv4_address_or_64_bits_of_ipv6() {
        for (one, other, same) in [
            ("192.0.2.1", "::ffff:192.0.2.1", true),
            ("192.0.2.1", "192.0.2.2", false),
            ("2001:db8::1", "2001:db8::ffff:1", true),
            ("2001:db8::1", "2001:db8:0:1::1", false),
        ] {
            assert_eq!(network(one) == network(other), same, "{one} and {other}");
        }
    }

    #[test]
    fn who_has_as_many_as_one_may_have_gets_no_more_and_others_do() {
        let visitors = Visitors::new(2);
        let greedy = network("192.0.2.1");
        let first = visitors.enter(greedy).expect("the first");
        let _second = visitors.enter(greedy).expect("the second");
        assert!(visitors.enter(greedy).is_none());
        let other = visitors.enter(network("192.0.2.2")).expect("another client");
        drop(first);
        let _third = visitors.enter(greedy).expect("one has left");
        drop(other);
        assert_eq!(visitors.now().len(), 1, "who has left leaves nothing behind");
    }
}
