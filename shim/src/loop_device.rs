//! A file system in a file, mounted through a loop device.
//! Never leaves a device behind: the kernel takes the file off it when the mount has gone, whoever had it.
//! Source of truth: `loop(4)`, linux/loop.h.

use std::fs::File;
use std::io::{Error, ErrorKind, Result};
use std::os::fd::AsFd;

use crate::limit::LOOP_DEVICE_TRIES;
use crate::syscall;

/// Mounts the ext4 in `file` at `folder`.
pub fn mount(file: &str, folder: &str) -> Result<()> {
    let file = File::options().read(true).write(true).open(file)?;
    let control = File::options().read(true).write(true).open("/dev/loop-control")?;
    for _ in 0..LOOP_DEVICE_TRIES {
        let name = format!("/dev/loop{}", syscall::free_loop_device(control.as_fd())?);
        let device = File::options().read(true).write(true).open(&name)?;
        match syscall::configure_loop_device(device.as_fd(), file.as_fd()) {
            // Many instances start at once, and all are told of the same free device.
            Err(error) if error.kind() == ErrorKind::ResourceBusy => continue,
            configured => configured?,
        }
        // The device is held open until it has its mount, or it would give the file up again.
        let quiet = libc::MS_NODEV | libc::MS_NOSUID | libc::MS_NOATIME;
        return syscall::mount(Some(&name), folder, Some("ext4"), quiet, Some("discard"));
    }
    Err(Error::new(ErrorKind::ResourceBusy, "every free loop device was taken by somebody else"))
}
