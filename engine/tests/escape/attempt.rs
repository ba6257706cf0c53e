//! Every attempt that one program can make by itself, with the guards that it has to get past.
//! Source of truth: `escape.c` for what each word does.

use crate::guard::Guard;
use crate::guard::Guard::{
    Capabilities, CgroupNamespace, DeviceGroup, Keyring, MaskedPaths, MemoryLimit, MountNamespace, NetworkNamespace,
    NoNewPrivileges, OpenFilesLimit, PidNamespace, PidsLimit, ReadOnlyCgroups, ReadOnlyPaths, Seccomp, TmpfsSize, UserNamespace,
};

/// One thing to try.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// What `escape.c` is told.
    pub word: String,
    /// What it is good for.
    pub aim: &'static str,
    /// With all of them gone it works.
    pub guards: &'static [Guard],
    /// Whose attempt it is when the guards are gone: some need root inside, one needs not to be root.
    pub proven_as: u32,
}

/// What is on the host for attempts to find.
pub struct Targets {
    /// A process outside.
    pub process: u32,
    /// A file of the platform's.
    pub file: String,
    /// A Unix socket of the platform's.
    pub socket: String,
    /// A Unix socket without a path.
    pub abstract_socket: String,
    /// A port that something on the host listens on, at 127.0.0.1.
    pub loopback_port: u16,
    /// A key in the platform's session keyring.
    pub key: String,
    /// The instance's own limit, as it is seen inside.
    pub limit_file: &'static str,
}

/// All of them. None of them harms the host where it works.
pub fn attempts(targets: &Targets) -> Vec<Attempt> {
    let Targets { process, file, socket, abstract_socket, loopback_port, key, limit_file } = targets;
    let root = |word: String, aim: &'static str, guards: &'static [Guard]| Attempt { word, aim, guards, proven_as: 0 };
    let plain = |word: &str, aim: &'static str, guards: &'static [Guard]| root(word.to_owned(), aim, guards);
    vec![
        plain("mount", "mount a file system", &[Seccomp, Capabilities]),
        plain(
            "release-agent=outrunner-escape",
            "be run by the kernel, as root outside",
            &[Seccomp, Capabilities, UserNamespace, CgroupNamespace],
        ),
        root(format!("write={limit_file}"), "raise its own limit", &[ReadOnlyCgroups, UserNamespace]),
        plain("device", "make and open a device node", &[Capabilities, UserNamespace, DeviceGroup]),
        root(format!("trace={process}"), "trace a process outside", &[PidNamespace, UserNamespace, Capabilities]),
        root(format!("signal={process}"), "signal a process outside", &[PidNamespace, UserNamespace]),
        plain("signal-all", "signal everybody", &[PidNamespace, UserNamespace]),
        root(format!("key={key}"), "read a key of the host's", &[Seccomp, Keyring]),
        plain("bpf", "load BPF", &[Seccomp, Capabilities, UserNamespace]),
        plain("faults", "handle page faults (userfaultfd)", &[Seccomp]),
        plain("rings", "use io_uring", &[Seccomp]),
        plain("namespaces", "make a user namespace", &[Seccomp]),
        plain("clone3", "hide a new namespace's flags from the filter", &[Seccomp]),
        plain("old-calls", "make a 32-bit system call", &[Seccomp]),
        plain("module", "load a kernel module", &[Seccomp, Capabilities, UserNamespace]),
        plain("kernel-log", "read the kernel's log", &[Seccomp, Capabilities, UserNamespace]),
        plain("write=/proc/sys/kernel/core_pattern", "write core_pattern", &[ReadOnlyPaths, UserNamespace]),
        plain("write=/proc/sys/net/ipv4/ip_forward", "change its own network's switches", &[ReadOnlyPaths, Capabilities]),
        plain("read=/proc/interrupts", "see what the machine does", &[MaskedPaths]),
        plain("raw", "open a raw socket", &[Capabilities]),
        plain("frame", "send a frame from another's card (spoofed MAC)", &[Capabilities]),
        plain("own-address", "give itself another address", &[Capabilities]),
        plain("own-card", "give itself another card's number", &[Capabilities]),
        plain("foreign-source=198.51.100.1", "send from another's address", &[Capabilities]),
        root(format!("unix={socket}"), "talk to a shim", &[MountNamespace, UserNamespace]),
        root(format!("unix={abstract_socket}"), "talk to an abstract socket of the host's", &[NetworkNamespace]),
        root(format!("read={file}"), "read the platform's files", &[MountNamespace, UserNamespace]),
        root(format!("reach=127.0.0.1:{loopback_port}"), "reach a service on the host's loopback", &[NetworkNamespace]),
        Attempt {
            word: "become-root".to_owned(),
            aim: "become root by a set-user-id program",
            guards: &[NoNewPrivileges],
            proven_as: 1000,
        },
        plain("processes=2100", "fork bomb", &[PidsLimit]),
        plain("memory=640", "memory bomb", &[MemoryLimit]),
        plain("files=70000", "open files without end", &[OpenFilesLimit]),
        plain("fill=/dev/shm", "fill /dev/shm", &[TmpfsSize]),
        plain("fill=/run", "fill /run", &[TmpfsSize]),
    ]
}

impl Attempt {
    /// The path that it is about, if any.
    pub fn path(&self) -> &str {
        self.word.split_once('=').map_or("", |(_, value)| value)
    }
}
