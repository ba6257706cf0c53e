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
        // Without it a runtime's process has our controlling terminal, and not every runtime leaves it.
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
