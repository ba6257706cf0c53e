//! Control groups of instances: the few writes that the runtime does not do for us.
//! Never makes a group: the runtime does. Works on version 1, version 2 and both at once.
//! Source of truth: the kernel's cgroup-v1 and cgroup-v2 pages.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use rustix::process::{Pid, Signal, kill_process};

use crate::limit::{CPU_PERIOD_MICROS, KILL_ROUNDS};

/// Where the hierarchies are.
pub const ROOT: &str = "/sys/fs/cgroup";

/// Microseconds of CPU in each period for so many units; 1024 are one vCPU.
pub fn quota(cpu_units: u32) -> u64 {
    u64::from(cpu_units) * CPU_PERIOD_MICROS / 1024
}

/// Changes the CPU quota of a running instance.
pub fn set_cpu(cgroup: &str, cpu_units: u32) -> io::Result<()> {
    set_cpu_in(Path::new(ROOT), cgroup, cpu_units)
}

fn set_cpu_in(tree: &Path, cgroup: &str, cpu_units: u32) -> io::Result<()> {
    let quota = quota(cpu_units);
    let group = cgroup.trim_start_matches('/');
    let version_1 = tree.join("cpu").join(group).join("cpu.cfs_quota_us");
    if version_1.exists() {
        return fs::write(version_1, quota.to_string());
    }
    let both = tree.join("unified").join(group).join("cpu.max");
    let version_2 = if both.exists() { both } else { tree.join(group).join("cpu.max") };
    // Never made: a folder that is no control group would swallow the limit.
    File::options().write(true).open(version_2)?.write_all(format!("{quota} {CPU_PERIOD_MICROS}").as_bytes())
}

/// How this machine has its control groups, and which of those that instances need are not there.
pub fn layout() -> (&'static str, Vec<&'static str>) {
    let root = Path::new(ROOT);
    if let Ok(controllers) = fs::read_to_string(root.join("cgroup.controllers")) {
        let has = |name: &&str| controllers.split_whitespace().any(|controller| controller == *name);
        return ("version 2", ["cpu", "memory", "pids"].into_iter().filter(|name| !has(name)).collect());
    }
    let layout = if root.join("unified/cgroup.procs").exists() { "version 1 beside version 2" } else { "version 1" };
    (layout, ["cpu", "memory", "pids", "devices", "freezer"].into_iter().filter(|name| !root.join(name).is_dir()).collect())
}

/// Whether a limit on memory and swap together can be set.
pub fn counts_swap() -> bool {
    let version_1 = format!("{ROOT}/memory/memory.memsw.limit_in_bytes");
    Path::new(&version_1).exists() || Path::new(ROOT).join("cgroup.controllers").exists()
}

/// Moves an instance's memory to the host's swap as far as the kernel likes, and gives back what it has read from files.
/// Takes as long as the disk. Nothing is said when nothing comes of it: the instance only costs more.
pub fn page_out(cgroup: &str) {
    let version_1 = format!("{ROOT}/memory{cgroup}/memory.force_empty");
    if Path::new(&version_1).exists() {
        let _ = fs::write(version_1, "0");
        return;
    }
    let used = fs::read_to_string(format!("{ROOT}{cgroup}/memory.current")).unwrap_or_default();
    let _ = fs::write(format!("{ROOT}{cgroup}/memory.reclaim"), used.trim());
}

/// Ends every process of an instance at once, frozen ones too; on version 1 alone, frozen ones as soon as they are thawed.
/// A group that is not there has none.
pub fn kill(cgroup: &str) {
    let version_2 = [format!("{ROOT}/unified{cgroup}/cgroup.kill"), format!("{ROOT}{cgroup}/cgroup.kill")];
    // A runtime that must not see version 2 makes no group there: the processes are where its limits are.
    if version_2.iter().filter(|file| fs::write(file, "1").is_ok()).count() == 0 {
        kill_one_by_one(cgroup);
    }
}

/// The way of version 1: frozen, so that nobody is born while they are counted, and thawed to die.
fn kill_one_by_one(cgroup: &str) {
    let freezer = format!("{ROOT}/freezer{cgroup}/freezer.state");
    let _ = fs::write(&freezer, "FROZEN");
    let mut killed = BTreeSet::new();
    for _ in 0..KILL_ROUNDS {
        let found: BTreeSet<i32> = processes(cgroup).difference(&killed).copied().collect();
        if found.is_empty() {
            break;
        }
        // Frozen they keep their ids. Where nothing freezes, whoever is born meanwhile is found in the next round.
        for process in found.iter().filter_map(|id| Pid::from_raw(*id)) {
            let _ = kill_process(process, Signal::KILL);
        }
        killed.extend(found);
    }
    let _ = fs::write(&freezer, "THAWED");
}

/// The ids of an instance's processes.
fn processes(cgroup: &str) -> BTreeSet<i32> {
    let files = hierarchies(cgroup).into_iter().filter_map(|hierarchy| fs::read_to_string(hierarchy.join("cgroup.procs")).ok());
    files.flat_map(|file| file.lines().filter_map(|line| line.parse().ok()).collect::<Vec<_>>()).collect()
}

/// Whether an instance has a process left.
pub fn is_empty(cgroup: &str) -> bool {
    processes(cgroup).is_empty()
}

/// The names of all that has a group below `cgroup`.
pub fn below(cgroup: &str) -> BTreeSet<String> {
    let entries = hierarchies(cgroup).into_iter().flat_map(|folder| fs::read_dir(folder).into_iter().flatten().flatten());
    let folders = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
    folders.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

/// Removes the group of all instances, once no instance has one below it any more.
pub fn remove(cgroup: &str) {
    for folder in hierarchies(cgroup) {
        for below in fs::read_dir(&folder).into_iter().flatten().flatten() {
            if below.file_type().is_ok_and(|kind| kind.is_dir()) {
                let _ = fs::remove_dir(below.path());
            }
        }
        let _ = fs::remove_dir(folder);
    }
}

/// The group's folders, one a hierarchy.
fn hierarchies(cgroup: &str) -> Vec<PathBuf> {
    let mut roots = vec![PathBuf::from(ROOT)];
    let entries = fs::read_dir(ROOT).into_iter().flatten().flatten();
    roots.extend(entries.map(|entry| entry.path()));
    roots.into_iter().map(|root| root.join(cgroup.trim_start_matches('/'))).filter(|path| path.is_dir()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cpu_is_limited_in_whichever_hierarchy_has_it() {
        for (file, expected) in [
            ("cpu/ours/one/cpu.cfs_quota_us", "25000"),
            ("ours/one/cpu.max", "25000 100000"),
            ("unified/ours/one/cpu.max", "25000 100000"),
        ] {
            let tree = tempfile::tempdir().unwrap();
            let path = tree.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            // Of a fake tree's files the old text is not cut off.
            fs::write(&path, "").unwrap();
            set_cpu_in(tree.path(), "/ours/one", 256).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), expected, "{file}");
            fs::remove_file(&path).unwrap();
            assert!(set_cpu_in(tree.path(), "/ours/one", 256).is_err(), "{file}: a limit that nobody keeps is none");
            assert!(!path.exists());
        }
    }
}
