//! What every instance is kept in by, as the OCI runtime is told it: capabilities, system calls, paths that are hidden or
//! cannot be written. Made once for an engine: the machine does not change under it.
//! Never loosened for an image or a service. The namespaces, mounts and limits stand in `runtime`.
//! Source of truth: the design, section 3; Docker 29's defaults for capabilities, masked and read-only paths.

use std::fs;
use std::io;
use std::path::Path;

use serde_json::Value;

use crate::local::dialect::Dialect;
use crate::local::{requirement, seccomp};

/// Docker's set without MKNOD and NET_RAW.
pub const CAPABILITIES: [&str; 12] = [
    "CAP_AUDIT_WRITE",
    "CAP_CHOWN",
    "CAP_DAC_OVERRIDE",
    "CAP_FOWNER",
    "CAP_FSETID",
    "CAP_KILL",
    "CAP_NET_BIND_SERVICE",
    "CAP_SETFCAP",
    "CAP_SETGID",
    "CAP_SETPCAP",
    "CAP_SETUID",
    "CAP_SYS_CHROOT",
];

/// What tells of the host, or of other instances, more than an app needs.
const MASKED: [&str; 12] = [
    "/proc/acpi",
    "/proc/asound",
    "/proc/interrupts",
    "/proc/kcore",
    "/proc/keys",
    "/proc/latency_stats",
    "/proc/sched_debug",
    "/proc/scsi",
    "/proc/timer_list",
    "/proc/timer_stats",
    "/sys/devices/virtual/powercap",
    "/sys/firmware",
];

/// What changes the host, or the instance's own network, when it is written.
pub const READ_ONLY: [&str; 5] = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];

const CPUS: &str = "/sys/devices/system/cpu";

/// One engine's confinement.
#[derive(Debug, Clone)]
pub struct Confinement {
    /// The runtime that keeps it in.
    pub dialect: Dialect,
    /// `linux.seccomp`.
    pub seccomp: Value,
    /// `linux.maskedPaths`.
    pub masked: Vec<String>,
}

impl Confinement {
    /// For this machine and a runtime. Errors where this machine has no seccomp profile: an instance is never run without.
    pub async fn of(runtime: &Path) -> io::Result<Self> {
        Self::by(Dialect::of(runtime).await)
    }

    /// For this machine and a runtime of this kind.
    pub fn by(dialect: Dialect) -> io::Result<Self> {
        let release = fs::read_to_string("/proc/sys/kernel/osrelease")?;
        let kernel = requirement::version(&release).ok_or_else(|| io::Error::other("the kernel's version is unreadable"))?;
        let host = seccomp::Host { architecture: std::env::consts::ARCH, kernel, capabilities: &CAPABILITIES };
        let seccomp = seccomp::filter(host)?;
        // How warm the machine is tells what its other tenants do.
        let cpus = fs::read_dir(CPUS).into_iter().flatten().flatten();
        let throttles = cpus.map(|cpu| cpu.path().join("thermal_throttle")).filter(|path| path.is_dir());
        let throttles = throttles.map(|path| path.to_string_lossy().into_owned());
        Ok(Self { dialect, seccomp, masked: MASKED.iter().map(|path| (*path).to_owned()).chain(throttles).collect() })
    }
}
