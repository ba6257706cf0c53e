//! Control groups of instances: the few writes that the runtime does not do for us.
//! Never makes a group: the runtime does. Works on version 1, version 2 and both at once.
//! Source of truth: the kernel's cgroup-v1 and cgroup-v2 pages.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use rustix::process::{Pid, Signal, kill_process};

use crate::limit::{CPU_PERIOD_MICROS, FREEZING, KILL_ROUNDS};
use crate::local::freezer::Freezer;

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
    put(&group_with(tree, cgroup, "cpu.max").join("cpu.max"), &format!("{quota} {CPU_PERIOD_MICROS}"))
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
/// Takes as long as the disk. True if some of it lies there afterwards, or the kernel does not count that: where nothing came
/// of it, the instance only costs more.
pub fn page_out(cgroup: &str) -> bool {
    page_out_in(Path::new(ROOT), cgroup)
}

fn page_out_in(tree: &Path, cgroup: &str) -> bool {
    let group = cgroup.trim_start_matches('/');
    let version_1 = tree.join("memory").join(group);
    if put(&version_1.join("memory.force_empty"), "0").is_ok() {
        let stat = fs::read_to_string(version_1.join("memory.stat")).unwrap_or_default();
        return stat.lines().find_map(|line| line.strip_prefix("swap ")).is_none_or(|bytes| bytes.trim() != "0");
    }
    let version_2 = group_with(tree, cgroup, "memory.reclaim");
    // An app that needs more memory than it has is ended, not slowed down: awake it gets no swap, and asleep it needs none.
    let _ = put(&version_2.join("memory.swap.max"), "max");
    let used = fs::read_to_string(version_2.join("memory.current")).unwrap_or_default();
    let _ = put(&version_2.join("memory.reclaim"), used.trim());
    forbid_swap_in(tree, cgroup);
    fs::read_to_string(version_2.join("memory.swap.current")).is_ok_and(|bytes| bytes.trim() != "0")
}

/// What a platform that died while it paged an instance out left open. On version 1 the limit counts memory and swap together,
/// and nothing was opened.
pub fn forbid_swap(cgroup: &str) {
    forbid_swap_in(Path::new(ROOT), cgroup);
}

fn forbid_swap_in(tree: &Path, cgroup: &str) {
    let _ = put(&group_with(tree, cgroup, "memory.swap.max").join("memory.swap.max"), "0");
}

/// The group's folder of version 2 that has this file, beside version 1 or alone.
fn group_with(tree: &Path, cgroup: &str, file: &str) -> PathBuf {
    let group = cgroup.trim_start_matches('/');
    let both = tree.join("unified").join(group);
    if both.join(file).exists() { both } else { tree.join(group) }
}

/// Never makes the file: a folder that is no control group would swallow the limit.
fn put(file: &Path, text: &str) -> io::Result<()> {
    File::options().write(true).open(file)?.write_all(text.as_bytes())
}

/// The sizes of huge pages that a group's limits can name here, in the words of the OCI runtime specification. Beside version 1
/// the runtimes know the controller there alone.
pub fn huge_pages() -> Vec<String> {
    huge_pages_in(Path::new(ROOT), Path::new("/sys/kernel/mm/hugepages"))
}

fn huge_pages_in(tree: &Path, sizes: &Path) -> Vec<String> {
    let controllers = fs::read_to_string(tree.join("cgroup.controllers")).unwrap_or_default();
    if !tree.join("hugetlb").is_dir() && !controllers.split_whitespace().any(|name| name == "hugetlb") {
        return Vec::new();
    }
    let names = fs::read_dir(sizes).into_iter().flatten().flatten().map(|entry| entry.file_name());
    let kib = names.filter_map(|name| name.to_str()?.strip_prefix("hugepages-")?.strip_suffix("kB")?.parse::<u64>().ok());
    let mut kib: Vec<u64> = kib.collect();
    kib.sort_unstable();
    let shown = |kib: u64| match kib {
        1_048_576.. => format!("{}GB", kib >> 20),
        1024.. => format!("{}MB", kib >> 10),
        0.. => format!("{kib}KB"),
    };
    kib.into_iter().map(shown).collect()
}

/// Ends every process of an instance at once, frozen ones too; on version 1 alone, frozen ones as soon as they are thawed.
/// A group that is not there has none. Waits for the kernel: not for a thread that others need.
pub fn kill(cgroup: &str) {
    for file in [format!("{ROOT}/unified{cgroup}/cgroup.kill"), format!("{ROOT}{cgroup}/cgroup.kill")] {
        let _ = put(Path::new(&file), "1");
    }
    // A runtime that must not see version 2 makes no group there, or leaves it empty: the processes are where its limits are.
    if !is_empty(cgroup) {
        kill_one_by_one(cgroup);
    }
}

/// The way of version 1: frozen, so that nobody is born while they are counted, and thawed to die.
fn kill_one_by_one(cgroup: &str) {
    let freezer = Freezer::Version1(Path::new(ROOT).join("freezer").join(cgroup.trim_start_matches('/')));
    // Where there is none, or it does not come to an end, they are killed as they are.
    let _ = freezer.freeze(FREEZING);
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
    let _ = freezer.thaw(FREEZING);
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

    fn file(tree: &tempfile::TempDir, file: &str, text: &str) -> PathBuf {
        let path = tree.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    #[test]
    fn an_instance_may_swap_only_while_it_is_paged_out_and_is_so_only_if_something_lies_there() {
        for (place, bytes, expected) in [("o/a", "4096\n", true), ("o/a", "0\n", false), ("unified/o/a", "4096\n", true)] {
            let tree = tempfile::tempdir().unwrap();
            let group = |name: &str, text: &str| file(&tree, &format!("{place}/{name}"), text);
            let (max, reclaim) = (group("memory.swap.max", ""), group("memory.reclaim", ""));
            group("memory.current", "12345\n");
            group("memory.swap.current", bytes);
            assert_eq!(page_out_in(tree.path(), "/o/a"), expected, "{place} {bytes}");
            assert_eq!(fs::read_to_string(reclaim).unwrap(), "12345");
            // Of a fake tree's files the old text is not cut off: opened, and closed again.
            assert_eq!(fs::read_to_string(max).unwrap(), "0ax");
        }
        for (stat, expected) in [("cache 1\nswap 0\n", false), ("cache 1\nswap 8192\n", true), ("cache 1\n", true)] {
            let tree = tempfile::tempdir().unwrap();
            let empty = file(&tree, "memory/o/a/memory.force_empty", "");
            file(&tree, "memory/o/a/memory.stat", stat);
            assert_eq!(page_out_in(tree.path(), "/o/a"), expected, "{stat}");
            assert_eq!(fs::read_to_string(empty).unwrap(), "0");
        }
        assert!(!page_out_in(tempfile::tempdir().unwrap().path(), "/o/a"), "no group at all");
    }

    /// A runtime that knows version 1 alone leaves the group of version 2 empty, and the kernel takes the order to kill nobody.
    #[test]
    fn processes_that_only_version_1_knows_are_killed_though_version_2_has_a_group_too() {
        let group = format!("/outrunner-kill-test-{}", std::process::id());
        let folders = ["unified", "freezer"].map(|hierarchy| PathBuf::from(format!("{ROOT}/{hierarchy}{group}")));
        if !folders.iter().all(|folder| folder.parent().is_some_and(Path::is_dir)) {
            let _ = writeln!(std::io::stderr(), "NOT CHECKED: this host has no control groups of version 1 beside version 2");
            return;
        }
        folders.iter().for_each(|folder| fs::create_dir(folder).unwrap());
        let mut child = std::process::Command::new("sleep").arg("100").spawn().unwrap();
        fs::write(folders[1].join("cgroup.procs"), child.id().to_string()).unwrap();
        kill(&group);
        assert!(!child.wait().unwrap().success());
        assert!(is_empty(&group));
        remove(&group);
        assert!(folders.iter().all(|folder| !folder.exists()));
    }

    #[test]
    fn huge_pages_are_limited_where_the_runtime_knows_their_controller() {
        let sizes = tempfile::tempdir().unwrap();
        for name in ["hugepages-1048576kB", "hugepages-2048kB", "hugepages-64kB", "other"] {
            fs::create_dir(sizes.path().join(name)).unwrap();
        }
        let all = ["64KB", "2MB", "1GB"].map(str::to_owned).to_vec();
        for (path, text, expected) in [
            ("hugetlb/tasks", "", all.clone()),
            ("cgroup.controllers", "cpu hugetlb memory\n", all),
            ("cgroup.controllers", "cpu memory\n", Vec::new()),
            ("unified/cgroup.controllers", "hugetlb\n", Vec::new()),
        ] {
            let tree = tempfile::tempdir().unwrap();
            file(&tree, path, text);
            assert_eq!(huge_pages_in(tree.path(), sizes.path()), expected, "{path} {text}");
        }
    }

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
