//! What the parts of the local engine share: names, ports, the network, and what its tasks have last seen.
//! Never the truth about an instance: that lies in its shim's folder.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};
use std::time::{Duration, Instant};

use model::instance::{Elsewhere, ExitCause, InstanceName, InstanceSpec};
use model::port::{Bell, Clock, Dice, Hosts, IdentityTokens, PinnedImages, Ring};
use model::trouble::Trouble;
use tokio::sync::{Semaphore, watch};

use crate::doing::Doing;
use crate::limit::{INSTANCES, LOOK_AGAIN, PAGING};
use crate::local::age;
use crate::local::berth::{Berth, Numbers};
use crate::local::confinement::Confinement;
use crate::local::door::Doors;
use crate::local::ids;
use crate::local::image::Unpacker;
use crate::local::network::Network;
use crate::local::premises::Premises;
use crate::local::scratch::{ScratchSettings, Scratches};
use crate::local::shim::Shim;
use crate::local::subnet::Addresses;

/// Where things are.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Everything that must survive.
    pub data_dir: PathBuf,
    /// The program `outrunner-shim`.
    pub shim: PathBuf,
    /// An OCI runtime with runc's command line.
    pub runtime: PathBuf,
    /// Where the front door listens: instances may go there, to their gateway's address.
    pub front_door_ports: Vec<u16>,
    /// What instances may write.
    pub scratch: ScratchSettings,
}

/// What the engine asks of others.
#[derive(Clone)]
pub struct Ports {
    /// Images' manifests and layers: the platform's own copies.
    pub blobs: Arc<dyn PinnedImages>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Rung when a phase changes.
    pub bell: Arc<dyn Bell>,
    /// Addresses of destinations that are opened to instances.
    pub hosts: Arc<dyn Hosts>,
    /// Whoever answers at instances' doors.
    pub doors: Arc<dyn Doors>,
    /// Chance, for their tokens.
    pub dice: Arc<dyn Dice>,
}

/// What the task that cares for an instance has last seen.
#[derive(Debug, Clone, Default)]
pub struct Sight {
    /// See `InstancePhase::Starting`.
    pub last_probe: Option<String>,
    /// See `InstancePhase::Starting`, and since when it is, by a clock that nobody sets.
    pub elsewhere: Option<(Elsewhere, Instant)>,
    /// What the last probe saw, while it is unwell. Measured anew by a new platform.
    pub unwell: Option<String>,
    /// Since when it cannot be woken, by a clock that nobody sets. Measured anew by a new platform.
    pub unwakeable: Option<Instant>,
    /// It was asked to begin while it was still being made ahead.
    pub wanted: bool,
    /// It was asked to end: nobody puts it to rest any more.
    pub ending: bool,
}

/// Shared by all tasks of one engine.
pub struct Machine {
    /// Names.
    pub premises: Premises,
    /// Programs.
    pub settings: Settings,
    /// Others.
    pub ports: Ports,
    /// The bridge.
    pub network: Network,
    /// Images.
    pub unpacker: Unpacker,
    /// What keeps every instance in.
    pub confinement: Confinement,
    /// Where instances write.
    pub scratches: Scratches,
    /// Held by whoever pages an instance out.
    pub paging: Semaphore,
    /// Who makes identity tokens, if somebody does.
    pub tokens: OnceLock<Arc<dyn IdentityTokens>>,
    seen: Mutex<Seen>,
}

/// What the parts that handle one instance share while a task cares for it.
#[derive(Debug, Default)]
struct Cared {
    sight: Sight,
    /// Grows whenever the instance is begun, put to rest or woken.
    stirs: watch::Sender<u64>,
    turn: Arc<Mutex<()>>,
}

#[derive(Debug, Default)]
struct Seen {
    /// An entry for each instance that a task cares for.
    cared: BTreeMap<InstanceName, Cared>,
    addresses: Addresses,
    last_run: u64,
    /// The host's side of each one's link.
    links: BTreeMap<InstanceName, String>,
    /// How those of which it was found out have ended, by their run.
    ends: BTreeMap<InstanceName, (u64, ExitCause)>,
}

impl Machine {
    /// Nothing is seen yet.
    pub fn new(
        premises: Premises,
        settings: Settings,
        ports: Ports,
        network: Network,
        confinement: Confinement,
        scratches: Scratches,
    ) -> Self {
        let unpacker = Unpacker::new(ports.blobs.clone(), premises.layers());
        let paging = Semaphore::new(PAGING);
        let (tokens, seen) = (OnceLock::new(), Mutex::default());
        Self { premises, settings, ports, network, unpacker, confinement, scratches, paging, tokens, seen }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().expect("nothing panics while it holds the sights")
    }

    /// An instance's shim.
    pub fn shim(&self, name: &InstanceName) -> Shim {
        Shim::at(self.premises.shim(name))
    }

    /// From here on a task cares for this instance. None if one does already.
    pub fn care_for(self: &Arc<Self>, name: &InstanceName) -> Option<Care> {
        match self.seen().cared.entry(name.clone()) {
            Entry::Occupied(_) => None,
            Entry::Vacant(place) => {
                place.insert(Cared::default());
                Some(Care { machine: self.clone(), name: name.clone() })
            }
        }
    }

    /// Something about this instance has changed.
    pub fn ring(&self, name: &InstanceName) {
        self.ports.bell.ring(&Ring::Service(name.service.clone()));
    }

    /// What its task has last seen; none if no task cares for it.
    pub fn sight(&self, name: &InstanceName) -> Option<Sight> {
        self.seen().cared.get(name).map(|cared| cared.sight.clone())
    }

    /// Instances that a task cares for.
    pub fn cared_for(&self) -> Vec<InstanceName> {
        self.seen().cared.keys().cloned().collect()
    }

    /// Changes what is seen of an instance.
    pub fn notice(&self, name: &InstanceName, change: impl FnOnce(&mut Sight)) {
        if let Some(cared) = self.seen().cared.get_mut(name) {
            change(&mut cared.sight);
        }
    }

    /// The instance was begun, put to rest or woken: what was asked of it before says nothing any more, and whoever waits looks
    /// again. Answers how often that has been; none if no task cares for it.
    pub fn stir(&self, name: &InstanceName) -> Option<u64> {
        let seen = self.seen();
        let stirs = &seen.cared.get(name)?.stirs;
        stirs.send_modify(|stirs| *stirs += 1);
        let now = *stirs.borrow();
        Some(now)
    }

    /// Hears of each `stir` from here on; none if no task cares for it.
    pub fn stirs(&self, name: &InstanceName) -> Option<watch::Receiver<u64>> {
        self.seen().cared.get(name).map(|cared| cared.stirs.subscribe())
    }

    /// Held while an instance is put to rest or woken: one after the other. None if no task cares for it.
    pub fn turn(&self, name: &InstanceName) -> Option<Arc<Mutex<()>>> {
        self.seen().cared.get(name).map(|cared| cared.turn.clone())
    }

    /// Waits until no task cares for the instance. True if that came in time.
    pub async fn uncared(&self, name: &InstanceName, within: Duration) -> bool {
        let wait = async {
            while self.sight(name).is_some() {
                tokio::time::sleep(LOOK_AGAIN).await;
            }
        };
        tokio::time::timeout(within, wait).await.is_ok()
    }

    /// An address and a run that are in use already.
    pub fn keep_berth(&self, berth: &Berth) {
        let mut seen = self.seen();
        seen.addresses.keep(berth.address);
        seen.links.insert(berth.name.clone(), berth.link.clone());
        seen.last_run = seen.last_run.max(berth.run);
    }

    /// Gives a new instance its numbers.
    pub async fn take_berth(&self, spec: &InstanceSpec) -> Result<Berth, Trouble> {
        let doing = || format!("finding a place for {}", spec.name);
        let range = ids::take().await.doing(doing)?;
        let created_ms = self.ports.clock.now().millis();
        let created_uptime_ms = age::uptime().and_then(|age| u64::try_from(age.as_millis()).ok());
        let mut seen = self.seen();
        let full = || format!("there are {INSTANCES} instances already, as many as a platform bears");
        let address = seen.addresses.take(self.network.subnet).ok_or_else(full).doing(doing)?;
        // The time, so that it grows over restarts too; more if the clock was set back meanwhile.
        seen.last_run = (seen.last_run + 1).max(u64::try_from(created_ms).unwrap_or(0));
        let link = format!("{}{}", self.premises.link_prefix(), base_36(range.number));
        let run = seen.last_run;
        seen.links.insert(spec.name.clone(), link.clone());
        Ok(Berth::new(spec, Numbers { created_ms, created_uptime_ms, run, id_base: range.base, link, address }))
    }

    /// Takes a berth back.
    pub fn leave_berth(&self, berth: &Berth) {
        let mut seen = self.seen();
        seen.addresses.leave(berth.address);
        // The next one of this name may have a link already.
        if seen.links.get(&berth.name) == Some(&berth.link) {
            seen.links.remove(&berth.name);
        }
        if seen.ends.get(&berth.name).is_some_and(|(run, _)| *run == berth.run) {
            seen.ends.remove(&berth.name);
        }
    }

    /// How an instance has ended. Found out once: that may mean to look through its image, and an end does not change.
    pub fn end(&self, berth: &Berth, find_out: impl FnOnce() -> io::Result<ExitCause>) -> io::Result<ExitCause> {
        if let Some((_, end)) = self.seen().ends.get(&berth.name).filter(|(run, _)| *run == berth.run) {
            return Ok(end.clone());
        }
        let end = find_out()?;
        let mut seen = self.seen();
        // Of one that was discarded meanwhile nobody would forget it.
        if seen.links.contains_key(&berth.name) {
            seen.ends.insert(berth.name.clone(), (berth.run, end.clone()));
        }
        Ok(end)
    }

    /// The link of each instance, by the name of its side on the host.
    pub fn links(&self) -> BTreeMap<InstanceName, String> {
        self.seen().links.clone()
    }
}

/// A task cares for an instance as long as it holds this. Dropped in whatever way, whoever waits is told.
pub struct Care {
    machine: Arc<Machine>,
    name: InstanceName,
}

impl Drop for Care {
    fn drop(&mut self) {
        self.machine.seen().cared.remove(&self.name);
        self.machine.ring(&self.name);
        self.machine.ports.bell.ring(&Ring::Output(self.name.service.clone()));
    }
}

/// The shortest name for a number that a link may have.
fn base_36(mut number: u64) -> String {
    let mut letters = Vec::new();
    loop {
        let digit = u32::try_from(number % 36).expect("less than 36");
        letters.push(char::from_digit(digit, 36).expect("less than 36"));
        number /= 36;
        if number == 0 {
            return letters.iter().rev().collect();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_links_number_is_short() {
        assert_eq!(["0", "z", "10", "1ben"], [0, 35, 36, 61_439].map(base_36).each_ref().map(String::as_str));
    }
}
