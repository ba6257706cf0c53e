//! What a runtime's process must not inherit from the platform: session, terminal, keys, open files and core dumps without bounds.
//! Never decides anything. The shim does the same for the runtimes that it starts (`shim/src/syscall.rs`); a command in an
//! instance is the one that the engine starts itself. All of the engine's `unsafe` is in this file.
//! Source of truth: setsid(2), session-keyring(7), getrlimit(2).
#![allow(unsafe_code)]

use std::io::{Error, Result};

use tokio::process::Command;

use crate::limit::{CORE_BYTES, OPEN_FILES};

/// From here on the program that `command` starts is apart from us.
pub fn set_apart(command: &mut Command) {
    // SAFETY: `become_apart` makes system calls only, so it may run between fork and exec.
    unsafe { command.pre_exec(become_apart) };
}

fn become_apart() -> Result<()> {
    /// Of linux/keyctl.h.
    const JOIN_SESSION_KEYRING: libc::c_int = 1;
    let nameless = std::ptr::null::<libc::c_char>();
    // SAFETY: the limits are initialized by getrlimit; the other calls take integers or a null pointer.
    unsafe {
        // Without it a runtime has our controlling terminal. Those that we know give a command another session, but that is theirs
        // to change, and until then they are in ours.
        checked(libc::setsid().into())?;
        match checked(libc::syscall(libc::SYS_keyctl, JOIN_SESSION_KEYRING, nameless)) {
            // A kernel without keys has none to keep.
            Err(error) if error.raw_os_error() == Some(libc::ENOSYS) => {}
            joined => joined?,
        }
        let mut files = std::mem::zeroed::<libc::rlimit>();
        checked(libc::getrlimit(libc::RLIMIT_NOFILE, &mut files).into())?;
        files.rlim_max = files.rlim_max.min(OPEN_FILES);
        files.rlim_cur = files.rlim_max;
        checked(libc::setrlimit(libc::RLIMIT_NOFILE, &files).into())?;
        let cores = libc::rlimit { rlim_cur: CORE_BYTES, rlim_max: CORE_BYTES };
        checked(libc::setrlimit(libc::RLIMIT_CORE, &cores).into())?;
        libc::umask(0o022);
    }
    Ok(())
}

fn checked(result: libc::c_long) -> Result<()> {
    if result < 0 { Err(Error::last_os_error()) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::io::Write;
    use std::process::Stdio;

    use super::*;

    /// Numbers of the session keyrings that `/proc/keys` shows.
    fn keyrings(text: &str) -> BTreeSet<String> {
        let of_sessions = text.lines().filter(|line| line.contains(" _ses"));
        of_sessions.filter_map(|line| line.split(' ').next().map(str::to_owned)).collect()
    }

    /// The 6th field of `/proc/<pid>/stat`.
    fn session(stat: &str) -> String {
        stat.rsplit_once(") ").unwrap().1.split(' ').nth(3).unwrap().to_owned()
    }

    #[tokio::test]
    async fn a_program_that_is_apart_has_another_session_other_keys_and_bounds() {
        let (ours, before) = (session(&fs::read_to_string("/proc/self/stat").unwrap()), fs::read_to_string("/proc/keys"));
        let mut command = Command::new("cat");
        command.args(["/proc/self/stat", "/proc/self/limits"]).stdin(Stdio::null());
        if before.is_ok() {
            command.arg("/proc/keys");
        } else {
            let _ = writeln!(std::io::stderr(), "NOT CHECKED: this kernel has no keys");
        }
        set_apart(&mut command);
        let output = command.output().await.unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success());
        assert_ne!(session(text.lines().next().unwrap()), ours);
        let limits = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap();
            line.split_whitespace().take(2).map(|limit| limit.parse::<u64>().unwrap()).collect::<Vec<_>>()
        };
        let files = limits("Max open files");
        assert!(files[0] == files[1] && files[0] <= OPEN_FILES, "{files:?}");
        assert_eq!(limits("Max core file size"), [CORE_BYTES; 2]);
        if let Ok(before) = before {
            assert!(!keyrings(&text).is_subset(&keyrings(&before)), "no keyring of its own: {text}");
        }
    }
}
