//! Freezes and thaws all processes of an instance at once, whichever way this host's control groups go.
//! Never ends a process; never makes a group.
//! Source of truth: the kernel's cgroup-v2 page on `cgroup.freeze`, its cgroup-v1 page on the freezer.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::limit::FREEZER_LOOK;

const ROOT: &str = "/sys/fs/cgroup";

/// The group that holds an instance's processes, and how to freeze it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Freezer {
    /// `cgroup.freeze`: signals that kill reach a frozen process at once.
    Version2(PathBuf),
    /// `freezer.state`: a frozen process dies when it is thawed.
    Version1(PathBuf),
}

impl Freezer {
    /// Of an instance with this control group. None if no hierarchy that can freeze has a process of it.
    pub fn of(cgroup: &str) -> Option<Self> {
        Self::below(Path::new(ROOT), cgroup)
    }

    fn below(root: &Path, cgroup: &str) -> Option<Self> {
        let group = cgroup.trim_start_matches('/');
        // Hybrid, then version 2 alone. A runtime that knows no hybrid leaves the group there empty, or makes none.
        for folder in [root.join("unified").join(group), root.join(group)] {
            if folder.join("cgroup.freeze").exists() && says(&folder.join("cgroup.events"), "populated 1") {
                return Some(Self::Version2(folder));
            }
        }
        let folder = root.join("freezer").join(group);
        folder.join("freezer.state").exists().then_some(Self::Version1(folder))
    }

    /// Stops every process. Answers when all of them have stopped, or with an error after `within`.
    pub fn freeze(&self, within: Duration) -> io::Result<()> {
        match self {
            Self::Version2(folder) => fs::write(folder.join("cgroup.freeze"), "1")?,
            Self::Version1(folder) => fs::write(folder.join("freezer.state"), "FROZEN")?,
        }
        self.wait(true, within)
    }

    /// Lets every process go on. Answers when they do, or with an error after `within`.
    pub fn thaw(&self, within: Duration) -> io::Result<()> {
        match self {
            Self::Version2(folder) => fs::write(folder.join("cgroup.freeze"), "0")?,
            Self::Version1(folder) => fs::write(folder.join("freezer.state"), "THAWED")?,
        }
        self.wait(false, within)
    }

    /// Whether all of its processes stand still.
    pub fn is_frozen(&self) -> io::Result<bool> {
        match self {
            Self::Version2(folder) => Ok(fs::read_to_string(folder.join("cgroup.events"))?.lines().any(|line| line == "frozen 1")),
            Self::Version1(folder) => Ok(fs::read_to_string(folder.join("freezer.state"))?.trim() == "FROZEN"),
        }
    }

    /// On a thread that may wait: it is over in less time than it takes to be woken by somebody else.
    #[expect(clippy::disallowed_methods, reason = "a condition with a deadline, on a thread of its own")]
    fn wait(&self, frozen: bool, within: Duration) -> io::Result<()> {
        let since = Instant::now();
        while self.is_frozen()? != frozen {
            if since.elapsed() > within {
                return Err(io::Error::new(io::ErrorKind::TimedOut, "the kernel does not say that it is done"));
            }
            std::thread::sleep(FREEZER_LOOK);
        }
        Ok(())
    }
}

fn says(file: &Path, line: &str) -> bool {
    fs::read_to_string(file).is_ok_and(|text| text.lines().any(|found| found == line))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    /// A tree that looks like a kernel's.
    fn tree(files: &[(&str, &str)]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for (file, content) in files {
            let path = root.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        root
    }

    #[test]
    fn the_hierarchy_that_holds_the_processes_is_the_one_that_freezes() {
        let version_1 = ("freezer/o/a/freezer.state", "THAWED\n");
        let hybrid = |populated| {
            let events = ["populated 0\nfrozen 0\n", "populated 1\nfrozen 0\n"][populated];
            tree(&[version_1, ("unified/o/a/cgroup.freeze", "0\n"), ("unified/o/a/cgroup.events", events)])
        };
        let cases = [
            (hybrid(1), "unified/o/a"),
            (hybrid(0), "freezer/o/a"),
            (tree(&[version_1]), "freezer/o/a"),
            (tree(&[("o/a/cgroup.freeze", "0\n"), ("o/a/cgroup.events", "populated 1\nfrozen 0\n")]), "o/a"),
        ];
        for (root, expected) in cases {
            let (Freezer::Version2(found) | Freezer::Version1(found)) = Freezer::below(root.path(), "/o/a").unwrap();
            assert_eq!(found, root.path().join(expected));
        }
        assert_eq!(Freezer::below(tree(&[]).path(), "/o/a"), None);
    }

    #[test]
    fn a_kernel_that_does_not_come_to_an_end_is_an_error_and_no_rest() {
        let root = tree(&[("o/a/cgroup.freeze", "0\n"), ("o/a/cgroup.events", "populated 1\nfrozen 0\n")]);
        let freezer = Freezer::below(root.path(), "/o/a").unwrap();
        let error = freezer.freeze(Duration::from_millis(1)).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert_eq!(fs::read_to_string(root.path().join("o/a/cgroup.freeze")).unwrap(), "1", "it was asked for");
        freezer.thaw(Duration::from_millis(1)).unwrap();
        assert_eq!(fs::read_to_string(root.path().join("o/a/cgroup.freeze")).unwrap(), "0");
    }

    /// Every hierarchy of this host that can freeze: so that version 1 is tried beside version 2 where both are there.
    #[test]
    #[expect(clippy::disallowed_methods, reason = "a condition with a deadline")]
    fn a_process_stands_still_goes_on_and_dies_frozen_or_when_it_is_thawed() {
        let group = format!("outrunner-freezer-test-{}", std::process::id());
        let root = Path::new(ROOT);
        let (unified, freezer) = (root.join("unified"), root.join("freezer"));
        let version_2 = [unified.as_path(), root].into_iter().find(|folder| folder.join("cgroup.procs").exists());
        let hierarchies = [
            version_2.map(|folder| Freezer::Version2(folder.join(&group))),
            freezer.exists().then(|| Freezer::Version1(freezer.join(&group))),
        ];
        if hierarchies.iter().any(Option::is_none) {
            let _ = writeln!(std::io::stderr(), "NOT CHECKED: this host has only one of the two freezers: {hierarchies:?}");
        }
        assert!(hierarchies.iter().any(Option::is_some), "a host without a freezer");
        for freezer in hierarchies.into_iter().flatten() {
            let (Freezer::Version2(folder) | Freezer::Version1(folder)) = &freezer;
            fs::create_dir_all(folder).unwrap();
            let mut child = std::process::Command::new("sleep").arg("100").spawn().unwrap();
            fs::write(folder.join("cgroup.procs"), child.id().to_string()).unwrap();
            for _ in 0..3 {
                freezer.freeze(Duration::from_secs(5)).unwrap();
                assert!(freezer.is_frozen().unwrap());
                freezer.thaw(Duration::from_secs(5)).unwrap();
                assert!(!freezer.is_frozen().unwrap());
            }
            freezer.freeze(Duration::from_secs(5)).unwrap();
            child.kill().unwrap();
            if matches!(freezer, Freezer::Version1(_)) {
                freezer.thaw(Duration::from_secs(5)).unwrap();
            }
            assert!(!child.wait().unwrap().success());
            let since = Instant::now();
            while fs::remove_dir(folder).is_err() {
                assert!(since.elapsed() < Duration::from_secs(5), "{} is not empty", folder.display());
                std::thread::sleep(FREEZER_LOOK);
            }
        }
    }
}
