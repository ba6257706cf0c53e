//! The pair: a user namespace of 65,536 ids of the host's, and a network namespace that belongs to it.
//! Never names or wires the network: the engine does, through the descriptor.
//! Source of truth: `clone(2)`, `user_namespaces(7)`.

use std::fs;
use std::io::{Read, Result, Write};
use std::os::fd::OwnedFd;

use crate::syscall::{self, Forked};

/// Ids in one instance.
pub const IDS: u32 = 65_536;

/// Both namespaces, held open.
pub struct Pair {
    /// The user namespace.
    pub user: OwnedFd,
    /// The network namespace, owned by the user namespace: so the instance's root may bind port 80 in it.
    pub network: OwnedFd,
}

/// Makes a pair for the ids from `id_base`. One clone for both, because only then does the kernel make the first the
/// owner of the second.
pub fn make(id_base: u32) -> Result<Pair> {
    let (reading, writing) = syscall::pipe()?;
    // Whoever makes a user namespace pays for what is used in it: file watches, message queues, locked memory. As root all
    // instances, and the host's root, would share one account, and one instance could use it up.
    syscall::act_as(id_base)?;
    let forked = syscall::fork_into_pair();
    if !matches!(forked, Ok(Forked::Child)) {
        syscall::act_as(0)?;
    }
    let child = match forked? {
        Forked::Child => {
            // Its whole life: wait until the parent has opened the namespaces, or has died.
            drop(writing);
            let _ = fs::File::from(reading).read(&mut [0]);
            syscall::leave(0);
        }
        Forked::Parent(child) => child,
    };
    drop(reading);
    let made = open(child, id_base);
    // The child leaves at our end of file; the word is for readers of a trace only.
    let _ = fs::File::from(writing).write_all(b".");
    let _ = syscall::wait_readable(&[std::os::fd::AsFd::as_fd(&syscall::open_process(child)?)], -1);
    while syscall::reap().is_some() {}
    made
}

fn open(child: i32, id_base: u32) -> Result<Pair> {
    let map = format!("0 {id_base} {IDS}\n");
    fs::write(format!("/proc/{child}/uid_map"), &map)?;
    fs::write(format!("/proc/{child}/gid_map"), &map)?;
    Ok(Pair {
        user: fs::File::open(format!("/proc/{child}/ns/user"))?.into(),
        network: fs::File::open(format!("/proc/{child}/ns/net"))?.into(),
    })
}
