//! The instance's root file system and the pins of its pair, in the shim's own mount namespace.
//! Never unmounts at the end: everything here vanishes with the last process that lives in this mount namespace.
//! Source of truth: `mount(2)`, `mount_setattr(2)`, the kernel's overlayfs page.

use std::fs;
use std::io::{Error, ErrorKind, Result};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};
use std::os::unix::fs::{PermissionsExt, chown, symlink};

use crate::loop_device;
use crate::pair::Pair;
use crate::record::{NETWORK_PIN, Order, ROOT_FOLDER, USER_PIN};
use crate::syscall;

/// Folders that the runtime mounts file systems on, and then writes into by their paths, before it has entered the root. Where the image has a
/// link there, runc 1.1 follows it to the host; so each instance has folders of its own above whatever the image has.
const MOUNTED_ON: [&str; 3] = ["dev", "proc", "sys"];

/// Pins the pair and mounts the layers, below the current folder (the shim's).
pub fn prepare(order: &Order, pair: &Pair) -> Result<()> {
    syscall::unshare_mounts()?;
    if order.hide_cgroup_2 {
        hide_cgroup_2()?;
    }
    // The instance's root, nobody on the host, must pass through the folder to its root file system; all else in here is
    // readable for the host's root only.
    chown(".", None, Some(order.id_base))?;
    fs::set_permissions(".", fs::Permissions::from_mode(0o710))?;
    pin(pair.user.as_fd(), USER_PIN)?;
    pin(pair.network.as_fd(), NETWORK_PIN)?;
    // A kernel of its own gives the instance ids of its own, whatever the host's are.
    mount_root(order, (!order.own_kernel).then_some(pair.user.as_fd()))
}

/// Takes version 2 of a hybrid layout out of our sight and of the runtime's: crun refuses to work beside it.
fn hide_cgroup_2() -> Result<()> {
    match syscall::detach("/sys/fs/cgroup/unified") {
        // There is none (any more), or it is no mount: nothing is to be seen.
        Err(error) if matches!(error.raw_os_error(), Some(libc::ENOENT | libc::EINVAL)) => Ok(()),
        done => done,
    }
}

/// The runtime takes namespaces by path only.
fn pin(namespace: BorrowedFd<'_>, name: &str) -> Result<()> {
    fs::write(name, b"")?;
    let source = format!("/proc/self/fd/{}", namespace.as_raw_fd());
    syscall::mount(Some(&source), name, None, libc::MS_BIND, None)
}

/// An overlay of the image's layers, seen through the instance's ids if the host gives it some, below the instance's own upper folder.
fn mount_root(order: &Order, user: Option<BorrowedFd<'_>>) -> Result<()> {
    if let Some(image) = &order.scratch_image {
        fs::create_dir_all(&order.scratch)?;
        loop_device::mount(image, &order.scratch)?;
    }
    let upper = format!("{}/upper", order.scratch);
    let work = format!("{}/work", order.scratch);
    for folder in [&upper, &work] {
        fs::create_dir_all(folder)?;
        chown(folder, Some(order.id_base), Some(order.id_base))?;
        // The upper folder's mode is what the app sees at "/".
        fs::set_permissions(folder, fs::Permissions::from_mode(0o755))?;
    }
    for name in MOUNTED_ON {
        own_folder(&format!("{upper}/{name}"), order.id_base)?;
    }
    // Names of our own, not the user's paths: a comma or a colon in a data dir would break the option string.
    for (name, target) in [("up", &upper), ("wk", &work)] {
        symlink(target, name)?;
    }
    let mut lower = Vec::with_capacity(order.layers.len());
    for (index, layer) in order.layers.iter().enumerate() {
        let name = format!("l{index}");
        fs::create_dir_all(&name)?;
        syscall::mount_read_only(layer, user, &name)?;
        lower.push(name);
    }
    fs::create_dir_all(ROOT_FOLDER)?;
    let options = format!("lowerdir={},upperdir=up,workdir=wk,volatile", lower.join(":"));
    syscall::mount(Some("overlay"), ROOT_FOLDER, Some("overlay"), 0, Some(&options))?;
    // The overlay keeps clones of its own.
    lower.iter().try_for_each(|name| syscall::detach(name))
}

/// A folder of the instance's root, new or still there from an earlier start; nothing else may stand in its place.
fn own_folder(path: &str, owner: u32) -> Result<()> {
    match fs::create_dir(path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            if !fs::symlink_metadata(path)?.is_dir() {
                return Err(Error::other(format!("{path} is no folder")));
            }
        }
        made => made?,
    }
    chown(path, Some(owner), Some(owner))?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))
}
