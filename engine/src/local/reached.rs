//! Destinations that are opened to single instances, with their present addresses.
//! Never opens anything itself (see `firewall`), and never an address that is no instance's business, whatever a name leads to.
//! Source of truth: each instance's berth; for names, the port `Hosts`, asked again once a minute; until it has answered, what
//! an earlier platform has written down in the run folder: a restart closes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, MutexGuard};

use futures_util::future::join_all;
use model::port::Hosts;
use model::reach::{Reach, may_be_reached};
use model::service::ServiceId;
use serde::{Deserialize, Serialize};
use tokio::sync::{Notify, Semaphore};
use tokio::time::{Instant, timeout};

use crate::limit::{HOSTS_AT_ONCE, HOSTS_AT_ONCE_OF_SERVICE, HOSTS_AWAITED, HOSTS_LOOKED_UP, NETWORK_SWEPT, WAYS};
use crate::local::berth::{Berth, write_private};
use crate::local::firewall::Way;
use crate::local::premises::Premises;

/// In the run folder: where names have led.
pub const REACHED_FILE: &str = "reached.json";
/// Version of that document.
const VERSION: u16 = 1;

/// What is open to whom.
pub struct Reached {
    premises: Premises,
    hosts: Arc<dyn Hosts>,
    known: Mutex<Known>,
    /// Look-ups at once.
    turns: Semaphore,
    /// Rung when there may be names that nobody has looked up.
    bell: Notify,
}

#[derive(Default)]
struct Known {
    /// By the instance's address.
    instances: BTreeMap<Ipv4Addr, Opened>,
    names: BTreeMap<String, Name>,
    /// Whether there are more ways than the firewall takes, and that was told.
    too_many: bool,
    /// As it was last written down.
    written: BTreeMap<String, Vec<Ipv4Addr>>,
}

/// One instance's.
struct Opened {
    service: ServiceId,
    reach: Vec<Reach>,
    /// Its service's, so that one with names that nobody answers for keeps no other waiting.
    turns: Arc<Semaphore>,
}

/// What is known of a name.
#[derive(Default)]
struct Name {
    addresses: Vec<Ipv4Addr>,
    /// When it is asked for again. None: it never was.
    due: Option<Instant>,
    /// How often in a row it has led nowhere, or could not be looked up.
    failures: u32,
}

#[derive(Serialize, Deserialize)]
struct Document {
    version: u16,
    addresses: BTreeMap<String, Vec<Ipv4Addr>>,
}

impl Known {
    fn open(&mut self, berth: &Berth) {
        let service = berth.name.service.clone();
        let same = self.instances.values().find(|opened| opened.service == service);
        let turns = same.map_or_else(|| Arc::new(Semaphore::new(HOSTS_AT_ONCE_OF_SERVICE)), |opened| opened.turns.clone());
        for reach in berth.reach.iter().filter(|reach| literal(&reach.host).is_none()) {
            self.names.entry(reach.host.clone()).or_default();
        }
        self.instances.insert(berth.address, Opened { service, reach: berth.reach.clone(), turns });
    }

    /// Names that no instance has any more are nobody's.
    fn forget_names(&mut self) {
        let Self { instances, names, .. } = self;
        names.retain(|name, _| instances.values().flat_map(|opened| &opened.reach).any(|reach| reach.host == *name));
    }

    fn is_due(&self, name: &str) -> bool {
        self.names.get(name).is_some_and(|name| name.due.is_none_or(|due| due <= Instant::now()))
    }
}

impl Reached {
    /// What an earlier platform has opened to its instances, whether they are there still or not (see `adopt`).
    pub fn of_an_earlier_platform(premises: &Premises, hosts: Arc<dyn Hosts>) -> Self {
        let mut known = Known::default();
        let folders = fs::read_dir(premises.shims()).into_iter().flatten().flatten();
        for berth in folders.filter_map(|entry| Berth::read(&entry.path()).ok()).filter(|berth| !berth.reach.is_empty()) {
            known.open(&berth);
        }
        known.written = written(premises);
        for (name, addresses) in &known.written {
            if let Some(name) = known.names.get_mut(name) {
                name.addresses = addresses.iter().copied().filter(|address| may_be_reached(*address)).collect();
            }
        }
        let turns = Semaphore::new(HOSTS_AT_ONCE);
        Self { premises: premises.clone(), hosts, known: Mutex::new(known), turns, bell: Notify::new() }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().expect("nothing panics while it holds what is open")
    }

    /// Exactly these run: what was open to others is closed. Waits for nobody: names are looked up beside.
    pub fn adopt(&self, berths: &[Berth]) {
        let mut known = self.known();
        known.instances.clear();
        berths.iter().filter(|berth| !berth.reach.is_empty()).for_each(|berth| known.open(berth));
        known.forget_names();
        drop(known);
        self.bell.notify_one();
    }

    /// Opens what an instance's berth names. Waits for names that were never looked up before, but not for all of many silent ones; one that leads nowhere is asked
    /// for again by whoever keeps them.
    pub async fn add(&self, berth: &Berth) {
        if berth.reach.is_empty() {
            return;
        }
        self.known().open(berth);
        let hosts: BTreeSet<&String> = berth.reach.iter().map(|reach| &reach.host).collect();
        let new = hosts.into_iter().filter(|host| self.known().names.get(*host).is_some_and(|name| name.due.is_none()));
        let new: Vec<&String> =
            new.filter(|host| self.known().names.get(*host).is_some_and(|name| name.addresses.is_empty())).collect();
        let looked_up = join_all(new.into_iter().map(|host| self.look_up(&berth.name.service, host)));
        if timeout(HOSTS_AWAITED, looked_up).await.is_err() {
            self.bell.notify_one();
        }
    }

    /// Closes all that was open to an instance.
    pub fn remove(&self, instance: Ipv4Addr) {
        let mut known = self.known();
        if known.instances.remove(&instance).is_some() {
            known.forget_names();
        }
    }

    /// Waits until there may be names to look up.
    pub async fn rung(&self) {
        let _ = timeout(NETWORK_SWEPT, self.bell.notified()).await;
    }

    /// The names whose time has come, each with one of the services that have it.
    pub fn due(&self) -> BTreeMap<String, ServiceId> {
        let known = self.known();
        let all = known.instances.values().flat_map(|opened| opened.reach.iter().map(|reach| (&reach.host, &opened.service)));
        all.filter(|(host, _)| known.is_due(host)).map(|(host, service)| (host.clone(), service.clone())).collect()
    }

    /// How many names are asked for at this moment.
    pub fn asked(&self) -> usize {
        HOSTS_AT_ONCE - self.turns.available_permits()
    }

    /// Asks for a name, when it is its service's turn, unless somebody has meanwhile.
    pub async fn look_up(&self, service: &ServiceId, host: &str) {
        let of_service =
            self.known().instances.values().find(|opened| opened.service == *service).map(|opened| opened.turns.clone());
        let Some(of_service) = of_service else { return };
        let _turn = of_service.acquire().await.expect("the semaphore is never closed");
        let _turn = self.turns.acquire().await.expect("the semaphore is never closed");
        if !self.known().is_due(host) {
            return;
        }
        let found = self.hosts.addresses(host).await;
        let mut known = self.known();
        let Some(name) = known.names.get_mut(host) else { return };
        let fails = match found {
            Ok(addresses) => {
                name.addresses = addresses.into_iter().filter(|address| may_be_reached(*address)).collect();
                name.addresses.is_empty()
            }
            // The old addresses stay: they are more likely right than none. Told once, however often it is tried.
            Err(trouble) => {
                if name.failures == 0 {
                    tracing::warn!(host, cause = %trouble.chain(), "a destination of instances cannot be looked up; it is tried again");
                }
                true
            }
        };
        name.failures = if fails { name.failures.saturating_add(1) } else { 0 };
        name.due = Some(Instant::now() + asked_again(name.failures));
        if let Err(error) = self.write(&mut known) {
            tracing::warn!(cause = %error, "where destinations of instances lead cannot be written down; a restart closes them for a moment");
        }
    }

    fn write(&self, known: &mut Known) -> io::Result<()> {
        let there = known.names.iter().filter(|(_, name)| !name.addresses.is_empty());
        let addresses: BTreeMap<_, _> = there.map(|(host, name)| (host.clone(), name.addresses.clone())).collect();
        if addresses != known.written {
            let document = Document { version: VERSION, addresses };
            write_private(&self.premises.run().join(REACHED_FILE), &serde_json::to_vec(&document)?)?;
            known.written = document.addresses;
        }
        Ok(())
    }

    /// Everything that should be open, up to a limit.
    pub fn ways(&self) -> BTreeSet<Way> {
        let mut known = self.known();
        let mut ways = BTreeSet::new();
        for (instance, opened) in &known.instances {
            for reach in &opened.reach {
                let own = literal(&reach.host);
                let named = known.names.get(&reach.host).map(|name| name.addresses.as_slice()).unwrap_or_default();
                ways.extend(own.iter().chain(named).map(|address| (*instance, *address, reach.port)));
            }
        }
        let all = ways.len();
        if all > WAYS {
            ways = ways.into_iter().take(WAYS).collect();
        }
        if (all > WAYS) != known.too_many {
            known.too_many = all > WAYS;
            if known.too_many {
                tracing::error!(
                    all,
                    limit = WAYS,
                    "instances have more destinations together than the firewall takes; some are closed"
                );
            }
        }
        ways
    }
}

/// A host that is an address leads to itself.
fn literal(host: &str) -> Option<Ipv4Addr> {
    host.parse().ok().filter(|address| may_be_reached(*address))
}

/// What an earlier platform has written down. What cannot be read is looked up.
fn written(premises: &Premises) -> BTreeMap<String, Vec<Ipv4Addr>> {
    let text = fs::read(premises.run().join(REACHED_FILE)).unwrap_or_default();
    let document = serde_json::from_slice::<Document>(&text).ok().filter(|document| document.version == VERSION);
    document.map(|document| document.addresses).unwrap_or_default()
}

/// The time until a name is asked for again: soon after a first failure, then less and less often.
fn asked_again(failures: u32) -> std::time::Duration {
    match failures.checked_sub(1) {
        None => HOSTS_LOOKED_UP,
        Some(before) => NETWORK_SWEPT.saturating_mul(1 << before.min(8)).min(HOSTS_LOOKED_UP),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_fails_is_asked_for_soon_and_then_no_more_often_than_others() {
        let seconds: Vec<u64> = [0, 1, 2, 3, 20, u32::MAX].map(|failures| asked_again(failures).as_secs()).into();
        assert_eq!(seconds, [60, 3, 6, 12, 60, 60]);
    }
}
