//! The system calls that std does not have, each behind a safe function. All of the shim's `unsafe` is in this file.
//! Never decides anything: a call goes in, its result or its errno comes out.
//! Source of truth: the manual pages of section 2, and `linux/mount.h` for `mount_setattr`.
#![allow(unsafe_code)]

use std::ffi::{CStr, CString};
use std::io::{Error, Result};
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd};

use crate::limit::{CORE_BYTES, OPEN_FILES};

/// Turns a system call's result into ours.
fn checked(result: libc::c_long) -> Result<libc::c_long> {
    if result < 0 { Err(Error::last_os_error()) } else { Ok(result) }
}

fn owned(result: libc::c_long) -> Result<OwnedFd> {
    let raw = i32::try_from(checked(result)?).expect("a descriptor is an int");
    // SAFETY: the kernel has just made this descriptor for us and nobody else knows it.
    Ok(unsafe { OwnedFd::from_raw_fd(raw) })
}

/// Text for the kernel. A NUL inside is the caller's mistake and comes back as an error.
fn text(value: &str) -> Result<CString> {
    CString::new(value).map_err(|_| Error::other("a path contains a NUL"))
}

/// Leaves the caller's session and process group.
pub fn new_session() -> Result<()> {
    // SAFETY: takes nothing and touches no memory.
    checked(unsafe { libc::setsid() }.into()).map(drop)
}

/// An empty session keyring of our own, which the instance inherits: the caller's holds the host's keys, and who has it may
/// read them whatever namespaces he is in. A kernel without keys has none to keep.
pub fn forget_keys() -> Result<()> {
    /// Of linux/keyctl.h.
    const JOIN_SESSION_KEYRING: libc::c_int = 1;
    let nameless = std::ptr::null::<libc::c_char>();
    // SAFETY: this command takes a name or a null pointer.
    match checked(unsafe { libc::syscall(libc::SYS_keyctl, JOIN_SESSION_KEYRING, nameless) }) {
        Err(error) if error.raw_os_error() == Some(libc::ENOSYS) => Ok(()),
        joined => joined.map(drop),
    }
}

/// From now on orphaned descendants become our children.
pub fn become_subreaper() -> Result<()> {
    // SAFETY: this option takes one integer.
    checked(unsafe { libc::prctl(libc::PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) }.into()).map(drop)
}

/// Closes every descriptor from 3 up: the caller's are not ours to keep open.
pub fn close_inherited() -> Result<()> {
    // SAFETY: runs before this process has opened anything of its own, so no owned descriptor is closed behind its back.
    checked(unsafe { libc::syscall(libc::SYS_close_range, 3u32, u32::MAX, 0u32) }).map(drop)
}

/// What we make from here on is ours alone, whatever the caller's umask was.
pub fn make_private() {
    // SAFETY: takes one integer and cannot fail.
    unsafe { libc::umask(0o077) };
}

/// Gives memory that is free back to the kernel. Only glibc keeps so much that it is worth asking.
pub fn trim_memory() {
    #[cfg(target_env = "gnu")]
    // SAFETY: touches free memory only.
    unsafe {
        libc::malloc_trim(0)
    };
}

/// Makes `file` this process's standard input, output and error.
pub fn replace_stdio(file: &std::fs::File) -> Result<()> {
    for standard in 0..3 {
        // SAFETY: the three standard descriptors are nobody's owned value.
        checked(unsafe { libc::dup2(file.as_raw_fd(), standard) }.into())?;
    }
    Ok(())
}

/// The calling process's two sides after a fork.
pub enum Forked {
    /// The new process.
    Child,
    /// The old one, with the new one's id.
    Parent(i32),
}

/// Copies this process. It has one thread, so the copy may do anything.
pub fn fork() -> Result<Forked> {
    // SAFETY: the shim never starts a thread, so no lock can be held by somebody who does not exist in the child.
    match checked(unsafe { libc::fork() }.into())? {
        0 => Ok(Forked::Child),
        pid => Ok(Forked::Parent(pid as i32)),
    }
}

/// Acts as this user where the kernel asks for the effective one, and keeps all rights. The real one stays, so there is a way
/// back.
pub fn act_as(uid: u32) -> Result<()> {
    /// Of linux/securebits.h: who changes users keeps his capabilities.
    const NO_SETUID_FIXUP: libc::c_long = 1 << 2;
    let unchanged = libc::uid_t::MAX;
    // Where these bits may not be changed, the capabilities are gone for as long as we act as another. That is enough on
    // hosts which let everybody make user namespaces.
    // SAFETY: these options take one integer, or none.
    let bits = unsafe { libc::prctl(libc::PR_GET_SECUREBITS, 0, 0, 0, 0) };
    let keep = |bits: libc::c_long| {
        // SAFETY: as above.
        unsafe { libc::prctl(libc::PR_SET_SECUREBITS, bits, 0, 0, 0) };
    };
    keep(libc::c_long::from(bits) | NO_SETUID_FIXUP);
    // SAFETY: takes three integers.
    let changed = checked(unsafe { libc::setresuid(unchanged, uid, unchanged) }.into());
    keep(bits.into());
    changed?;
    // The kernel takes whoever changes users for a program with secrets, and hides it from others of its own user.
    // SAFETY: this option takes one integer.
    checked(unsafe { libc::prctl(libc::PR_SET_DUMPABLE, 1, 0, 0, 0) }.into()).map(drop)
}

/// Copies this process into a user namespace of its own and a network namespace that belongs to it.
pub fn fork_into_pair() -> Result<Forked> {
    let flags = libc::CLONE_NEWUSER | libc::CLONE_NEWNET | libc::SIGCHLD;
    // SAFETY: without CLONE_VM this is a fork, the stack stays ours; the shim has one thread (see `fork`).
    match checked(unsafe { libc::syscall(libc::SYS_clone, flags as libc::c_ulong, 0, 0, 0, 0) })? {
        0 => Ok(Forked::Child),
        pid => Ok(Forked::Parent(pid as i32)),
    }
}

/// Ends this process without running anything more of it.
pub fn leave(code: i32) -> ! {
    // SAFETY: does not return.
    unsafe { libc::_exit(code) }
}

/// A mount namespace of our own: what is mounted from here on nobody else sees, and it is gone when we are.
pub fn unshare_mounts() -> Result<()> {
    // SAFETY: takes one integer.
    checked(unsafe { libc::unshare(libc::CLONE_NEWNS) }.into())?;
    // Slave, not private: an unmount on the host must still reach us, or we would hold its disk for life.
    mount(None, "/", None, libc::MS_REC | libc::MS_SLAVE, None)
}

/// `mount(2)`.
pub fn mount(source: Option<&str>, target: &str, kind: Option<&str>, flags: u64, data: Option<&str>) -> Result<()> {
    let source = source.map(text).transpose()?;
    let target = text(target)?;
    let kind = kind.map(text).transpose()?;
    let data = data.map(text).transpose()?;
    let pointer = |value: &Option<CString>| value.as_deref().map_or(std::ptr::null(), CStr::as_ptr);
    // SAFETY: the four texts live until after the call and end with a NUL.
    checked(unsafe { libc::mount(pointer(&source), target.as_ptr(), pointer(&kind), flags, pointer(&data).cast()) }.into())
        .map(drop)
}

/// Takes a mount out of sight; it goes when its last user has gone.
pub fn detach(target: &str) -> Result<()> {
    let target = text(target)?;
    // SAFETY: the text lives until after the call.
    checked(unsafe { libc::umount2(target.as_ptr(), libc::MNT_DETACH) }.into()).map(drop)
}

/// A read-only copy of the mount at `source`, whose owners are seen through the user namespace `user` if there is one, placed at `target`.
pub fn mount_read_only(source: &str, user: Option<BorrowedFd<'_>>, target: &str) -> Result<()> {
    /// `struct mount_attr` of linux/mount.h, version 0.
    #[repr(C)]
    struct Attributes {
        set: u64,
        clear: u64,
        propagation: u64,
        user_namespace: u64,
    }
    let source = text(source)?;
    let target = text(target)?;
    let flags = libc::OPEN_TREE_CLONE | libc::OPEN_TREE_CLOEXEC;
    // SAFETY: the text lives until after the call.
    let tree = owned(unsafe { libc::syscall(libc::SYS_open_tree, libc::AT_FDCWD, source.as_ptr(), flags) })?;
    let attributes = Attributes {
        set: libc::MOUNT_ATTR_RDONLY | if user.is_some() { libc::MOUNT_ATTR_IDMAP } else { 0 },
        clear: 0,
        propagation: 0,
        user_namespace: user.map_or(0, |user| u64::try_from(user.as_raw_fd()).expect("an open descriptor is not negative")),
    };
    let size = size_of::<Attributes>();
    // SAFETY: the structure is the kernel's, its size is said, and it lives until after the call.
    checked(unsafe {
        libc::syscall(libc::SYS_mount_setattr, tree.as_raw_fd(), c"".as_ptr(), libc::AT_EMPTY_PATH, &attributes, size)
    })?;
    let empty = libc::MOVE_MOUNT_F_EMPTY_PATH;
    // SAFETY: both texts live until after the call.
    checked(unsafe { libc::syscall(libc::SYS_move_mount, tree.as_raw_fd(), c"".as_ptr(), libc::AT_FDCWD, target.as_ptr(), empty) })
        .map(drop)
}

/// The number of a loop device that nobody uses; it may be somebody's by the time it is opened.
pub fn free_loop_device(control: BorrowedFd<'_>) -> Result<i64> {
    /// `LOOP_CTL_GET_FREE` of linux/loop.h.
    const GET_FREE: libc::Ioctl = 0x4C82;
    // SAFETY: this command takes nothing.
    checked(unsafe { libc::ioctl(control.as_raw_fd(), GET_FREE) }.into())
}

/// Puts a file behind a loop device that gives it up when its last user has gone.
pub fn configure_loop_device(device: BorrowedFd<'_>, file: BorrowedFd<'_>) -> Result<()> {
    /// `LOOP_CONFIGURE` of linux/loop.h.
    const CONFIGURE: libc::Ioctl = 0x4C0A;
    const AUTOCLEAR: u32 = 4;
    /// `struct loop_config`: two numbers, `struct loop_info64` of 232 bytes with its flags at 52, eight reserved numbers.
    #[repr(C)]
    struct Config {
        file: u32,
        block_size: u32,
        before_flags: [u32; 13],
        flags: u32,
        after_flags: [u64; 22],
        reserved: [u64; 8],
    }
    const { assert!(size_of::<Config>() == 304) };
    let config = Config {
        file: u32::try_from(file.as_raw_fd()).expect("an open descriptor is not negative"),
        block_size: 0,
        before_flags: [0; 13],
        flags: AUTOCLEAR,
        after_flags: [0; 22],
        reserved: [0; 8],
    };
    // SAFETY: the structure is the kernel's in size and layout, and lives until after the call.
    checked(unsafe { libc::ioctl(device.as_raw_fd(), CONFIGURE, &config) }.into()).map(drop)
}

/// A pipe whose ends close on exec: reading end, writing end.
pub fn pipe() -> Result<(OwnedFd, OwnedFd)> {
    let mut ends = [0; 2];
    // SAFETY: the array has room for the two descriptors.
    checked(unsafe { libc::pipe2(ends.as_mut_ptr(), libc::O_CLOEXEC) }.into())?;
    // SAFETY: the kernel has just made both for us.
    Ok(unsafe { (OwnedFd::from_raw_fd(ends[0]), OwnedFd::from_raw_fd(ends[1])) })
}

/// Makes a pipe this deep, if the kernel lets us.
pub fn set_pipe_depth(pipe: BorrowedFd<'_>, bytes: i32) -> Result<()> {
    // SAFETY: this command takes one integer.
    checked(unsafe { libc::fcntl(pipe.as_raw_fd(), libc::F_SETPIPE_SZ, bytes) }.into()).map(drop)
}

/// Reads and writes on this descriptor no longer wait.
pub fn set_nonblocking(fd: BorrowedFd<'_>) -> Result<()> {
    // SAFETY: this command takes nothing.
    let flags = checked(unsafe { libc::fcntl(fd.as_raw_fd(), libc::F_GETFL) }.into())? as i32;
    // SAFETY: this command takes one integer.
    checked(unsafe { libc::fcntl(fd.as_raw_fd(), libc::F_SETFL, flags | libc::O_NONBLOCK) }.into()).map(drop)
}

/// The signals that the shim hears through a descriptor: a child ended, somebody wants us to end. The others that a
/// terminal or a pipe may send are ignored.
pub fn hear_signals() -> Result<OwnedFd> {
    // SAFETY: the set is initialized by sigemptyset before anything reads it; SIG_IGN is a valid disposition.
    unsafe {
        let mut set = std::mem::zeroed::<libc::sigset_t>();
        libc::sigemptyset(&mut set);
        libc::sigaddset(&mut set, libc::SIGCHLD);
        libc::sigaddset(&mut set, libc::SIGTERM);
        for ignored in [libc::SIGHUP, libc::SIGINT, libc::SIGQUIT, libc::SIGPIPE] {
            libc::signal(ignored, libc::SIG_IGN);
        }
        checked(libc::sigprocmask(libc::SIG_BLOCK, &set, std::ptr::null_mut()).into())?;
        owned(libc::signalfd(-1, &set, libc::SFD_CLOEXEC | libc::SFD_NONBLOCK).into())
    }
}

/// The next signal that was heard, if any.
pub fn next_signal(signals: BorrowedFd<'_>) -> Option<i32> {
    // SAFETY: a signalfd fills whole records of exactly this type, and all zeroes is a valid one.
    unsafe {
        let mut record = std::mem::zeroed::<libc::signalfd_siginfo>();
        let size = size_of::<libc::signalfd_siginfo>();
        let got = libc::read(signals.as_raw_fd(), (&raw mut record).cast(), size);
        (got == size as isize).then_some(record.ssi_signo as i32)
    }
}

/// Undoes `hear_signals` and `make_private` in a child that is about to become another program: both outlive exec, and the
/// control groups that a runtime makes with our umask could not be read by the app in them. And sets the limits that the
/// instance inherits: the runtime may not set limits of a process whose user namespace is not its own user's.
///
/// It ends with `parent`: a runtime that nobody waits for would go on to make what nobody knows of. Whoever it starts does not:
/// the kernel forgets this in every new process. Source: PR_SET_PDEATHSIG(2const).
fn become_ordinary(parent: libc::pid_t) -> Result<()> {
    // SAFETY: the set is initialized by sigemptyset, the limits by getrlimit; only async-signal-safe calls, so it may run
    // between fork and exec.
    unsafe {
        checked(libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL, 0, 0, 0).into())?;
        // It may have died before.
        if libc::getppid() != parent {
            return Err(Error::from_raw_os_error(libc::ESRCH));
        }
        let cores = libc::rlimit { rlim_cur: CORE_BYTES, rlim_max: CORE_BYTES };
        checked(libc::setrlimit(libc::RLIMIT_CORE, &cores).into())?;
        let mut files = std::mem::zeroed::<libc::rlimit>();
        checked(libc::getrlimit(libc::RLIMIT_NOFILE, &mut files).into())?;
        files.rlim_max = files.rlim_max.min(OPEN_FILES);
        files.rlim_cur = files.rlim_max;
        checked(libc::setrlimit(libc::RLIMIT_NOFILE, &files).into())?;
        let mut set = std::mem::zeroed::<libc::sigset_t>();
        libc::sigemptyset(&mut set);
        libc::umask(0o022);
        for ignored in [libc::SIGHUP, libc::SIGINT, libc::SIGQUIT, libc::SIGPIPE] {
            libc::signal(ignored, libc::SIG_DFL);
        }
        checked(libc::sigprocmask(libc::SIG_SETMASK, &set, std::ptr::null_mut()).into()).map(drop)
    }
}

/// Starts `command` with default signals and umask and the limits of an instance. It ends when we do.
pub fn spawn(command: &mut std::process::Command) -> Result<std::process::Child> {
    use std::os::unix::process::CommandExt;
    // SAFETY: takes nothing and cannot fail.
    let us = unsafe { libc::getpid() };
    // SAFETY: `become_ordinary` makes system calls only.
    unsafe { command.pre_exec(move || become_ordinary(us)) };
    command.spawn()
}

/// A child that has ended: its id and its raw wait status. Nothing when all that are left still run, or none is left.
pub fn reap() -> Option<(i32, i32)> {
    let mut status = 0;
    // SAFETY: the status lives until after the call.
    let pid = unsafe { libc::waitpid(-1, &mut status, libc::WNOHANG) };
    (pid > 0).then_some((pid, status))
}

/// Lets go of every child that has ended but this one, whose end somebody waits for.
pub fn reap_others(awaited: i32) {
    loop {
        // SAFETY: all zeroes is a valid record; the kernel fills it before it is read, and it lives until after the calls.
        let ended = unsafe {
            let mut record = std::mem::zeroed::<libc::siginfo_t>();
            let flags = libc::WEXITED | libc::WNOHANG | libc::WNOWAIT;
            if libc::waitid(libc::P_ALL, 0, &mut record, flags) != 0 { 0 } else { record.si_pid() }
        };
        if ended == 0 || ended == awaited {
            return;
        }
        // SAFETY: takes an id and no place for the status.
        unsafe { libc::waitpid(ended, std::ptr::null_mut(), libc::WNOHANG) };
    }
}

/// Sends a signal to a process that is our child and not yet reaped: its id cannot belong to anybody else.
pub fn signal(pid: i32, signal: i32) -> Result<()> {
    // SAFETY: takes two integers.
    checked(unsafe { libc::kill(pid, signal) }.into()).map(drop)
}

/// A descriptor that is readable once the process has ended.
pub fn open_process(pid: i32) -> Result<OwnedFd> {
    // SAFETY: takes two integers.
    owned(unsafe { libc::syscall(libc::SYS_pidfd_open, pid, 0u32) })
}

/// A set of descriptors by their places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Places(u32);

impl Places {
    /// Every place.
    pub const ALL: Self = Self(u32::MAX);

    /// Whether this place is in it.
    pub fn has(self, place: usize) -> bool {
        self.0 & (1 << place) != 0
    }

    /// Whether no place is.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Those from a place on, which becomes the first.
    pub fn from(self, place: usize) -> Self {
        Self(self.0 >> place)
    }
}

/// Waits until one of the descriptors can be read, has closed, or the time is over, and answers in which places there is something. A place without a
/// descriptor is none. Nothing is allocated: this is what a shim does for life.
pub fn wait_any<const N: usize>(fds: &[Option<BorrowedFd<'_>>; N], wait_ms: i32) -> Result<Places> {
    const { assert!(N <= 32, "a place is a bit") };
    // The kernel passes over negative numbers.
    let raw = |fd: &Option<BorrowedFd<'_>>| fd.as_ref().map_or(-1, AsRawFd::as_raw_fd);
    let mut entries = fds.each_ref().map(|fd| libc::pollfd { fd: raw(fd), events: libc::POLLIN, revents: 0 });
    // SAFETY: the array and its length belong together and live until after the call.
    let result = unsafe { libc::poll(entries.as_mut_ptr(), N as libc::nfds_t, wait_ms) };
    match checked(result.into()) {
        Err(error) if error.kind() == std::io::ErrorKind::Interrupted => Ok(Places(0)),
        Err(error) => Err(error),
        Ok(_) => Ok(Places(entries.iter().rev().fold(0, |places, entry| places << 1 | u32::from(entry.revents != 0)))),
    }
}

/// Waits until one of the descriptors can be read, has closed, or the time is over. `wait_ms` below zero waits for ever.
/// The answer says for each descriptor whether something is there.
pub fn wait_readable(fds: &[BorrowedFd<'_>], wait_ms: i32) -> Result<Vec<bool>> {
    let entry = |fd: &BorrowedFd<'_>| libc::pollfd { fd: fd.as_raw_fd(), events: libc::POLLIN, revents: 0 };
    let mut entries: Vec<libc::pollfd> = fds.iter().map(entry).collect();
    // SAFETY: the array and its length belong together and live until after the call.
    let result = unsafe { libc::poll(entries.as_mut_ptr(), entries.len() as libc::nfds_t, wait_ms) };
    match checked(result.into()) {
        Err(error) if error.kind() == std::io::ErrorKind::Interrupted => Ok(vec![false; fds.len()]),
        Err(error) => Err(error),
        Ok(_) => Ok(entries.iter().map(|entry| entry.revents != 0).collect()),
    }
}
