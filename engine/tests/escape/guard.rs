//! What stands between an instance and the rest: every guard by name, and how a bundle is without it.
//! Never removes a guard of a real instance's bundle: copies only (see `plain`).
//! Source of truth: `engine/src/local/{confinement,runtime}.rs`.

use serde_json::{Value, json};

/// One guard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guard {
    /// The filter of system calls.
    Seccomp,
    /// A bounding set without what would change the host.
    Capabilities,
    /// Root inside is nobody outside.
    UserNamespace,
    /// No process of others has a number inside.
    PidNamespace,
    /// No control group but its own has a path inside, and no hierarchy can be made.
    CgroupNamespace,
    /// An own loopback, own abstract sockets, own interfaces.
    NetworkNamespace,
    /// Nothing of the host's files has a path inside.
    MountNamespace,
    /// /proc/sys and its like.
    ReadOnlyPaths,
    /// /proc/interrupts and its like.
    MaskedPaths,
    /// The instance's own limits cannot be written from inside.
    ReadOnlyCgroups,
    /// Which device nodes open at all.
    DeviceGroup,
    /// A program's set-user-id bit means nothing.
    NoNewPrivileges,
    /// The shim has left the platform's session keyring.
    Keyring,
    /// What an instance uses of the kernel is on the account of its own root, not of the host's.
    OwnAccount,
    /// Processes and threads.
    PidsLimit,
    /// Memory.
    MemoryLimit,
    /// Open files of one process.
    OpenFilesLimit,
    /// Size of what is in memory and looks like a disk.
    TmpfsSize,
    /// Unread lines kept of one instance.
    LogCap,
    /// Our table.
    Firewall,
    /// Our other table: conversations at once.
    FlowLimit,
    /// Bridge ports that do not hear one another.
    PortIsolation,
    /// Bridge ports that let nothing in but from their own hardware address.
    PortLock,
    /// The table's chain that knows which address goes with which hardware address.
    OwnAddress,
    /// Every instance writes into an upper folder of its own.
    CopyOnWrite,
    /// Folders of the instance's own above those of the image that the runtime writes into by path.
    OwnFolders,
    /// The runtime resolves every path of a bundle inside the root file system.
    PathsInRoot,
}

/// What the guards keep an instance from; all of them are the platform's own.
const POWERS: [&str; 9] = [
    "CAP_SYS_ADMIN",
    "CAP_SYS_PTRACE",
    "CAP_SYS_MODULE",
    "CAP_SYSLOG",
    "CAP_MKNOD",
    "CAP_NET_RAW",
    "CAP_NET_ADMIN",
    "CAP_BPF",
    "CAP_KILL",
];

impl Guard {
    /// Takes the guard out of a bundle's `config.json`. `path` is what the attempt is after, for the mount namespace.
    pub fn remove(self, config: &mut Value, path: &str) {
        match self {
            Self::Seccomp => remove(config, "seccomp"),
            Self::ReadOnlyPaths => remove(config, "readonlyPaths"),
            Self::MaskedPaths => remove(config, "maskedPaths"),
            Self::UserNamespace => {
                remove_namespace(config, "user");
                remove(config, "uidMappings");
                remove(config, "gidMappings");
            }
            Self::PidNamespace => remove_namespace(config, "pid"),
            Self::CgroupNamespace => remove_namespace(config, "cgroup"),
            Self::NetworkNamespace => {
                remove_namespace(config, "network");
                // They would be the host's; and sysfs is mounted by who owns the network only.
                remove(config, "sysctl");
                let mounts = config["mounts"].as_array_mut().unwrap();
                mounts.retain(|mount| !mount["destination"].as_str().unwrap().starts_with("/sys"));
            }
            Self::MountNamespace => {
                let mount = json!({ "destination": path, "type": "bind", "source": path, "options": ["bind"] });
                config["mounts"].as_array_mut().unwrap().push(mount);
            }
            Self::Capabilities => {
                for set in ["bounding", "effective", "permitted"] {
                    let capabilities = config["process"]["capabilities"][set].as_array_mut().unwrap();
                    capabilities.extend(POWERS.iter().map(|power| json!(power)));
                }
            }
            Self::ReadOnlyCgroups => without_option(config, "/sys/fs/cgroup", |option| option == "ro"),
            Self::TmpfsSize => without_option(config, path, |option| option.starts_with("size=")),
            Self::DeviceGroup => config["linux"]["resources"]["devices"] = json!([{ "allow": true, "access": "rwm" }]),
            Self::NoNewPrivileges => config["process"]["noNewPrivileges"] = json!(false),
            Self::PidsLimit => remove_limit(config, "pids"),
            Self::MemoryLimit => remove_limit(config, "memory"),
            // A plain run has none of them, but for the open files (see `plain`); those of the network are taken away on the machine (see `network`).
            Self::Keyring
            | Self::OwnAccount
            | Self::OpenFilesLimit
            | Self::LogCap
            | Self::CopyOnWrite
            | Self::Firewall
            | Self::FlowLimit
            | Self::PortIsolation
            | Self::PortLock
            | Self::OwnAddress
            | Self::OwnFolders
            | Self::PathsInRoot => {}
        }
    }
}

fn remove(config: &mut Value, key: &str) {
    config["linux"].as_object_mut().unwrap().remove(key);
}

fn remove_limit(config: &mut Value, key: &str) {
    config["linux"]["resources"].as_object_mut().unwrap().remove(key);
}

fn remove_namespace(config: &mut Value, kind: &str) {
    config["linux"]["namespaces"].as_array_mut().unwrap().retain(|namespace| namespace["type"] != kind);
}

fn without_option(config: &mut Value, destination: &str, unwanted: impl Fn(&str) -> bool) {
    for mount in config["mounts"].as_array_mut().unwrap() {
        if mount["destination"] == destination {
            mount["options"].as_array_mut().unwrap().retain(|option| !unwanted(option.as_str().unwrap()));
        }
    }
}
