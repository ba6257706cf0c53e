//! What the parts of the local engine share: names, ports, the network, and what its tasks have last seen.
//! Never the truth about an instance: that lies in its shim's folder.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use model::instance::{Elsewhere, InstanceName, InstanceSpec};
use model::port::{Bell, Blobs, Clock, Hosts, Ring};
use model::trouble::Trouble;

use crate::doing::Doing;
use crate::limit::{INSTANCES, LOOK_AGAIN};
use crate::local::berth::{Berth, Numbers};
use crate::local::ids;
use crate::local::image::Unpacker;
use crate::local::network::Network;
use crate::local::premises::Premises;
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
}

/// What the engine asks of others.
#[derive(Clone)]
pub struct Ports {
    /// Images' manifests and layers.
    pub blobs: Arc<dyn Blobs>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Rung when a phase changes.
    pub bell: Arc<dyn Bell>,
    /// Addresses of destinations that are opened to instances.
    pub hosts: Arc<dyn Hosts>,
}

/// What the task that cares for an instance has last seen.
#[derive(Debug, Clone, Default)]
pub struct Sight {
    /// See `InstancePhase::Starting`.
    pub last_probe: Option<String>,
    /// See `InstancePhase::Starting`.
    pub elsewhere: Option<Elsewhere>,
    /// What the last probe saw, while it is unwell. Measured anew by a new platform.
    pub unwell: Option<String>,
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
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    /// An entry for each instance that a task cares for.
    sights: BTreeMap<InstanceName, Sight>,
    addresses: Addresses,
    last_run: u64,
}

impl Machine {
    /// Nothing is seen yet.
    pub fn new(premises: Premises, settings: Settings, ports: Ports, network: Network) -> Self {
        let unpacker = Unpacker::new(ports.blobs.clone(), premises.layers());
        Self { premises, settings, ports, network, unpacker, seen: Mutex::default() }
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
        match self.seen().sights.entry(name.clone()) {
            Entry::Occupied(_) => None,
            Entry::Vacant(place) => {
                place.insert(Sight::default());
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
        self.seen().sights.get(name).cloned()
    }

    /// Changes what is seen of an instance.
    pub fn notice(&self, name: &InstanceName, change: impl FnOnce(&mut Sight)) {
        if let Some(sight) = self.seen().sights.get_mut(name) {
            change(sight);
        }
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
        seen.last_run = seen.last_run.max(berth.run);
    }

    /// Gives a new instance its numbers.
    pub fn take_berth(&self, spec: &InstanceSpec) -> Result<Berth, Trouble> {
        let doing = || format!("finding a place for {}", spec.name);
        let range = ids::take().doing(doing)?;
        let created_ms = self.ports.clock.now().millis();
        let mut seen = self.seen();
        let full = || format!("there are {INSTANCES} instances already, as many as a platform bears");
        let address = seen.addresses.take(self.network.subnet).ok_or_else(full).doing(doing)?;
        // The time, so that it grows over restarts too; more if the clock was set back meanwhile.
        seen.last_run = (seen.last_run + 1).max(u64::try_from(created_ms).unwrap_or(0));
        let link = format!("{}{}", self.premises.link_prefix(), base_36(range.number));
        let run = seen.last_run;
        Ok(Berth::new(spec, Numbers { created_ms, run, id_base: range.base, link, address }))
    }

    /// Takes a berth back.
    pub fn leave_berth(&self, berth: &Berth) {
        self.seen().addresses.leave(berth.address);
    }
}

/// A task cares for an instance as long as it holds this. Dropped in whatever way, whoever waits is told.
pub struct Care {
    machine: Arc<Machine>,
    name: InstanceName,
}

impl Drop for Care {
    fn drop(&mut self) {
        self.machine.seen().sights.remove(&self.name);
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

/// Removes a folder and all in it. Absence is success.
pub fn remove_folder(path: &Path) -> io::Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
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
