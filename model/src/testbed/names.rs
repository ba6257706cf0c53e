//! Resolvers in memory: names and addresses that a test gives them.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Mutex;

use crate::port::{Answer, Granted, Hosts, Resolver};
use crate::refusal::{Refusal, RefusalKind};
use crate::testbed::ledger::ready;

/// Names in lower case, without a last dot. Addresses of this machine and of private networks are denied, as by the real policy.
#[derive(Clone, Debug, Default)]
pub struct MemoryResolver(pub BTreeMap<String, Vec<IpAddr>>);

impl Resolver for MemoryResolver {
    fn resolve<'a>(&'a self, host: &'a str) -> Answer<'a, Granted<Vec<IpAddr>>> {
        let name = host.trim_end_matches('.').to_ascii_lowercase();
        let addresses = match (name.parse::<IpAddr>(), self.0.get(&name)) {
            (Ok(address), _) => vec![address],
            (Err(_), Some(addresses)) => addresses.clone(),
            (Err(_), None) => return ready(Err(Refusal::not_found(format!("The name {host} does not exist.")))),
        };
        let outside: Vec<IpAddr> = addresses.into_iter().filter(is_outside).collect();
        if outside.is_empty() {
            let message = format!("The name {host} only leads to places that nothing may reach through the platform.");
            return ready(Err(Refusal::new(RefusalKind::Denied, message)));
        }
        ready(Ok(outside))
    }
}

fn is_outside(address: &IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => !(address.is_loopback() || address.is_private() || address.is_link_local()),
        IpAddr::V6(address) => !(address.is_loopback() || address.is_unique_local()),
    }
}

/// Every address of every name, private ones too; a test may change it meanwhile.
#[derive(Debug, Default)]
pub struct MemoryHosts(pub Mutex<BTreeMap<String, Vec<Ipv4Addr>>>);

impl Hosts for MemoryHosts {
    fn addresses<'a>(&'a self, host: &'a str) -> Answer<'a, Vec<Ipv4Addr>> {
        let names = self.0.lock().expect("no test panics while it holds the names");
        let own = host.parse().ok().map(|address| vec![address]);
        ready(own.or_else(|| names.get(host).cloned()).unwrap_or_default())
    }
}
