//! What a machine must have before instances can run on it.
//! Never installs anything and never changes anything.
//! Source of truth: the design, section 3; what `open` and `start` use.

use std::fs;
use std::io;
use std::process::Stdio;

use tokio::process::Command;
use tokio::time::timeout;

use crate::limit::RUNTIME;
use crate::local::doctor::{Check, Verdict};
use crate::local::machine::Settings;
use crate::local::runtime::PROGRAM_FOLDERS;

/// The first kernel whose overlay takes id-mapped layers.
const KERNEL: (u32, u32) = (5, 19);

/// A sentence for each thing that is not there.
pub async fn missing(settings: &Settings) -> Vec<String> {
    // Two programs at once: a platform that starts again is waited for.
    let (runtime, firewall) = futures_util::future::join(runtime(settings), firewall()).await;
    let checks = [root(), kernel(), runtime, firewall, shim(settings)];
    let failed = checks.into_iter().filter(|check| check.verdict == Verdict::Fail);
    failed.map(|check| format!("{}. {}", check.seen, check.advice.unwrap_or_default())).collect()
}

/// Who we are.
pub fn root() -> Check {
    const NAME: &str = "root";
    if rustix::process::geteuid().is_root() {
        return Check::ok(NAME, "outrunner runs as root");
    }
    Check::fail(NAME, "Instances need namespaces and mounts, which only root may make", "Run outrunner as root.")
}

/// Whether the kernel has what instances are made of.
pub fn kernel() -> Check {
    const NAME: &str = "kernel";
    let release = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let release = release.trim();
    if version(release).is_some_and(|version| version < KERNEL) {
        let (major, minor) = KERNEL;
        let advice = format!("Instances need {major}.{minor} or newer.");
        return Check::fail(NAME, format!("The kernel is {release}"), advice);
    }
    Check::ok(NAME, release)
}

/// Whether the OCI runtime runs.
pub async fn runtime(settings: &Settings) -> Check {
    const NAME: &str = "runtime";
    let runtime = settings.runtime.display().to_string();
    match run(&runtime).await {
        Ok(said) => Check::ok(NAME, format!("{runtime}: {said}")),
        Err(error) => Check::fail(
            NAME,
            format!("The container runtime '{runtime}' does not run ({error})"),
            "Install the package runc, or name another one.",
        ),
    }
}

/// Whether nftables' program runs.
pub async fn firewall() -> Check {
    const NAME: &str = "nft";
    match run("nft").await {
        Ok(said) => Check::ok(NAME, said),
        Err(error) => Check::fail(NAME, format!("The program 'nft' does not run ({error})"), "Install the package nftables."),
    }
}

/// Whether the program is there that stands beside each instance.
pub fn shim(settings: &Settings) -> Check {
    const NAME: &str = "shim";
    let shim = settings.shim.display();
    if settings.shim.is_file() {
        return Check::ok(NAME, shim.to_string());
    }
    Check::fail(NAME, format!("The program {shim} is not there"), "It is built and installed together with outrunner.")
}

/// The first line of what it says about its version.
async fn run(program: &str) -> io::Result<String> {
    let mut command = Command::new(program);
    // Some write where they are.
    command.arg("--version").current_dir("/").env_clear().env("PATH", PROGRAM_FOLDERS).kill_on_drop(true);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let output = timeout(RUNTIME, command.output()).await??;
    if !output.status.success() {
        return Err(io::Error::other(output.status.to_string()));
    }
    Ok(String::from_utf8_lossy(&output.stdout).lines().next().unwrap_or_default().to_owned())
}

/// The first two numbers of a kernel's release.
pub fn version(release: &str) -> Option<(u32, u32)> {
    let mut numbers = release.split(|letter: char| !letter.is_ascii_digit()).map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kernels_are_compared_by_number() {
        assert_eq!(version("6.18.44-fc\n"), Some((6, 18)));
        assert!(version("5.9.0").unwrap() < KERNEL);
        assert!(version("5.19.0-rc1").unwrap() >= KERNEL);
        assert_eq!(version("unknown"), None);
    }
}
