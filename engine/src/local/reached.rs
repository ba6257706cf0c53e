//! Destinations that are opened to single instances, with their present addresses.
//! Never opens anything itself (see `firewall`), and never an address that is no instance's business, whatever a name leads to.
//! Source of truth: each instance's berth; for names, the port `Hosts`, asked again once a minute.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, MutexGuard};

use futures_util::future::join_all;
use model::port::Hosts;
use model::reach::{Reach, may_be_reached};
use tokio::time::Instant;

use crate::limit::HOSTS_LOOKED_UP;
use crate::local::berth::Berth;
use crate::local::firewall::Way;

/// What is open to whom.
pub struct Reached {
    hosts: Arc<dyn Hosts>,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    /// By the instance's address.
    instances: BTreeMap<Ipv4Addr, Vec<Reach>>,
    addresses: BTreeMap<String, Vec<Ipv4Addr>>,
    looked_up: Option<Instant>,
    /// Names of which it was told that they cannot be looked up.
    failing: BTreeSet<String>,
}

impl Reached {
    /// Nothing is open yet.
    pub fn new(hosts: Arc<dyn Hosts>) -> Self {
        Self { hosts, known: Mutex::default() }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().expect("nothing panics while it holds what is open")
    }

    /// Opens what an instance's berth names. A name that leads nowhere now is asked for again.
    pub async fn add(&self, berth: &Berth) {
        if berth.reach.is_empty() {
            return;
        }
        join_all(berth.reach.iter().map(|reach| self.look_up(&reach.host))).await;
        self.known().instances.insert(berth.address, berth.reach.clone());
    }

    /// Closes all that was open to an instance.
    pub fn remove(&self, instance: Ipv4Addr) {
        let mut known = self.known();
        known.instances.remove(&instance);
        let Known { instances, addresses, failing, .. } = &mut *known;
        let is_named = |host: &String| instances.values().flatten().any(|reach| reach.host == *host);
        addresses.retain(|host, _| is_named(host));
        failing.retain(is_named);
    }

    /// Asks for every name again, once a minute; for those that lead nowhere, whenever this is called.
    pub async fn look_up_again(&self) {
        let hosts: BTreeSet<String> = {
            let mut known = self.known();
            let due = known.looked_up.is_none_or(|at| at.elapsed() >= HOSTS_LOOKED_UP);
            if due {
                known.looked_up = Some(Instant::now());
            }
            let all = known.instances.values().flatten().map(|reach| &reach.host);
            all.filter(|host| due || known.addresses.get(*host).is_none_or(Vec::is_empty)).cloned().collect()
        };
        join_all(hosts.iter().map(|host| self.look_up(host))).await;
    }

    async fn look_up(&self, host: &str) {
        match self.hosts.addresses(host).await {
            Ok(addresses) => {
                let addresses: Vec<Ipv4Addr> = addresses.into_iter().filter(|address| may_be_reached(*address)).collect();
                let mut known = self.known();
                known.failing.remove(host);
                known.addresses.insert(host.to_owned(), addresses);
            }
            // The old addresses stay: they are more likely right than none. Told once, however often it is tried.
            Err(trouble) if self.known().failing.insert(host.to_owned()) => {
                tracing::warn!(host, trouble = %trouble.chain(), "a destination of instances cannot be looked up; it is tried again");
            }
            Err(_) => {}
        }
    }

    /// Everything that should be open.
    pub fn ways(&self) -> BTreeSet<Way> {
        let known = self.known();
        let ways = known.instances.iter().flat_map(|(instance, all)| {
            let known = &known;
            all.iter().flat_map(move |reach| {
                let addresses = known.addresses.get(&reach.host).into_iter().flatten();
                addresses.map(move |address| (*instance, *address, reach.port))
            })
        });
        ways.collect()
    }
}
