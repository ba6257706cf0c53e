//! The numbers that one instance has been given, kept in its folder so that the next platform finds them.
//! Never a secret: its environment stands in the runtime's bundle only.
//! Source of truth for what is taken on the machine: all berths of all platforms.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::net::Ipv4Addr;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use model::health::Health;
use model::instance::InstanceName;
use model::reach::Reach;
use serde::{Deserialize, Serialize};

/// Version of the document that this code writes.
const VERSION: u16 = 1;
const FILE: &str = "berth.json";

/// One instance's numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Berth {
    /// Of this document.
    version: u16,
    /// Whose it is.
    pub name: InstanceName,
    /// When it was asked for; milliseconds since 1970.
    pub created_ms: i64,
    /// The same since the machine began, where it was known: nobody can set that clock.
    #[serde(default)]
    pub created_uptime_ms: Option<u64>,
    /// Which life of this name.
    pub run: u64,
    /// First of its ids on the host.
    pub id_base: u32,
    /// Our end of its link.
    pub link: String,
    /// Its own address.
    pub address: Ipv4Addr,
    /// Where it is told to listen.
    pub port: u16,
    /// How it is asked.
    pub health: Health,
    /// 1024 are one vCPU; what it has once it is healthy.
    pub cpu_units: u32,
    /// Private destinations that are open to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reach: Vec<Reach>,
}

/// What a berth is made of.
pub struct Numbers {
    /// See `Berth::created_ms`.
    pub created_ms: i64,
    /// See `Berth::created_uptime_ms`.
    pub created_uptime_ms: Option<u64>,
    /// See `Berth::run`.
    pub run: u64,
    /// See `Berth::id_base`.
    pub id_base: u32,
    /// See `Berth::link`.
    pub link: String,
    /// See `Berth::address`.
    pub address: Ipv4Addr,
}

impl Berth {
    /// For an instance that is asked for.
    pub fn new(spec: &model::instance::InstanceSpec, numbers: Numbers) -> Self {
        let Numbers { created_ms, created_uptime_ms, run, id_base, link, address } = numbers;
        Self {
            version: VERSION,
            name: spec.name.clone(),
            created_ms,
            created_uptime_ms,
            run,
            id_base,
            link,
            address,
            port: spec.port,
            health: spec.health.clone(),
            cpu_units: spec.size.cpu_units,
            reach: spec.reach.clone(),
        }
    }

    /// Whether a folder is an instance's: one without a berth is what is left of one.
    pub fn is_in(folder: &Path) -> io::Result<bool> {
        folder.join(FILE).try_exists()
    }

    /// From an instance's folder; none if there is none in it.
    pub fn find(folder: &Path) -> io::Result<Option<Self>> {
        match Self::read(folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            berth => berth.map(Some),
        }
    }

    /// From an instance's folder.
    pub fn read(folder: &Path) -> io::Result<Self> {
        let berth: Self = serde_json::from_slice(&fs::read(folder.join(FILE))?)?;
        if berth.version > VERSION {
            return Err(io::Error::other(format!("the berth has version {}, newer than {VERSION}", berth.version)));
        }
        Ok(berth)
    }

    /// Into an instance's folder.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        write_private(&folder.join(FILE), &serde_json::to_vec_pretty(self)?)
    }
}

/// The Ethernet address that goes with an address, so that nobody ever has to ask:
/// `02:42:` and the four bytes of the address.
pub fn hardware_address(address: Ipv4Addr) -> [u8; 6] {
    let [a, b, c, d] = address.octets();
    [0x02, 0x42, a, b, c, d]
}

/// Writes a file that nobody but root may read, complete or not at all.
pub fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let new = path.with_extension("new");
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new)?;
    file.write_all(bytes)?;
    fs::rename(new, path)
}

#[cfg(test)]
mod tests {
    use model::service::ServiceId;

    use super::*;

    const GOLDEN: &str = include_str!("../../tests/golden/berth.json");

    #[test]
    fn a_berth_is_written_as_it_always_was_and_read_back() {
        let berth = Berth {
            version: VERSION,
            name: InstanceName { service: ServiceId::from_random([7; 16]), revision: 3, slot: 1 },
            created_ms: 1_764_100_000_000,
            created_uptime_ms: Some(5_000),
            run: 1_764_100_000_000,
            id_base: 0x1000_0000,
            link: "ov0a1b7".to_owned(),
            address: Ipv4Addr::new(10, 64, 16, 2),
            port: 8080,
            health: Health::default(),
            cpu_units: 256,
            reach: Vec::new(),
        };
        let folder = tempfile::tempdir().unwrap();
        berth.write(folder.path()).unwrap();
        let written = fs::read_to_string(folder.path().join(FILE)).unwrap();
        assert_eq!(written.trim(), GOLDEN.trim());
        assert_eq!(Berth::read(folder.path()).unwrap(), berth);
        assert_eq!(hardware_address(berth.address), [0x02, 0x42, 10, 64, 16, 2]);

        fs::write(folder.path().join(FILE), GOLDEN.replacen("\"version\": 1", "\"version\": 2", 1)).unwrap();
        assert!(Berth::read(folder.path()).unwrap_err().to_string().contains("newer"));
    }
}
