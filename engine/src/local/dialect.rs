//! Which OCI runtime a program is, and what it wants otherwise than the others.
//! Never guesses by a file's name: the program itself is asked, once.
//! Source of truth: the first word of each runtime's `--version`; what crun 1.8 says where version 2 has controllers beside
//! version 1 ("cgroups in hybrid mode not supported, drop all controllers from cgroupv2").

use std::fs;
use std::path::Path;
use std::process::Stdio;

use tokio::process::Command;
use tokio::time::timeout;

use crate::limit::RUNTIME;
use crate::local::runtime::PROGRAM_FOLDERS;

/// The part of version 2 in a hybrid layout. What crun looks at is whether it has controllers.
const HYBRID_CONTROLLERS: &str = "/sys/fs/cgroup/unified/cgroup.controllers";

/// A runtime's way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// runc, and whatever says nothing about itself that we know: the others do as runc does.
    Runc,
    /// crun. Control groups of version 2 beside those of version 1 stop it if they have controllers.
    Crun,
    /// gVisor: a kernel of its own, in a process of the host's. It cannot join a user namespace (it has several threads by then), and needs none: ids,
    /// files and processes inside are that kernel's. Of the pair it joins the network.
    Runsc,
}

impl Dialect {
    /// Asks the program. One that does not answer is taken for runc: starting an instance with it will tell what is wrong.
    pub async fn of(runtime: &Path) -> Self {
        let mut command = Command::new(runtime);
        // Some write where they are.
        command.arg("--version").current_dir("/").env_clear().env("PATH", PROGRAM_FOLDERS).kill_on_drop(true);
        command.stdin(Stdio::null()).stderr(Stdio::null());
        let answer = match timeout(RUNTIME, command.output()).await {
            Ok(Ok(output)) => String::from_utf8_lossy(&output.stdout).into_owned(),
            Ok(Err(_)) | Err(_) => String::new(),
        };
        Self::told_by(&answer)
    }

    /// By the first line that its `--version` prints.
    pub fn told_by(version: &str) -> Self {
        match version.split_ascii_whitespace().next() {
            Some("crun") => Self::Crun,
            Some("runsc") => Self::Runsc,
            Some(_) | None => Self::Runc,
        }
    }

    /// Whether its instances have a kernel of their own, and ids which are no user's of the host.
    pub fn has_own_kernel(self) -> bool {
        match self {
            Self::Runc | Self::Crun => false,
            Self::Runsc => true,
        }
    }

    /// Whether it must not see this machine's control groups of version 2.
    pub fn hides_version_2(self) -> bool {
        match self {
            Self::Crun => has_controllers(&fs::read_to_string(HYBRID_CONTROLLERS).unwrap_or_default()),
            Self::Runc | Self::Runsc => false,
        }
    }
}

fn has_controllers(file: &str) -> bool {
    !file.trim().is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_runtime_is_known_by_its_own_word_and_an_unknown_one_is_taken_for_runc() {
        for (version, dialect) in [
            ("runc version 1.1.5+ds1\ncommit: 1.1.5\n", Dialect::Runc),
            ("crun version 1.8.1\ncommit: f8a0\n", Dialect::Crun),
            ("runsc version 0.0~20221219.0\nspec: 1.0.2-dev\n", Dialect::Runsc),
            ("youki version 0.5.7\n", Dialect::Runc),
            ("", Dialect::Runc),
        ] {
            assert_eq!(Dialect::told_by(version), dialect, "{version}");
        }
    }

    #[test]
    fn only_an_hybrid_layout_with_controllers_is_hidden() {
        assert!(has_controllers("hugetlb\n"));
        assert!(!has_controllers("\n") && !has_controllers(""));
    }
}
