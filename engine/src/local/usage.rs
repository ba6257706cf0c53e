//! What instances use, read from their control groups and from one table of links.
//! Never asks for one instance alone: each hierarchy is opened once, and each file is three system calls. Never counts a
//! folder's files: that takes as long as there are many.
//! Source of truth: the kernel's cgroup-v1 (cpuacct, memory, pids) and cgroup-v2 pages; proc_pid_net(5), `net/dev`.

use std::collections::BTreeMap;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

use model::instance::InstanceName;
use model::instance_usage::{InstanceUsage, MemoryUsage, NetworkUsage};
use rustix::fs::{CWD, Mode, OFlags, openat};
use rustix::io::Errno;

use crate::limit::COUNTER_BYTES;

/// One controller's group of all our instances.
struct Groups {
    version: Version,
    folder: OwnedFd,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Version {
    One,
    Two,
}

/// A table of counters by link, as the host sees them.
type Links = BTreeMap<String, NetworkUsage>;

/// Of those of `names` that have a control group below `group`. `tree` is where the hierarchies are mounted, `links` the name of
/// each one's link, `table` the text of `net/dev`.
pub fn read(
    tree: &Path,
    group: &str,
    names: &[InstanceName],
    links: &BTreeMap<InstanceName, String>,
    table: &str,
) -> Vec<InstanceUsage> {
    let open = |controllers: &[&str]| Groups::open(tree, controllers, group);
    let (cpu, memory, processes) = (open(&["cpuacct", "cpu"]), open(&["memory"]), open(&["pids"]));
    let table = parse_links(table);
    let of = |name: &InstanceName| {
        let folder = name.to_string();
        let usage = InstanceUsage {
            name: name.clone(),
            cpu_micros: cpu.as_ref().and_then(|groups| groups.cpu_micros(&folder)),
            memory: memory.as_ref().and_then(|groups| groups.memory(&folder)),
            processes: processes.as_ref().and_then(|groups| groups.number(&folder, "pids.current")),
            scratch_bytes: None,
            network: links.get(name).and_then(|link| table.get(link)).copied(),
        };
        let runs = usage.cpu_micros.is_some() || usage.memory.is_some() || usage.processes.is_some();
        runs.then_some(usage)
    };
    names.iter().filter_map(of).collect()
}

impl Groups {
    /// The hierarchy of one of the controllers that is mounted: of version 1 by its own name, or of version 2, alone or beside
    /// the others. None if nobody has the controller, or we have no group there.
    fn open(tree: &Path, controllers: &[&str], group: &str) -> Option<Self> {
        let at = |hierarchy: &Path, version| {
            let folder = hierarchy.join(group.trim_start_matches('/'));
            let folder = openat(CWD, &folder, OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty()).ok()?;
            Some(Self { version, folder })
        };
        let version_1 = controllers.iter().find_map(|controller| at(&tree.join(controller), Version::One));
        version_1.or_else(|| {
            [tree.join("unified"), tree.to_owned()].iter().find_map(|tree| {
                let text = std::fs::read_to_string(tree.join("cgroup.controllers")).ok()?;
                let has = text.split_ascii_whitespace().any(|found| controllers.contains(&found));
                has.then(|| at(tree, Version::Two)).flatten()
            })
        })
    }

    /// A file of one instance's group as it is now.
    fn text<'a>(&self, folder: &str, file: &str, buffer: &'a mut [u8; COUNTER_BYTES]) -> Option<&'a str> {
        let file = openat(&self.folder, format!("{folder}/{file}"), OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty()).ok()?;
        let count = read_some(file.as_fd(), buffer).ok()?;
        std::str::from_utf8(&buffer[..count]).ok()
    }

    fn number(&self, folder: &str, file: &str) -> Option<u64> {
        self.text(folder, file, &mut [0; COUNTER_BYTES])?.trim().parse().ok()
    }

    /// The number after a key at a line's beginning.
    fn keyed(&self, folder: &str, file: &str, key: &str) -> Option<u64> {
        let mut buffer = [0; COUNTER_BYTES];
        let text = self.text(folder, file, &mut buffer)?;
        text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(' ')?.trim().parse().ok())
    }

    fn cpu_micros(&self, folder: &str) -> Option<u64> {
        match self.version {
            Version::One => Some(self.number(folder, "cpuacct.usage")? / 1000),
            Version::Two => self.keyed(folder, "cpu.stat", "usage_usec"),
        }
    }

    fn memory(&self, folder: &str) -> Option<MemoryUsage> {
        let [now, most, peak, events] = match self.version {
            Version::One => ["memory.usage_in_bytes", "memory.limit_in_bytes", "memory.max_usage_in_bytes", "memory.oom_control"],
            Version::Two => ["memory.current", "memory.max", "memory.peak", "memory.events"],
        };
        Some(MemoryUsage {
            bytes: self.number(folder, now)?,
            // Version 2 says `max`; version 1 says more than any machine has.
            bytes_max: self.number(folder, most).filter(|bytes| *bytes < 1 << 60),
            bytes_peak: self.number(folder, peak),
            killed: self.keyed(folder, events, "oom_kill"),
        })
    }
}

/// One read: these files are made when they are read, and are short.
fn read_some(file: impl AsFd, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match rustix::io::read(&file, &mut *buffer) {
            Err(Errno::INTR) => {}
            count => return Ok(count?),
        }
    }
}

/// `name: received bytes, packets, and six more; sent bytes, packets, and six more`. What the host receives, an instance has
/// sent.
fn parse_links(table: &str) -> Links {
    let line = |line: &str| {
        let (name, counters) = line.split_once(':')?;
        let counters: Vec<u64> = counters.split_ascii_whitespace().map_while(|field| field.parse().ok()).collect();
        let at = |index: usize| counters.get(index).copied();
        let usage = NetworkUsage { sent_bytes: at(0)?, sent_packets: at(1)?, received_bytes: at(8)?, received_packets: at(9)? };
        Some((name.trim().to_owned(), usage))
    };
    table.lines().filter_map(line).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::time::{Duration, Instant};

    use model::service::ServiceId;

    use super::*;

    const GROUP: &str = "/outrunner-0a1b2c3d";
    const TABLE: &str = "Inter-|   Receive  |  Transmit\n face |bytes packets errs\n    lo:  1 2 0 0 0 0 0 0 3 4 0 0 0 0 0 0\n\
         ov0a1b7: 700 7 0 0 0 0 0 0 9000 9 0 0 0 0 0 0\n";
    const VERSION_1: [(&str, &str, &str); 6] = [
        ("cpuacct", "cpuacct.usage", "1234567\n"),
        ("memory", "memory.usage_in_bytes", "4096\n"),
        ("memory", "memory.limit_in_bytes", "536870912\n"),
        ("memory", "memory.max_usage_in_bytes", "8192\n"),
        ("memory", "memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n"),
        ("pids", "pids.current", "3\n"),
    ];
    const VERSION_2: [(&str, &str); 6] = [
        ("cpu.stat", "usage_usec 1234\nuser_usec 1000\nsystem_usec 234\n"),
        ("memory.current", "4096\n"),
        ("memory.max", "536870912\n"),
        ("memory.peak", "8192\n"),
        ("memory.events", "low 0\nhigh 0\nmax 0\noom 0\noom_kill 2\noom_group_kill 0\n"),
        ("pids.current", "3\n"),
    ];

    fn name(slot: u16) -> InstanceName {
        InstanceName { service: ServiceId::from_random([7; 16]), revision: 1, slot }
    }

    /// Writes one instance's files into a hierarchy.
    fn put(hierarchy: &Path, slot: u16, file: &str, text: &str) {
        let folder = hierarchy.join(GROUP.trim_start_matches('/')).join(name(slot).to_string());
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(file), text).unwrap();
    }

    fn version_1(tree: &Path, slot: u16) {
        VERSION_1.iter().for_each(|(controller, file, text)| put(&tree.join(controller), slot, file, text));
    }

    fn version_2(tree: &Path, slot: u16) {
        fs::create_dir_all(tree).unwrap();
        fs::write(tree.join("cgroup.controllers"), "cpuset cpu io memory pids\n").unwrap();
        VERSION_2.iter().for_each(|(file, text)| put(tree, slot, file, text));
    }

    fn usage(tree: &Path, links: &BTreeMap<InstanceName, String>) -> Vec<InstanceUsage> {
        read(tree, GROUP, &[name(0), name(1)], links, TABLE)
    }

    #[test]
    fn both_versions_and_a_mixture_of_them_say_the_same() {
        let links = BTreeMap::from([(name(0), "ov0a1b7".to_owned())]);
        let expected = InstanceUsage {
            name: name(0),
            cpu_micros: Some(1234),
            memory: Some(MemoryUsage { bytes: 4096, bytes_max: Some(512 << 20), bytes_peak: Some(8192), killed: Some(2) }),
            processes: Some(3),
            scratch_bytes: None,
            network: Some(NetworkUsage { received_bytes: 9000, received_packets: 9, sent_bytes: 700, sent_packets: 7 }),
        };
        let check = |what: &str, fill: &dyn Fn(&Path)| {
            let tree = tempfile::tempdir().unwrap();
            fill(tree.path());
            assert_eq!(usage(tree.path(), &links), std::slice::from_ref(&expected), "{what}");
        };
        check("version 1", &|tree| version_1(tree, 0));
        check("version 2", &|tree| version_2(tree, 0));
        check("version 1 beside an empty version 2", &|tree| {
            version_1(tree, 0);
            put(&tree.join("unified"), 0, "cgroup.freeze", "0\n");
            fs::write(tree.join("unified/cgroup.controllers"), "hugetlb\n").unwrap();
        });
        check("memory and processes of version 2 beside version 1", &|tree| {
            version_2(&tree.join("unified"), 0);
            put(&tree.join("cpuacct"), 0, "cpuacct.usage", "1234567\n");
        });
        check("cpu and cpuacct mounted as one", &|tree| {
            version_1(tree, 0);
            fs::rename(tree.join("cpuacct"), tree.join("cpu")).unwrap();
        });
    }

    #[test]
    fn what_is_not_counted_is_none_and_who_does_not_run_is_left_out() {
        let tree = tempfile::tempdir().unwrap();
        assert!(usage(tree.path(), &BTreeMap::new()).is_empty(), "no hierarchy");
        version_2(tree.path(), 1);
        let folder = tree.path().join(GROUP.trim_start_matches('/')).join(name(1).to_string());
        fs::remove_file(folder.join("memory.peak")).unwrap();
        fs::write(folder.join("memory.max"), "max\n").unwrap();
        fs::write(folder.join("cpu.stat"), "nonsense\n").unwrap();
        let [found] = &usage(tree.path(), &BTreeMap::new())[..] else { panic!("one runs") };
        assert_eq!((found.name.clone(), found.cpu_micros, found.network), (name(1), None, None));
        assert_eq!(found.memory, Some(MemoryUsage { bytes: 4096, bytes_max: None, bytes_peak: None, killed: Some(2) }));

        let tree = tempfile::tempdir().unwrap();
        version_1(tree.path(), 0);
        put(&tree.path().join("memory"), 0, "memory.limit_in_bytes", "9223372036854771712\n");
        assert_eq!(usage(tree.path(), &BTreeMap::new())[0].memory.unwrap().bytes_max, None, "that is how version 1 says so");
    }

    #[test]
    fn a_thousand_instances_are_read_in_one_pass() {
        let tree = tempfile::tempdir().unwrap();
        let names: Vec<_> = (0..1000).map(name).collect();
        (0..1000).for_each(|slot| version_1(tree.path(), slot));
        let links: BTreeMap<_, _> = names.iter().map(|name| (name.clone(), format!("ov0a1b{}", name.slot))).collect();
        let table: String = (0..1000).map(|n| format!("ov0a1b{n}: 1 2 0 0 0 0 0 0 3 4 0 0 0 0 0 0\n")).collect();
        let took = |_| {
            let since = Instant::now();
            let usage = read(tree.path(), GROUP, &names, &links, &table);
            assert!(usage.len() == 1000 && usage.iter().all(|usage| usage.network.is_some()));
            since.elapsed()
        };
        let best = (0..5).map(took).min().unwrap();
        println!("a thousand instances of a fake tree: {best:?}");
        assert!(best < Duration::from_secs(5), "a hundred times what a quiet machine takes: {best:?}");
    }
}
