//! Control groups of instances: the few writes that the runtime does not do for us.
//! Never makes a group: the runtime does. Works on version 1, version 2 and both at once.
//! Source of truth: the kernel's cgroup-v1 and cgroup-v2 pages.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::limit::CPU_PERIOD_MICROS;

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

/// Whether a limit on memory and swap together can be set.
pub fn counts_swap() -> bool {
    let version_1 = format!("{ROOT}/memory/memory.memsw.limit_in_bytes");
    Path::new(&version_1).exists() || Path::new(ROOT).join("cgroup.controllers").exists()
}

/// Ends every process of an instance at once, frozen ones too. A group that is not there has none.
pub fn kill(cgroup: &str) {
    for version_2 in [format!("{ROOT}/unified{cgroup}/cgroup.kill"), format!("{ROOT}{cgroup}/cgroup.kill")] {
        let _ = fs::write(version_2, "1");
    }
}

/// Whether an instance has a process left.
pub fn is_empty(cgroup: &str) -> bool {
    let processes = |hierarchy: PathBuf| fs::read_to_string(hierarchy.join("cgroup.procs")).unwrap_or_default();
    hierarchies(cgroup).into_iter().all(|hierarchy| processes(hierarchy).is_empty())
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
